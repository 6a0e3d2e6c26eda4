"""Actions, carried over from week to week: which of them a week shows, what each is about, and whether those that are done helped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import polars as pl

from plumbline.agreement import canonical, items, weeks
from plumbline.agreement.promises import KINDS
from plumbline.filters import MISSING
from plumbline.leaks import keys
from plumbline.meeting import did_it_help
from plumbline.meeting.week import Agreed, Followed
from plumbline.state.actions import Action
from plumbline.words import leaks as words
from plumbline.workspace import Workspace

DONE_WEEKS = 12  # a done action is shown so long: eight weeks until it can be judged, four to read the verdict
DROPPED_WEEKS = 1
_NUMBERS = {  # promises of a number: there is no share to compare
    "volume": "How many leads there are is a number, no share of theirs: the trend beside the promise tells it",
    "open_leads": "How many leads reps have open is told once a week: the trend beside the promise tells it",
}


def followed(workspace: Workspace, by: Agreed, its: weeks.Week, actions: Sequence[Action], today: date) -> tuple[Followed, ...]:
    """Those of the week: all that are open, and those settled lately; none that was opened about a later week. In the order of `actions`."""
    return tuple(_followed(workspace, by, one, today) for one in actions if _is_of_week(one, its))


def _is_of_week(action: Action, its: weeks.Week) -> bool:
    if action.opened_week > its.name:
        return False
    if action.is_open or action.settled_on is None:
        return True
    back = DONE_WEEKS if action.outcome == "done" else DROPPED_WEEKS
    return action.settled_on > its.sunday - timedelta(weeks=back)


def _followed(workspace: Workspace, by: Agreed, action: Action, today: date) -> Followed:
    found = keys.read(action.about_key, workspace.history.fields) if action.about_kind == "leak" else None
    about = _about(workspace, action, found)
    is_overdue = action.is_open and action.due < today
    if action.outcome != "done" or action.settled_on is None or not action.about_kind:
        return Followed(action, about, is_overdue)
    if action.about_kind == "promise":
        helped, why = _of_promise(workspace, by, action.about_key, action.settled_on)
    elif found is None:
        helped, why = None, "It is about leads that this history cannot tell from others"
    else:
        helped, why = _of_leak(workspace, found, action.settled_on), ""
    return Followed(action, about, is_overdue, helped, why)


def _about(workspace: Workspace, action: Action, found: tuple[int, keys.Segment] | None) -> str:
    if action.about_kind == "promise":
        return f"promise: {KINDS[action.about_key].title}" if action.about_key in KINDS else "a promise"
    if found is None:
        return "a leak" if action.about_kind == "leak" else ""
    step, segment = found
    return f"leak: {words.pairs(segment)}, {workspace.steps.names().get(keys.STEPS[step - 1], 'a step that is not recorded')}"


def _of_leak(workspace: Workspace, found: tuple[int, keys.Segment], done_on: date) -> did_it_help.Helped:
    step, segment = found
    segments: dict[str, tuple[str, ...]] = {name: (value or MISSING,) for name, value in segment}
    windows = workspace.windows()
    return workspace.keep("week.helped", f"{found!r} {done_on}", lambda: did_it_help.of_a_step(workspace.history, step, segments, done_on, windows))


def _of_promise(workspace: Workspace, by: Agreed, kind: str, done_on: date) -> tuple[did_it_help.Helped | None, str]:
    promise = by.agreement.promise(kind) if by.agreement else None
    if by.agreement is None or promise is None:
        return None, "It is about a promise that is not made any more"
    if kind in _NUMBERS:
        return None, _NUMBERS[kind]
    agreement, history = by.agreement, workspace.history

    def made() -> did_it_help.Helped:
        known = items.ground(history, agreement)
        first = items.micros(datetime.combine(done_on - timedelta(weeks=did_it_help.WEEKS, days=2), datetime.min.time()))
        told = items.items(known, promise, first, known.through).with_columns(pl.col("start").cast(pl.Datetime("us")))
        return did_it_help.of_a_promise(told, done_on, history.about.time_zone)

    seal = canonical.seal(canonical.canonical(agreement))
    return workspace.keep("week.helped", f"{kind} {done_on} {seal} {items.calendars_of(history)!r}", made), ""
