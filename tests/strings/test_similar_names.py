import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from blog.strings.similar_names import (
    Reason,
    is_one_letter_apart,
    near_duplicates,
    one_letter_apart,
    singular,
)


def found(*names):
    return [(group.reason, group.names) for group in near_duplicates(names)]


@pytest.mark.parametrize(
    ("reason", "names"),
    [
        (Reason.CASE, ("SQLite", "sqlite")),
        (Reason.CASE, ("GRÖSSE", "Größe")),
        (Reason.SEPARATORS, ("machine learning", "machine-learning", "machine_learning", "machinelearning")),
        (Reason.SEPARATORS, ("Open-Source", "opensource")),
        (Reason.PLURAL, ("book", "books")),
        (Reason.PLURAL, ("libraries", "library")),
        (Reason.PLURAL, ("box", "boxes")),
        (Reason.PLURAL, ("class", "classes")),
        (Reason.PLURAL, ("match", "matches")),
        (Reason.PLURAL, ("wish", "wishes")),
        (Reason.PLURAL, ("web-service", "webservices")),
        (Reason.LETTER, ("javascript", "javscript")),
        (Reason.LETTER, ("javascript", "jabascript")),
        (Reason.LETTER, ("javascript", "javascirpt")),
        (Reason.LETTER, ("javascript", "javascripty")),
    ],
)
def test_similar_names_are_grouped_by_what_differs(reason, names):
    assert found(*names) == [(reason, tuple(sorted(names)))]


@pytest.mark.parametrize(
    "names",
    [
        ("cat", "cut"),
        ("css", "cs"),
        ("year-2023", "year-2024"),
        ("python2", "python3"),
        ("python", "python3"),
        ("---", "___"),
        ("javascript", "typescript"),
        ("🎉", "🚀"),
    ],
)
def test_names_with_different_meanings_are_not_grouped(names):
    assert found(*names) == []


def test_a_group_includes_all_spellings_of_a_misspelt_name():
    [*_, last] = found("java-script", "javascripts", "javscript")

    assert last == (Reason.LETTER, ("java-script", "javascripts", "javscript"))


def test_every_reason_has_a_label():
    labels = [str(reason.label) for reason in Reason]

    assert len(labels) == len(set(labels)) == 4


@pytest.mark.parametrize(
    ("plural", "singular_form"),
    [
        ("wishes", "wish"),
        ("matches", "match"),
        ("boxes", "box"),
        ("classes", "class"),
        ("libraries", "library"),
        ("books", "book"),
        ("ties", "tie"),
        ("gas", "gas"),
        ("css", "css"),
        ("status", "status"),
        ("analysis", "analysis"),
    ],
)
def test_the_singular_follows_from_the_ending(plural, singular_form):
    assert singular(plural) == singular_form


def distance(one, other):
    """The Damerau–Levenshtein distance (optimal string alignment), from the textbook."""
    rows = [[max(n, m) if 0 in (n, m) else 0 for m in range(len(other) + 1)] for n in range(len(one) + 1)]
    for n in range(1, len(one) + 1):
        for m in range(1, len(other) + 1):
            costs = [
                rows[n - 1][m] + 1,
                rows[n][m - 1] + 1,
                rows[n - 1][m - 1] + (one[n - 1] != other[m - 1]),
            ]
            if n > 1 and m > 1 and one[n - 2 : n] == other[m - 2 : m][::-1]:
                costs.append(rows[n - 2][m - 2] + 1)
            rows[n][m] = min(costs)
    return rows[-1][-1]


WORDS = st.text(alphabet="abc", min_size=4, max_size=8)


@given(WORDS, WORDS)
@example("abcabc", "abcab")
@example("aaaaaa", "aaaaaaa")
@example("abcabc", "bacabc")
def test_one_letter_apart_means_an_edit_distance_of_one(one, other):
    assume(one != other)

    expected = distance(one, other) == 1 and max(len(one), len(other)) >= 6

    assert is_one_letter_apart(one, other) == expected


@given(st.sets(WORDS, max_size=40))
def test_the_index_finds_the_same_pairs_as_comparing_every_pair(words):
    ordered = sorted(words)
    pairs = [
        (one, other)
        for n, one in enumerate(ordered)
        for other in ordered[n + 1 :]
        if is_one_letter_apart(one, other)
    ]

    assert one_letter_apart(words) == pairs
