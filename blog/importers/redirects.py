"""Load redirects."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from blog.models import Redirect

from .row import InvalidRow, Row
from .table import Fields, Loaded, ParsedRow, TableImport

if TYPE_CHECKING:
    from .archive_import import ArchiveImport

SCHEMES = {"", "http", "https"}


class RedirectImport(TableImport):
    """Loads redirects, of which those of the archive's own host apply on whatever host the site has now.

    The archive's own host is the one that most targets name. Targets are not changed, so those that name
    the former host continue to.
    """

    table = "redirects_redirect"
    model = Redirect
    required = ("id", "domain", "path", "target")

    def __init__(self, run: "ArchiveImport") -> None:
        super().__init__(run)
        self.host = self.most_common_host()

    def most_common_host(self) -> str:
        rows = self.run.tables[self.table].rows(lambda name, reason: None)
        hosts = Counter(host_of(str(row.values["target"])) for row in rows)
        del hosts[""]
        return max(hosts, key=lambda host: hosts[host], default="")

    def read(self, row: Row) -> Fields:
        domain, path = row.line("domain").lower(), row.text("path").strip().lstrip("/")
        target, created = row.url("target"), row.moment("created")
        if not target:
            raise InvalidRow("has no target")
        if split(target).scheme not in SCHEMES:
            raise InvalidRow(f"redirects to {target}, which is not a web page")
        if domain == self.host:
            domain = ""
        is_internal = host_of(target) in {"", self.host}
        if not domain and is_internal and path in {"*", split(target).path.lstrip("/")}:
            raise InvalidRow("redirects to itself")
        fields = {"domain": domain, "path": path, "target": target}
        return fields | ({"created": created} if created else {})

    def create(self, batch: Sequence[ParsedRow]) -> list[Loaded]:
        """Create redirects, but keep one that the author has made for the same path."""
        paths = [parsed.fields["path"] for parsed in batch]
        existing = {
            (redirect.domain, redirect.path): redirect for redirect in Redirect.objects.filter(path__in=paths)
        }
        loaded: list[Loaded] = []
        for parsed in batch:
            address = parsed.fields["domain"], parsed.fields["path"]
            outcome = "unchanged" if address in existing else "created"
            redirect = existing.setdefault(address, Redirect(**parsed.fields))
            if redirect.target != parsed.fields["target"]:
                parsed.address_note = f"is ignored: /{redirect.path} already redirects to {redirect.target}"
            loaded.append((parsed, redirect, outcome))
        Redirect.objects.bulk_create(redirect for _, redirect, outcome in loaded if outcome == "created")
        return loaded

    def change(self, redirect: Redirect, parsed: ParsedRow) -> None:
        for field, value in parsed.fields.items():
            setattr(redirect, field, value)
        redirect.save()


def split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # such as an unclosed bracket around the host
        return urlsplit("")


def host_of(url: str) -> str:
    return (split(url).hostname or "").lower()
