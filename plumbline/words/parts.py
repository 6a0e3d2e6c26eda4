"""What a sentence is made of, so that whoever draws it (a screen, a document) can escape each part and set it apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bold:
    """A number, or the one thing that matters, in a headline."""

    text: str


@dataclass(frozen=True)
class Link:
    """A segment, or the leads behind a number. href: a place within the app, such as 'leads?stage=mql' or '?source=web'."""

    text: str
    href: str


Part = str | Bold | Link


def plain(parts: Part | Sequence[Part]) -> str:
    """The sentence as text, for documents and for what is read aloud."""
    listed = [parts] if isinstance(parts, str | Bold | Link) else parts
    return "".join(part if isinstance(part, str) else part.text for part in listed)
