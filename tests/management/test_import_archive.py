"""`manage.py import_archive`."""

import io
import re
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from blog.importers.archive_import import ArchiveImport
from blog.models import Entry, Post
from tests.helpers.processes import ROOT, process_environment
from tests.importers.archives import Archive


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "archive")


def run(folder):
    printed = io.StringIO()
    call_command("import_archive", str(folder), stdout=printed)
    return printed.getvalue()


@pytest.mark.django_db
def test_it_ends_with_a_summary(archive):
    archive.entry(id=1)
    archive.entry(id=2, created=None)

    printed = run(archive.write())

    assert Entry.objects.get().number == 1
    assert re.search(r"blog_entry +1 +0 +0 +1\n", printed)
    assert "blog_entry 2: has no time in created" in printed
    assert "Done. 1 row was skipped" in printed


@pytest.mark.django_db
def test_nothing_is_written_from_an_unusable_folder(archive):
    archive.entry()
    (archive.write() / "blog_entry.ndjson").unlink()
    archive.folder.joinpath("blog_note.metadata.json").write_text("{")

    with pytest.raises(CommandError, match=r"blog_entry\.ndjson is missing"):
        run(archive.folder)

    assert not Post.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        (
            OperationalError("disk I/O error\n"),
            "The database failed: disk I/O error.",
        ),
        (KeyboardInterrupt(), "Stopped. The rows loaded so far stay. Run the same command again"),
    ],
)
def test_a_failure_is_reported_in_one_sentence(archive, monkeypatch, failure, sentence):
    archive.entry()
    monkeypatch.setattr(ArchiveImport, "run", lambda self: (_ for _ in ()).throw(failure))

    with pytest.raises(CommandError, match=re.escape(sentence)):
        run(archive.write())


class TestInAProcess:
    def run(self, folder, url):
        return subprocess.run(
            [sys.executable, "manage.py", "import_archive", str(folder)],
            cwd=ROOT,
            env=process_environment(DATABASE_URL=url),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def test_it_migrates_an_empty_database(self, archive, database_url):
        archive.entry()

        first = self.run(archive.write(), database_url)
        second = self.run(archive.folder, database_url)

        assert (first.returncode, first.stderr) == (0, "")
        assert re.search(r"blog_entry +1 +0 +0 +0\n", first.stdout)
        assert re.search(r"blog_entry +0 +0 +1 +0\n", second.stdout)

    def test_skipped_rows_are_not_a_failure(self, archive, database_url):
        archive.entry(created=None)

        process = self.run(archive.write(), database_url)

        assert (process.returncode, process.stderr) == (0, "")

    def test_a_missing_folder_is_reported_in_one_sentence(self, tmp_path, database_url):
        process = self.run(tmp_path / "nowhere", database_url)

        assert process.returncode == 1
        assert process.stderr == f"CommandError: {tmp_path}/nowhere is not a folder.\n"
