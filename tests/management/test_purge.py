import pytest
from django.core.management import call_command

from tests.factories import make_note

pytestmark = pytest.mark.django_db


def test_it_drops_every_page(reader, capsys):
    make_note(body="One.")
    assert "One." in reader.get("/").content.decode()
    cached = reader.response_cache.find(next(iter(reader.response_cache.store.memory.pages)))
    assert cached

    call_command("purge")

    assert not reader.response_cache.find(next(iter(reader.response_cache.store.memory.pages)))
    assert "within a second" in capsys.readouterr().out
