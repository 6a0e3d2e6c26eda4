"""YAML 1.2 (core schema) as plain values: NO, ON, 1_000 and 2026-01-31 are texts. No tags, no repeated keys, and no more nodes than a page holds."""

from __future__ import annotations

import re

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from plumbline.errors import InputError

Plain = dict[str, "Plain"] | list["Plain"] | str | bool | int | float | None

_HINT = "mend the definition (docs/definitions.md)"
_OWN = "tag:yaml.org,2002:"
_SCALARS = {_OWN + name for name in ("null", "bool", "int", "float", "str", "timestamp", "merge", "value")}
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
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
MOST_NODES = 10_000  # aliases counted each time: a few lines of them can stand for billions


def read(text: str, where: str) -> Plain:
    """The value that a YAML text says. Raises InputError, one line."""
    if other := _OTHER_VERSION.search(text):
        raise InputError(f"says {other.group()[:20]!r}", where, "definitions are YAML 1.2; remove that line")
    try:
        return _Reader(where).value(YAML(typ="safe", pure=True).compose(text), 0)
    except RecursionError:
        raise InputError("is nested too deeply", where, _HINT) from None
    except (YAMLError, ValueError, TypeError, AssertionError) as problem:
        line = f", line {problem.problem_mark.line + 1}" if isinstance(problem, MarkedYAMLError) and problem.problem_mark else ""
        told = (problem.problem if isinstance(problem, MarkedYAMLError) else str(problem)) or "cannot be read"
        raise InputError(f"is no YAML ({' '.join(told.split())[:120]})", f"{where}{line}", _HINT) from None


class _Reader:
    def __init__(self, where: str) -> None:
        self.where, self.nodes = where, 0

    def refuse(self, what: str, node: Node) -> InputError:
        return InputError(what, f"{self.where}, line {node.start_mark.line + 1}", _HINT)

    def value(self, node: Node | None, depth: int) -> Plain:
        """`depth`: how many mappings and lists are around it."""
        if node is None:
            return None
        self.nodes += 1
        if depth > MOST_DEEP:
            raise self.refuse("is nested too deeply", node)
        if self.nodes > MOST_NODES:
            raise self.refuse("is longer than any definition", node)
        if isinstance(node, SequenceNode) and node.tag == f"{_OWN}seq":
            return [self.value(one, depth + 1) for one in node.value]
        if isinstance(node, MappingNode) and node.tag == f"{_OWN}map":
            told: dict[str, Plain] = {}
            for key, value in node.value:
                name = self.key(key)
                if name in told:
                    raise self.refuse(f"is no YAML (found duplicate key {name[:60]!r})", key)
                told[name] = self.value(value, depth + 1)
            return told
        if isinstance(node, ScalarNode) and node.tag in _SCALARS:
            return self.scalar(node)
        raise self.refuse(f"has a tag ({str(node.tag)[:40]!r})", node)

    def key(self, node: Node) -> str:
        if not isinstance(node, ScalarNode):
            raise self.refuse("has a list or a mapping for a name", node)
        return self.text(node)

    def scalar(self, node: ScalarNode) -> Plain:
        text = self.text(node)
        if node.style or node.tag == f"{_OWN}str":
            return text
        if text in _WORDS:
            return _WORDS[text]
        try:
            return next((read(text) for pattern, read in _NUMBERS if pattern.fullmatch(text)), text)
        except ValueError:
            raise self.refuse(f"has a number of {len(text)} digits", node) from None

    def text(self, node: ScalarNode) -> str:
        """Characters that JSON writes as two halves are put together; a half alone is none."""
        try:
            return node.value.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise self.refuse("has half a character (\\ud800 to \\udfff)", node) from None
