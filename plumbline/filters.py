"""What the viewer asked for, as one value: bound into queries, carried in the URL, said back as a sentence.

Each filter is told once, here: how it is read, how it binds and how it reads in English, so that the three cannot drift.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from plumbline.clock import day_start, time_zone
from plumbline.errors import InputError
from plumbline.sqlfiles import sql
from plumbline.text import clean, common_form, fold

if TYPE_CHECKING:
    from plumbline.history.connection import History

MISSING = ""  # the value of an attribute that is not known
_NO_VALUE = -1  # a value number that no episode has


@dataclass(frozen=True)
class Filters:
    """`since` and `until` (exclusive) are days of the organisation's zone; `segments`: attribute -> wanted values, MISSING for unknown.

    Values of one attribute are alternatives, attributes add up. `episodes`: "first" (each lead's first ever) or "all".
    """

    since: date | None = None
    until: date | None = None
    segments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    episodes: str = "first"

    def __post_init__(self) -> None:
        if self.episodes not in ("first", "all"):
            raise InputError(f"{self.episodes!r} is neither first nor all", "--episodes", "say first (each lead's first pass) or all")

    def with_segment(self, name: str, values: Iterable[str]) -> Filters:
        kept = {key: told for key, told in self.segments.items() if key != name}
        values = tuple(dict.fromkeys(values))
        return replace(self, segments={**kept, name: values} if values else kept)

    def bind(self, history: History) -> dict[str, object]:
        """The parameters that every filtered metric takes; `wanted` is one list of value numbers per attribute.

        Raises InputError for an attribute that the history does not have.
        """
        zone = time_zone(history.about.time_zone)
        wanted: list[list[int]] = []
        unless_fields: list[int] = []
        unless_values: list[int] = []
        for name, values in self.segments.items():
            field_no = field_number(history, name)
            numbers = value_numbers(history, field_no, [value for value in values if value != MISSING])
            if MISSING in values:
                unless_fields.append(field_no)
                unless_values.extend(numbers)
            else:
                wanted.append(numbers or [_NO_VALUE])
        return {
            "since": day_start(self.since, zone) if self.since else None,
            "until": day_start(self.until, zone) if self.until else None,
            "wanted": wanted or None,
            "fields": len(wanted),
            "unless_fields": unless_fields or None,
            "unless_values": unless_values,
            "episodes": self.episodes,
        }

    def sentence(self) -> str:
        """The filters read back: "Leads handed over from 2 Sep 2026 to 14 Nov 2026 · all sources · region EMEA · first pass"."""
        parts = [f"Leads handed over {_period(self.since, self.until)}"]
        if "source" not in self.segments:
            parts.append("all sources")
        for name, values in sorted(self.segments.items(), key=lambda item: item[0] != "source"):
            shown = [value or "not known" for value in values]
            listed = ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")
            parts.append(f"{name.replace('_', ' ')} {listed}")
        parts.append("first pass" if self.episodes == "first" else "all passes")
        return " · ".join(parts)


def _period(since: date | None, until: date | None) -> str:
    def told(day: date) -> str:
        return f"{day.day} {day:%b %Y}"

    if since and until:
        return f"from {told(since)} to {told(until - timedelta(days=1))}"
    if since:
        return f"since {told(since)}"
    return f"up to {told(until - timedelta(days=1))}" if until else "at any time"


def field_number(history: History, name: str) -> int:
    """The number of an attribute (or rep, team), in any spelling of its name. Raises InputError with the nearest name."""
    found = history.fields.get(name) or next((row for known, row in history.fields.items() if common_form(known) == common_form(name)), None)
    if found is None:
        near = get_close_matches(name, history.fields, 1)
        hint = f"did you mean {near[0]!r}" if near else f"the history has {', '.join(list(history.fields)[:15])}"
        raise InputError(f"no lead has an attribute {name!r}", "--segment", hint)
    if found["is_identifier"]:
        raise InputError(
            f"{name!r} has nearly as many values as there are leads, and groups nothing",
            "--segment",
            "search for one lead on the Leads screen instead",
        )
    return found["field_no"]


def value_numbers(history: History, field_no: int, values: Iterable[str]) -> list[int]:
    """Numbers of the values, compared in case-folded form (ids of reps as they stand); values that no lead has are left out."""
    is_id = any(known["field_no"] == field_no and known["built_in"] == "rep" for known in history.fields.values())
    keys = [cleaned if is_id else fold(cleaned) for value in values if (cleaned := clean(value))]
    return history.query(sql("screens/value_numbers"), {"field_no": field_no, "keys": keys})["value_no"].to_list() if keys else []


def unmatched(history: History, filters: Filters) -> list[str]:
    """A line for each wanted value that no lead ever had, with the nearest that one had."""
    lines = []
    for name, values in filters.segments.items():
        field_no = field_number(history, name)
        for value in values:
            if value == MISSING or value_numbers(history, field_no, [value]):
                continue
            labels = history.query(sql("screens/field_labels"), {"field_no": field_no})["label"].to_list()
            forms = {common_form(label): label for label in labels}
            near = get_close_matches(common_form(value), forms, 1)
            lines.append(f"no lead ever had {name} = {value[:60]}" + (f"; did you mean {forms[near[0]]}" if near else ""))
    return lines


def parse_day(text: str, option: str) -> date:
    """A day, as YYYY-MM-DD. Raises InputError."""
    try:
        day = date.fromisoformat(text)
        if not 1900 <= day.year <= 2199:
            raise ValueError
        return day
    except ValueError:
        raise InputError(f"{text!r} is no day", option, "write it as YYYY-MM-DD, for example 2026-09-01") from None
