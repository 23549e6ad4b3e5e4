"""Addresses that lead elsewhere."""

from collections import Counter
from urllib.parse import urlsplit

from blog.models import Redirect

from .row import Unloadable
from .table import TableImport

SCHEMES = {"", "http", "https"}


class RedirectImport(TableImport):
    """RedirectMiddleware of the archive's own host become the site's own, whatever host that has now.

    The host is the one that most of them lead to. All others are kept to the letter: what leads to the
    former host's address goes on leading there.
    """

    table = "redirects_redirect"
    model = Redirect
    required = ("id", "domain", "path", "target")

    def __init__(self, run):
        super().__init__(run)
        self.host = self.most_common_host()

    def most_common_host(self):
        rows = self.run.tables[self.table].rows(lambda name, reason: None)
        hosts = Counter(host_of(str(row.values["target"])) for row in rows)
        del hosts[""]
        return max(hosts, key=hosts.get, default="")

    def read(self, row):
        domain, path = row.words("domain").lower(), row.text("path").strip().lstrip("/")
        target, created = row.url("target"), row.moment("created")
        if not target:
            raise Unloadable("leads nowhere")
        if split(target).scheme not in SCHEMES:
            raise Unloadable(f"leads to {target}, which is no page")
        if domain == self.host:
            domain = ""
        leads_home = host_of(target) in {"", self.host}
        if not domain and leads_home and path in {"*", split(target).path.lstrip("/")}:
            raise Unloadable("leads to itself")
        fields = {"domain": domain, "path": path, "target": target}
        return fields | ({"created": created} if created else {})

    def create(self, batch):
        """One that the author has made for the same address stays."""
        paths = [wanted.fields["path"] for wanted in batch]
        here = {
            (redirect.domain, redirect.path): redirect for redirect in Redirect.objects.filter(path__in=paths)
        }
        made = []
        for wanted in batch:
            address = wanted.fields["domain"], wanted.fields["path"]
            verb = "unchanged" if address in here else "created"
            redirect = here.setdefault(address, Redirect(**wanted.fields))
            if redirect.target != wanted.fields["target"]:
                wanted.address_note = f"is for /{redirect.path}, which leads to {redirect.target} already"
            made.append((wanted, redirect, verb))
        Redirect.objects.bulk_create(redirect for _, redirect, verb in made if verb == "created")
        return made

    def change(self, redirect, wanted):
        for field, value in wanted.fields.items():
            setattr(redirect, field, value)
        redirect.save()


def split(url):
    try:
        return urlsplit(url)
    except ValueError:  # such as an unclosed bracket around the host
        return urlsplit("")


def host_of(url):
    return (split(url).hostname or "").lower()
