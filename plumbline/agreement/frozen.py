"""The simulation that signatures bind: last year's leads that are old enough to be judged, against what happened.

The period ends on the last Monday before which every lead is older than both windows of the funnel (14 + 45 days before the end of the data), and
begins 52 weeks earlier, or in the week of the first lead. Where a history is younger than the windows, all of it is taken, and the results say so.
Results are canonical JSON without anything that differs from run to run: the same snapshot, version and seed give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from plumbline import __version__, wording
from plumbline.agreement.check import untracked
from plumbline.agreement.model import Agreement
from plumbline.agreement.version import Frozen, Version
from plumbline.clock import DAY, local_days, monday, time_zone
from plumbline.errors import InputError
from plumbline.history.connection import History
from plumbline.history.snapshots import folder_of, sha256
from plumbline.json_values import finite
from plumbline.replay import facts as lab
from plumbline.simulation.outcomes import MQL_DAYS, SAL_DAYS
from plumbline.simulation.rules import each_rule
from plumbline.simulation.run import SEED, Ground, Settings, ground, simulate
from plumbline.state.audit import Act

FORMAT = 1
_WEEKS = 52
_DIGITS = 12  # of a figure that counts


@dataclass(frozen=True)
class Figure:
    """A headline figure of a simulation: as it was frozen and as it is with the data of now, both in words."""

    name: str
    frozen: str
    now: str


def run(agreement: Agreement, history: History, act: Act, seed: int = SEED, progress: Callable[[str], None] = lambda _: None) -> Frozen:
    """Simulates and freezes. progress: told what is done next, in words. Raises PlumblineError."""
    today = tuple(untracked(agreement, history))
    made = results(agreement, history, today, seed, progress)
    return Frozen(act.at_text, act.by, history.about.snapshot, fingerprint(history), __version__, seed, made, today)


def results(agreement: Agreement, history: History, of_today: tuple[str, ...], seed: int, progress: Callable[[str], None] = lambda _: None) -> bytes:
    """The results as bytes: JSON with sorted names, no white space, figures to twelve digits."""
    progress("reading the history")
    facts = lab.load(history)
    since, until, is_mature = period(facts)
    volume = agreement.promise("volume")
    settings = Settings(since, until, quota=float(volume.leads) if volume and volume.leads else None, seed=seed)
    base = ground(facts)
    progress("every lead of the year, as it was known then")
    summary = simulate(agreement.qualified, None, base, settings).summary
    progress("what each rule does")
    told = {
        "format": FORMAT,
        "period": {"since": since, "until": until, "is_mature": is_mature, "mql_days": MQL_DAYS, "sal_days": SAL_DAYS},
        "data_through": f"{history.about.data_through:%Y-%m-%dT%H:%M:%S.%f}Z",
        "time_zone": history.about.time_zone,
        "of_today": list(of_today),
        "summary": summary,
        "rules": _rules(agreement, base, settings),
    }
    return json.dumps(_plain(told), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def period(facts: lab.Facts) -> tuple[date, date, bool]:
    """(first day, day after the last, whether all of it can be judged)."""
    zone = time_zone(facts.history.about.time_zone)
    first = _day(int(facts.events.created.min()), zone)
    last = monday(_day(facts.data_through - (MQL_DAYS + SAL_DAYS) * DAY, zone))
    since = max(last - timedelta(weeks=_WEEKS), monday(first))
    if since < last:
        return since, last, True
    return monday(first), _day(facts.data_through, zone) + timedelta(days=1), False


def _day(moment: int, zone) -> date:
    return date(1970, 1, 1) + timedelta(days=int(local_days(np.array([moment], np.int64), zone)[0]))


def _rules(agreement: Agreement, base: Ground, settings: Settings) -> list[dict[str, object]]:
    """What each rule does: the draft without it."""
    effects = each_rule(agreement.qualified, base, settings)
    return [
        {
            "part": one.part,
            "place": one.place,
            "leads": one.after.leads,
            "accepted": one.after.accepted,
            "judged": one.after.judged,
            "sqls": one.after.sqls,
            "joins": one.joins,
            "leaves": one.leaves,
        }
        for one in effects.rules
    ]


def _plain(value: object) -> object:
    """As JSON has it: days as texts, figures to so many digits, nothing that is no number."""
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int | str) or value is None:
        return value
    rounded = finite(float(value))  # NumPy's too
    return None if rounded is None else float(f"{rounded:.{_DIGITS}g}")


def fingerprint(history: History) -> str:
    """SHA-256 of the file that the numbers come from."""
    return history.manifest.sha256 if history.manifest else sha256(history.file)


def again(version: Version, history: Path) -> bytes:
    """The results of a frozen simulation, worked out again from what its record says. history: among whose snapshots the one that it used is.

    Raises InputError where it has no simulation, was run by another version of Plumbline, or the snapshot is gone.
    """
    frozen = version.frozen
    if frozen is None:
        raise InputError("is not simulated", version.where, f"run: agreement simulate {version.number}")
    if frozen.product != __version__:
        raise InputError(f"was simulated by Plumbline {frozen.product}, and this is {__version__}", version.where, "run that version")
    for file in (folder_of(history) / f"{frozen.snapshot}.duckdb", history):
        if file.exists() and fingerprint(opened := History(file)) == frozen.fingerprint:
            return results(version.agreement(), opened, frozen.of_today, frozen.seed)
    raise InputError(f"the snapshot {frozen.snapshot} that was simulated is gone", version.where, "its results are kept with the version")


def moved(version: Version, history: History) -> list[Figure]:
    """What the data of now move in the headline figures of the frozen simulation; [] where nothing, or where it rests on these data.

    For whoever signs second: the frozen simulation is what is signed all the same.
    """
    if version.frozen is None or version.frozen.fingerprint == fingerprint(history):
        return []
    now = json.loads(results(version.agreement(), history, version.frozen.of_today, version.frozen.seed))
    before, after = headline(version.frozen.told()), headline(now)
    return [Figure(name, before[name], after[name]) for name in before if before[name] != after[name]]


def headline(told: dict) -> dict[str, str]:
    """The figures that people look at first, in words: name -> figure. told: results as a value."""
    summary, span = told["summary"], told["period"]
    weeks = max(1, summary["period"]["weeks"])
    load = summary["load"]["definition"]
    figures = {
        "period": f"{span['since']} to {date.fromisoformat(span['until']) - timedelta(days=1)}",
        "qualified leads a week": wording.decimal(summary["qualified"]["definition"] / weeks),
        "acceptance, of those known": _rate(summary["acceptance"]["definition"]),
        "became SQL, of those known": _rate(summary["sql_rate"]["definition"]),
    }
    if summary["quota"]:
        figures["chance that the volume is met"] = wording.share(summary["quota"]["p_met"])
    if load:
        figures["leads per rep in a busy week"] = wording.decimal(load["per_rep_per_week_p95"])
    return figures


def _rate(told: dict) -> str:
    return f"{wording.share(told['rate'])} ({told['k']} of {told['n']})" if told["n"] else "nobody to judge"
