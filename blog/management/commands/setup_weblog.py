"""Set up a new weblog and print its address. `make run` calls this each time."""

import secrets
import sys
from itertools import count
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

from blog.samples import sample_posts

# Without characters that look alike: 0 and o, 1 and l.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"


class Command(BaseCommand):
    help = "Creates sample posts if there are no posts, and an author account if nobody can log in."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="the port that the site will be served on")
        parser.add_argument(
            "--remove-samples", action="store_true", help="delete the sample posts that were not edited"
        )

    def handle(self, *, port, remove_samples, **options):
        if remove_samples:
            return self.remove_samples()
        with transaction.atomic():
            made = sample_posts.create() if sample_posts.are_wanted() else 0
            user, password = find_or_create_author()
        self.report(settings.SITE_URL or f"http://127.0.0.1:{port}", user, password, made)

    def remove_samples(self):
        removed, kept = sample_posts.remove()
        self.stdout.write(f"Removed {removed} sample posts.")
        if kept:
            self.stdout.write(f"Kept {kept} that you have edited. Delete them in the admin if you like.")

    def report(self, address, user, password, made):
        login, command = user.get_username(), manage_py()
        lines = ["", self.style.SUCCESS("Your weblog is ready."), ""]
        lines += [f"  Site      {address}/", f"  Admin     {address}/admin/", f"  Login     {login}"]
        if password:
            lines += [f"  Password  {self.style.WARNING(password)}"]
            lines += ["            It is shown only this once. Write it down."]
        else:
            lines += ["  Password  printed by the first run, unless you have changed it"]
            lines += [f"            To set a new one: {command} changepassword {login}"]
        if made:
            lines += ["", f"It has {made} sample posts. To remove them:"]
            lines += [f"  {command} setup_weblog --remove-samples"]
        self.stdout.write("\n".join([*lines, ""]))


def manage_py():
    """Return the beginning of a command line, relative to the project's folder if possible."""
    python = Path(sys.executable)
    inside = python.is_relative_to(settings.BASE_DIR)
    return f"{python.relative_to(settings.BASE_DIR) if inside else python} manage.py"


def find_or_create_author():
    """Return a user who can log in to the admin, and the password if the account is new."""
    users = get_user_model().objects
    if user := users.filter(is_staff=True, is_active=True).order_by("-is_superuser", "pk").first():
        return user, None
    password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
    names = ("author" if n == 1 else f"author{n}" for n in count(1))
    name = next(name for name in names if not users.filter(username=name).exists())
    return users.create_superuser(name, password=password), password
