"""A first agreement, proposed from the history itself: promises that it can measure, each at what was kept in three of four recent weeks.

A share is that of the lower quarter of the latest twelve whole weeks with at least five items, rounded down to a whole five percent; a volume that of
the lower quarter of the weeks, over thirteen weeks, rounded down to a whole ten leads. Beside each stands what good teams promise. What the history
cannot measure, or has too few weeks of, is left out, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from plumbline.agreement.check import FIRST_ROWS
from plumbline.agreement.items import ground
from plumbline.agreement.measurable import whys_not
from plumbline.agreement.model import Agreement, Promise, Within
from plumbline.agreement.promises import KINDS
from plumbline.agreement.scorecard import FEW, Row, trend
from plumbline.agreement.weeks import last_full, span
from plumbline.clock import time_zone
from plumbline.definition.model import Definition
from plumbline.history.connection import History
from plumbline.history.recorded import Recorded

WEEKS, FEWEST = 12, 4  # weeks that are looked at, and under which nothing is said
_STEP = Fraction(1, 20)
_WEEKS_OF_A_QUARTER = 13
_CONTACT = ("email", "company")  # what a rep needs, where the definition asks for no field
MOST = FIRST_ROWS[1]
_BY_SAL = ("acceptance", "decision", "follow_up")
_BY_EXITS = {"reason": "no exit is recorded", "returned": "no rejection is recorded"}

# What good teams promise; the order is that in which promises are taken up. A share of None: nothing is known of others.
GOOD = (
    Promise("acceptance", Decimal("0.9"), Within(14, "d")),
    Promise("hand_over", Decimal("0.9"), Within(4, "h")),
    Promise("required_fields", Decimal("0.95")),
    Promise("decision", Decimal("0.9"), Within(24, "h")),
    Promise("first_touch", Decimal("0.8"), Within(30, "m")),
    Promise("follow_up", Decimal("0.9"), Within(48, "h")),
    Promise("touches", Decimal("0.8"), Within(14, "d"), calls=3, emails=3),
    Promise("volume"),
    Promise("meets_definition"),
    Promise("reason"),
    Promise("status", None, Within(14, "d")),
    Promise("returned", None, Within(10, "d")),
)


@dataclass(frozen=True)
class Line:
    """One proposed promise. `kept`: the share (of a volume: qualified leads a week) that was reached in `reached` of `weeks` weeks, unrounded.

    `good`: the share that good teams promise with the same limit; None where nothing is known of others.
    """

    promise: Promise
    kept: Fraction
    reached: int
    weeks: int
    good: Decimal | None


@dataclass(frozen=True)
class Proposal:
    """`lines` in the order of the file; `left_out`: (title of a promise, why it is not offered)."""

    agreement: Agreement | None
    lines: tuple[Line, ...]
    left_out: tuple[tuple[str, str], ...]
    first_week: date | None = None
    last_week: date | None = None


def propose(history: History, qualified: Definition, name: str, effective: date) -> Proposal:
    """The proposal; `agreement` None where nothing can be promised. Raises SettingError where the hours of this installation cannot be read."""
    wanted = {one.kind: one for one in _wanted(history, qualified)}
    known = ground(history, Agreement(name, effective, qualified, _in_order(wanted)))
    whys = whys_not(known)
    if "first_touch" in whys:  # in the hours of the teams where they are known, else on the clock
        wanted["first_touch"] = replace(wanted["first_touch"], clock="wall")
        known = replace(known, agreement=replace(known.agreement, promises=_in_order(wanted)))
        whys = whys_not(known)
    whys = {kind: _in_words(why) for kind, why in whys.items()} | _not_recorded(history.recorded, [kind for kind in wanted if kind not in whys])
    can = [one for kind, one in wanted.items() if kind not in whys]
    left_out = list(whys.items())
    if "required_fields" not in wanted:
        left_out.append(("required_fields", "the definition requires no field, and this history has neither email nor company"))
    weeks = span(last_full(history.about.data_through, time_zone(history.about.time_zone)), WEEKS)
    lines: dict[str, Line] = {}
    if can:
        able = replace(known, agreement=replace(known.agreement, promises=tuple(can)))
        for promise, rows in zip(can, zip(*trend(able, weeks), strict=True), strict=True):
            if isinstance(made := _line(promise, rows), str):
                left_out.append((promise.kind, made))
            elif len(lines) < MOST:
                lines[promise.kind] = made
    told = tuple(lines[kind] for kind in KINDS if kind in lines)
    agreement = replace(known.agreement, promises=tuple(line.promise for line in told)) if told else None
    reasons = dict(left_out)
    listed = tuple((KINDS[kind].title, reasons[kind]) for kind in KINDS if kind in reasons)
    return Proposal(agreement, told, listed, weeks[0].monday, weeks[-1].sunday)


def _in_words(why: str) -> str:
    """Why a promise cannot be measured, as a clause with a subject."""
    return f"its limit {why}" if why.startswith("is ") else why.removeprefix("cannot be measured: ")


def _not_recorded(recorded: Recorded, kinds: Sequence[str]) -> dict[str, str]:
    """Kinds whose share would be one of what nobody wrote down -> why: no record of an acceptance is no refusal to accept."""
    told: dict[str, str] = {}
    stage = recorded.stage("sal")
    if stage in ("implied", "unrecorded"):
        why = "SAL is not recorded, only implied by later stages" if stage == "implied" else recorded.why("stage:sal")
        told |= dict.fromkeys((kind for kind in _BY_SAL if kind in kinds), why)
    for kind, why in _BY_EXITS.items():
        if kind in kinds and not recorded.thing(KINDS[kind].items).rows:
            told[kind] = why
    return told


def _wanted(history: History, qualified: Definition) -> list[Promise]:
    """The candidates, as if all of them could be measured, and with fields to ask for."""
    fields = {row["attribute"] for row in history.fields.values()}
    contact = tuple(name for name in _CONTACT if name in fields)
    told = []
    for one in GOOD:
        made = replace(one, share=one.share or Decimal(1)) if KINDS[one.kind].has_share else replace(one, leads=1)
        if one.kind == "first_touch":
            made = replace(made, clock="working")
        if one.kind == "required_fields" and not qualified.required_fields:
            if not contact:
                continue
            made = replace(made, fields=contact)
        told.append(made)
    return told


def _in_order(wanted: dict[str, Promise]) -> tuple[Promise, ...]:
    return tuple(wanted[kind] for kind in KINDS if kind in wanted)


def _line(promise: Promise, rows: Sequence[Row]) -> Line | str:
    """The line of a promise from its weeks; else why it is not offered."""
    is_volume = promise.kind == "volume"
    told = [Fraction(row.met) if is_volume else Fraction(row.met, row.n) for row in rows if is_volume or row.n >= FEW]
    if len(told) < FEWEST:
        return f"only {len(told)} of the last {WEEKS} weeks had {FEW} or more to judge" if told else f"no week of the last {WEEKS} had {FEW} to judge"
    kept = lower_quarter(told)
    good = next(one.share for one in GOOD if one.kind == promise.kind)
    if is_volume:
        leads = int(kept * _WEEKS_OF_A_QUARTER) // 10 * 10
        made = replace(promise, leads=leads)
    else:
        share = kept // _STEP * _STEP
        leads = int(share * 100)
        made = replace(promise, share=Decimal(leads) / 100)
    if not leads:
        return "hardly any lead of the last weeks met the definition" if is_volume else "it was kept for fewer than 5 % in more than one week of four"
    return Line(made, kept, sum(one >= kept for one in told), len(told), good)


def lower_quarter(told: Sequence[Fraction]) -> Fraction:
    """The highest level that at least three quarters of the weeks reached."""
    return sorted(told, reverse=True)[ceil(Fraction(3, 4) * len(told)) - 1]
