"""Stores with versions of the agreement in each state, for tests of the screens. Real SQLite, in the home folder of the environment."""

from __future__ import annotations

from datetime import date, datetime

from plumbline.agreement import ending, frozen, signing, versions
from plumbline.agreement.parse import parse
from plumbline.agreement.version import Version
from plumbline.history.connection import History
from plumbline.state.audit import Act

TODAY = date(2026, 12, 1)
ANN, BO, OPS = "Ann Lee", "Bo Ek", "Olga Ops"
Q1 = """\
name: Q1 2027
description: What we agreed in December.
effective: 2027-01-04
qualified:
  name: Mid-size with intent
  required_fields: [email, company]
  fit: [{field: employees, at_least: 100}]
  exclude: [{field: is_competitor, is: true}]
acceptance: {within: 14d, share: 0.5}
marketing:
  volume: {leads: 260}
  required_fields: {share: 0.9}
  hand_over: {within: 4h, share: 0.8}
sales:
  decision: {within: 24h, share: 0.5}
  first_touch: {within: 30m, share: 0.25, clock: working}
  follow_up: {within: 48h, share: 0.8}
  touches: {calls: 3, emails: 3, within: 14d, share: 0.55}
"""
Q2 = Q1.replace("Q1 2027", "Q2 2027").replace("2027-01-04", "2027-04-05").replace("at_least: 100", "at_least: 200").replace("30m", "1h")


def act(by: str, hour: int = 9) -> Act:
    return Act(by, datetime(2026, 12, 1, hour))


def drafted(text: str = Q1, by: str = ANN) -> Version:
    return versions.new(parse(text), act(by))


def simulated(history: History, number: int, today: date = TODAY) -> Version:
    now = versions.version(number)
    return signing.freeze(number, frozen.run(now.agreement(), history, act(OPS, 10)), now.edition, today, act(OPS, 10)).version


def signed(number: int, *sides: tuple[str, str], today: date = TODAY) -> Version:
    for side, by in sides:
        signing.sign(number, side, versions.version(number).seal, today, act(by, 11), True)
    return versions.version(number)


def published(history: History, text: str = Q1, today: date = TODAY) -> Version:
    made = drafted(text)
    simulated(history, made.number, today)
    signed(made.number, ("marketing", ANN), ("sales", BO), today=today)
    return signing.publish(made.number, today, act(OPS, 12))


def ended(number: int, last: date, today: date) -> Version:
    for side, by in (("marketing", ANN), ("sales", BO)):
        ending.end(number, side, last, "A new product changes everything", today, act(by, 13))
    return versions.version(number)
