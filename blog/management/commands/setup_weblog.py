"""Makes a new weblog ready to use, and says where it is. Called by `make run` each time."""

import secrets
import sys
from itertools import count
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

from blog.samples import sample_posts

# Without what looks like something else: 0 and o, 1 and l.
ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"


class Command(BaseCommand):
    help = "Makes sample posts where there are no posts, and an author's account where nobody can log in."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="where the site will be served")
        parser.add_argument(
            "--remove-samples", action="store_true", help="delete the sample posts that nobody has changed"
        )

    def handle(self, *, port, remove_samples, **options):
        if remove_samples:
            return self.remove_samples()
        with transaction.atomic():
            made = sample_posts.make() if sample_posts.are_wanted() else 0
            user, password = find_or_make_author()
        self.report(settings.SITE_URL or f"http://127.0.0.1:{port}", user, password, made)

    def remove_samples(self):
        removed, kept = sample_posts.remove()
        self.stdout.write(f"Removed {removed} sample posts.")
        if kept:
            self.stdout.write(f"Kept {kept} that you have changed: delete them in the admin.")

    def report(self, address, user, password, made):
        login, command = user.get_username(), manage_py()
        lines = ["", self.style.SUCCESS("Your weblog is ready."), ""]
        lines += [f"  Site      {address}/", f"  Admin     {address}/admin/", f"  Login     {login}"]
        if password:
            lines += [f"  Password  {self.style.WARNING(password)}"]
            lines += ["            It is shown this once: write it down."]
        else:
            lines += ["  Password  the one that the first run printed, or what you have set since"]
            lines += [f"            For a new one: {command} changepassword {login}"]
        if made:
            lines += ["", f"It has {made} sample posts. To take them away:"]
            lines += [f"  {command} setup_weblog --remove-samples"]
        self.stdout.write("\n".join([*lines, ""]))


def manage_py():
    """The beginning of a command line for whoever reads this in the project's folder."""
    python = Path(sys.executable)
    inside = python.is_relative_to(settings.BASE_DIR)
    return f"{python.relative_to(settings.BASE_DIR) if inside else python} manage.py"


def find_or_make_author():
    """Somebody who can log in to the admin, and the password if the account is new."""
    users = get_user_model().objects
    if user := users.filter(is_staff=True, is_active=True).order_by("-is_superuser", "pk").first():
        return user, None
    password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
    names = ("author" if n == 1 else f"author{n}" for n in count(1))
    name = next(name for name in names if not users.filter(username=name).exists())
    return users.create_superuser(name, password=password), password
