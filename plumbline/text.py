"""Text as Plumbline keeps it: NFC, outer and repeated white space folded; and the form in which it is compared."""

from __future__ import annotations

import re
import unicodedata

# Characters that take no room and say nothing at the edge of a text: zero-width ones, marks of direction, the byte-order mark, soft hyphens.
INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_AT_EDGES = re.compile(rf"^[\s{INVISIBLE}]*[{INVISIBLE}]|[{INVISIBLE}][\s{INVISIBLE}]*$")
_ANYWHERE = re.compile(f"[{INVISIBLE}]")


def clean(text: str | None) -> str | None:
    """The stored form: NFC, white space folded, no invisible characters at the edges, empty = missing."""
    if not text:
        return None
    if not text.isascii():
        text = _AT_EDGES.sub("", unicodedata.normalize("NFC", text))
    return " ".join(text.split()) or None


def visible(text: str) -> str:
    """A clean text without the invisible characters within it: two texts of one such form look alike."""
    return _ANYWHERE.sub("", text)


def fold(text: str) -> str:
    """The compared form of a clean text: Unicode full case folding (so Straße = STRASSE), in NFC."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def common_form(text: str | None) -> str:
    """What all spellings of the same text have in common: NFC, white space folded, full case folding. The one answer to "is this the same text";
    "" for a missing one."""
    return fold(clean(text) or "")


# What a search leaves out: accents and other marks on Latin, Greek and Cyrillic letters; points of Hebrew; vowel signs of Arabic.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8"
    "\u06ea-\u06ed]"
)
_ALIKE = str.maketrans(
    {
        **{"ı": "i", "ȷ": "j", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k"},
        **dict.fromkeys("‐‑‒–—−", "-"),
    }
)
_QUOTES = str.maketrans({**dict.fromkeys("’‘ʼʹ´′ʻ", "'"), **dict.fromkeys("“”„«»", '"')})


def search_form(text: str | None) -> str:
    """The form in which names are stored for search and what is typed is looked for: like common_form, and without accents, with plain letters for
    ı, ø, ł, æ and the like, one kind of quote and hyphen, nothing unseen. It takes more for the same than common_form does, never less."""
    plain = unicodedata.normalize("NFKD", common_form((text or "").translate(_QUOTES)))
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", plain.casefold()).translate(_ALIKE))
    return clean("".join(letter for letter in plain if unicodedata.category(letter) != "Cf")) or ""


# Letters of which SQL's lower(strip_accents()) gives the search form, one by one and side by side: printable ASCII, Latin, Greek, Cyrillic, CJK and
# Korean syllables, without those that fold otherwise (such as ß, µ, ø, final sigma, voiced kana) and without marks that join the letter before them.
# For RE2, which DuckDB speaks. tests/test_text.py tries each.
_PLAIN = (
    "[!-~\u00a1-\u00a7\u00a9\u00ac\u00ae\u00b0\u00b1\u00b6\u00b7\u00bf-\u00c5\u00c7-\u00cf\u00d1-\u00d7\u00d9-\u00dd\u00e0-\u00e5\u00e7-\u00ef\u00f1-\u00f7"
    "\u00f9-\u00fd\u00ff-\u010f\u0112-\u0125\u0128-\u012f\u0134-\u0137\u0139-\u013e\u0143-\u0148\u014c-\u0151\u0154-\u0165\u0168-\u017e"
    "\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03c1\u03c3-\u03ce"
    "\u0400-\u0481\u048a-\u052f\u1e00-\u1e99\u1ea0-\u1eff\u2020-\u2023\u2030\u2031\u2038-\u203b\u203f-\u2046\u204a-\u2056\u2058-\u205e\u20a0-\u20a7\u20a9-\u20bf"
    "\u4e00-\u9fff\uac00-\ud7a3]"
)
LOWER_IS_SEARCH_FORM = f"({_PLAIN}+ )*{_PLAIN}+"  # the whole of a clean text of such letters
