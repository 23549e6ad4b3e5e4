import pytest
from django.conf import settings

from blog.strings.languages import RIGHT_TO_LEFT, direction, open_graph_locale


@pytest.mark.parametrize(
    ("code", "expected"), [("en", "ltr"), ("de-AT", "ltr"), ("he", "rtl"), ("AR-eg", "rtl"), ("fa", "rtl")]
)
def test_the_direction_follows_from_the_code(code, expected):
    assert direction(code) == expected


def test_the_same_languages_are_written_from_right_to_left_as_in_django():
    assert {code.partition("-")[0] for code in settings.LANGUAGES_BIDI} == RIGHT_TO_LEFT


@pytest.mark.parametrize(
    ("code", "expected"),
    [("en", "en_US"), ("de", "de_DE"), ("de-at", "de_AT"), ("pt-BR", "pt_BR"), ("tlh", ""), ("zh-hans", "")],
)
def test_the_open_graph_locale_has_a_territory(code, expected):
    assert open_graph_locale(code) == expected
