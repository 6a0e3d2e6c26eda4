"""The main picture of the lab: who is handed over both ways, only by the draft, no longer; and the leads behind each part."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.definition import Definition
from plumbline.replay.kernel import NEVER
from plumbline.replay.reasons import reasons
from plumbline.simulation.outcomes import Verdicts
from plumbline.simulation.run import Simulation
from plumbline.simulation.swap import SIDE_OF, part_masks
from plumbline.statistics import MINIMUM_N
from plumbline.ui import data, leads_table, panels, text, theme
from plumbline.ui.lab import can_tell, desk
from plumbline.ui.lab.can_tell import EVERYTHING, CanTell

_SHOWN = 200
_PART = "lab.part"
_OF_A_SIDE = {
    "all": "all that it hands over",
    "accepted": "accepted in time",
    "sql": "became SQL in time",
    "unknown": "never offered to sales",
    "decided": "accepted or gone before",
}
Sets = dict[str, dict[str, int]]


def show(found: Simulation, against: str = "") -> None:
    """The bars, one control that says which part is looked at, and its leads."""
    names, can = charts.SWAP_SETS_AGAINST if against else charts.SWAP_SETS, can_tell.of_history()
    members = found.sides.members()
    masks = {name: {part: members[name] & mask for part, mask in part_masks(found.by_side[SIDE_OF[name]]).items()} for name in names}
    sets = {name: {part: int(np.count_nonzero(mask)) for part, mask in parts.items()} for name, parts in masks.items()}
    panels.chart(
        charts.swap_bars(sets, mode=theme.mode(), names=names, called=can.parts),
        "swap",
        pl.DataFrame(
            [
                {"set": names[name], **{_column(part, can): n for part, n in parts.items()}, "leads": sum(parts.values())}
                for name, parts in sets.items()
            ]
        ),
        charts.swap_bars_alt(sets, can.became),
        _clicked,
        title=title(sets, against, can),
        subtitle="Leads of the period, by what became of them. A click on a part lists its leads." + _strayed(found),
        is_lazy=True,
    )
    names = names | {"draft": "The draft", "baseline": "The other" if against else "Before"}
    is_asked = {"draft": tuple(_OF_A_SIDE), "baseline": tuple(_OF_A_SIDE) if against else ("all", "accepted", "sql")}
    options = [f"{side}.{part}" for side, parts in is_asked.items() for part in parts if can.acceptance or part != "accepted"]
    options += [f"{name}.{part}" for name in sets for part in charts.SWAP_PARTS]
    chosen = st.selectbox(
        "Leads behind a part",
        options,
        None,
        format_func=lambda one: said(one, names, can),
        key=_PART,
        placeholder="The leads behind a number: click a part of the picture, or choose here",
        label_visibility="collapsed",
        persist_state="session",
    )
    if chosen in options:
        name, part = chosen.split(".")
        mask = masks[name][part] if name in sets else masks_of_sides(found)[name][part]
        _leads(found, mask, said(chosen, names, can), against)


def masks_of_sides(found: Simulation) -> dict[str, dict[str, np.ndarray]]:
    """The leads behind the figures of the strip: of the draft and of what it is held against, those handed over in the period, and by outcome."""
    sides = {"draft": ("definition", found.sides.draft_in), "baseline": ("baseline", found.sides.baseline_in)}
    return {name: {part: mask & inside for part, mask in _parts_of_side(found.by_side[side]).items()} for name, (side, inside) in sides.items()}


def _parts_of_side(judged: Verdicts) -> dict[str, np.ndarray]:
    return {
        "all": np.ones(len(judged.offered), bool),
        "accepted": judged.judged & judged.is_accepted,
        "sql": judged.sql_judged & judged.is_sql,
        "unknown": ~judged.offered,
        "decided": judged.decided_before,
    }


def _strayed(found: Simulation) -> str:
    """Why the bars add up to more than the figures above: a lead of both ways may lie in the period of one of them only."""
    n = int(np.count_nonzero(found.sides.members()["kept"] & ~(found.sides.draft_in & found.sides.baseline_in)))
    if not n:
        return ""
    were = "was" if n == 1 else "were"
    return f" {wording.plural(n, 'lead')} of both ways {were} handed over in the period by one of the two, before it by the other."


def _size(parts: dict[str, int]) -> int:
    return sum(parts.values())


def _column(part: str, can: CanTell = EVERYTHING) -> str:
    return can.parts.get(part, (charts.SWAP_PARTS[part],))[0].replace(":", ",")


def said(option: str, names: dict[str, str], can: CanTell = EVERYTHING) -> str:
    """'newly_out.sql' -> 'No longer handed over: became SQL'."""
    name, part = option.split(".")
    told = _OF_A_SIDE[part] if name in ("draft", "baseline") else _column(part, can)
    if name in ("draft", "baseline") and part == "sql":
        told = f"{can.became} in time"
    return f"{names[name]}: {told}"


def _clicked(point: list[object]) -> None:
    if len(point) == 2 and point[0] in charts.SWAP_SETS and point[1] in charts.SWAP_PARTS:
        st.session_state[_PART] = f"{point[0]}.{point[1]}"


def title(sets: Sets, against: str = "", can: CanTell = EVERYTHING) -> str:
    """What the bars say in one line."""
    out, new = sets["newly_out"], sets["newly_in"]
    n_out, n_new = _size(out), _size(new)
    if not n_out and not n_new:
        return "The draft hands over the same leads"
    if (n_judged := n_out - out["decided"]) >= MINIMUM_N:
        had = {"was won": "had been won"}.get(can.became, f"had {can.became.replace('became', 'become').replace('went', 'gone')}")
        return f"{wording.share_of(out['sql'], n_judged)} leads that {'only the other' if against else 'it no longer'} hands over {had}"
    return f"{wording.plural(n_new, 'lead')} would be new, {wording.count(n_out)} no longer handed over"


def _leads(found: Simulation, mask: np.ndarray, where: str, against: str) -> None:
    index = np.flatnonzero(mask)
    moment = np.minimum(found.sides.draft, found.sides.baseline)[index]
    index = index[np.argsort(-moment, kind="stable")]
    text.subheading([text.Bold(wording.plural(len(index), "lead")), f" · {where}"])
    if not len(index):
        return
    draft = desk.draft()  # a download asks for its rows outside the session
    rows = _rows(draft, found, index[:_SHOWN], against)
    if len(index) > _SHOWN:
        text.note(f"The latest {_SHOWN} are shown; the download holds all. A click on a lead opens its story.")
    leads_table.table(rows, "lab", lambda: _rows(draft, found, index, against))


def _rows(draft: Definition, found: Simulation, index: np.ndarray, against: str) -> pl.DataFrame:
    facts = desk.stage().facts
    numbers = facts.events.lead_no[index]
    decided = np.where(found.sides.draft == NEVER, found.sides.baseline, found.sides.draft)[index]  # by the draft; else at hand-over: what it lacked
    order = pl.DataFrame(
        {
            "lead_no": numbers,
            "draft_at": _when(found.sides.draft[index]),
            "other_at" if against else "before_at": _when(found.sides.baseline[index]),
            "why": reasons(draft, facts, index, decided),
        }
    )
    return order.join(data.screen("leads_by_number", lead_nos=numbers.tolist()), on="lead_no", how="left", maintain_order="left").drop("lead_no")


def _when(micros: np.ndarray) -> pl.Series:
    return pl.Series(micros).set(pl.Series(micros == NEVER), None).cast(pl.Datetime("us"))
