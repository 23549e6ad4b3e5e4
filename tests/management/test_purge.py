import pytest
from django.core.management import CommandError, call_command

from blog.models import Purge

pytestmark = pytest.mark.django_db


def test_it_queues_a_purge_of_everything(settings, capsys):
    settings.PURGER = {"BACKEND": "blog.caching.purgers.Varnish", "OPTIONS": {"url": "http://127.0.0.1:9/"}}

    call_command("purge")

    assert list(Purge.objects.values_list("key", "was_sent")) == [("all", False)]
    assert "within a second" in capsys.readouterr().out


def test_it_fails_without_a_cache_in_front():
    with pytest.raises(CommandError, match="set VARNISH_URL or CLOUDFLARE_ZONE"):
        call_command("purge")
