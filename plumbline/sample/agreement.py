"""What the sample comes with beside its history: agreements that both sides signed, eight weeks of meetings, actions, and what reps think.

The texts and the simulations that they were signed on lie in sample_data/agreement; the names are made up. A store that holds anything stays as it
is.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

from plumbline import __version__
from plumbline.agreement import feedback, signing, versions
from plumbline.agreement.parse import load
from plumbline.agreement.version import Frozen, Version
from plumbline.agreement.weeks import week_of
from plumbline.state import actions, meetings
from plumbline.state.audit import Act, rows
from plumbline.state.opening import reading, writing

FOLDER = Path(__file__).resolve().parents[2] / "sample_data" / "agreement"
SIGNED = {"first": datetime(2025, 11, 3, 12, 0), "second": datetime(2026, 6, 22, 12, 0)}  # when each was simulated (naive UTC)
DRAFTED = datetime(2026, 11, 9, 15, 0)  # the draft on the table
MARKETING, SALES = "Maya Ortiz", "Daniel Weber"
FIRST_MEETING, MEETINGS = date(2026, 9, 21), 8  # Mondays, each about the week before

# text, owner, week opened, due, about, outcome, day: the verdicts on them come as the history has them.
ACTIONS = (
    (
        "Route new leads straight to a rep's phone, not to the shared inbox",
        "Daniel Weber", "2026-W38", date(2026, 9, 28), ("promise", "first_touch"), "done", date(2026, 9, 28), "All four teams have it.",
    ),
    (
        "Go through undecided leads every Friday, team by team",
        "Ines Moreau", "2026-W39", date(2026, 10, 5), ("promise", "decision"), "done", date(2026, 10, 5), "",
    ),
    (
        "Agree with the webinar team which companies are no target",
        "Maya Ortiz", "2026-W43", date(2026, 11, 2), ("leak", "mql->sal|source=webinar"), "done", date(2026, 11, 2), "New list since 2 November.",
    ),
    (
        "Name an owner in Bangkok for leads of Asia Pacific",
        "Daniel Weber", "2026-W44", date(2026, 11, 16), ("leak", "mql->sal|region=Asia Pacific"), "", None, "",
    ),
    (
        "Say who fixes rejected leads: nobody does today",
        "Maya Ortiz", "2026-W45", date(2026, 11, 23), ("promise", "returned"), "", None, "",
    ),
    (
        "Ask for a second brochure",
        "Maya Ortiz", "2026-W40", date(2026, 10, 12), ("", ""), "dropped", date(2026, 10, 19), "Nobody missed it.",
    ),
)  # fmt: skip
NOTES = {
    "2026-W38": ("promises", "First touch is the weakest promise. Daniel changes the routing."),
    "2026-W39": ("promises", "Too many leads wait for a decision."),
    "2026-W43": ("leaks", "Webinar leads are turned down as the wrong target: agree on the list."),
    "2026-W44": ("leaks", "Half of the lost leads of Asia Pacific reach no rep."),
    "2026-W45": ("promises", "Nobody fixes rejected leads. Maya proposes who does."),
}
# rep, agrees, what a qualified lead is to them, rule -> what they say of it
ON_SECOND = (
    ("Priya Nair", True, "Somebody who asked for something and has a budget.", {}),
    ("Tom Becker", True, "A company of our size with a need.", {"score needed": "Fine."}),
    ("Lena Fischer", False, "Somebody I can reach.", {"required information": "A phone number matters more than the company."}),
)
ON_THIRD = (
    ("Priya Nair", True, "Fewer and better is right.", {"score needed": "55 feels about right."}),
    ("Tom Becker", False, "I would lose leads that buy.", {"score needed": "55 drops partner leads that close."}),
    ("Somchai Wong", True, "Number of employees known before I call.", {"required information": "Good: it saves the first five minutes."}),
)


def fill_store() -> bool:
    """Writes all of it into the store in force, in the order in which it happened; False where the store holds something already.

    Raises PlumblineError.
    """
    with reading() as connection:
        if rows(connection):
            return False
    _published("first", date(2025, 11, 10))
    second = _simulated("second")
    _hear(second.number, ON_SECOND, SIGNED["second"] + timedelta(days=3))
    _sign_and_publish(second, date(2026, 6, 29))
    third = versions.new(load(FOLDER / "third.yaml"), Act(MARKETING, DRAFTED))
    _hold_meetings(second.number)
    _hear(third.number, ON_THIRD, DRAFTED + timedelta(days=2))
    return True


def _published(name: str, on: date) -> None:
    _sign_and_publish(_simulated(name), on)


def _simulated(name: str) -> Version:
    at = SIGNED[name]
    draft = versions.new(load(FOLDER / f"{name}.yaml"), Act(MARKETING, at - timedelta(hours=2)))
    about = json.loads((FOLDER / f"{name}.about.json").read_text(encoding="utf-8"))
    results = (FOLDER / f"{name}.simulation.json").read_bytes().rstrip(b"\n")
    act = Act(MARKETING, at)
    made = Frozen(act.at_text, act.by, about["snapshot"], about["fingerprint"], __version__, about["seed"], results, tuple(about["of_today"]))
    return signing.freeze(draft.number, made, draft.edition, at.date(), act).version


def _sign_and_publish(version: Version, on: date) -> None:
    at = datetime(on.year, on.month, on.day, 9, 0)
    for side, by, hour in (("marketing", MARKETING, 0), ("sales", SALES, 1)):
        version = signing.sign(version.number, side, version.seal, on, Act(by, at + timedelta(hours=hour)), acknowledges_today=True)
    signing.publish(version.number, on, Act(SALES, at + timedelta(hours=2)))


def _hear(number: int, said: tuple, at: datetime) -> None:
    for place, (rep, agrees, words, rules) in enumerate(said):
        feedback.give(number, rep, agrees, words, rules, Act(rep, at + timedelta(hours=place)))


def _hold_meetings(version: int) -> None:
    """The meetings in order, each with what was noted and opened in it; what was done between two of them, on its day."""
    settled: list[tuple[date, int, tuple]] = []
    for place in range(MEETINGS):
        day = FIRST_MEETING + timedelta(weeks=place)
        week = week_of(day - timedelta(days=7)).name
        at = datetime(day.year, day.month, day.day, 9, 30)
        act = Act(MARKETING, at)
        with writing() as connection:
            for one in [one for one in settled if one[0] < day]:
                _settle(connection, one)
                settled.remove(one)
            meeting = meetings.begin(connection, act, week, f"sample-{day}", f"sample-{day}", version)
            if week in NOTES:
                step, words = NOTES[week]
                meetings.note(connection, act, meeting.meeting_id, step, words, 0)
            for text, owner, opened, due, about, outcome, on, note in ACTIONS:
                if opened != week:
                    continue
                number = actions.add(connection, act, text, owner, due, week, about)
                if outcome:
                    settled.append((on, number, (owner, outcome, note)))
            meetings.close(connection, Act(MARKETING, at + timedelta(minutes=28)), meeting.meeting_id, b"")
    with writing() as connection:
        for one in settled:
            _settle(connection, one)


def _settle(connection, one: tuple[date, int, tuple]) -> None:
    day, number, (owner, outcome, note) = one
    act = Act(owner, datetime(day.year, day.month, day.day, 16, 0))
    actions.settle(connection, act, number, 1, outcome, day, note)
