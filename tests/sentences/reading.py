"""What a person can read on a screen: the texts of a page that has run, each with the place where it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from streamlit.testing.v1 import AppTest

_ROWS = 8  # of a table
_AS_WRITTEN = ("Reason", "Company", "Title", "Email", "Phone", "Detail", "Value")  # columns of texts that somebody typed
_MARKS = 24  # texts of one trace of a chart
_BLOCKS = ("h1", "h2", "h3", "p", "dt", "dd", "tr", "li")
_LISTED = ("listitem", "row")
_OF_CLASS = {"pl-headline": "headline", "pl-sub": "heading", "pl-note": "note", "pl-title": "title", "pl-subtitle": "subtitle", "pl-figure": "strip",
             "pl-reading": "reading", "pl-looked": "empty", "pl-widen": "empty", "pl-text": "paragraph", "pl-through": "frame",
             "pl-badge": "frame"}  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """`kind`: headline, strip, title, alt, cell, control, how, exception ...; `text` as read, white space folded."""

    kind: str
    text: str


class _Html(HTMLParser):
    """Splits our html into its blocks; what shows on hover stands in braces behind."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences: list[Sentence] = []
        self.links: list[str] = []
        self._kind, self._words, self._hovers, self._is_hidden, self._within = "text", [], [], False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        names = (told.get("class") or "").split()
        if tag in ("style", "script"):
            self._is_hidden = True
        if "pl-empty" in names:
            self._within = "empty"
        if tag == "dl" and "pl-how" in names:
            self._within = "how"
        if tag in _BLOCKS or told.get("role") in _LISTED:
            self._flush()
            self._kind = next((_OF_CLASS[name] for name in names if name in _OF_CLASS), self._within or "text")
        if tag == "a" and told.get("href"):
            self.links.append(told["href"] or "")
        for name in ("title", "aria-label"):
            if told.get(name):
                self._hovers.append(told[name] or "")
        if tag in ("div", "td", "th", "span"):
            self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self._is_hidden = False
        if tag in _BLOCKS:
            self._flush()
        if tag in ("div", "td", "th"):
            self._words.append(" ")
        if tag == "dl":
            self._within = ""

    def handle_data(self, data: str) -> None:
        if not self._is_hidden:
            self._words.append(data)

    def close(self) -> None:
        super().close()
        self._flush()

    def _flush(self) -> None:
        words = folded("".join(self._words))
        hovers = [one for one in map(folded, self._hovers) if one and one not in words]
        if words or hovers:
            self.sentences.append(Sentence(self._kind, words + "".join(f" {{{one}}}" for one in hovers)))
        self._words, self._hovers, self._kind = [], [], self._within or "text"


def folded(text: str) -> str:
    """White space folded to single blanks."""
    return " ".join(text.split())


def of_html(body: str) -> tuple[list[Sentence], list[str]]:
    """The sentences of a piece of html, and the addresses of its links."""
    parser = _Html()
    parser.feed(body)
    parser.close()
    return parser.sentences, parser.links


def of_page(page: AppTest) -> tuple[list[Sentence], list[str]]:
    """All sentences of a page that has run, and the addresses to which it links."""
    sentences: list[Sentence] = []
    links: list[str] = []
    for node in _nodes(page._tree):
        kind = getattr(node, "type", "")
        if kind == "html":
            told, ways = of_html(node.proto.body)
            sentences += told
            links += ways
        else:
            sentences += [Sentence(*one) for one in _READ.get(kind, _of_control)(node) if folded(one[1])]
    return sentences, links


def _nodes(block: Any) -> Iterator[Any]:
    for child in block.children.values():
        yield child
        if hasattr(child, "children"):
            yield from _nodes(child)


def _of_chart(node: Any) -> Iterator[tuple[str, str]]:
    proto = node.proto.plotly_chart if hasattr(node.proto, "plotly_chart") else node.proto
    yield "alt", folded(proto.alt)
    spec = json.loads(proto.spec)
    layout = spec.get("layout", {})
    for note in layout.get("annotations", []):
        yield "chart", _plain(str(note.get("text", "")))
    for name, axis in layout.items():
        if name.startswith(("xaxis", "yaxis")):
            yield "chart", _plain(str((axis.get("title") or {}).get("text", "")))
            yield from (("chart", _plain(str(told))) for told in (axis.get("ticktext") or [])[:_MARKS] if not re.match(r"\d", str(told)))
    for trace in spec.get("data", []):
        for name in ("name", "text", "hovertext"):
            told = trace.get(name)
            texts = told if isinstance(told, list) else [told] if isinstance(told, str) else []
            alike = {re.sub(r"[\d,.]+", "#", one): one for one in reversed([_plain(str(one)) for one in texts])}
            zero = [one for one in map(_plain, map(str, texts)) if re.match(r"0\b", one)]  # noughts are read all: they tell what is not recorded
            yield from (("chart", one) for one in dict.fromkeys([*list(reversed(alike.values()))[:_MARKS], *zero[:_MARKS]]))


def _plain(text: str) -> str:
    """Without tags; empty where it holds no word, as the labels of an axis."""
    words = folded(re.sub(r"<[^>]+>", " ", text))
    return words if re.search(r"[^\W\d_]{2}", words) else ""


def _of_table(node: Any) -> Iterator[tuple[str, str]]:
    rows = node.value
    columns = json.loads(node.proto.columns or "{}")
    names = [str((columns.get(str(name)) or {}).get("label") or name) for name in rows.columns]
    yield "columns", " | ".join(names)
    ours = [place for place, name in enumerate(names) if name not in _AS_WRITTEN]
    for values in rows.head(_ROWS).itertuples(index=False):
        yield "cell", " | ".join("" if values[at] is None or values[at] != values[at] else folded(str(values[at])) for at in ours)


def _of_exception(node: Any) -> Iterator[tuple[str, str]]:
    yield "exception", f"{node.proto.type}: {node.proto.message} {' '.join(node.proto.stack_trace[-2:])}"


def _of_control(node: Any) -> Iterator[tuple[str, str]]:
    proto = getattr(node, "proto", None)
    if proto is None:
        return
    for field in proto.DESCRIPTOR.fields if hasattr(proto, "DESCRIPTOR") else ():
        if field.name in ("label", "help", "body", "placeholder") and field.type == field.TYPE_STRING:
            yield "control", folded(getattr(proto, field.name))
    if getattr(node, "type", "") in ("caption", "markdown", "text", "warning", "info", "error", "success"):
        yield "text", folded(str(node.value))


_READ = {"plotly_chart": _of_chart, "dataframe": _of_table, "table": _of_table, "exception": _of_exception}
