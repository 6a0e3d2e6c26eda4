"""Reasons as people type them, put into classes (docs/leaks.md, "Reasons"), and whose side each class is on.

A text that is a class's name is that class. Else the first class with a word in the text, as a whole word (reason_words.py); a word that the text
denies ("not a competitor") or takes back ("budget approved") does not count; no word fits: other; no text: unstated. An organisation says its own in
`reasons.yaml` in Plumbline's home folder (docs/leaks.md): word or phrase -> class, before these.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from plumbline import plain_yaml
from plumbline.errors import SettingError
from plumbline.history.connection import History
from plumbline.leaks.reason_words import DENIED_AFTER, DENIED_BEFORE, HINTS, VOID, WORDS
from plumbline.settings import home
from plumbline.sqlfiles import sql
from plumbline.text import clean, fold

CLASSES = (
    "wrong_target", "cannot_pay", "happy_elsewhere", "no_need", "bad_timing", "bad_data", "duplicate", "competitor", "unreachable", "outside",
    "other", "unstated",
)  # fmt: skip
FIT = ("wrong_target", "cannot_pay", "bad_data", "duplicate", "competitor")
OUTSIDE = ("outside",)
GROUPS = {"fit": FIT, "outside": OUTSIDE}

_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")  # Thai, Japanese, Chinese, Korean
_ACCENTS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans("ıłøđ’‘`´", "ilod" + "\x27" * 4)
_JOINED = re.compile(r"(?<=\w)[-_\u2010\u2011]+(?=\w)|_+")
_DENIED_BEFORE = re.compile(rf"(?<!\w){DENIED_BEFORE} $")
_DENIED_AFTER = re.compile(rf" {DENIED_AFTER}")
_MOST_KEPT = 100_000


def compared(text: str) -> str:
    """The form in which reasons and words are compared: folded, without accents, a hyphen within a word is a space."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", fold(clean(text) or ""))).translate(_LETTERS)
    return " ".join(_JOINED.sub(" ", unicodedata.normalize("NFC", plain)).split())


@dataclass(frozen=True)
class Text:
    """A reason to be compared: as it stands, without its spaces, and without the marks at its end."""

    spaced: str
    joined: str
    whole: str

    @classmethod
    def of(cls, spaced: str) -> Text:
        return cls(spaced, spaced.replace(" ", ""), spaced.strip(" .!?,;:"))


class Term:
    """One word or phrase of reason_words.py, or of an organisation's own."""

    def __init__(self, written: str) -> None:
        self.word = compared(written.strip("*="))
        self.is_whole = written.startswith("=")
        self.is_inside = bool(_UNSPACED.search(self.word))
        if self.is_inside:
            self.word = self.word.replace(" ", "")
        self.pattern = re.compile(rf"(?<!\w){re.escape(self.word)}" + (r"\w*" if written.endswith("*") else r"(?!\w)"))

    def is_in(self, text: Text) -> bool:
        if self.is_whole:
            return text.whole == self.word or (self.is_inside and text.whole.replace(" ", "") == self.word)
        if self.is_inside:
            return self.word in text.joined
        return self.word in text.spaced and any(not _is_denied(text.spaced, *one.span()) for one in self.pattern.finditer(text.spaced))


def _is_denied(text: str, start: int, end: int) -> bool:
    return bool(_DENIED_BEFORE.search(text[:start]) or _DENIED_AFTER.match(text[end:]))


def _terms(written: str) -> tuple[Term, ...]:
    return tuple(Term(one) for one in written.split(", "))


_WORDS = tuple((name, _terms(", ".join(words.values()))) for name, words in WORDS.items())
_HINTS = tuple((name, _terms(words)) for name, words in HINTS.items())
_GERMAN = tuple((name, _terms(words["de"])) for name, words in WORDS.items() if "de" in words)
_VOID = re.compile(r"(?<!\w)(?:" + "|".join(one for one in VOID if not _UNSPACED.search(one)) + r")(?!\w)")
_VOID_INSIDE = re.compile("|".join(one for one in VOID if _UNSPACED.search(one)))


def reason_class(text: str | None, own: Mapping[str, str] | None = None) -> str:
    """The class of one reason. `own`: word or phrase of an organisation -> class, looked at first and in that order."""
    plain = compared(text or "")
    if not plain:
        return "unstated"
    if own:
        whole = Text.of(plain)
        for written, name in own.items():
            if _own_term(written).is_in(whole):
                return name
    return _class_of(plain)


@lru_cache(_MOST_KEPT)
def _own_term(written: str) -> Term:
    return Term(written)


@lru_cache(_MOST_KEPT)
def _class_of(plain: str) -> str:
    if (name := plain.replace(" ", "_")) in CLASSES:
        return name
    left = _VOID.sub("|", plain)
    text = Text.of(left)
    text = Text(text.spaced, _VOID_INSIDE.sub("|", text.joined), text.whole)
    umlauts = Text.of(re.sub("([aou])e", r"\1", left))
    for words, told in ((_WORDS, text), (_GERMAN, umlauts), (_HINTS, text)):
        for name, terms in words:
            if any(term.is_in(told) for term in terms):
                return name
    return "other"


def classes_of(texts: Iterable[str | None], own: Mapping[str, str] | None = None) -> dict[str | None, str]:
    """Every text with its class."""
    return {text: reason_class(text, own) for text in texts}


def texts(history: History, group: str) -> list[str]:
    """The reasons of this history, as typed, whose class is of the group (GROUPS)."""
    own = load()
    typed = history.query(sql("screens/exit_reasons"))["reason"].to_list()
    return [text for text in typed if reason_class(text, own) in GROUPS[group]]


def mapped(history: History) -> list[list[str]]:
    """[texts, classes]: every reason of this history, as typed, beside its class."""
    told = classes_of(history.query(sql("screens/exit_reasons"))["reason"].to_list(), load())
    return [list(told), list(told.values())]


def load(file: Path | None = None) -> dict[str, str]:
    """The organisation's own words, longest first; {} where there is no file. Raises SettingError or InputError, one line."""
    file = file or home() / "reasons.yaml"
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as problem:
        raise SettingError(f"cannot be read ({str(problem).splitlines()[0]})", str(file), "mend it, or remove it") from None
    told = plain_yaml.read(text, str(file), "list of reasons", "mend it, or remove it (docs/leaks.md)")
    if told is None:
        return {}
    if not isinstance(told, dict) or not all(isinstance(name, str) for name in told.values()):
        raise SettingError("is no list of reasons", str(file), "write one line each: text of the reason: class")
    for part, name in told.items():
        if name not in CLASSES:
            raise SettingError(f"{name!r} is no class of reasons", f"{file}, {part!r}", f"choose one of {', '.join(CLASSES)}")
    return {fold(part): str(name) for part, name in sorted(told.items(), key=lambda one: -len(one[0])) if fold(part)}
