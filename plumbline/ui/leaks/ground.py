"""What the Leaks screen asks: the ranked leaks of the filters, kept for all viewers while the history stays (plumbline/workspace.py)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl
import streamlit as st

from plumbline.filters import MISSING, Filters
from plumbline.leaks.judged import year_before
from plumbline.leaks.ranked import Ranked
from plumbline.leaks.ranking import Leak
from plumbline.steps import ALL, Steps
from plumbline.ui import data, filter_bar, on_record
from plumbline.ui.persistence.terms import Promise

STAGES = {"mql->sal": "mql", "sal->sql": "sal", "sql->opportunity": "sql", "opportunity->won": "opportunity"}


@dataclass(frozen=True)
class Scene:
    """What every part of the screen is about. within: the windows as parameters; found: the leaks; rows: the judged steps of the period and the year
    before it; parts: step, class, n of everything that entered a step in the period; steps: from one recorded stage to the next."""

    filters: Filters
    within: dict[str, float]
    promise: Promise
    found: Ranked
    rows: pl.DataFrame
    parts: pl.DataFrame
    steps: Steps = ALL

    @property
    def entered(self) -> int:
        """Leads handed over in the period."""
        return int(data.metric("funnel/stages", self.filters, **self.within)["entered"][0])

    @property
    def parameters(self) -> dict[str, float]:
        return {**self.within, "k": self.promise.attempts}

    def key(self, leak: Leak) -> str:
        """What stands for a leak in the address."""
        return self.found.key(leak)

    def href(self, leak: Leak) -> str:
        told = {name: st.query_params.get(name) for name in ("calls", "emails", "days", "percent", "sight") if st.query_params.get(name)}
        return filter_bar.link("leaks", leak=self.key(leak), **told)

    def of(self, leak: Leak) -> Filters:
        """The filters with the leak's segment, and from where it began, where it began within the period."""
        chosen = replace(self.filters, since=leak.first_day) if leak.first_day else self.filters
        for name, value in self.found.segment(leak):
            chosen = chosen.with_segment(name, (value or MISSING,))
        return chosen

    def judged(self, leak: Leak) -> pl.DataFrame:
        """The judged steps of the leak's part of the period, its segment's and all others'."""
        there = self.rows.filter((pl.col("stage_rank") == leak.step) & pl.col("is_now"))
        return there.filter(pl.col("opened_week") >= leak.first_day) if leak.first_day else there

    def judged_of(self, filters: Filters) -> pl.DataFrame:
        """The judged steps with other filters, of the same windows and promise."""
        return data.workspace().judged(filters, {**self.within, **self.promise.parameters, "k": self.promise.attempts})

    def inside(self, leak: Leak) -> pl.DataFrame:
        """The judged steps of the leak's leads."""
        rows = self.judged(leak)
        return rows.filter(pl.Series(self.found.cells.are_in(rows["episode_no"].to_numpy(), leak.fields, leak.codes), dtype=pl.Boolean))

    def leak(self, key: str) -> Leak | None:
        return next((leak for leak in self.found.leaks if self.key(leak) == key), None)


def scene(filters: Filters, within: dict[str, float], promise: Promise) -> Scene:
    """Asks for everything that is drawn above the closer looks."""
    parameters = {**within, **promise.parameters, "k": promise.attempts}
    steps = on_record.steps()
    rows, found = data.workspace().leaks(filters, parameters)
    return Scene(filters, within, promise, found, rows, parts(filters, within, promise.attempts, steps), steps)


def parts(filters: Filters, within: dict[str, float], k: int, steps: Steps) -> pl.DataFrame:
    """step, class, n: those that went on, those still in window, and the classes of leaks, in that order."""
    stages = data.metric("funnel/stages", filters, **within)
    leaked = data.metric("leaks/classes", filters, **within, k=k).select("step", "class", "n")
    told = []
    for step, stage in _shown(steps).items():
        row = stages.row(by_predicate=pl.col("stage") == stage, named=True)
        told += [(step, "went_on", row["reached_next"] or 0), (step, "in_window", row["open_in_window"] or 0)]
    ahead = pl.DataFrame(told, schema={"step": pl.String, "class": pl.String, "n": pl.Int64}, orient="row")
    if not told:
        return ahead
    return pl.concat([pl.concat([ahead.filter(pl.col("step") == step), leaked.filter(pl.col("step") == step)]) for step in _shown(steps)])


def _shown(steps: Steps) -> dict[str, str]:
    return {step: stage for step, stage in STAGES.items() if stage in steps.begins}


def with_year_before(filters: Filters) -> Filters:
    """The filters, beginning a year earlier."""
    return replace(filters, since=year_before(filters.since)) if filters.since else filters
