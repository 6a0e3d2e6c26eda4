"""The ending of a version: both sides name the same last day, and why."""

from __future__ import annotations

from datetime import date

from plumbline import people
from plumbline.agreement.signing import reason, refuse_side
from plumbline.agreement.version import Version
from plumbline.agreement.versions import version
from plumbline.errors import InputError
from plumbline.state import agreements as kept
from plumbline.state.audit import Act, append
from plumbline.state.opening import writing


def end(number: int, side: str, last_day: date, why: str, today: date, act: Act) -> Version:
    """One side's word that a published version ends; with both it has ended, and is in force through the last day.

    A word of one side alone whose day has passed counts no more. A last day before the first one calls the version off.

    Raises InputError, StateError.
    """
    refuse_side(side)
    why = reason(why)
    with writing() as connection:
        now = version(number, connection)
        state = now.state(today)
        if state != "published":
            raise InputError(f"is {state}, and only a published one is ended", now.where, "see: agreement list")
        if last_day < today:
            raise InputError(f"the last day, {last_day}, is past", "--last-day", f"name a day from {today} on")
        if now.superseded_on and last_day >= now.superseded_on:
            raise InputError(f"the next version begins on {now.superseded_on}", "--last-day", "name an earlier day, or leave it to that version")
        own = next((one for one in now.endings if one.side == side), None)
        if own and own.last_day >= today:
            raise InputError(f"its ending is signed for {side} already, by {own.by}", now.where, "the other side signs now")
        other = next((one for one in now.endings if one.side != side), None)
        if other and people.is_same(other.by, act.by):
            raise InputError(f"{act.by} ended it for {other.side}, and nobody speaks for both sides", now.where, "let somebody else end it")
        if other and other.last_day >= today and other.last_day != last_day:
            raise InputError(f"{other.by} named {other.last_day} as the last day, for {other.side}", "--last-day", "both sides name the same day")
        if any(one.last_day < today for one in now.endings):
            kept.take_endings(connection, number)
        row = {"version": number, "side": side, "ended_by": act.by, "ended_at": act.at_text, "last_day": last_day.isoformat(), "why": why}
        kept.end(connection, row)
        told = {"last_day": last_day.isoformat(), "why": why, "day": today.isoformat()}
        append(connection, act, "agreement ending signed", {"number": number, "side": side, **told})
        return version(number, connection)
