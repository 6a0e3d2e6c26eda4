"""How wide a text will be in a document whose fonts nobody knows: an estimate on the safe side, and texts shortened to their place.

Widths are those of Helvetica (Adobe font metrics), which Arial and Liberation Sans share, with room to spare for another font in its place.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from plumbline.reports.texts import one_line

LINE = 1.22  # height of a line, in sizes of its font
_SPARE = 1.10  # a font that stands in may be wider
_SERIF, _BOLD = 1.06, 1.09  # of Georgia, and of bold letters, against the widths below
_NARROW = {
    "'": 191,
    **dict.fromkeys("ijl", 222),
    "|": 260,
    **dict.fromkeys(" !,./:;I[]\\ft", 278),
    **dict.fromkeys("()-`r{}", 334),
    '"': 355,
    "*": 389,
}
_WIDE = {
    **dict.fromkeys("^", 469), **dict.fromkeys("Jcksvxyz", 500), **dict.fromkeys("+<=>~", 584), **dict.fromkeys("FTZ", 611),
    **dict.fromkeys("&ABEKPSVXY", 667), **dict.fromkeys("CDHNRUw", 722), **dict.fromkeys("GOQ", 778), **dict.fromkeys("Mm", 833), "%": 889, "W": 944,
    "@": 1015, "…": 1000, "→": 1000, "–": 556,
}  # fmt: skip
_USUAL = 556


@lru_cache(maxsize=4096)
def _em(letter: str) -> float:
    """The width of a letter, in sizes of its font."""
    if letter in _NARROW:
        return _NARROW[letter] / 1000
    if letter in _WIDE:
        return _WIDE[letter] / 1000
    if letter == "\u00a0":
        return 0.278
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in ("W", "F"):
        return 1.0
    base = unicodedata.normalize("NFD", letter)[0]
    if base != letter:
        return _em(base)
    return _USUAL / 1000 if letter.isascii() else 0.72


def width(text: str, size: float, is_bold: bool = False, is_serif: bool = False) -> float:
    """Points that a line takes. size: of the font, in points."""
    factor = _SPARE * (_BOLD if is_bold else 1) * (_SERIF if is_serif else 1)
    return sum(_em(letter) for letter in text) * size * factor


def wrapped(text: str, room: float, size: float, is_bold: bool = False, is_serif: bool = False) -> list[str]:
    """The lines that a text takes in so many points of width; a word that is wider than that is cut."""
    done: list[str] = []
    now = ""
    for word in one_line(text).split(" "):
        if now and width(f"{now} {word}", size, is_bold, is_serif) <= room:
            now = f"{now} {word}"
            continue
        if now:
            done.append(now)
        while len(word) > 1 and width(word, size, is_bold, is_serif) > room:
            take = next((n for n in range(len(word) - 1, 1, -1) if width(word[:n], size, is_bold, is_serif) <= room), 1)
            done.append(word[:take])
            word = word[take:]
        now = word
    return [*done, now] if now else done


def fitted(text: str, room: float, most: int, size: float, is_bold: bool = False, is_serif: bool = False) -> str:
    """The text where it takes at most so many lines in that width, else shortened with an ellipsis until it does."""
    told = one_line(text)
    if len(wrapped(told, room, size, is_bold, is_serif)) <= most:
        return told
    low, high = 0, min(len(told), int(most * room / size * 8) + 8)
    while low < high:
        middle = (low + high + 1) // 2
        if len(wrapped(_cut(told, middle), room, size, is_bold, is_serif)) <= most:
            low = middle
        else:
            high = middle - 1
    return _cut(told, low)


def _cut(text: str, letters: int) -> str:
    return text[:letters].rstrip(" ,;:.–") + "…"
