"""Minutes for tests of documents: a usual week, and one whose every text is hostile."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from plumbline.reports.minutes import (
    ActionLine,
    ChangeLine,
    Count,
    LeakLine,
    Minutes,
    NoteLine,
    Point,
    PromiseLine,
    Run,
    Section,
    WinLine,
)

HOSTILE = '<script>alert(1)</script> =HYPERLINK("x") \u202egnp.exe\u202c "\'&<b> \x07\x1b[31m ![i](y) שלום สวัสดี 株式会社'
LABELS = ("21 Sep", "28 Sep", "5 Oct", "12 Oct", "19 Oct", "26 Oct", "2 Nov", "9 Nov")
KINDS = (
    ("acceptance", "both", "Acceptance", "90 % within 14 days", 0.9),
    ("volume", "marketing", "Qualified leads", "30 of the 390 of the quarter", 30.0),
    ("meets_definition", "marketing", "Meets the definition", "95 %", 0.95),
    ("required_fields", "marketing", "Required fields", "95 %", 0.95),
    ("hand_over", "marketing", "Hand-over", "90 % within 4 hours", 0.9),
    ("decision", "sales", "Decision", "90 % within 24 hours", 0.9),
    ("first_touch", "sales", "First touch", "80 % within 30 minutes of working time", 0.8),
    ("follow_up", "sales", "Follow-up", "90 % within 48 hours", 0.9),
    ("touches", "sales", "Calls and emails", "80 % with 3 calls and 3 emails within 14 days", 0.8),
)


def _trend(goal: float, last: str) -> tuple[Point, ...]:
    values = (0.92, 0.85, None, 0.8, 1.1, 0.7, 1.02, 1.04 if last == "met" else 0.76)
    points = []
    for label, value in zip(LABELS, values, strict=True):
        status = "no_data" if value is None else "met" if value >= 1 else "missed"
        told = None if value is None else min(goal * value, 1.0) if goal <= 1 else round(goal * value)
        points.append(Point(label, told, status, 0 if value is None else 37, goal))
    return tuple(points)


def usual() -> Minutes:
    """Two promises of nine missed."""
    promises = []
    for kind, side, title, target, goal in KINDS:
        missed = kind in ("first_touch", "acceptance")
        status = "missed" if missed else "met"
        is_share = goal <= 1
        promises.append(
            PromiseLine(
                kind,
                side,
                title,
                target,
                f"Somebody promises {target}.",
                "68 %" if missed else "96 %" if is_share else "31",
                "25 of 37" if missed else "36 of 37",
                "missed by 5" if missed else "kept",
                "Quarter so far: 187 of 222 met, 178 needed: 9 more of those so far may miss",
                is_share,
                status,
                37,
                25 if missed else 36,
                _trend(goal, status),
            )
        )
    return Minutes(
        week="2026-W46",
        days="Mon 9 - Sun 15 Nov 2026",
        is_sample=False,
        verdict=(Run("Seven", True), Run(" of nine promises were kept; sales missed "), Run("First touch"), Run(" by 5 of 37 leads.")),
        promises=tuple(promises),
        of_promises=Section((Run("Marketing kept four of four, sales three of four, both together none of one."),)),
        changes=(
            ChangeLine("new SQLs", "14", "9 a week", "New SQLs: 14, against 9 a week in the eight weeks before; most of it is source partner.", True),
            ChangeLine("new MQLs", "37", "38 a week", "New MQLs: 37, against 38 a week in the eight weeks before, as chance may bring.", False),
        ),
        of_changes=Section((Run("One figure changed beyond chance."),)),
        leaks=(
            LeakLine(
                "mql->sal|source=webinar",
                "Source webinar",
                "about 12 SQLs lost",
                "31 % of 140 accepted leads became SQLs, 69 % were to be expected",
                "Reps gave up early (28 more than usual)",
                "follow-up",
                "Action 3, Bo, by 30 Nov",
            ),
            LeakLine(
                "mql->sal|region=EMEA|role=it",
                "Region EMEA and role it",
                "about 7 SQLs lost, worth $52 k",
                "40 % of 90 MQLs were accepted, 55 % were to be expected",
                "",
                "fit",
                "",
            ),
        ),
        of_leaks=Section((Run("Two leaks in the last 12 weeks."),), ("1,204 segments were looked at.",)),
        calls=(Count("hot, never tried", 3), Count("never tried, within the 14 days", 21), Count("tried, more promised", 88)),
        of_calls=Section((Run("24"), Run(" leads wait for a first call.")), ("As the data end.",)),
        rejections=(Count("Wrong target", 9, "4.1 a week before"), Count("No budget", 4, "4 a week before"), Count("Unstated", 1, "0.5 a week")),
        of_rejections=Section((Run("14 leads were sent back."),)),
        wins=tuple(WinLine(f"Company {n} GmbH", "partner", "Ana Lee", f"${n * 7} k", f"{9 + n} Nov") for n in range(1, 5)),
        of_wins=Section((Run("Four"), Run(" deals were won, worth $70 k."))),
        actions=(
            ActionLine("new", "Call webinar leads within a day", "Bo", "30 Nov 2026", "Leak: Source webinar", "open", "", ""),
            ActionLine("carried", "Ask for the budget in the form", "Cy", "9 Nov 2026", "Required fields", "overdue", "", ""),
            ActionLine(
                "settled",
                "A second rep for EMEA",
                "Ana",
                "2 Nov 2026",
                "First touch",
                "done",
                "since Monday",
                "48 % before, 71 % after; everyone else 60 % and 62 %: 21 points more (7 to 34)",
            ),
        ),
        of_actions=Section((Run("Two"), Run(" actions are open, one of them overdue."))),
        notes=(
            NoteLine("Promises", "First touch: the new rep begins on Monday.\nWe keep the promise as it is."),
            NoteLine("Leaks", "Webinar first."),
        ),
        held=("The meeting was held by Ana Lee on 16 Nov 2026, 09:00 to 09:31 UTC. Who was there is not recorded.",),
        not_recorded=(),
        behind=(
            "Agreement 3, “Q4 2026”, seal 1a2b 3c4d 5e6f",
            "Data through 15 Nov 2026, 23:59 UTC; days in Europe/Berlin",
            "Snapshot 20261116T080000000000Z-1a2b3c4d",
            "Log of changes up to 0f0f 0f0f 0f0f",
        ),
        history="one",
    )


def hostile() -> Minutes:
    """Every text of the usual week with hostile text behind it."""
    return _spoilt(usual())


def _spoilt(value: Any) -> Any:
    if is_dataclass(value):
        kept = ("side", "group", "status", "state", "kind", "key")
        return replace(value, **{one.name: _spoilt(getattr(value, one.name)) for one in fields(value) if one.name not in kept})
    if isinstance(value, tuple):
        return tuple(_spoilt(one) for one in value)
    return f"{value} {HOSTILE}" if isinstance(value, str) and value else value


AGREED = """\
name: Q4 2026
effective: 2026-09-07
qualified:
  name: Mid-size
  required_fields: [email, company]
  fit: [{field: employees, at_least: 50}]
