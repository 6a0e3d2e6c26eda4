"""The promises of a version over the quarter: the picture of weeks, the leads behind a cell, and the question of each with its evidence."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.agreement import behind, items
from plumbline.agreement.weeks import Week
from plumbline.meeting.quarter import Cell, Reviewed, Signed
from plumbline.ui import leads_table, panels, text, theme
from plumbline.ui.quarterly.desk import Scene
from plumbline.words import quarterly as words

_OUTCOMES = {"missed_open": "not done", "missed_late": "too late", "met": "in time", "too_early": "not due yet"}
_SHOWN = 100


def show(scene: Scene, version: Signed) -> None:
    """The picture, what is behind its cells, the list."""
    panels.chart(
        charts.promise_weeks(rows(version), mode=theme.mode()),
        f"quarterly.weeks.{version.number}",
        rows(version).drop("kind"),
        charts.promise_weeks_alt(rows(version)),
        _open_cell,
        title=words.weeks_title(version),
        subtitle="In the cells: percent in time, for qualified leads their number; ▾ broken. Hollow: too few, or too early to say."
        " Weeks by their Monday. Click a cell to see what is behind it.",
        headings={"promise": "Promise", "side": "Whose", "week": "Week of", "status": "Verdict", "label": "Figure", "told": "In words"},
        file="promises by week",
    )
    _behind(scene, version)
    text.chart_title(
        "Raise, keep, loosen or drop?",
        "What the record of the quarter speaks for; the two sides decide. Where too few were due to say, keep a promise or drop it.",
    )
    st.html(f'<div class="pl-reviews" role="list">{"".join(_row(one) for one in version.promises)}</div>')


def rows(version: Signed) -> pl.DataFrame:
    """kind, promise, side, week, status, label, told: a row per promise and week."""
    told = [
        (one.kind, one.title, one.side, cell.monday, cell.status, _label(one, cell), words.cell(cell, one))
        for one in version.promises
        for cell in one.cells
    ]
    schema = dict.fromkeys(("kind", "promise", "side", "week", "status", "label", "told"), pl.String) | {"week": pl.Date}
    return pl.DataFrame(told, schema=schema, orient="row")


def _label(one: Reviewed, cell: Cell) -> str:
    row = cell.row
    if row is None or row.status in ("too_early", "no_data"):
        return "" if cell.status == "too_early" else wording.ABSENT
    return wording.count(row.n) if one.is_volume else wording.share(row.actual).removesuffix(" %")


def _row(one: Reviewed) -> str:
    shown, hue = text._shown, {"marketing": "pl-marketing", "sales": "pl-sales"}.get(one.side, "")
    strong = {"loosen": "pl-broken", "too_few": "pl-unsure"}.get(one.advice.question, "")
    return (
        f'<div class="pl-review" role="listitem"><div><div class="pl-name {hue}" title="{shown(one.sentence)}">{shown(one.title)}</div>'
        f'<div class="pl-n">{shown(words.target(one))}</div></div>'
        f'<div>{shown(words.over_the_quarter(one))}<div class="pl-n">{shown(words.weeks_kept(one))}</div></div>'
        f'<div class="{strong}"><span class="pl-ask">{shown(words.question(one))}</span></div><div>{shown(words.because(one))}</div></div>'
    )


def _open_cell(picked: list[Any]) -> None:
    if len(picked) == 2:
        st.query_params["behind_week"] = f"{picked[0]}.{picked[1]}"


def _behind(scene: Scene, version: Signed) -> None:
    """The leads behind the cell that the address names."""
    kind, _, monday = st.query_params.get("behind_week", "").partition(".")
    found = next((one for one in version.promises if one.kind == kind), None)
    cell = next((one for one in found.cells if one.monday.isoformat() == monday and one.row is not None), None) if found else None
    if found is None or cell is None:
        return
    with st.container(border=True, key="quarterly-cell"):
        st.button("Close", key="quarterly.cell.close", type="tertiary", on_click=lambda: st.query_params.pop("behind_week", None))
        text.subheading([text.Bold(found.title), f" · {words.cell(cell, found)}"])
        known = items.ground(scene.history, version.agreement)
        told = behind.of_week(known, found.promise, Week(date.fromisoformat(monday)))
        if told.is_empty():
            text.empty_state("Nothing is behind this cell", "No item of this promise was due in the week.")
            return
        more = f"The first {_SHOWN} are shown; the download holds all. " if told.height > _SHOWN else ""
        text.note(f"{more}What was not done comes first. A click on a lead opens its story.")
        told = told.sort(pl.col("outcome").cast(pl.Enum(list(_OUTCOMES))), "deadline", maintain_order=True)
        leads_table.table(_listed(told.head(_SHOWN)), f"quarterly.{kind}", lambda: told)


def _listed(rows: pl.DataFrame) -> pl.DataFrame:
    """As it is read: words for codes, under the names that tables of leads know."""
    return rows.with_columns(pl.col("outcome").replace(_OUTCOMES)).rename(
        {"outcome": "judged", "start": "started_at", "deadline": "due_at", "met_at": "happened_at"}
        | ({"stage": "in_stage"} if "stage" in rows.columns else {})
    )
