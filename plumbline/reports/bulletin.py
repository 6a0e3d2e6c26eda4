"""The bulletin of a month as a value: texts and numbers alone. plumbline/reports/monthly.py makes it."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.reports.minutes import Count, Point, Run, Section, WinLine


@dataclass(frozen=True)
class KeptLine:
    """One promise over the weeks that ended in the month. kept of judged; weeks: value None, for their status alone."""

    side: str
    title: str
    target: str
    kept: int
    judged: int
    weeks: tuple[Point, ...]


@dataclass(frozen=True)
class PluggedLine:
    """One action that was done. helped: in words. shares: of its group before and since, then of all others; None: not to be said."""

    text: str
    owner: str
    about: str
    helped: str
    is_better: bool
    shares: tuple[float | None, ...]


@dataclass(frozen=True)
class Bulletin:
    """month: '2026-11'; title: 'November 2026'. gone: leaks that were among the costliest as the month began, and are not any more."""

    month: str
    title: str
    is_sample: bool
    headline: tuple[Run, ...]
    of_wins: Section
    wins: tuple[WinLine, ...]
    by_week: tuple[Count, ...]
    by_source: tuple[Count, ...]
    of_kept: Section
    kept: tuple[KeptLine, ...]
    of_plugged: Section
    plugged: tuple[PluggedLine, ...]
    gone: tuple[str, ...]
    behind: tuple[str, ...]

    def of_side(self, side: str) -> tuple[KeptLine, ...]:
        return tuple(one for one in self.kept if one.side == side)
