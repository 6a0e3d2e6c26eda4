"""The minutes of a week, from its value and from what the store holds: every sentence is the screen's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from plumbline import __version__, wording
from plumbline.agreement.canonical import short
from plumbline.agreement.version import Version
from plumbline.history.connection import History
from plumbline.meeting.agenda import STEPS
from plumbline.meeting.changes import WEEKS
from plumbline.meeting.week import Followed, Judged, LeakOfWeek, Week
from plumbline.reports.minutes import ActionLine, ChangeLine, Count, LeakLine, Minutes, NoteLine, Point, PromiseLine, Run, Section, WinLine
from plumbline.speed.calls import LISTED
from plumbline.state.meetings import Meeting, Note
from plumbline.words import actions as action_words
from plumbline.words import changes as change_words
from plumbline.words import scorecard as promise_words
from plumbline.words import weekly as words
from plumbline.words.calls import NAMES
from plumbline.words.parts import Bold, Part, plain
from plumbline.words.reasons import REASONS

NOT_HELD = "No meeting was held about this week."
NOT_CLOSED = "A meeting about this week goes on; its minutes come when it is closed."
ABSENT = "Who was there is not recorded."


@dataclass(frozen=True)
class Stamp:
    """What minutes rest on beside the week itself. head: of the log of changes, as it stood. closed_at: naive UTC, of a meeting that closes now."""

    version: Version | None
    head: str
    meeting: Meeting | None = None
    notes: Mapping[str, Note] | None = None
    closed_at: datetime | None = None
    closed_by: str = ""


def minutes(week: Week, history: History, stamp: Stamp) -> Minutes:
    """The value that documents and meeting mode draw."""
    return Minutes(
        week=week.name,
        days=f"{week.days} {week.sunday.year}" if str(week.sunday.year) not in week.days else week.days,
        is_sample=history.about.is_sample,
        verdict=_runs(words.verdict(week), "."),
        promises=tuple(_promise(one, week.monday) for one in week.promises),
        of_promises=_of_promises(week),
        changes=tuple(_change(one) for one in week.changes),
        of_changes=Section((Run(f"{change_words.headline(week.changes)}."),)),
        leaks=tuple(_leak(one, week) for one in week.leaks.shown),
        of_leaks=Section((Run(words.leaks_of(week)),)),
        calls=tuple(Count(NAMES[name], week.calls.counts[name]) for name in LISTED) if week.calls.counts else (),
        of_calls=_of_calls(week),
        rejections=tuple(_rejection(one.reason, one.n, one.n_before) for one in week.rejections.reasons),
        of_rejections=Section(_runs(words.rejections(week))),
        wins=tuple(
            WinLine(one.company or one.lead_id, one.source, one.rep, wording.money(one.amount, week.currency), _day(one.won_at, week.time_zone))
            for one in week.wins.won
        ),
        of_wins=Section(_runs(words.wins(week))),
        actions=tuple(_action(one, week) for one in week.actions),
        of_actions=Section(_runs(action_words.open_actions(week))),
        notes=tuple(NoteLine(step.title, told.text) for step in STEPS if (told := (stamp.notes or {}).get(step.key)) and told.text.strip()),
        held=_held(stamp, week.time_zone),
        not_recorded=week.not_recorded,
        behind=_behind(week, history, stamp),
        history=history.content,
    )


def _runs(parts: Sequence[Part], end: str = "") -> tuple[Run, ...]:
    told = tuple(Run(plain(part), isinstance(part, Bold)) for part in parts)
    return (*told, Run(end)) if end and not plain(parts).rstrip().endswith(end) else told


def _promise(one: Judged, monday: date) -> PromiseLine:
    first = monday - timedelta(weeks=len(one.trend) - 1)
    why = promise_words.why(one.row)
    points = tuple(
        Point(wording.short_day(first + timedelta(weeks=place)), None if row.status == "no_data" else row.actual, row.status, row.n, row.target)
        for place, row in enumerate(one.trend)
    )
    return PromiseLine(
        kind=one.kind,
        side=one.side,
        title=one.title,
        target=one.target,
        sentence=one.sentence,
        actual=promise_words.actual(one.row),
        counts=promise_words.counts(one.row),
        verdict=promise_words.status(one) + (f": {why}" if why else ""),
        quarter=promise_words.quarter(one),
        is_share=one.kind != "volume",
        status=one.row.status,
        n=one.row.n,
        met=one.row.met,
        trend=points,
    )


def _of_promises(week: Week) -> Section:
    notes = [line for line in (words.review_due(week),) if line]
    if week.agreed.agreement is None:
        return Section((Run(f"{week.agreed.why_not}."),), tuple(notes))
    name = wording.shortened(week.agreed.agreement.name, 80)
    number = f"agreement {week.agreed.number}, " if week.agreed.number is not None else ""
    return Section((Run(f"Judged by {number}“{name}”."),), tuple(notes))


def _change(one) -> ChangeLine:
    now, before = change_words.figures(one)
    return ChangeLine(one.figure.name, now, before, plain(change_words.sentence(one)), one.is_told)


def _leak(one: LeakOfWeek, week: Week) -> LeakLine:
    side, _meaning = words.side(one)
    taken = [each for each in week.actions if each.action.action_id in one.open_actions]
    told = "; ".join(f"{each.action.owner}, by {wording.day(each.action.due)}: {each.action.text}" for each in taken)
    cause = f"{one.cause[:1].upper()}{one.cause[1:]}" if one.cause else ""
    return LeakLine(one.key, one.named, words.lost(one, week.currency), one.rates, cause, side, told)


def _of_calls(week: Week) -> Section:
    counts = week.calls.counts
    if counts is None:
        return Section(_runs(words.call_now(week)))
    promised = wording.listing([wording.plural(n, name) for n, name in ((week.calls.calls, "call"), (week.calls.emails, "email")) if n])
    return Section(_runs(words.call_now(week)), (f"As the data end, by {promised} in {wording.plural(week.calls.days, 'day')}.",))


def _rejection(reason: str, n: int, n_before: int) -> Count:
    name = REASONS.get(reason, wording.words(reason))
    return Count(f"{name[:1].upper()}{name[1:]}", n, f"{wording.decimal(n_before / WEEKS)} a week before")


def _action(one: Followed, week: Week) -> ActionLine:
    action = one.action
    group = "settled" if not action.is_open else "new" if action.opened_week == week.name else "carried"
    return ActionLine(group, action.text, action.owner, wording.day(action.due), one.about, action_words.became(one), "", action_words.helped(one))


def _held(stamp: Stamp, zone: str) -> tuple[str, ...]:
    meeting = stamp.meeting
    if meeting is None:
        return (NOT_HELD,)
    begun = wording.instant(datetime.fromisoformat(meeting.begun_at.removesuffix("Z")), zone)
    if stamp.closed_at is None:
        return (f"{NOT_CLOSED} It was begun by {meeting.begun_by} on {begun}.",)
    closed = wording.instant(stamp.closed_at, zone)
    return (f"The meeting was begun by {meeting.begun_by} on {begun}, and closed by {stamp.closed_by} on {closed}. {ABSENT}",)


def _behind(week: Week, history: History, stamp: Stamp) -> tuple[str, ...]:
    version = stamp.version
    agreed = (
        f"Agreement {version.number}, “{wording.shortened(version.name, 60)}”, seal {short(version.seal)}" if version else "No agreement in force"
    )
    return (
        agreed,
        f"Data through {wording.instant(week.data_through, week.time_zone)}; days and weeks in {week.time_zone}",
        f"Snapshot {history.file.stem}, Plumbline {__version__}",
        f"Head of the log of changes: {stamp.head}",
    )


def _day(at: datetime, zone: str) -> str:
    return wording.instant(at, zone).split(",")[0]
