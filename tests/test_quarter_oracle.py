"""The quarter against a slow count, item by item, on random histories with two versions in force: promises, the prediction, volume, rejections."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import isclose
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from statsmodels.stats.proportion import proportion_confint

from plumbline.agreement.parse import parse
from plumbline.agreement.versions import all_versions
from plumbline.leaks.reasons import reason_class
from plumbline.meeting import quarters
from plumbline.meeting.quarter import Quarter, Signed
from plumbline.meeting.quarterly import quarter
from plumbline.replay import facts
from plumbline.simulation.run import ground
from tests.figures import measured
from tests.in_processes import in_processes
from tests.oracle import replay as oracle
from tests.oracle.episodes import Episode, effective_time, episodes
from tests.oracle.history import History
from tests.oracle.random_leaks import random_leaks
from tests.oracle.replay import Subject, qualifies, subjects
from tests.quarterly_support import published
from tests.test_follow_up_oracle import build

SEEDS = 8
DAY = timedelta(days=1)
ACCEPTED_WITHIN = 14 * DAY


class Slow:
    """One history, and what each lead and pass of it was."""

    def __init__(self, history: History) -> None:
        self.history, self.zone = history, ZoneInfo(history.time_zone)
        self.passes = episodes(history)
        self.subjects: dict[str, Subject] = {one.lead.lead_id: one for one in subjects(history)}

    def day(self, at: datetime) -> date:
        return at.replace(tzinfo=UTC).astimezone(self.zone).date()

    def holds(self, each: Episode, definition: dict) -> bool:
        return qualifies(self.subjects[each.lead_id], definition, each.opened_at)

    def items(self, kind: str, definition: dict) -> list[tuple[datetime, bool]]:
        """(deadline, whether it was met by then) of every item."""
        through, told = self.history.data_through, []
        for each in self.passes:
            if "mql" in each.observed and kind == "acceptance":
                due, at = each.opened_at + ACCEPTED_WITHIN, effective_time(each, "sal")
                told.append((due, at is not None and at <= due))
            if "mql" in each.observed and kind in ("meets_definition", "volume"):
                told.append((each.opened_at, self.holds(each, definition)))
            if kind == "reason" and each.exit_stage is not None:
                told.append((each.closed_at, bool((each.exit_reason or "").strip())))
        return [(due, is_met) for due, is_met in told if due <= through]


def _agreement(day: date, share: str, leads: int, definition: dict) -> str:
    return json.dumps(
        {
            "name": f"from {day}",
            "effective": day.isoformat(),
            "qualified": definition,
            "acceptance": {"within": "14d", "share": float(share)},
            "marketing": {"volume": {"leads": leads}, "meets_definition": {"share": float(share)}},
            "sales": {"reason": {"share": float(share)}},
        },
        ensure_ascii=False,
    )


def _definition(rng: Random, slow: Slow) -> dict:
    lots = sorted({row["lot"] for row in slow.history.tables["leads"] if row.get("lot")})
    return {"fit": [{"field": "lot", "one_of": rng.sample(lots, max(1, 2 * len(lots) // 3))}]}


def differing(seed: int, folder: Path) -> list[str]:
    """What of the quarter in which random history `seed` ends, or the one before, is not what counting gives."""
    history, rng = random_leaks(seed), Random(f"quarter of {seed}")
    os.environ["PLUMBLINE_HOME"] = str(folder / "home")
    opened, slow = build(history, folder), Slow(history)
    last = quarters.of(slow.day(history.data_through))
    span = rng.choice([last, last.before])
    mondays = [week.monday for week in span.weeks]
    begins = [span.before.first + timedelta(days=rng.randrange(60)), rng.choice(mondays[2:9]) + timedelta(days=rng.choice([0, 0, 3]))]
    told = [(day, rng.choice(["0.3", "0.5", "0.9"]), rng.choice([20, 60, 200]), _definition(rng, slow)) for day in begins]
    for one in told:
        published(parse(_agreement(*one)), opened)
    found = quarter(opened, span, all_versions(), {}, lambda: ground(facts.load(opened)))
    faults = []
    for version, (day, share, leads, definition) in zip(found.signed, told, strict=True):
        end = begins[1] if day == begins[0] else None
        weeks = [monday for monday in mondays if day <= monday and (end is None or monday < end)]
        faults += _promises(slow, version, weeks, Fraction(share), leads, definition)
        faults += _prediction(
            slow, version, day, min(one for one in (end, span.after.first, slow.day(history.data_through) + DAY) if one), definition
        )
    faults += _rejections(slow, found, told[1][3] if begins[1] <= slow.day(history.data_through) else told[0][3])
    opened.close()
    return faults


def _promises(slow: Slow, version: Signed, weeks: list[date], share: Fraction, leads: int, definition: dict) -> list[str]:
    through, faults = slow.history.data_through, []
    for one in version.promises:
        items = slow.items(one.kind, definition)
        wanted = share if one.kind != "volume" else None
        kept = judged = n_all = met_all = 0
        if [cell.monday for cell in one.cells] != weeks:
            return [f"{one.kind}: weeks {[cell.monday for cell in one.cells]}, by hand {weeks}"]
        for cell in one.cells:
            mine = [is_met for due, is_met in items if cell.monday <= slow.day(due) < cell.monday + 7 * DAY]
            n, met = len(mine), sum(mine)
            over = slow.day(through + timedelta(microseconds=1)) >= cell.monday + 7 * DAY
            if one.kind == "volume":
                n = met
            if cell.row is not None and (cell.row.n, cell.row.met) != (n, met):
                faults.append(f"{one.kind} {cell.monday}: {cell.row}, by hand {met} of {n}")
            if not over:
                continue
            n_all, met_all = n_all + n, met_all + met
            if one.kind == "volume":
                is_kept = n >= _target(leads, cell.monday)
            elif n < 5:
                continue
            else:
                is_kept = Fraction(met, n) >= wanted
            judged, kept = judged + 1, kept + is_kept
        over_all = sum(slow.day(through + timedelta(microseconds=1)) >= monday + 7 * DAY for monday in weeks)
        if (one.n, one.met, version.weeks_over) != (n_all, met_all, over_all):
            faults.append(f"{one.kind}: {one.n, one.met, version.weeks_over}, by hand {n_all, met_all, over_all}")
        mine = (one.kept, one.judged if one.kind != "volume" else sum(cell.status in ("met", "missed") for cell in one.cells))
        early = sum(cell.status == "met" and slow.day(through + timedelta(microseconds=1)) < cell.monday + 7 * DAY for cell in one.cells)
        if (mine[0] - early, mine[1] - early) != (kept, judged):  # volume may be kept before its week is over
            faults.append(f"{one.kind}: kept, judged {mine}, {early} early, by hand {kept, judged}")
        if one.kind != "volume" and n_all:
            low, high = proportion_confint(met_all, n_all, method="wilson")
            if not (isclose(one.low, max(low, 0), abs_tol=1e-9) and isclose(one.high, min(high, 1), abs_tol=1e-9)):
                faults.append(f"{one.kind}: {one.low, one.high}, by hand {low, high}")
    return faults


def _target(leads: int, monday: date) -> Fraction:
    told = Fraction(0)
    for day in (monday + n * DAY for n in range(5)):
        span = quarters.of(day)
        days = [span.first + n * DAY for n in range((span.last - span.first).days + 1)]
        told += Fraction(leads, sum(one.weekday() < 5 for one in days))
    return told


def _prediction(slow: Slow, version: Signed, since: date, until: date, definition: dict) -> list[str]:
    if since >= until:
        return [] if version.foretold is None else [f"foretold before {since}"]
    told, through, faults = version.foretold, slow.history.data_through, []
    if told is None:
        return [f"nothing foretold: {version.why_not_foretold}"]
    first = {each.lead_id: each for each in slow.passes if each.number == 1}
    handed = [each for each in first.values() if since <= slow.day(each.opened_at) < until]
    met = [each for each in handed if slow.holds(each, definition)]
    qualified = {lead: oracle.first_qualified(one, definition, through)[0] for lead, one in slow.subjects.items()}
    meeting = {lead: at for lead, at in qualified.items() if at is not None and since <= slow.day(at) < until}
    counts = (told.handed, told.met, told.without_pass)
    by_hand = (len(handed), len(met), sum(lead not in first for lead in meeting))
    if counts != by_hand:
        faults.append(f"handed, met, without a pass: {counts}, by hand {by_hand}")
    whole = [monday for monday in _whole_weeks(since, until) if slow.day(through + timedelta(microseconds=1)) >= monday + 7 * DAY]
    for one in told.figures:
        if one.is_share:
            stage, days = ("sal", 14) if one.key == "acceptance" else ("sql", 59)
            old = [each for each in met if through - effective_time(each, "mql") >= days * DAY]
            hits = sum((at := effective_time(each, stage)) is not None and at - effective_time(each, "mql") <= days * DAY for each in old)
            if one.n != len(old) or (old and not isclose(one.came, hits / len(old))):
                faults.append(f"{one.key}: {one.came} of {one.n}, by hand {hits} of {len(old)}")
        elif one.key == "volume":
            n = sum(monday <= slow.day(at) < monday + 7 * DAY for at in meeting.values() for monday in whole)
            if one.n != len(whole) or (whole and not isclose(one.came, n / len(whole))):
                faults.append(f"volume: {one.came} in {one.n}, by hand {n} in {len(whole)}")
    return faults


def _whole_weeks(since: date, until: date) -> list[date]:
    days = [since + n * DAY for n in range((until - since).days)]
    return [day for day in days if day.weekday() == 0 and day + 7 * DAY <= until]


def _rejections(slow: Slow, found: Quarter, definition: dict) -> list[str]:
    told, faults = found.rejections, []
    mine = [each for each in slow.passes if found.span.first <= slow.day(each.opened_at) <= found.span.last]
    back = [each for each in mine if each.exit_stage == "rejected" and "won" not in each.observed]
    kept = [each for each in mine if each not in back and set(each.observed) & {"sal", "sql", "opportunity", "won"}]
    if told.why_not:
        return [] if not any(each.exit_stage == "rejected" for each in slow.passes) else [told.why_not]
    if (told.rejected, told.accepted) != (len(back), len(kept)):
        faults.append(f"rejected, accepted: {told.rejected, told.accepted}, by hand {len(back), len(kept)}")
    reasons = Counter(reason_class(each.exit_reason) for each in back)
    if dict(told.reasons) != dict(reasons):
        faults.append(f"reasons: {told.reasons}, by hand {reasons}")
    if back or kept:
        whole = told.barring[-1].whole
        by_hand = (sum(not slow.holds(each, definition) for each in back), sum(not slow.holds(each, definition) for each in kept))
        if (whole.caught, whole.lost) != by_hand:
            faults.append(f"barred: {whole}, by hand {by_hand}")
    return faults


def test_quarters_agree_with_a_slow_count() -> None:
    told = {seed: lines for seed, lines in in_processes(differing, 0, SEEDS, chunk=1).items() if lines}
    measured(f"quarters counted one by one: {SEEDS} histories with two versions each, {len(told)} differ {dict(list(told.items())[:2])}")
    assert not told
