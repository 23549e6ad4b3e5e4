"""Reads a page of another site. For now every address is refused: nothing is connected to."""

from dataclasses import dataclass


class CannotFetch(Exception):
    """Says why, in a sentence for the author."""


@dataclass(frozen=True)
class Answer:
    """What a page said, and where it was in the end."""

    url: str
    content_type: str
    content: bytes


def fetch(url):
    raise CannotFetch("It cannot be looked at from here.")
