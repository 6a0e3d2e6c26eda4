"""Metrics: every file of queries/<topic>/ is one, and its path is its name. Nothing is registered by hand.

A file opens with four lines that code reads and screens show:

    -- Title: one sentence that says what it means.
    -- grain: one row per ...
    -- unit: ...
    -- params: filters, $grain choice(week|month) = week (length of a cohort), ...

`filters` stands for the parameters of filters.Filters. A parameter has a type (number, numbers, integer, text, choice(a|b), search, field, flag,
instant, reasons, mapped_reasons, acts), maybe a default after `=`, and its meaning in brackets. A fifth line may name what is made of the rows where
SQL does not reach:

    -- then: leaks.ranked (what it does)       is plumbline/leaks/ranked.py, finished(history, rows, parameters)

and a line what the metric needs of a history (needs.py): what is not recorded is empty, never nought:

    -- needs: touches (attempted, median)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from math import isfinite

import duckdb
import polars as pl

from plumbline.clock import day_start, time_zone
from plumbline.errors import MetricError
from plumbline.filters import Filters, field_number, parse_day
from plumbline.history.connection import History
from plumbline.lead_filters import LEAD_FILTERS, bind_leads
from plumbline.leaks import reasons, strong_signs
from plumbline.needs import Need, as_recorded, described, not_recorded, read_needs
from plumbline.sqlfiles import QUERIES, names, sql
from plumbline.text import search_form

FILTERS = ("since", "until", "wanted", "fields", "unless_fields", "unless_values", "episodes", *LEAD_FILTERS)
_NOT_METRICS = ("schema", "prepare", "macros", "screens", "replay", "promises")
_PARAMETER = re.compile(r"\$(?P<name>\w+) (?P<type>\w+)(?:\((?P<choices>\w+(?:\|\w+)+)\))?(?: = (?P<default>[^(]*?))?(?: \((?P<help>[^)]*)\))?$")
_THEN = re.compile(r"^-- then: (?P<name>\w+\.\w+) \(.+\)$", re.MULTILINE)


@dataclass(frozen=True)
class Parameter:
    name: str
    type: str
    default: str | None
    help: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Metric:
    """One query with what it says of itself. `takes_filters`: it has the parameters of Filters."""

    name: str
    title: str
    meaning: str
    grain: str
    unit: str
    takes_filters: bool
    parameters: tuple[Parameter, ...]
    statement: str
    then: str = ""
    needs: tuple[Need, ...] = ()

    def described(self) -> dict[str, object]:
        told = [
            f"{p.name} ({' or '.join(p.choices) or p.type}{f', default {p.default}' if p.default is not None else ''}): {p.help}"
            for p in self.parameters
        ]
        return {
            "name": self.name,
            "title": f"{self.title}: {self.meaning}",
            "grain": self.grain,
            "unit": self.unit,
            "parameters": [*(["filters"] if self.takes_filters else []), *told],
            "needs": described(self.needs),
        }


def read_header(name: str, text: str) -> Metric:
    """Reads the four lines. Raises MetricError where one is missing or a parameter cannot be read."""
    lines = text.splitlines()[:4]
    marks = ("-- ", "-- grain: ", "-- unit: ", "-- params:")
    if len(lines) < 4 or any(not line.startswith(mark) for line, mark in zip(lines, marks, strict=True)):
        raise MetricError("the file does not open with title, grain, unit and params", f"queries/{name}.sql", "see queries/README.md")
    title, _, meaning = lines[0][3:].partition(": ")
    told = lines[3][len("-- params:") :].strip()
    parts = re.split(r", (?=\$|filters$|filters,)", told) if told not in ("", "none") else []
    parameters = []
    for part in parts:
        if part == "filters":
            continue
        found = _PARAMETER.fullmatch(part.strip())
        if not found:
            raise MetricError(f"cannot read the parameter {part!r}", f"queries/{name}.sql", "write it as $name type = default (meaning)")
        choices = tuple(found["choices"].split("|")) if found["choices"] else ()
        default = found["default"].strip() if found["default"] else None
        if (found["type"] == "choice") != bool(choices) or (choices and default is not None and default not in choices):
            raise MetricError(f"cannot read the choices of {part!r}", f"queries/{name}.sql", "write it as $name choice(a|b) = a (meaning)")
        parameters.append(Parameter(found["name"], found["type"], default, found["help"] or "", choices))
    then = _THEN.search(text)
    needs = read_needs(text, f"queries/{name}.sql")
    return Metric(name, title, meaning, lines[1][10:], lines[2][9:], "filters" in parts, tuple(parameters), text, then["name"] if then else "", needs)


@cache
def all_metrics() -> dict[str, Metric]:
    """Every metric by name."""
    topics = sorted(path.name for path in QUERIES.iterdir() if path.is_dir() and path.name not in _NOT_METRICS)
    return {name: read_header(name, sql(name)) for topic in topics for name in names(topic)}


def metric(name: str) -> Metric:
    """The metric called `name`. Raises MetricError with the nearest."""
    found = all_metrics().get(name)
    if found is None:
        near = get_close_matches(name, all_metrics(), 1)
        raise MetricError(
            f"there is no metric {name!r}", "metric", f"did you mean {near[0]}" if near else "list them with: python -m plumbline metrics"
        )
    return found


@cache
def _named_parameters(statement: str) -> frozenset[str]:
    """Names that the statement binds. DuckDB refuses missing ones and ones in excess."""
    return frozenset(duckdb.extract_statements(statement)[0].named_parameters)


def bind(history: History, wanted: Metric, filters: Filters, parameters: Mapping[str, object]) -> dict[str, object]:
    """Every value that the statement needs. Raises MetricError for a parameter it does not take or cannot read."""
    known = {parameter.name: parameter for parameter in wanted.parameters}
    for name in parameters:
        if name not in known:
            hint = f"it takes {', '.join(known)}" if known else "it takes none"
            raise MetricError(f"{wanted.name} takes no parameter {name!r}", "--param", hint)
    values: dict[str, object] = filters.bind(history) if wanted.takes_filters else {}
    if wanted.takes_filters and not _named_parameters(wanted.statement).isdisjoint(LEAD_FILTERS):
        values |= bind_leads(filters, history)
    for name, parameter in known.items():
        given = parameters.get(name)
        if given is None and name in ("since", "until") and parameter.type == "instant":
            day = getattr(filters, name)
            given = day_start(day, time_zone(history.about.time_zone)) if day else None
            values[name] = given
            continue
        values[name] = _read(history, wanted, parameter, parameter.default if given is None else given)
    return {name: values[name] for name in _named_parameters(wanted.statement)}


def _read(history: History, wanted: Metric, parameter: Parameter, given: object) -> object:
    if given is None:
        return None
    refuse = MetricError(
        f"{given!r} is no {parameter.type}", f"--param {parameter.name}", parameter.help or f"see {wanted.name} in the list of metrics"
    )
    if parameter.type == "number":
        try:
            number = float(given)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise refuse from None
        if not 0 <= number <= 36500:
            raise refuse
        return number
    if parameter.type == "numbers":
        try:
            edges = [float(word) for word in (given.split() if isinstance(given, str) else given)]  # type: ignore[union-attr]
        except (TypeError, ValueError):
            raise refuse from None
        if not all(map(isfinite, edges)):
            raise refuse
        return edges
    if parameter.type == "integer":
        if not (str(given).isascii() and str(given).isdigit()) or int(given) > 10_000_000:  # type: ignore[call-overload]
            raise refuse
        return int(given)  # type: ignore[call-overload]
    if parameter.type == "choice":
        if not given and parameter.default is None:
            return None
        if str(given) not in parameter.choices:
            listed = f"{', '.join(parameter.choices[:-1])} or {parameter.choices[-1]}"
            raise MetricError(f"{given!r} is none of its values", f"--param {parameter.name}", f"choose {listed}")
        return str(given)
    if parameter.type == "text":
        return str(given)
    if parameter.type == "search":
        return search_form(str(given)) or None
    if parameter.type == "field":
        return field_number(history, str(given))
    if parameter.type == "flag":
        if str(given).lower() not in ("true", "false"):
            raise refuse
        return str(given).lower() == "true"
    if parameter.type == "reasons":
        if str(given) not in reasons.GROUPS:
            raise MetricError(f"{given!r} is no group of reasons", f"--param {parameter.name}", f"choose {' or '.join(reasons.GROUPS)}")
        return reasons.texts(history, str(given))
    if parameter.type == "acts":
        if given != "strong":
            raise MetricError(f"{given!r} is none of its values", f"--param {parameter.name}", "leave it out: strong is the only group of acts")
        return strong_signs.names(history)
    if parameter.type == "mapped_reasons":
        if given != "all":
            raise MetricError(f"{given!r} is none of its values", f"--param {parameter.name}", "leave it out: reasons.yaml says whose reason is what")
        return reasons.mapped(history)
    if parameter.type == "instant" and isinstance(given, str):
        return day_start(parse_day(given, f"--param {parameter.name}"), time_zone(history.about.time_zone))
    return given


def refuse_ignored(wanted: Metric, filters: Filters, names_episodes: bool = False) -> None:
    """Raises MetricError for a filter that the metric does not take: a number for all leads must not pass for one of some.

    names_episodes: whether the passes were asked for by name, be it the usual ones.
    """
    names = {parameter.name for parameter in wanted.parameters}
    asked = [("--segment", bool(filters.segments)), ("--episodes", names_episodes or filters.episodes != "first")]
    asked += [(f"--{name}", getattr(filters, name) is not None and name not in names) for name in ("since", "until")]
    for option, is_asked in asked:
        if is_asked and not wanted.takes_filters:
            raise MetricError(f"{wanted.name} does not take this filter", option, "leave it out")


def of_options(wanted: Metric, options: Mapping[str, str | None]) -> dict[str, str]:
    """The parameters that are options of their own, by name, where they were given. Raises MetricError for one that the metric does not take."""
    names = {parameter.name for parameter in wanted.parameters}
    told = {name: value for name, value in options.items() if value is not None}
    for name in told:
        if name not in names:
            raise MetricError(f"{wanted.name} does not take this option", f"--{name}", "leave it out")
    return told


def rows(history: History, name: str, filters: Filters | None = None, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
    """What the statement of a metric gives, before anything is made of it."""
    wanted = metric(name)
    return history.query(wanted.statement, bind(history, wanted, filters or Filters(), parameters or {}))


def run(history: History, name: str, filters: Filters | None = None, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
    """The rows of a metric, in the order and with the columns of its file; what the history does not record is empty."""
    wanted = metric(name)
    values = bind(history, wanted, filters or Filters(), parameters or {})
    told = history.query(wanted.statement, values)
    rows = import_module(f"plumbline.{wanted.then}").finished(history, told, values) if wanted.then else told
    return as_recorded(rows, wanted.needs, history.recorded)


def note(history: History, name: str) -> str:
    """What the metric cannot know of this history, in one line; '' where it knows all."""
    said = [not_recorded(metric(name).needs, history.recorded)]
    if name.startswith(("funnel/", "leaks/", "sources/")):
        said.append(history.recorded.why_stages())
    return "; ".join(one for one in said if one)
