"""Text as Plumbline keeps it: NFC, outer and repeated white space folded; and the form in which it is compared."""

from __future__ import annotations

import unicodedata


def clean(text: str | None) -> str | None:
    """The stored form: NFC, white space folded, empty = missing."""
    return (" ".join(unicodedata.normalize("NFC", text).split()) or None) if text else None


def fold(text: str) -> str:
    """The compared form of a clean text: Unicode full case folding (so Straße = STRASSE), in NFC."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
