"""Text as Plumbline keeps it: NFC, outer and repeated white space folded; and the form in which it is compared."""

from __future__ import annotations

import unicodedata


def clean(text: str | None) -> str | None:
    """The stored form: NFC, white space folded, empty = missing."""
    return (" ".join(unicodedata.normalize("NFC", text).split()) or None) if text else None


def fold(text: str) -> str:
    """The compared form of a clean text: Unicode full case folding (so Straße = STRASSE), in NFC."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def common_form(text: str | None) -> str:
    """What all spellings of the same text have in common: NFC, white space folded, full case folding. The one answer to "is this the same text";
    "" for a missing one."""
    return fold(clean(text) or "")


# Letters of which SQL's lower() gives the compared form, one by one and side by side: printable ASCII, Latin, Greek, Cyrillic, CJK and Korean
# syllables, without those that fold otherwise (such as ß, µ, final sigma) and without marks that join the letter before them. For RE2, which
# DuckDB speaks. tests/test_text.py tries each.
_PLAIN = (
    "[!-~\u00a1-\u00b4\u00b6-\u00de\u00e0-\u012f\u0131-\u0148\u014a-\u017e\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03c1\u03c3-\u03ce"
    "\u0400-\u0481\u048a-\u052f\u1e00-\u1e99\u1ea0-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u3041-\u3096\u30a1-\u30fa\u30fc"
    "\u4e00-\u9fff\uac00-\ud7a3]"
)
LOWER_IS_FOLD = f"({_PLAIN}+ )*{_PLAIN}+"  # the whole of a clean text of such letters