acceptance: {within: 14d, share: 0.9}
marketing:
  volume: {leads: 390}
  meets_definition: {share: 0.95}
  required_fields: {share: 0.95}
  hand_over: {within: 4h, share: 0.9}
sales:
  decision: {within: 24h, share: 0.9}
  first_touch: {within: 24h, share: 0.8}
  follow_up: {within: 48h, share: 0.9}
  touches: {calls: 3, emails: 3, within: 14d, share: 0.8}
  reason: {share: 1.0}
"""


def published(text: str = AGREED, history: object = None) -> int:
    """Publishes an agreement in the store at hand, signed for both sides on its day; gives its number. The simulation is a made-up one."""
    from plumbline.agreement import signing, versions
    from plumbline.agreement.parse import parse
    from plumbline.agreement.version import Frozen
    from plumbline.state.audit import Act

    agreed = parse(text, "tests")
    day = agreed.effective
    at = datetime(day.year, day.month, day.day, 9)
    made = versions.new(agreed, Act("Ann", at))
    frozen = Frozen(Act("Ann", at).at_text, "Ann", "snapshot", "0" * 64, "test", 1, b"{}", ())
    signing.freeze(made.number, frozen, made.edition, day, Act("Ann", at))
    for side, by in (("marketing", "Ann"), ("sales", "Bo")):
        signing.sign(made.number, side, versions.version(made.number).seal, day, Act(by, at))
    signing.publish(made.number, day, Act("Ann", at))
    return made.number
