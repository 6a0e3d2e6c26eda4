"""Makes the value that the quarterly review shows (quarter.py): promises, predictions, volume, rejections, feedback and drafts of one quarter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, timedelta
from fractions import Fraction

from plumbline import on_record
from plumbline.agreement import items, weeks
from plumbline.agreement.diff import diff
from plumbline.agreement.effects import effect_of
from plumbline.agreement.feedback import Feedback
from plumbline.agreement.frozen import headline
from plumbline.agreement.promises import KINDS, sentence
from plumbline.agreement.review import review_day
from plumbline.agreement.scorecard import Row, needed_of, trend, volume_target
from plumbline.agreement.version import Version
from plumbline.agreement.versions import version_in_force
from plumbline.agreement.weeks import Week
from plumbline.clock import time_zone
from plumbline.errors import InputError
from plumbline.history.connection import History
from plumbline.meeting.advice import advised
from plumbline.meeting.barred import rejections
from plumbline.meeting.foretold import foretold
from plumbline.meeting.quarter import Cell, Draft, Foretold, Opinion, Quarter, Reviewed, Said, Signed, VolumeWeek
from plumbline.meeting.quarters import Span
from plumbline.simulation.run import Ground
from plumbline.statistics import wilson
from plumbline.text import fold

Heard = Mapping[int, Sequence[Feedback]]  # by number of the version


def quarter(history: History, span: Span, versions: Sequence[Version], heard: Heard, stage: Callable[[], Ground]) -> Quarter:
    """versions: all of the store, heard: what reps said of them. stage: the history in memory, asked only where a definition is replayed.

    Raises PlumblineError.
    """
    versions = list(versions)
    through = items.micros(history.about.data_through)
    zone = time_zone(history.about.time_zone)
    last_day = history.about.data_through.replace(tzinfo=UTC).astimezone(zone).date()
    judged_by = {week: version_in_force(week.monday, versions) for week in span.weeks}
    over = {week for week in span.weeks if week.bounds(zone)[1] <= through}
    begun = {week for week in span.weeks if week.bounds(zone)[0] <= through}
    can_tell = not on_record.is_one_instant(history.recorded)
    numbers = dict.fromkeys(one.number for one in judged_by.values() if one)
    signed = [
        _signed(history, span, one, [week for week, by in judged_by.items() if by and by.number == number], over, begun, heard, stage, can_tell)
        for number in numbers
        for one in versions
        if one.number == number
    ]
    drafts = [one for one in versions if one.state(last_day) in ("draft", "simulated", "signed", "needs_attention")]
    now = version_in_force(min(last_day, span.last), versions) or max(
        (one for one in versions if one.published_at and one.effective <= span.last), key=lambda one: one.effective, default=None
    )
    following = [one for one in versions if one.published_at and one.effective > span.weeks[-1].monday]
    due = [one.review_due for one in signed if one.review_due > last_day]
    return Quarter(
        span,
        weeks.bounds(span.last, span.last, zone)[1] <= through,
        weeks.bounds(span.first, span.first, zone)[0] <= through,
        history.about.data_through,
        history.about.time_zone,
        tuple(signed),
        len(over),
        sum(judged_by[week] is None for week in over),
        _volume(span, signed, over, begun),
        rejections(history, span, [*drafts, *([now] if now else [])], {one.number for one in drafts}, stage),
        tuple(_draft(one, now, heard, last_day) for one in drafts),
        tuple((one.number, one.name, one.effective) for one in following),
        max(due, default=review_day(span.after.first)),
        _not_recorded(history, can_tell),
    )


def _signed(
    history: History,
    span: Span,
    version: Version,
    judged: Sequence[Week],
    over: set[Week],
    begun: set[Week],
    heard: Heard,
    stage: Callable[[], Ground],
    can_tell: bool,
) -> Signed:
    agreement = version.agreement()
    known = items.ground(history, agreement)
    told = [week for week in judged if week in begun] if can_tell else []
    rows = trend(known, told) if told else []
    reviewed = []
    for place, promise in enumerate(agreement.promises):
        by_week = {week: rows[n][place] for n, week in enumerate(told)}
        reviewed.append(_reviewed(agreement, promise, judged, by_week, over))
    ends = [one for one in (version.superseded_on, version.last_day + timedelta(days=1) if version.last_day else None) if one]
    until = min([*ends, span.last + timedelta(days=1), _day_after(history)])
    prediction, why_not = _prediction(version, stage, version.effective, until) if can_tell else (None, on_record.why_no_times().removesuffix("."))
    return Signed(
        version.number,
        version.name,
        agreement,
        version.effective,
        min(ends) - timedelta(days=1) if ends else None,
        review_day(version.effective),
        {one.side: one.by for one in version.signatures},
        tuple(one.side for one in version.signatures if one.left_at),
        sum(week in over for week in judged),
        sum(week not in over for week in judged),
        tuple(reviewed),
        prediction,
        opinion(heard.get(version.number, ())),
        why_not,
    )


def _day_after(history: History) -> date:
    """The day after the last one on which the data reach."""
    return history.about.data_through.replace(tzinfo=UTC).astimezone(time_zone(history.about.time_zone)).date() + timedelta(days=1)


def _reviewed(agreement, promise, judged: Sequence[Week], by_week: Mapping[Week, Row], over: set[Week]) -> Reviewed:
    kind = KINDS[promise.kind]
    done = [by_week[week] for week in judged if week in over and week in by_week]
    n, met = sum(row.n for row in done), sum(row.met for row in done)
    why = next((row.why for row in by_week.values() if row.why), "")
    fields = agreement.required_fields() if promise.kind == "required_fields" else promise.fields
    stands_alone = promise.kind not in ("volume", "open_leads")
    low, high = wilson(met, n) if n and stands_alone else (None, None)
    target = Fraction(0)
    if promise.kind == "volume":
        target = sum((volume_target(promise.leads, week.monday, week.sunday) for week in judged if week in over), Fraction(0))
        needed = -(-target.numerator // target.denominator)
    else:
        needed = needed_of(promise, n)
    return Reviewed(
        promise,
        kind.side,
        kind.title,
        sentence(promise, fields),
        fields,
        tuple(Cell(week.monday, by_week.get(week)) for week in judged),
        n,
        met,
        needed,
        float(target) if promise.kind == "volume" else float(promise.share),
        low,
        high,
        advised(promise, done, low, high, target, why),
        why,
    )


def _prediction(version: Version, stage: Callable[[], Ground], since: date, until: date) -> tuple[Foretold | None, str]:
    if version.frozen is None:
        return None, "no simulation was signed with it"
    if since >= until:
        return None, "it is not in force yet by the end of the data"
    try:
        return foretold(version.frozen, version.agreement().qualified, stage(), since, until), ""
    except InputError as refusal:  # a field or act that a later import does not have
        return None, refusal.one_line


def _volume(span: Span, signed: Sequence[Signed], over: set[Week], begun: set[Week]) -> tuple[VolumeWeek, ...]:
    promised = {cell.monday: (one, cell) for version in signed for one in version.promises if one.is_volume and not one.why for cell in one.cells}
    if not promised:
        return ()
    told = []
    for week in span.weeks:
        one, cell = promised.get(week.monday, (None, None))
        target = float(volume_target(one.promise.leads, week.monday, week.sunday)) if one else None
        told.append(VolumeWeek(week.monday, target, cell.row.n if cell and cell.row and week in begun else None, week in over))
    return tuple(told)


def opinion(heard: Sequence[Feedback]) -> Opinion:
    """What reps said, counted; in order of their names."""
    ordered = sorted(heard, key=lambda one: fold(one.rep))
    rules: dict[str, list[Said]] = defaultdict(list)
    for one in ordered:
        for rule, text in one.rules.items():
            rules[rule].append(Said(one.rep, text))
    return Opinion(
        sum(one.agrees for one in ordered),
        sum(not one.agrees for one in ordered),
        tuple((one.agrees, Said(one.rep, one.text)) for one in ordered if one.text),
        tuple((rule, tuple(said)) for rule, said in sorted(rules.items(), key=lambda told: (-len(told[1]), told[0]))),
    )


def _draft(version: Version, now: Version | None, heard: Heard, day: date) -> Draft:
    agreement = version.agreement()
    found = diff(now.agreement(), agreement) if now else None
    told = version.frozen.told() if version.frozen else None
    return Draft(
        version.number,
        version.name,
        version.effective,
        version.state(day),
        now.number if now else None,
        tuple((change, effect_of(change.path, agreement, told)) for change in found.changes) if found else (),
        len(found.same) if found else 0,
        headline(told) if told else {},
        tuple(one.side for one in version.signatures if not one.left_at),
        opinion(heard.get(version.number, ())),
    )


def _not_recorded(history: History, can_tell: bool) -> tuple[str, ...]:
    said = [] if can_tell else [on_record.why_no_times()]
    said += on_record.missing(history.recorded, "touches", "owners")
    said += on_record.limits(history.recorded, "touches", "owners")
    if why := history.recorded.why_stages():
        said.append(f"{why}.")
    return tuple(said)
