"""What several screens, the minutes and the command line need of one history: asked once, kept by whoever can keep it.

The memo is passed in: the app hands over Streamlit's caches, keyed by the content of the history (plumbline/ui/data.py); a command keeps what it made
until it ends (`plain`). Everybody asks as the screens do: leads of whom touches or owners are not recorded are not judged by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

import numpy as np
import polars as pl

from plumbline import hindsight, metrics, on_record
from plumbline.clock import time_zone
from plumbline.definition import Definition, to_yaml
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.leaks.cells import Cells, cells
from plumbline.leaks.judged import of_period
from plumbline.leaks.ranked import Ranked, ranked
from plumbline.replay import facts
from plumbline.replay.run import warm_up
from plumbline.simulation.run import Ground, ground
from plumbline.speed import calls
from plumbline.speed.signs import signs
from plumbline.sqlfiles import sql
from plumbline.steps import Steps

Made = TypeVar("Made")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Ask(Protocol):
    """Runs a metric for these filters (None: everybody)."""

    def __call__(self, name: str, filters: Filters | None = None, **parameters: Any) -> pl.DataFrame: ...


class Keep(Protocol):
    """Gives what was made under that name and key before; else makes it, and keeps it for as long as it can. Nobody changes what is kept."""

    def __call__(self, name: str, key: str, make: Any) -> Any: ...


@dataclass(frozen=True)
class Workspace:
    """A history, the way to ask it, and a memo."""

    history: History
    ask: Ask
    keep: Keep

    @property
    def steps(self) -> Steps:
        """From one recorded stage to the next."""
        return on_record.steps(self.history.recorded)

    def windows(self) -> dict[str, float]:
        """The usual windows as parameters of a metric, over steps that are only implied those of all they span."""
        return Steps(self.steps.implied).windows()

    def through(self) -> int:
        """The end of the data in microseconds since 1970 UTC."""
        return (self.history.about.data_through.replace(tzinfo=UTC) - _EPOCH) // datetime.resolution

    def leaks(self, filters: Filters, parameters: Mapping[str, float]) -> tuple[pl.DataFrame, Ranked]:
        """The judged steps of the period (and of the year before it), and the leaks among them. parameters: of leaks/ranked.

        The rows of all time are kept: another period of the same leads is cut out of them, which takes a twentieth of the time.
        """
        told, without = repr(sorted(parameters.items())), hindsight.key(self.history)

        def made() -> tuple[pl.DataFrame, Ranked]:
            rows = self.judged(filters, parameters)
            return rows, ranked(self.history, rows, self._cells())

        return self.keep("leaks.ranked", f"{filters!r} {told} {without!r}", made)

    def judged(self, filters: Filters, parameters: Mapping[str, float]) -> pl.DataFrame:
        """The judged steps of the period, and of the year before it."""
        always = replace(filters, since=None, until=None)

        def made() -> pl.DataFrame:
            return metrics.rows(self.history, "leaks/ranked", always, as_screens_ask("leaks/ranked") | dict(parameters))

        everything = self.keep("leaks.judged", f"{always!r} {sorted(parameters.items())!r}", made)
        return of_period(everything, filters.since, filters.until, time_zone(self.history.about.time_zone))

    def _cells(self) -> Cells:
        return self.keep("leaks.cells", repr(hindsight.key(self.history)), lambda: cells(self.history))

    def waiting(self, segments: Mapping[str, tuple[str, ...]], days: int) -> calls.Waiting:
        """Who waits for a call as the data end, of the leads that these filters on attributes, rep and team let through."""
        filters = Filters(segments=dict(segments))

        def made() -> calls.Waiting:
            return calls.from_frame(self.ask("persistence/waiting", filters, days=days), days, self.through(), set(self.reps()))

        return self.keep("waiting", f"{filters!r} {days}", made)

    def reps(self) -> dict[str, tuple[str, str]]:
        """Id of a rep -> name (else the id), team."""
        return self.keep("reps", "", self._reps)

    def _reps(self) -> dict[str, tuple[str, str]]:
        rows = self.history.query(sql("screens/reps")).to_dicts()
        return {row["rep_id"]: (row["name"] or row["rep_id"], row["team"] or "") for row in rows}

    def stage(self) -> Ground:
        """The history in memory, ready for replays. Raises HistoryError."""
        return self.keep("stage", "", self._stage)

    def _stage(self) -> Ground:
        known = facts.kept(self.history)
        warm_up(known)
        return ground(known)

    def signs(self, definition: Definition, lead_nos: np.ndarray, key: str) -> calls.Signs | None:
        """Which of these leads are hot by a definition; None where it asks nothing of what leads do. key: what stands for the leads."""
        return self.keep("signs", f"{key} {to_yaml(definition)}", lambda: signs(definition, self.stage().facts, lead_nos))


def as_screens_ask(name: str) -> dict[str, Any]:
    """What a screen asks of a metric beyond its filters: leads of whom touches or owners are not recorded are not judged by them."""
    return {"only_recorded": True} if any(parameter.name == "only_recorded" for parameter in metrics.metric(name).parameters) else {}


def plain(history: History) -> Workspace:
    """Without a cache of anybody's: what is made is kept as long as the workspace."""
    kept: dict[tuple[str, str], Any] = {}

    def ask(name: str, filters: Filters | None = None, **parameters: Any) -> pl.DataFrame:
        return metrics.run(history, name, filters or Filters(), as_screens_ask(name) | parameters)

    def keep(name: str, key: str, make: Any) -> Any:
        if (name, key) not in kept:
            kept[name, key] = make()
        return kept[name, key]

    return Workspace(history, ask, keep)
