"""Fetch pages, query them and submit their forms as a browser would."""

from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client


def visit(client, path, status=200):
    """Fetch the page and parse it. Fails on another status than the given one."""
    response = client.get(path)
    assert response.status_code == status, f"{path} returned {response.status_code}"
    return parse(response)


def raw_request(path, query="", method="get", client=None, **headers):
    """Request the path unchanged: Django's test client takes a leading `//` for the start of a host."""
    raw = path if isinstance(path, bytes) else path.encode()
    send = getattr(client or Client(), method)
    return send("/", PATH_INFO=raw.decode("latin-1"), QUERY_STRING=query, headers=headers)


def parse(response):
    return BeautifulSoup(response.content, "lxml")


def scripts_in(page):
    """The page's inline scripts, except the one that the Content-Security-Policy allows."""
    allowed = (settings.BASE_DIR / "templates/blog/includes/theme.js").read_text()
    return [script for script in page.select("script:not([src], [type$=json])") if script.string != allowed]


def text(element):
    """The element's text, with runs of white space collapsed."""
    return " ".join(element.get_text().split())


def texts(page, selector):
    return [text(element) for element in page.select(selector)]


def paths(page, selector="a"):
    return [element["href"] for element in page.select(selector)]


def permalinks(page):
    """The permalinks of the posts on the page, in page order."""
    return paths(page, ".h-entry a[rel~=bookmark]")


def urls_of(posts):
    return [post.get_absolute_url() for post in posts]


def fill_in(form, **changes):
    """The data a browser would send after a user made these changes to the form.

    None leaves the field out, as an unticked checkbox is.
    """
    data = {}
    for control in form.select("input[name], textarea[name], select[name]"):
        name = control["name"]
        if control.name == "select":
            data[name] = [option["value"] for option in control.select("option[selected]")]
        elif control.name == "textarea":
            data[name] = control.get_text().removeprefix("\n")
        elif control["type"] in {"checkbox", "radio"}:
            data |= {name: control.get("value", "on")} if control.has_attr("checked") else {}
        elif control["type"] not in {"submit", "file", "image", "button"}:
            data[name] = control.get("value", "")
    unknown = changes.keys() - {control["name"] for control in form.select("[name]")}
    assert not unknown, f"The form has no field {', '.join(sorted(unknown))}."
    return {name: value for name, value in (data | changes).items() if value is not None}


def submit(client, path, /, form="#content-main form", **changes):
    """Open the page, change these fields of its form, submit it and return the response."""
    [found] = visit(client, path).select(form)
    return client.post(path, fill_in(found, **changes))
