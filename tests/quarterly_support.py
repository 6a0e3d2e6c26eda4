"""Versions of an agreement in a store, made with a clock of the test: one that ended in a quarter, one in force, drafts on the table, feedback."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from plumbline.agreement import feedback, frozen, signing
from plumbline.agreement.model import Agreement
from plumbline.agreement.parse import parse
from plumbline.agreement.version import Version
from plumbline.agreement.versions import all_versions, new, version
from plumbline.history.connection import History
from plumbline.state.audit import Act

TEXT = """\
name: Mid-size, with intent
effective: 2026-07-06
qualified:
  name: Mid-size, with intent
  required_fields: [email, company]
  fit: [{field: employees, at_least: 50}]
  exclude: [{field: is_competitor, is: true}, {activity: unsubscribe, within_days: 90}]
acceptance: {within: 14d, share: 0.45}
marketing:
  volume: {leads: 390}
  meets_definition: {share: 0.7}
  required_fields: {share: 0.8}
  hand_over: {within: 4h, share: 0.9}
  returned: {within: 10d, share: 0.5}
sales:
  decision: {within: 48h, share: 0.5}
  first_touch: {within: 4h, share: 0.5}
  touches: {calls: 3, emails: 3, within: 14d, share: 0.8}
  reason: {share: 0.9}
  open_leads: {per_rep: 500, share: 1.0}
"""
STRICTER = (
    TEXT.replace("2026-07-06", "2026-10-19").replace("at_least: 50", "at_least: 100").replace("within: 4h, share: 0.5", "within: 1h, share: 0.6")
)
DRAFTS = (
    ("2027-01-04", TEXT.replace("at_least: 50", "at_least: 200").replace("Mid-size, with intent", "Larger companies")),
    (
        "2027-02-01",
        TEXT.replace(
            "fit: [{field: employees, at_least: 50}]", "fit: [{field: employees, at_least: 100}, {field: source, none_of: [webinar]}]"
        ).replace("Mid-size, with intent", "No webinars"),
    ),
)
SAID = (
    (
        "Dana Reyes",
        False,
        "Somebody with a project and a date.",
        {"employees is 100 or more": "Companies of 60 buy from us as well.", "first_touch": "An hour is fine."},
    ),
    ("Jonas Weber", True, "", {"employees is 100 or more": "Right: below that nobody has a budget."}),
    ("Mei Tanaka", True, "Whoever asked for a price.", {}),
)


def act(by: str, day: date) -> Act:
    return Act(by, datetime(day.year, day.month, day.day, 9, 0))


def published(agreement: Agreement, history: History | None, said: tuple = ()) -> Version:
    """Drafted, simulated (where there is a history), heard, signed and published five days before it begins."""
    before = agreement.effective - timedelta(days=5)
    made = drafted(agreement, history, before, said)
    if history is None:
        raise ValueError("nothing is signed without a simulation")
    for side, who in (("marketing", "Ann Marsh"), ("sales", "Bob Stone")):
        signing.sign(made.number, side, version(made.number).seal, before, act(who, before), acknowledges_today=True)
    return signing.publish(made.number, before, act("Ann Marsh", before))


def drafted(agreement: Agreement, history: History | None, day: date, said: tuple = ()) -> Version:
    made = new(agreement, act("Ann Marsh", day))
    if history is not None:
        told = frozen.run(agreement, history, act("Ann Marsh", day))
        signing.freeze(made.number, told, made.edition, day, act("Ann Marsh", day))
    for rep, agrees, text, rules in said:
        feedback.give(made.number, rep, agrees, text, rules, act(rep, day))
    return version(made.number)


def whole(history: History) -> None:
    """Two versions of 2026-Q4 (the first from Q3 on), two drafts, feedback on the second version and on the first draft."""
    published(parse(TEXT), history)
    published(parse(STRICTER), history, SAID)
    for place, (effective, text) in enumerate(DRAFTS):
        agreement = parse(text.replace("2026-07-06", effective))
        drafted(agreement, history, date(2026, 11, 12 + place), SAID[:2] if not place else ())


def heard() -> Mapping[int, list[feedback.Feedback]]:
    return {one.number: feedback.given(one.number) for one in all_versions()}
