"""Import an archive folder."""

import sys

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from tqdm import tqdm

from blog.importers.archive_import import ArchiveImport, read_archive
from blog.importers.sources.archive_folder import UnusableFolder

RETRY = "The rows loaded so far stay. Run the same command again to load the rest."


class Command(BaseCommand):
    help = (
        "Imports an archive: a folder with <table>.metadata.json and <table>.ndjson for each table. "
        "Importing it again changes only what has changed in it."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="the archive's folder")

    def handle(self, *, folder, **options):
        try:
            tables = read_archive(folder)
            migrate()
            self.stdout.write(str(self.load(tables)))
        except UnusableFolder as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(f"The database failed: {str(error).strip()}. {RETRY}") from error
        except KeyboardInterrupt as error:
            raise CommandError(f"Stopped. {RETRY}", returncode=130) from error

    def load(self, tables):
        # disable=None: no progress bar without a terminal
        with tqdm(unit=" rows", file=sys.stderr, disable=None, leave=False) as progress:
            archive = ArchiveImport(tables, progress.update)
            progress.reset(archive.total)
            return archive.run()


def migrate():
    """Apply migrations if there are any to apply."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
