"""The filters asked of leads as they were at creation, and of spend: what metrics that set money against leads bind beside `Filters.bind`.

Spend knows days, sources and campaigns; other attributes are asked of leads alone. Texts are compared in the form of plumbline/text.py, which
SQL has for most texts only: `labels` and `keys` are those that it lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from plumbline.clock import time_zone
from plumbline.filters import MISSING, Filters
from plumbline.sqlfiles import sql
from plumbline.text import clean, fold

if TYPE_CHECKING:
    from plumbline.history.connection import History

LEAD_FILTERS = (
    "since_day", "until_day", "last_day", "source_keys", "campaign_keys", "lead_wanted", "lead_fields", "lead_unless_fields",
    "lead_unless_values", "lead_columns", "all_columns", "labels", "keys",
)  # fmt: skip
OF_SPEND = ("source", "campaign")  # the attributes that spend has too
_NO_COLUMN = "^row_no$"
_odd: WeakKeyDictionary[History, dict[str, list[str]]] = WeakKeyDictionary()


def bind_leads(filters: Filters, history: History) -> dict[str, object]:
    """The parameters LEAD_FILTERS. Raises InputError as Filters.bind does.

    since_day, until_day, last_day: days of the organisation's zone, the last is that of data_through. source_keys, campaign_keys: wanted
    compared forms, '' for not known; None: all. lead_...: the filters on other attributes as Filters.bind has them, and a pattern of their columns.
    all_columns: the pattern for every attribute asked for.
    """
    others = {name: values for name, values in filters.segments.items() if name not in OF_SPEND}
    asked = replace(filters, segments=others).bind(history)
    columns = _pattern(history, others)
    labels = _odd_labels(history, columns)
    through = history.about.data_through.replace(tzinfo=UTC).astimezone(time_zone(history.about.time_zone))
    return {
        "since_day": filters.since,
        "until_day": filters.until,
        "last_day": through.date(),
        "source_keys": _keys(filters, "source"),
        "campaign_keys": _keys(filters, "campaign"),
        "lead_wanted": asked["wanted"],
        "lead_fields": asked["fields"],
        "lead_unless_fields": asked["unless_fields"],
        "lead_unless_values": asked["unless_values"],
        "lead_columns": columns,
        "all_columns": _pattern(history, filters.segments),
        "labels": labels,
        "keys": [fold(label) for label in labels],
    }


def knows_spend(filters: Filters) -> bool:
    """Whether spend can be told apart by these filters."""
    return set(filters.segments) <= set(OF_SPEND)


def _keys(filters: Filters, name: str) -> list[str] | None:
    values = filters.segments.get(name)
    return [MISSING if value == MISSING else fold(clean(value) or "") for value in values] if values else None


def _pattern(history: History, names: Iterable[str]) -> str:
    found = sorted(filter(None, (history.fields[name]["column_name"] for name in names)))
    return f"^({'|'.join(map(re.escape, found))})$" if found else _NO_COLUMN


def _odd_labels(history: History, columns: str) -> list[str]:
    """Texts of sources, campaigns and the columns asked for, of which SQL's lower() may not give the compared form."""
    known = _odd.setdefault(history, {})
    if columns not in known:
        known[columns] = history.query(sql("screens/odd_labels"), {"columns": columns, "any_columns": columns != _NO_COLUMN})["label"].to_list()
    return known[columns]
