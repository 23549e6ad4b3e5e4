"""The query language, without a database."""

import pytest

from blog.search.query import MAX_TERMS, Parser


@pytest.mark.parametrize(
    ("typed", "remarks"),
    [(MAX_TERMS, []), (MAX_TERMS + 1, [f"Only the first {MAX_TERMS} terms were searched for."])],
)
def test_terms_beyond_the_limit_are_dropped_and_reported(typed, remarks):
    query = Parser(kinds={}).parse(" ".join(f"word{n}" for n in range(typed)))

    assert len(query.wanted) == MAX_TERMS
    assert query.remarks == remarks
