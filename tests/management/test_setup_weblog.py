"""`manage.py setup_weblog`, which `make run` calls each time."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from blog.models import Post
from tests.factories import make_note

pytestmark = pytest.mark.django_db
User = get_user_model()


@pytest.fixture
def run(capsys):
    def run(*arguments):
        call_command("setup_weblog", *arguments, no_color=True)
        return capsys.readouterr().out

    return run


def password_in(printed):
    found = re.search(r"Password +(\S{4}(-\S{4}){3})$", printed, re.MULTILINE)
    return found and found[1]


def test_it_prints_the_urls_and_the_login(run):
    printed = run("--port", "8001")

    assert re.search(r"Site +http://127.0.0.1:8001/$", printed, re.MULTILINE)
    assert re.search(r"Admin +http://127.0.0.1:8001/admin/$", printed, re.MULTILINE)
    assert re.search(r"Login +author$", printed, re.MULTILINE)


def test_it_prints_the_public_url_if_one_is_set(run, settings):
    settings.SITE_URL = "https://example.com"

    assert "https://example.com/admin/" in run()


def test_the_printed_password_opens_the_admin(run, client):
    password = password_in(run())

    assert client.login(username="author", password=password)
    assert client.get("/admin/").status_code == 200


def test_the_password_is_not_stored_in_clear(run):
    password = password_in(run())

    assert password not in User.objects.get().password


def test_two_weblogs_have_different_passwords(run):
    first = password_in(run())
    User.objects.all().delete()

    assert password_in(run()) != first


def test_a_second_run_changes_nothing_and_says_how_to_set_a_password(run):
    run()
    before = list(Post.objects.order_by("pk").values()), list(User.objects.values())

    printed = run()

    assert (list(Post.objects.order_by("pk").values()), list(User.objects.values())) == before
    assert password_in(printed) is None
    assert "manage.py changepassword author" in printed
    assert "sample" not in printed


def test_no_account_is_created_if_somebody_can_log_in(run):
    User.objects.create_user("ann", password="secret", is_staff=True)

    printed = run()

    assert "changepassword ann" in printed
    assert User.objects.count() == 1


def test_an_inactive_account_does_not_count(run):
    User.objects.create_user("author", password="secret", is_staff=True, is_active=False)

    assert re.search(r"Login +author2$", run(), re.MULTILINE)


def test_a_weblog_with_posts_gets_no_samples(run):
    make_note()

    printed = run()

    assert Post.objects.count() == 1
    assert "sample" not in printed


def test_samples_are_counted_and_can_be_removed(run):
    printed = run()
    number = Post.objects.count()

    assert f"It has {number} sample posts." in printed
    assert run("--remove-samples") == f"Removed {number} sample posts.\n"
    assert not Post.objects.exists()


def test_edited_samples_are_kept_and_reported(run):
    run()
    post = Post.objects.get(slug="welcome").as_kind()
    post.title = "Mine"
    post.save()

    assert "Kept 1 that you have edited" in run("--remove-samples")
