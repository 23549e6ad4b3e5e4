"""What can be told of the look of a page without looking at it."""

from pathlib import Path

FLAWS = Path(__file__).with_suffix(".js").read_text()


def flaws(page):
    """A line for each flaw of the page in the window, at its width and in its theme."""
    return page.evaluate(FLAWS)
