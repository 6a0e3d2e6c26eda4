"""The ladder of costs: one row a source or campaign, one column a stage: how many, and what one cost, with a bar. As HTML, all texts escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from plumbline import wording
from plumbline.statistics import MINIMUM_N
from plumbline.ui.sources.sums import EVERY, STAGES, Columns
from plumbline.ui.sources.words import a, money
from plumbline.ui.text import _shown, safe_href


@dataclass(frozen=True)
class Rung:
    """One row. counts, costs: by stage; a cost may be None. k of mature: MQLs that became an SQL in time. hrefs: by stage, and 'name'."""

    name: str
    counts: dict[str, int]
    costs: dict[str, float | None]
    spend: float | None
    mature: int
    k: int
    hrefs: dict[str, str | None]
    is_total: bool = False
    is_chosen: bool = False


def rung(row: dict, title: str, href: Callable[[str], str | None], name_href: str | None = None, *, is_chosen: bool = False) -> Rung:
    """A row of sums.with_quality. href: the leads of a stage."""
    costs = {stage: row[f"cost_per_{stage.removesuffix('s')}"] for stage in STAGES}
    counts = {stage: row[stage] for stage in STAGES}
    hrefs = {stage: href(stage) for stage in STAGES if row[stage]} | {"name": name_href}
    return Rung(title, counts, costs, row["spend"], row["mature"], row["k"], hrefs, is_chosen=is_chosen)


def ladder_html(rungs: Sequence[Rung], head: str, currency: str, has_costs: bool, columns: Columns = EVERY) -> str:
    """The table. Bars compare the costs within one column, of those with 30 or more."""
    tops = {
        stage: max((row.costs[stage] or 0 for row in rungs if not row.is_total and row.counts[stage] >= MINIMUM_N), default=0) for stage in STAGES
    }
    heads = "".join(f'<th scope="col" title="{_shown(wording.stage_meaning(_STAGE[stage]))}">{columns.head(stage)}</th>' for stage in columns.shown)
    spend = '<th scope="col">Spend</th>' if has_costs else ""
    meaning = f"Of the leads old enough to tell, those that became {a(columns.one(columns.good))} in time" if columns.good else ""
    quality = f'<th scope="col" title="{_shown(meaning)}">{_shown(columns.quality)}</th>' if columns.good else ""
    body = "".join(_row(row, tops, currency, has_costs, columns) for row in rungs)
    return (
        f'<div class="pl-ladder" role="region" tabindex="0" aria-label="{_shown(head)}, counts and costs">'
        f'<table><thead><tr><th scope="col">{_shown(head)}</th>{spend}{heads}{quality}</tr></thead><tbody>{body}</tbody></table></div>'
    )


_STAGE = {"leads": "inquiry", "mqls": "mql", "sals": "sal", "sqls": "sql", "won": "won"}


def _row(row: Rung, tops: dict[str, float], currency: str, has_costs: bool, columns: Columns) -> str:
    name = f"<bdi>{_shown(wording.shortened(row.name, 32))}</bdi>"
    if way := row.hrefs.get("name"):
        name = f'<a href="{safe_href(way)}" target="_self">{name}</a>'
    amount = '<span class="pl-n">not recorded</span>' if row.spend is None else _shown(money(row.spend, currency))
    spend = f"<td>{amount}</td>" if has_costs else ""
    cells = "".join(_cell(row, stage, tops[stage], currency, has_costs, columns) for stage in columns.shown)
    thin = row.mature < MINIMUM_N
    told = wording.TOO_FEW if thin else wording.share(row.k / row.mature)
    quality = (
        ""
        if not columns.good
        else f'<td><span class="{"pl-n" if thin else ""}">{_shown(told)}</span><span class="pl-one">of {wording.count(row.mature)}</span></td>'
    )
    kind = " ".join(word for word, is_so in (("pl-total", row.is_total), ("pl-chosen", row.is_chosen)) if is_so)
    return f'<tr class="{kind}"><th scope="row">{name}</th>{spend}{cells}{quality}</tr>'


def _cell(row: Rung, stage: str, top: float, currency: str, has_costs: bool, columns: Columns) -> str:
    n, cost = row.counts[stage], row.costs[stage]
    count = _shown(wording.count(n))
    if way := row.hrefs.get(stage):
        label = _shown(f"{wording.count(n)} {columns.head(stage)} of {row.name}")
        count = f'<a class="pl-plain" href="{safe_href(way)}" target="_self" aria-label="{label}">{count}</a>'
    if not has_costs:
        return f"<td>{count}</td>"
    if cost is None:
        return f'<td>{count}<span class="pl-one">{wording.ABSENT}</span></td>'
    thin = n < MINIMUM_N
    meaning = f"{money(cost, currency)} for one {columns.one(stage)}" + (f"; {wording.TOO_FEW}: under {MINIMUM_N}" if thin else "")
    width = 0 if thin or not top or row.is_total else max(0, min(100, round(100 * cost / top)))
    bar = f'<span class="pl-bar" style="width: {width}%"></span>' if width else '<span class="pl-bar pl-none"></span>'
    one = f'<span class="{"pl-one pl-thin" if thin else "pl-one"}">{_shown(money(cost, currency))}</span>'
    return f'<td title="{_shown(meaning)}">{count}{one}{bar}</td>'


def show(rungs: Sequence[Rung], head: str, currency: str, has_costs: bool, columns: Columns = EVERY) -> None:
    st.html(ladder_html(rungs, head, currency, has_costs, columns))
