"""leaks/classes: at which step an episode leaked and why (docs/leaks.md), one episode at a time. Flags: leak_flags.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from .episodes import EXITS, FUNNEL, Episode, effective_time
from .follow_up import DAY, elapsed
from .funnel import HORIZONS, Filters
from .history import History
from .touches import Pass, all_passes, chosen, hand_over, is_attempt, is_contact, rows_of_leads

K = 6
QUIET = timedelta(days=14)
MEETINGS = ("booked", "held", "no_show", "rescheduled", "cancelled")
STEPS = ("mql", "sal", "sql", "opportunity")  # an episode that was won leaks nowhere
THE_SAME_FOUR = ("contacted_no_decision", "worked_no_answer", "gave_up_early", "still_worked")
NOT_RECORDED = "not_recorded"
CLASSES = {
    "mql": (*EXITS, "never_assigned", "never_touched", *THE_SAME_FOUR, NOT_RECORDED),
    "sal": (*EXITS, "never_touched_since_accepted", "no_show", *THE_SAME_FOUR, NOT_RECORDED),
    "sql": (*EXITS, "open_past_window"),
    "opportunity": (*EXITS, "open_past_window"),
}


@dataclass
class Leak:
    """One episode that leaked: at the step from `stage` to the next one."""

    each: Pass
    stage: str
    leak_class: str

    @property
    def step(self) -> str:
        return step_of(self.stage)


def step_of(stage: str) -> str:
    """ "mql->sal" """
    return f"{stage}->{FUNNEL[FUNNEL.index(stage) + 1]}"


# Where


def last_stage(episode: Episode) -> str:
    """The last stage that it reached, "observed (own event) or implied (a later stage was observed)"; last by rank, not by time."""
    return [stage for stage in FUNNEL if stage in episode.entered][-1]


def is_past_window(episode: Episode, stage: str, history: History, days: float) -> bool:
    """ ""In window" means data_through - entry < h"; past it: not so. An implied stage's entry is "the earliest time of the later stages
    observed".
    """
    return elapsed(effective_time(episode, stage), history.data_through) >= Fraction(str(days)) * DAY


def leaked_from(episode: Episode, history: History, horizons: dict[str, float]) -> str | None:
    """ "An episode leaks at a step when it left the funnel there, or is open past the step's window." None: it did not leak."""
    stage = last_stage(episode)
    if stage == "won":
        return None
    if episode.exit_stage is not None:
        return stage
    return stage if episode.is_open and is_past_window(episode, stage, history, horizons[stage]) else None


# Why


def leak_class(each: Pass, stage: str, history: History, k: int) -> str:
    """ "Its class, first that fits: An episode that left by an exit has the kind of its exit as its class ... Only one still open past the
    window takes, in this order"; "At the later steps one still open past the window is open_past_window."
    """
    if each.episode.exit_stage is not None:
        return each.episode.exit_stage
    if stage == "mql":
        return class_of_unaccepted(each, history, k)
    if stage == "sal":
        return class_of_accepted(each, history, k)
    return "open_past_window"


def class_of_unaccepted(each: Pass, history: History, k: int) -> str:
    """ "mql->sal: never_assigned, never_touched, contacted_no_decision (a contact), worked_no_answer (K attempts or more), gave_up_early
    (last attempt more than 14 days before data_through), still_worked."; "without assignments no never_assigned, without touches no
    never_touched ..."
    """
    if is_recorded(history, "assignments") and hand_over(each, history) is None:
        return "never_assigned"
    if not is_recorded(history, "touches"):
        return NOT_RECORDED
    if not attempts(each.touches):
        return "never_touched"
    return one_of_the_four(each.touches, history, k)


def class_of_accepted(each: Pass, history: History, k: int) -> str:
    """ "sal->sql: never_touched_since_accepted, no_show ..., then the same four, counting touches since acceptance." """
    if not is_recorded(history, "touches"):
        return NOT_RECORDED
    since = touches_since_accepted(each)
    if not attempts(since):
        return "never_touched_since_accepted"
    if was_last_meeting_missed(since):
        return "no_show"
    return one_of_the_four(since, history, k)


def one_of_the_four(touches: list[dict], history: History, k: int) -> str:
    """Of a lead with at least one attempt among `touches`."""
    if any(is_contact(touch) for touch in touches):
        return "contacted_no_decision"
    if len(attempts(touches)) >= k:
        return "worked_no_answer"
    last = attempts(touches)[-1]["occurred_at"]
    return "gave_up_early" if history.data_through - last > QUIET else "still_worked"


def is_recorded(history: History, table: str) -> bool:
    """ ""without" means none in the whole history": rows of leads that are not there, and after its end, are not in it."""
    return bool(rows_of_leads(history, table))


def attempts(touches: list[dict]) -> list[dict]:
    """ ""Never touched" = no attempt"; an attempt is an "outbound touch that is not automated", before contact or after."""
    return [touch for touch in touches if is_attempt(touch)]


def sal_entry(each: Pass) -> datetime | None:
    """The acceptance. None: never accepted."""
    return effective_time(each.episode, "sal")


def touches_since_accepted(each: Pass) -> list[dict]:
    """ "counting touches since acceptance": at its very instant too"""
    accepted_at = sal_entry(each)
    return [touch for touch in each.touches if accepted_at is not None and touch["occurred_at"] >= accepted_at]


def was_last_meeting_missed(touches: list[dict]) -> bool:
    """ "of the touches since acceptance with outcome booked, held, no_show, rescheduled or cancelled, the last is no_show": a touch of
    any channel and by anybody. "Touches are ordered by occurred_at, event_id, line."
    """
    outcomes = [touch["outcome"] for touch in touches if touch.get("outcome") in MEETINGS]
    return bool(outcomes) and outcomes[-1] == "no_show"


# How many


def leaks(history: History, passes: list[Pass], horizons: dict[str, float] | None = None, k: int = K) -> list[Leak]:
    """Those of `passes` that leaked."""
    windows = HORIZONS | (horizons or {})
    found = []
    for each in passes:
        stage = leaked_from(each.episode, history, windows)
        if stage is not None:
            found.append(Leak(each, stage, leak_class(each, stage, history, k)))
    return found


def rows(found: list[Leak]) -> list[dict]:
    """ "share (of the episodes that leaked at the step)"; classes that occur only, in the order of the page, exits first."""
    listed = []
    for stage in STEPS:
        classes = [leak.leak_class for leak in found if leak.stage == stage]
        assert set(classes) <= set(CLASSES[stage]), classes
        for name in CLASSES[stage]:
            n = classes.count(name)
            if n:
                listed.append({"step": step_of(stage), "class": name, "n": n, "share": n / len(classes)})
    return listed


def classes(history: History, filters: Filters | None = None, horizons: dict[str, float] | None = None, k: int = K) -> list[dict]:
    """leaks/classes."""
    return rows(leaks(history, chosen(all_passes(history), history, filters or Filters()), horizons, k))
