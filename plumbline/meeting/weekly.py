"""Makes the value of a week (plumbline/meeting/week.py): what was promised and kept, what changed, what leaks, who waits, what was decided."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from plumbline import hindsight, on_record
from plumbline.agreement import canonical, items, scorecard, weeks
from plumbline.agreement.promises import KINDS, sentence
from plumbline.agreement.review import review_day
from plumbline.agreement.version import Version
from plumbline.agreement.versions import version_in_force
from plumbline.clock import DAY, time_zone
from plumbline.definition import Definition
from plumbline.filters import Filters
from plumbline.history.recorded import sentence as capital
from plumbline.leaks.ranked import Ranked
from plumbline.leaks.ranking import Leak
from plumbline.meeting import changes, events, followed
from plumbline.meeting.week import TREND, Agreed, Judged, LeakOfWeek, Leaks, Reason, Rejections, ToCall, Week, Win, Wins
from plumbline.speed import calls
from plumbline.speed.touches_promised import Promise as Touches
from plumbline.state.actions import Action
from plumbline.words import leaks as leak_words
from plumbline.words import scorecard as scorecard_words
from plumbline.words import weekly as words
from plumbline.workspace import Workspace

SHOWN_LEAKS = 3
LEAK_WEEKS = 26  # in which leaks are looked for, the week the last of them
_NO_TIMES = on_record.why_no_times().removesuffix(".")
_THINGS = ("touches", "owners")  # what the leaks and the call list are told by


def agreed(monday: date, versions: list[Version]) -> Agreed:
    """What the week from `monday` on is judged by: the version in force on its Monday. versions: all of them, by number."""
    found = version_in_force(monday, versions)
    if found is None:
        return Agreed(why_not=words.why_no_version(monday, versions))
    agreement = found.agreement()
    return Agreed(agreement, found.number, review_day(agreement.effective))


def last_full(workspace: Workspace) -> date:
    """The Monday of the last week that is over as the data end."""
    about = workspace.history.about
    return weeks.last_full(about.data_through, time_zone(about.time_zone)).monday


def week(
    workspace: Workspace, by: Agreed, monday: date, actions: Sequence[Action] = (), today: date | None = None, hot_by: Definition | None = None
) -> Week:
    """Everything of the week from `monday` on.

    actions: all that the store holds (state/actions.listed); today: by which they are overdue (None: the next meeting's day).
    hot_by: the definition by which a lead that waits is hot (None: that of the agreement).
    """
    about = workspace.history.about
    its = weeks.Week(monday)
    is_over = its.bounds(time_zone(about.time_zone))[1] <= workspace.through()
    is_timeless = on_record.is_one_instant(workspace.history.recorded)
    leaks = _leaks(workspace, by, None if is_timeless else its, actions)
    told = followed.followed(workspace, by, its, actions, today or monday + timedelta(weeks=2))
    return Week(
        monday=monday,
        name=its.name,
        days=its.days,
        is_over=is_over,
        data_through=about.data_through,
        time_zone=about.time_zone,
        currency=about.currency,
        agreed=by,
        promises=() if is_timeless else promises(workspace, by, its, actions),
        changes=() if is_timeless else _changes(workspace, monday),
        leaks=leaks,
        calls=_to_call(workspace, by, hot_by),
        rejections=_rejections(workspace, monday, is_timeless),
        wins=_wins(workspace, monday, is_timeless),
        actions=told,
        not_recorded=_not_recorded(workspace, is_timeless),
    )


def promises(workspace: Workspace, by: Agreed, its: weeks.Week, actions: Sequence[Action]) -> tuple[Judged, ...]:
    """Every promise of the agreement in the week, in its order; eight weeks of each are judged by the same agreement, and counted at once."""
    agreement = by.agreement
    if agreement is None:
        return ()
    history = workspace.history

    def made() -> list[tuple[scorecard.Row, tuple[scorecard.Row, ...], scorecard.Row | None]]:
        known = items.ground(history, agreement)
        trend, so_far = scorecard.trend_and_quarter(known, weeks.span(its, TREND))
        quarter = {row.promise: row for row in so_far}
        return [(row, tuple(one[place] for one in trend), quarter.get(row.promise)) for place, row in enumerate(trend[-1])]

    told = workspace.keep("week.promises", f"{its.name} {canonical.seal(canonical.canonical(agreement))} {_hours(workspace)}", made)
    judged = []
    for promise, (row, trend, quarter) in zip(agreement.promises, told, strict=True):
        kind = KINDS[promise.kind]
        fields = agreement.required_fields() if promise.kind == "required_fields" else promise.fields
        target, open_actions = scorecard_words.target(promise, fields, row.needed), _open(actions, "promise", promise.kind)
        judged.append(Judged(promise, kind.side, kind.title, target, sentence(promise, fields), row, trend, quarter, open_actions))
    return tuple(judged)


def _hours(workspace: Workspace) -> str:
    """What tells the hours of the teams, by which working time is counted, from any other."""
    return repr(items.calendars_of(workspace.history))


def _open(actions: Sequence[Action], kind: str, key: str) -> tuple[int, ...]:
    return tuple(one.action_id for one in actions if one.is_open and (one.about_kind, one.about_key) == (kind, key))


def _changes(workspace: Workspace, monday: date) -> tuple[changes.Change, ...]:
    windows = workspace.windows()
    key = f"{monday} {hindsight.key(workspace.history)!r}"
    return workspace.keep("week.changes", key, lambda: tuple(changes.changes(workspace.history, monday, windows)))


def touches_promised(by: Agreed) -> Touches:
    """So many calls and emails in so many days: as promised, else the usual ones."""
    promise = by.agreement.promise("touches") if by.agreement else None
    if promise is None or promise.within is None:
        return Touches()
    return Touches(promise.calls, promise.emails, max(1, math.ceil(promise.within.micros / DAY)))


def leak_filters(its: weeks.Week | None) -> Filters:
    """The period in which leaks are looked for; None: all time."""
    return Filters() if its is None else Filters(since=(its + -(LEAK_WEEKS - 1)).monday, until=(its + 1).monday)


def _leaks(workspace: Workspace, by: Agreed, its: weeks.Week | None, actions: Sequence[Action]) -> Leaks:
    """its: None where no week can be told."""
    filters, promise = leak_filters(its), touches_promised(by)
    rows, found = workspace.leaks(filters, {**workspace.windows(), **promise.parameters, "k": promise.attempts})
    shown = tuple(_leak(workspace, found, leak, actions) for leak in found.leaks[:SHOWN_LEAKS])
    now = rows.filter(pl.col("is_now"))
    most = 0 if now.is_empty() else int(now["stage_rank"].value_counts()["count"].max())
    why = "" if shown else leak_words.why_none(found, most, bool(workspace.steps.begins))
    return Leaks(shown, len(found.leaks), found.looked_at, filters.since or date.min, filters.until or date.max, why)


def _leak(workspace: Workspace, found: Ranked, leak: Leak, actions: Sequence[Action]) -> LeakOfWeek:
    steps, key, segment = workspace.steps, found.key(leak), found.segment(leak)
    of_today = [name.replace("_", " ") for name, _ in segment if hindsight.is_of_today(workspace.history, name)]
    return LeakOfWeek(
        key=key,
        step=key.split("|")[0],
        segment=segment,
        named=leak_words.segment(found, leak),
        lost=leak_words.lost(leak, steps),
        rates=leak_words.rates(leak, steps) + leak_words.as_known_today(of_today),
        cause=leak_words.causes(found, leak, on_record.what_is_missing(workspace.history.recorded)),
        value=found.worth.of_leads(leak.step, leak.lost)[2],
        side=found.side(leak),
        open_actions=_open(actions, "leak", key),
    )


def _to_call(workspace: Workspace, by: Agreed, hot_by: Definition | None) -> ToCall:
    promise, account = touches_promised(by), workspace.history.recorded
    why = on_record.why_not(account, "attempts") if not account.has("attempts") else ""
    if not why and "one_instant" in (account.grain("stage:mql"), account.grain("attempts")):
        why = "These data hold no times: who waits longest cannot be told."
    if why:
        return ToCall(None, False, promise.calls, promise.emails, promise.days, why.removesuffix("."))
    waiting = workspace.waiting({}, promise.days)
    definition = hot_by or (by.agreement.qualified if by.agreement else None)
    is_hot = None if definition is None or not account.has("activities") else workspace.signs(definition, waiting.lead, f"everyone {promise.days}")
    told = calls.judge(waiting, promise.calls, promise.emails, is_hot)
    return ToCall(told.counts(), is_hot is not None, promise.calls, promise.emails, promise.days)


def _rejections(workspace: Workspace, monday: date, is_timeless: bool) -> Rejections:
    account = workspace.history.recorded
    if is_timeless or not account.has("exit:rejected"):
        return Rejections((), _NO_TIMES if is_timeless else words.no_rejections(account.has("exits")))
    found = workspace.keep("week.rejections", str(monday), lambda: events.rejections(workspace.history, monday))
    return Rejections(tuple(Reason(**row) for row in found.to_dicts()))


def _wins(workspace: Workspace, monday: date, is_timeless: bool) -> Wins:
    account = workspace.history.recorded
    if is_timeless or account.stage("won") != "own":
        return Wins((), _NO_TIMES if is_timeless else capital(account.why("stage:won")) or "Won deals are not recorded")
    found, reps = workspace.keep("week.wins", str(monday), lambda: events.wins(workspace.history, monday)), workspace.reps()
    told = [
        Win(
            row["lead_id"], row["company"] or "", row["source"] or "", reps.get(row["rep_id"], (row["rep_id"] or "",))[0], row["won_at"],
            None if row["amount"] is None else float(row["amount"]),
        )
        for row in found.to_dicts()
    ]  # fmt: skip
    return Wins(tuple(told))


def _not_recorded(workspace: Workspace, is_timeless: bool) -> tuple[str, ...]:
    account = workspace.history.recorded
    told = [*([on_record.why_no_times()] if is_timeless else []), *on_record.missing(account, *_THINGS), *on_record.limits(account, *_THINGS)]
    return tuple(dict.fromkeys([*told, *([f"{account.why_stages()}."] if account.why_stages() else [])]))
