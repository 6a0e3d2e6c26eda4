"""The account of an import on screen: seen = kept + rejected, each reject with its place and reason, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.ui import panels, text
from plumbline.ui.importing import words

_SHOWN = 1000
_FIRST = 5  # reasons, and things to know, that stand in the open
_NUMBER = {"format": "localized", "width": "small"}


def show(
    tables: words.Counts,
    rejects: list[Mapping[str, object]],
    warnings: Iterable[str],
    missing: Iterable[str] = (),
    *,
    key: str,
    shown: Callable[[str], str] = str,
    rejects_total: int | None = None,
    groups: Iterable[Mapping[str, object]] = (),
    action: Callable[[], None] | None = None,
) -> None:
    """action: draws what can be done about it, below the account.

    key: of the widgets. rejects: the first, dicts with table, file, line, column, reason. groups: all of them by reason. shown: a file's
    name as its owner knows it."""
    account(tables, key)
    if action:
        action()
    if rejects:
        by_reason = words.by_reason(groups, shown) if groups else words.grouped(rejects, shown)
        _rejects(rejects, by_reason, key, shown, "cannot be kept" if action else "were not kept")
    elif rejects_total:
        text.note(f"{wording.plural(rejects_total, 'row')} rejected; their places are not kept with this import.")
    notes(warnings, missing)


def account(tables: words.Counts, key: str) -> None:
    frame = words.account(tables)
    columns = {
        "table": st.column_config.Column("Table", width="medium"),
        "seen": st.column_config.NumberColumn("Rows seen", **_NUMBER),
        "kept": st.column_config.NumberColumn("= kept", **_NUMBER),
        "rejected": st.column_config.NumberColumn("+ rejected", **_NUMBER),
    }
    st.dataframe(
        frame, hide_index=True, width=620, height="content", column_config=columns, key=f"{key}.account", alt="Rows seen, kept and rejected by table"
    )


def _rejects(rejects: list[Mapping[str, object]], groups: pl.DataFrame, key: str, shown: Callable[[str], str], verdict: str) -> None:
    total = int(groups["rows"].sum())
    in_file = "all" if total == len(rejects) else f"the first {len(rejects):,}"
    text.subheading(["Why ", text.Bold(wording.plural(total, "row")), f" {verdict}"])
    _groups(groups.head(_FIRST), f"{key}.groups")
    if groups.height > _FIRST:
        text.note(f"The most frequent {_FIRST} of {wording.plural(groups.height, 'reason')}; the others are folded below.")
    rows = [(shown(str(r["file"])), r["line"], str(r["column"]), str(r["reason"]), str(r["table"])) for r in rejects]
    every = pl.DataFrame(
        rows, schema={"file": pl.String, "line": pl.Int64, "column": pl.String, "reason": pl.String, "table": pl.String}, orient="row"
    )
    with st.expander("Each of these rows", key=f"{key}.each"):
        if groups.height > _FIRST:
            _groups(groups.head(_SHOWN), f"{key}.reasons")
        if every.height > _SHOWN:
            text.note(f"The first {_SHOWN:,} of {total:,}; the file has {in_file}.")
        named = {
            name: st.column_config.TextColumn(wording.words(name), width=width)
            for name, width in (("file", "medium"), ("column", "small"), ("reason", "large"), ("table", "small"))
        }
        named["line"] = st.column_config.NumberColumn("Line", format="localized", width="small")
        st.dataframe(
            every.head(_SHOWN), hide_index=True, column_config=named, height=min(420, 38 + 35 * min(every.height, _SHOWN)), key=f"{key}.rows"
        )
        panels.download(
            every,
            "rejected rows",
            key=f"{key}.csv",
            label=f"Download {'all' if total == every.height else f'the first {every.height:,}'} rejected rows (CSV)",
        )


def _groups(groups: pl.DataFrame, key: str) -> None:
    heads = {
        "rows": st.column_config.NumberColumn("Rows", **_NUMBER),
        "reason": st.column_config.TextColumn("Reason", width=300),
        "table": st.column_config.TextColumn("Table", width=140),
        "column": st.column_config.TextColumn("Column", width=100),
        "first": st.column_config.TextColumn("First of them", width="large"),
    }
    height = min(320, 38 + 35 * groups.height)
    st.dataframe(groups, hide_index=True, column_config=heads, height=height, key=key, alt="Reasons, most frequent first")


def notes(warnings: Iterable[str], missing: Iterable[str]) -> None:
    """What was noticed, and what will not be shown for want of data."""
    told = [line[:1].upper() + line[1:] + ("" if line.endswith(".") else ".") for line in warnings]
    if told:
        _lines("To know", told[:_FIRST])
        if len(told) > _FIRST:
            with st.expander(f"{len(told) - _FIRST} more to know"):
                for line in told[_FIRST:]:
                    text.note(line)
    missing = list(missing)
    if missing:
        with st.expander(f"What cannot be shown with these files ({len(missing)})"), st.container(gap="xxsmall"):
            for line in missing:
                text.note(line)


def _lines(title: str, lines: list[str]) -> None:
    with st.container(gap="xxsmall"):
        text.subheading(title)
        for line in lines:
            text.note(line)
