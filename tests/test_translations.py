"""The translation catalogues are complete, consistent and compiled."""

import gettext
import re

import pytest

from tests.helpers.catalogues import DOMAINS, LOCALE, extract_messages, read_catalogue

LANGUAGES = sorted(path.name for path in LOCALE.iterdir())
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|<[^>]+>|\b(?:[a-z]+_[a-z_]+)\b")

pytestmark = pytest.mark.parametrize("domain", DOMAINS)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def catalogue(language, domain, suffix="po"):
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.{suffix}"


def test_german_is_available(domain):
    assert catalogue("de", domain).exists()


@each_language
def test_the_catalogue_has_exactly_the_current_messages(domain, language, tmp_path):
    wanted = {message.key for message in extract_messages(domain, tmp_path)}

    assert {message.key for message in read_catalogue(catalogue(language, domain))} == wanted, (
        "Run make messages."
    )


@each_language
def test_every_message_is_translated(domain, language):
    messages = read_catalogue(catalogue(language, domain))

    assert messages
    assert [message.text for message in messages if message.is_fuzzy] == []
    assert [message.text for message in messages if not all(message.translations)] == []


@each_language
def test_translations_keep_placeholders(domain, language):
    differ = [
        (original, translation)
        for message in read_catalogue(catalogue(language, domain))
        for original in {message.text, message.plural} - {""}
        for translation in message.translations
        if sorted(PLACEHOLDER.findall(original)) != sorted(PLACEHOLDER.findall(translation))
    ]

    assert differ == []


@each_language
def test_the_compiled_catalogue_is_up_to_date(domain, language):
    with catalogue(language, domain, "mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    for message in read_catalogue(catalogue(language, domain)):
        key = f"{message.context}\x04{message.text}" if message.context else message.text
        if message.plural:
            number = [compiled.ngettext(key, message.plural, n) for n in range(200)]
            assert set(number) == set(message.translations)
        else:
            assert compiled.gettext(key) == message.translations[0]
