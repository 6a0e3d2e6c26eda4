"""The one reader of YAML: mappings, definitions, calendars, reasons. YAML 1.2 as plain values, within bounds that hold while it reads.

NO, ON, 1_000 and 2026-01-31 are texts. No tags, no repeated names, no aliases (a few lines of them can stand for billions), one document. Nothing
but an InputError of one line ever leaves it. Measured: the longest texts cost under half a second, a mapping's check
included; tests/test_mapping_bounds.py counts the work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import AliasEvent, DocumentStartEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from plumbline.errors import InputError

Plain = dict[str, "Plain"] | list["Plain"] | str | bool | int | float | None

_OWN = "tag:yaml.org,2002:"
_SCALARS = {_OWN + name for name in ("null", "bool", "int", "float", "str", "timestamp", "merge", "value")} | {"!"}
_NOTHING = ("", "~", "null", "Null", "NULL")
_WORDS = {
    **dict.fromkeys(_NOTHING),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBERS = (
    (re.compile(r"[-+]?[0-9]+"), int),
    (re.compile(r"0o[0-7]+"), lambda text: int(text[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]+"), lambda text: int(text[2:], 16)),
    (re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"), float),
    (re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"), lambda text: float(text.replace(".", ""))),
)
_OTHER_VERSION = re.compile(r"^%YAML(?![ \t]+1\.2[ \t]*(#|$)).*", re.MULTILINE)
MOST_DEEP = 12
MOST_NODES = 10_000
MOST_TEXT = 200_000  # characters
MOST_DIGITS = 300  # of a number


class Names(dict[str, Plain]):
    """A mapping of names to values; `lines`: on which line each name stands, counted from 1."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


class Items(list[Plain]):
    """A list; `lines`: on which line each value begins."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


def read(text: str, where: str, noun: str = "definition", hint: str = "", *, only_texts: bool = False, most_text: int = MOST_TEXT) -> Plain:
    """The value that a YAML text says. Raises InputError, one line.

    noun: what the text should be; hint: what to do about a fault. only_texts: numbers, true and false stay the texts that were written.
    """
    hint = hint or f"mend the {noun} (docs/{noun}s.md)"
    if len(text) > most_text:
        raise InputError(f"is longer than any {noun}", where, "check that this is the right file")
    if other := _OTHER_VERSION.search(text):
        raise InputError(f"says {other.group()[:20]!r}", where, f"{noun}s are YAML 1.2; remove that line")
    try:
        return _Reader(YAML(typ="safe", pure=True).parse(text), where, noun, hint, only_texts).document()
    except InputError:
        raise
    except Exception as problem:  # whatever a foreign text does to the parser below
        line = f", line {problem.problem_mark.line + 1}" if isinstance(problem, MarkedYAMLError) and problem.problem_mark else ""
        said = (problem.problem if isinstance(problem, MarkedYAMLError) else str(problem)) or "cannot be read"
        raise InputError(f"is no YAML ({' '.join(str(said).split())[:120]})", f"{where}{line}", hint) from None


class _Reader:
    """Takes the parser's events one by one, so that a bound stops the parser itself."""

    def __init__(self, events: Iterator, where: str, noun: str, hint: str, only_texts: bool) -> None:
        self.events, self.where, self.noun, self.hint, self.only_texts = events, where, noun, hint, only_texts
        self.nodes = 0

    def refuse(self, what: str, event) -> InputError:
        return InputError(what, f"{self.where}, line {_line(event)}", self.hint)

    def document(self) -> Plain:
        next(self.events)  # the beginning of the text
        first = next(self.events)
        if not isinstance(first, DocumentStartEvent):
            return None
        value = self.value(next(self.events), 0)
        next(self.events)  # the end of the document
        if isinstance(more := next(self.events), DocumentStartEvent):
            raise self.refuse("is no YAML (expected a single document, but found another)", more)
        return value

    def value(self, event, depth: int) -> Plain:
        """`depth`: how many mappings and lists are around it."""
        self.nodes += 1
        if isinstance(event, AliasEvent):
            raise self.refuse(f"has an alias (*{str(event.anchor)[:40]}); write out what it stands for", event)
        if depth > MOST_DEEP:
            raise self.refuse("is nested too deeply", event)
        if self.nodes > MOST_NODES:
            raise self.refuse(f"is longer than any {self.noun}", event)
        if isinstance(event, ScalarEvent) and (not event.tag or str(event.tag) in _SCALARS):
            return self.scalar(event)
        if isinstance(event, SequenceStartEvent) and str(event.tag or f"{_OWN}seq") == f"{_OWN}seq":
            return self.items(depth)
        if isinstance(event, MappingStartEvent) and str(event.tag or f"{_OWN}map") == f"{_OWN}map":
            return self.names(depth)
        raise self.refuse(f"has a tag ({str(event.tag)[:40]!r})", event)

    def items(self, depth: int) -> Items:
        found = Items()
        while not _is_end(event := next(self.events)):
            found.append(self.value(event, depth + 1))
            found.lines.append(_line(event))
        return found

    def names(self, depth: int) -> Names:
        found = Names()
        while not _is_end(event := next(self.events)):
            if not isinstance(event, ScalarEvent):
                raise self.refuse("has a list or a mapping for a name" if not isinstance(event, AliasEvent) else "has an alias for a name", event)
            name = self.text(event)
            if name in found:
                raise self.refuse(f"is no YAML (found duplicate key {name[:60]!r})", event)
            found.lines[name] = _line(event)
            found[name] = self.value(next(self.events), depth + 1)
        return found

    def scalar(self, event) -> Plain:
        text = self.text(event)
        if event.style or str(event.tag) in (f"{_OWN}str", "!"):
            return text
        if self.only_texts:
            return None if text in _NOTHING else text
        if text in _WORDS:
            return _WORDS[text]
        kind = next((kind for pattern, kind in _NUMBERS if pattern.fullmatch(text)), None)
        if kind is None:
            return text
        if len(text) > MOST_DIGITS:
            raise self.refuse(f"has a number of {len(text)} digits", event)
        return kind(text)

    def text(self, event) -> str:
        """Characters that JSON writes as two halves are put together; a half alone is none."""
        try:
            return event.value.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise self.refuse("has half a character (\\ud800 to \\udfff)", event) from None


def _line(event) -> int:
    return event.start_mark.line + 1


def _is_end(event) -> bool:
    return type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent")
