"""Layout flaws that a program can detect: clipped text, overlaps, small text and targets, long lines."""

from pathlib import Path

FLAWS = Path(__file__).with_suffix(".js").read_text()


def flaws(page):
    """Return a line for each flaw of the page, at its current width and in its current theme."""
    return page.evaluate(FLAWS)
