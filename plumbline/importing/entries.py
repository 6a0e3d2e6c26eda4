"""A mapping's YAML with its places: each value is asked for by name and kind, and a wrong one is refused naming its key and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from plumbline import plain_yaml
from plumbline.errors import InputError
from plumbline.plain_yaml import Items, Names

HINT = "mend the mapping (docs/mappings.md)"
LONGEST = 1000  # characters of one text
_YES, _NO = ("true", "yes"), ("false", "no", "")


def read(mapping: Path) -> Entry:
    """The whole of a mapping's file. Raises InputError."""
    try:
        with mapping.open(encoding="utf-8-sig") as file:
            text = file.read(plain_yaml.MOST_TEXT + 1)
    except (OSError, ValueError) as problem:
        if isinstance(problem, UnicodeDecodeError):
            raise InputError("is not UTF-8", mapping.name, "save the mapping as UTF-8") from None
        raise InputError(getattr(problem, "strerror", "") or "cannot be read", str(mapping), "check the name of the mapping") from None
    return entry(text, mapping.name)


def entry(text: str, file: str) -> Entry:
    """The whole of a mapping's text. Raises InputError."""
    found = plain_yaml.read(text, file, "mapping", HINT, only_texts=True)
    if not isinstance(found, Names):
        raise InputError("should be a mapping of names to values", file, "see docs/mappings.md")
    return Entry(found, file)


def near(name: str, names: tuple[str, ...] | list[str], otherwise: str, cutoff: float = 0.6) -> str:
    """What to do about an unknown name: the nearest that exists, else `otherwise`."""
    close = get_close_matches(name, names, 1, cutoff)
    return f"did you mean {close[0]!r}" if close else otherwise


@dataclass(frozen=True)
class Entry:
    """Names and values of one place of a mapping. `file`: the mapping; `path`: the keys that lead to this place; `line`: where it begins."""

    names: Names
    file: str
    path: str = ""
    line: int = 0

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def place(self, name: str = "") -> str:
        """How a refusal calls this place, or the value of one of its names."""
        line = self.names.lines.get(name) or self.line or next(iter(self.names.lines.values()), 1)
        return ", ".join(part for part in (self.file, f"line {line}", self._below(name)) if part)

    def refusal(self, what: str, to_do: str, name: str = "") -> InputError:
        return InputError(what, self.place(name), to_do)

    def only(self, known: tuple[str, ...]) -> Entry:
        """Itself, once each of its names is one of `known`."""
        for name in self.names:
            if name not in known:
                raise InputError(f"does not know {name[:60]!r}", self.place(), near(name, known, f"it takes {', '.join(known)}"))
        return self

    def text(self, name: str, otherwise: str = "") -> str:
        value = self.names.get(name)
        if value is None:
            return otherwise
        return self._text(value, name)

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list, or the one that stands in its place; an empty one where there is nothing."""
        value = self.names.get(name)
        if isinstance(value, Items):
            return tuple("" if one is None else self._text(one, name) for one in value)
        return () if value is None else (self._text(value, name),)

    def flag(self, name: str) -> bool:
        text = self.text(name).lower()
        if text not in (*_YES, *_NO):
            raise self.refusal(f"{text[:60]!r} is neither true nor false", "write true, or leave it out", name)
        return text in _YES

    def below(self, name: str) -> Entry:
        """The names and values that stand below `name`; none where nothing does."""
        value = self.names.get(name)
        return self._entry(Names() if value is None else value, name, self.names.lines.get(name, self.line))

    def each(self, name: str, *, numbered: bool = True) -> list[Entry]:
        """The entries of a list below `name`, or the one that stands in its place."""
        value = self.names.get(name)
        listed = value if isinstance(value, Items) else [value]
        lines = value.lines if isinstance(value, Items) else [self.names.lines.get(name, self.line)]
        return [
            self._entry(one, f"{name}[{number}]" if numbered else name, line) for number, (one, line) in enumerate(zip(listed, lines, strict=True), 1)
        ]

    def called(self, path: str) -> Entry:
        """The same entry under another path."""
        return Entry(self.names, self.file, path, self.line)

    def _below(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path and name else self.path or name

    def _entry(self, value: object, name: str, line: int) -> Entry:
        path = f"{self.path}, {name}" if self.path else name
        if not isinstance(value, Names):
            raise InputError("should be a mapping of names to values", ", ".join((self.file, f"line {line}", path)), "see docs/mappings.md")
        return Entry(value, self.file, path, line)

    def _text(self, value: object, name: str) -> str:
        if not isinstance(value, str):
            kind = "a list" if isinstance(value, Items) else "a mapping of names to values" if isinstance(value, Names) else "nothing"
            raise self.refusal(f"is {kind}, and should be a text", "write one short value (docs/mappings.md)", name)
        if len(value) > LONGEST or "\0" in value:
            what = "holds a text that is too long" if len(value) > LONGEST else "holds a NUL character"
            raise self.refusal(what, "write one short value (docs/mappings.md)", name)
        return value
