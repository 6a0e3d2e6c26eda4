"""What an empty answer says: which of the filters leaves how many out, each with one click to drop it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from plumbline import wording
from plumbline.filters import Filters
from plumbline.ui import filter_bar, text
from plumbline.ui.text import Link, Part

PERIOD = "the period"


@dataclass(frozen=True)
class Way:
    """One thing that could be left out. n: how many leads there are without it; href: the screen without it."""

    name: str
    n: int
    href: str


def ways(filters: Filters, count: Callable[[Filters], int], page: str, kept: dict[str, object] | None = None) -> list[Way]:
    """Each filter by itself. count: how many leads there are with these filters; page, kept: where the links lead."""
    return [
        Way(name, count(without), filter_bar.link(page, **{**(kept or {}), **dict.fromkeys(names), **({"period": "all"} if name == PERIOD else {})}))
        for name, without, names in _each(filters)
    ]


def all_ways(filters: Filters, n: int, page: str, dropped: Sequence[str] = (), **kept: object) -> Way:
    """Every filter at once. n: how many leads there are then; dropped: what else leaves the URL, such as the search."""
    names = [name for _, _, in_url in _each(filters) for name in in_url]
    return Way("all of these", n, filter_bar.link(page, **{**kept, **dict.fromkeys([*names, *dropped]), "period": "all"}))


def _each(filters: Filters) -> Iterator[tuple[str, Filters, tuple[str, ...]]]:
    """Each filter that narrows: its name, the filters without it, what stands for it in the URL."""
    if filters.since or filters.until:
        yield PERIOD, replace(filters, since=None, until=None), ("from", "to", "mature")
    for name, values in filters.segments.items():
        shown = wording.shortened(wording.listing([value or "not known" for value in values], "or"), 40)
        yield f"{name.replace('_', ' ')} {shown}", filters.with_segment(name, ()), filter_bar.names_in_url(name)


def sentence(found: Sequence[Way]) -> list[Part]:
    """'Without the period: 3,074 leads · region EMEA: still none'. Those that bring leads are links."""
    parts: list[Part] = []
    for way in found:
        told = f"{way.name}: {wording.plural(way.n, 'lead') if way.n else 'still none'}"
        parts += [" · " if parts else "Without ", Link(told, way.href) if way.n else told]
    return parts


def empty(looked_for: str, found: Sequence[Way], otherwise: str = "Nothing of this kind is in the history.") -> None:
    """Nothing was found: what was looked for, and what each filter takes away. otherwise: said where dropping filters brings nothing."""
    brings = any(way.n for way in found)
    text.empty_state(looked_for, "These filters together leave none." if brings else otherwise, sentence(found) if brings else None)
