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
    """One thing that could be left out. n: how many leads (or what `of` says) there are without it; href: the screen without it."""

    name: str
    n: int
    href: str
    of: str = "lead"


def ways(filters: Filters, count: Callable[[Filters], int], page: str, kept: dict[str, object] | None = None) -> list[Way]:
    """Each filter by itself, and all at once where there are several. count: how many leads there are with these filters; page, kept: where the
    links lead."""
    found = each(filters, count, page, kept)
    if len(found) < 2:
        return found
    return [*found, all_ways(filters, count(Filters(episodes=filters.episodes)), page, **(kept or {}))]


def each(filters: Filters, count: Callable[[Filters], int], page: str, kept: dict[str, object] | None = None, of: str = "lead") -> list[Way]:
    """Each filter by itself. of: what is counted."""

    def href(name: str, names: tuple[str, ...]) -> str:
        return filter_bar.link(page, **{**(kept or {}), **dict.fromkeys(names), **({"period": "all"} if name == PERIOD else {})})

    return [Way(name, count(without), href(name, names), of) for name, without, names in _each(filters)]


def all_ways(filters: Filters, n: int, page: str, dropped: Sequence[str] = (), of: str = "lead", **kept: object) -> Way:
    """Every filter at once. n: how many leads (or what `of` says) there are then; dropped: what else leaves the URL, such as the search."""
    names = [name for _, _, in_url in _each(filters) for name in in_url]
    return Way("all of these", n, filter_bar.link(page, **{**kept, **dict.fromkeys([*names, *dropped]), "period": "all"}), of)


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
        told = f"{way.name}: {wording.plural(way.n, way.of) if way.n else 'still none'}"
        parts += [" · " if parts else "Without ", Link(told, way.href) if way.n else told]
    return parts


def empty(
    looked_for: str,
    found: Sequence[Way],
    otherwise: str = "Nothing of this kind is in the history.",
    way_on: Part | Sequence[Part] | None = None,
    too_few: str = "These filters together leave none.",
) -> None:
    """Nothing was found: what was looked for, and what each filter takes away. otherwise, way_on: said where dropping filters brings nothing;
    too_few: where it does."""
    brings = any(way.n for way in found)
    text.empty_state(looked_for, too_few if brings else otherwise, sentence(found) if brings else way_on)


def bring_in(what: str) -> Link:
    """The way on where the history itself lacks it. what: 'a table of touches'."""
    return Link(f"Bring in {what}", "import")
