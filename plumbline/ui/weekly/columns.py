"""What both sides promised and kept, side by side. A row is one promise; a click anywhere on it opens the leads behind it."""

from __future__ import annotations

import base64

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.meeting.week import Judged, Week
from plumbline.ui import address, text, theme
from plumbline.words import scorecard as words

_HEADINGS = {"both": "Both promised", "marketing": "Marketing promised", "sales": "Sales promised"}


def show(week: Week, opened: str) -> None:
    """The columns. opened: the kind of the promise whose leads are shown below."""
    with st.container(key="promises", gap="small"):
        with st.container(gap=None):
            _side(week, "both", opened)
        for column, side in zip(st.columns(2, gap="large"), ("marketing", "sales"), strict=True):
            with column, st.container(gap=None):
                _side(week, side, opened)


def _side(week: Week, side: str, opened: str) -> None:
    mine = week.of_side(side)
    if not mine:
        if side != "both":
            st.html(f'<h2 class="pl-whose pl-{side}">{_HEADINGS[side]}</h2><p class="pl-note">nothing in this agreement</p>')
        return
    judged = [one for one in mine if one.row.status in ("met", "missed")]
    kept = sum(one.row.status == "met" for one in judged)
    told = f"kept {kept} of {len(judged)}" if judged else "nothing to judge yet"
    st.html(f'<h2 class="pl-whose pl-{side}">{_HEADINGS[side]}<span>{told}</span></h2>')
    for one in mine:
        _row(week, one, one.kind == opened)


def _row(week: Week, one: Judged, is_open: bool) -> None:
    with st.container(key=f"promise_{one.kind}", gap=None):
        st.html(row_html(week, one, is_open))
        told = ", ".join(part for part in (words.actual(one.row), words.counts(one.row), words.status(one)) if part)
        st.button(f"{one.title}: {told}. See its leads", key=f"see_{one.kind}", type="tertiary", on_click=_open, args=(one.kind,))


def _open(kind: str) -> None:
    address.tell("promise", "" if st.query_params.get("promise") == kind else kind)


def row_html(week: Week, one: Judged, is_open: bool = False) -> str:
    """One promise as a row: title, target, eight weeks, actual, met of n, verdict."""
    row, trend = one.row, frame(one)
    picture = base64.b64encode(charts.promise_trend(trend, theme.mode()).encode()).decode()
    under, why = words.counts(row), words.why(row)
    target = text._shown(one.target)
    if row.why:  # no numbers, so the reason has the room
        return (
            f'<div class="pl-promise{" pl-open" if is_open else ""}"><div class="pl-kind">{text._shown(one.title)}</div><div></div>'
            f'<div class="pl-actual">{wording.ABSENT}</div><div class="pl-verdict pl-hollow"><span>{words.status(one)}</span></div>'
            f'<div class="pl-target pl-wide">{target} · {text._shown(why)}</div></div>'
        )
    look = {"met": "pl-kept", "missed": "pl-missed"}.get(row.status, "pl-hollow")
    return (
        f'<div class="pl-promise{" pl-open" if is_open else ""}">'
        f'<div class="pl-kind">{text._shown(one.title)}</div>'
        f'<img class="pl-trend" src="data:image/svg+xml;base64,{picture}" alt="{text._shown(charts.promise_trend_alt(trend))}">'
        f'<div class="pl-actual">{text._shown(words.actual(row))}</div>'
        f'<div class="pl-verdict {look}"><span>{words.status(one)}</span></div>'
        f'<div class="pl-target">{target}</div><div class="pl-quarter">{text._shown(words.quarter_short(one, week.monday))}</div>'
        f'<div class="pl-met">{text._shown(under)}</div><div class="pl-why">{text._shown(why)}</div></div>'
    )


def frame(one: Judged) -> pl.DataFrame:
    """value, target, status of the eight weeks, as the picture wants them."""
    rows = [(None if row.status == "no_data" else row.actual, row.target, row.status) for row in one.trend]
    return pl.DataFrame(rows, schema={"value": pl.Float64, "target": pl.Float64, "status": pl.String}, orient="row")
