"""Would the definition have caught what sales sent back? Each rule of a definition against the leads that sales rejected, and those it accepted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.definition import Definition, to_yaml
from plumbline.filters import Filters
from plumbline.leaks.caught import WHOLE, Barred, Passes, caught
from plumbline.statistics import MINIMUM_N
from plumbline.ui import data, judged_by, on_record, panels, text
from plumbline.ui.lab import desk
from plumbline.ui.leaks import after_words as words
from plumbline.ui.leaks import lists

_GROUPS = {"back": "Sent back", "kept": "Accepted"}
_BACK, _KEPT, _SQLS = "Of those sent back", "Of those accepted", "SQLs barred"


def show(filters: Filters) -> None:
    """Draws the part: a definition, what it would have done, rule by rule, and the leads behind a rule."""
    st.space("small")
    definition = judged_by.choose("Judged by the definition")
    if definition is None:
        judged_by.note_nothing_offered()
        return
    judged = _judged(data.content(), repr(filters), to_yaml(definition), filters, definition)
    found = judged.found
    if not found:
        return
    whole = found[0]
    text.chart_title(
        words.caught_title(found, definition.name or "The draft", on_record.steps()),
        "Each rule as it stood when the lead became an MQL, with what was known then. A lead can fail several rules. Accepted: reached SAL and "
        "was not sent back later. Click a row to see its leads.",
    )
    for note in desk.notes(definition, definition.name or "the draft"):
        text.note(note)
    if whole.rejected < MINIMUM_N:
        text.note(f"Only {wording.plural(whole.rejected, 'lead')} sent back: too few to tell a good rule from luck.")
    _table(judged, definition)


@dataclass(frozen=True)
class _Judged:
    """Passes that sales judged (n), the latest first: number of the episode, whether it was sent back; and what the definition would have done."""

    episode: np.ndarray
    is_rejected: np.ndarray
    found: list[Barred]


@st.cache_resource(max_entries=12, show_spinner="Holding the definition against what sales sent back")
def _judged(snapshot: str, asked: str, told: str, _filters: Filters, _definition: Definition) -> _Judged:
    rows = data.metric("leaks/judged", _filters).sort("opened_us", "episode_no", descending=True)
    facts = desk.stage().facts
    lead = np.searchsorted(facts.events.lead_no, rows["lead_no"].to_numpy())
    passes = Passes(lead, *(rows[name].to_numpy() for name in ("pass_no", "opened_us", "is_rejected", "is_sql")))
    return _Judged(rows["episode_no"].to_numpy(), passes.is_rejected, caught(_definition, facts, passes))


def _table(judged: _Judged, definition: Definition) -> None:
    found = judged.found
    rules = sorted(found[1:], key=lambda one: (-one.caught, one.lost))
    listed = [found[0], *rules]
    named = [words.rule_in_words(one, definition) for one in listed]
    caught_share, lost_share = ([100 * k / n if n else None for k, n in pairs] for pairs in zip(*(_counts(one) for one in listed), strict=True))
    most = max([share for share in (*caught_share, *lost_share) if share is not None], default=100.0) / 100
    shown = pl.DataFrame(
        {
            "Rule": named,
            "Would have caught": [words.barred_of(one.caught, one.rejected) for one in listed],
            _BACK: caught_share,
            "Would also bar": [words.barred_of(one.lost, one.accepted) for one in listed],
            _KEPT: lost_share,
            "So the rule": [words.verdict(one) for one in listed],
            _SQLS: [one.sqls for one in listed],
        },
        schema_overrides={_BACK: pl.Float64, _KEPT: pl.Float64},
    )
    event = st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height="content" if shown.height <= 16 else 560,
        placeholder="",
        column_config={
            "Rule": st.column_config.TextColumn(width=290),
            "Would have caught": st.column_config.TextColumn(width=132),
            "Would also bar": st.column_config.TextColumn(width=100),
            _BACK: lists.bar(_BACK, most, "Sent back by sales: the rule would have kept them from it", 118),
            _KEPT: lists.bar(_KEPT, most, "Leads that sales wanted, and that the rule would have kept from it", 118),
            "So the rule": st.column_config.TextColumn(width=155, help="Whether it bars a larger share of those sent back than of those accepted"),
            _SQLS: st.column_config.NumberColumn(format="localized", width=88, help="Accepted leads that the rule bars and that became an SQL"),
        },
        key="caught.table",
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        alt=words.caught_title(found, definition.name or "The draft", on_record.steps()),
    )
    row = panels.picked_row(event)
    if row is None or row >= len(listed):
        return
    one, rule = listed[row], named[row]
    group = st.segmented_control("Leads", list(_GROUPS), default="back", format_func=_GROUPS.get, key="caught.group") or "back"
    chosen = one.mask & (judged.is_rejected if group == "back" else ~judged.is_rejected)
    what = "barred by the whole definition" if one.part == WHOLE else f"barred by: {rule}"
    lists.show(judged.episode[chosen].tolist(), f"{_GROUPS[group].lower()}, {what}", "caught")


def _counts(one: Barred) -> tuple[tuple[int, int], tuple[int, int]]:
    return (one.caught, one.rejected), (one.lost, one.accepted)
