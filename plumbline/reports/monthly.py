"""Makes the bulletin of a month: what both teams won, which promises were kept, what was plugged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from plumbline import __version__, on_record, wording
from plumbline.agreement import versions, weeks
from plumbline.agreement.canonical import short
from plumbline.clock import day_start, time_zone
from plumbline.errors import InputError
from plumbline.history.recorded import sentence as capital
from plumbline.meeting import events, followed, weekly
from plumbline.meeting.week import Agreed, Followed
from plumbline.reports.bulletin import Bulletin, KeptLine, PluggedLine
from plumbline.reports.minutes import Count, Point, Run, Section, WinLine
from plumbline.reports.monthly_html import monthly_html as page_of
from plumbline.reports.monthly_pptx import monthly_pptx
from plumbline.reports.weekly import refuse_before
from plumbline.state import actions, audit
from plumbline.state.opening import Connection
from plumbline.words import actions as action_words
from plumbline.workspace import Workspace

__all__ = ["asked_month", "bulletin", "page_of", "slides_of"]
_NAMED = re.compile(r"([0-9]{4})-([0-9]{2})")
_WINS = 12  # that are named


def asked_month(workspace: Workspace, text: str) -> date:
    """The first day of the month called `text`; '': the last that is over. Raises InputError for one that is not over in the data, or is none."""
    about = workspace.history.about
    zone = time_zone(about.time_zone)
    running = _local_day(about.data_through + timedelta(microseconds=1), zone).replace(day=1)  # the month of the first instant that the data lack
    last = (running - timedelta(days=1)).replace(day=1)
    if not text:
        return last
    found = _NAMED.fullmatch(text)
    if not found or not 1 <= int(found[2]) <= 12 or not weeks.FIRST_YEAR <= int(found[1]) <= weeks.LAST_YEAR:
        raise InputError(f"{text[:60]!r} is no month", "--month", "write it as YYYY-MM, for example 2026-11")
    first = date(int(found[1]), int(found[2]), 1)
    if first > last:
        raise InputError(f"the month {text} is not over in the data", "--month", f"the last that is: {last:%Y-%m}")
    refuse_before(workspace, _next(first) - timedelta(days=1), f"the month {text}", "--month")
    return first


def _local_day(at: datetime, zone: ZoneInfo) -> date:
    """at: naive UTC."""
    return at.replace(tzinfo=UTC).astimezone(zone).date()


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def slides_of(made: Bulletin) -> bytes:
    """The PPTX file, dated by the end of the month: the same bulletin gives the same slides."""
    last = _next(date.fromisoformat(f"{made.month}-01")) - timedelta(days=1)
    return monthly_pptx(made, datetime.combine(last, time.max).replace(microsecond=0))


def bulletin(workspace: Workspace, first: date, connection: Connection) -> Bulletin:
    """The bulletin of the month that begins on `first`. Its weeks are those that end in it."""
    history = workspace.history
    found = versions.all_versions(connection)
    its = _weeks(first)
    by = [weekly.agreed(week.monday, found) for week in its]
    kept = _kept(workspace, its, by)
    wins, by_week, by_source, of_wins = _wins(workspace, first)
    everything = actions.listed(connection)
    plugged = _plugged(workspace, by[-1], first, its[-1], everything)
    gone = _gone(workspace, by, its)
    version = next((one for one in found if one.number == by[-1].number), None)
    title = f"{first:%B %Y}"
    judged, good = sum(one.judged for one in kept), sum(one.kept for one in kept)
    helped = sum(one.is_better for one in plugged)
    told = [Run(f"{title}: "), *of_wins.headline] if of_wins.headline else [Run(f"{title}.")]
    if judged:
        told += [Run(" Promises were kept "), Run(f"{good} of {judged}", True), Run(" times: each is judged once a week.")]
    return Bulletin(
        month=f"{first:%Y-%m}",
        title=title,
        is_sample=history.about.is_sample,
        headline=tuple(told),
        of_wins=of_wins,
        wins=wins,
        by_week=by_week,
        by_source=by_source,
        of_kept=_of_kept(kept, by[-1], its),
        kept=kept,
        of_plugged=_of_plugged(plugged, helped),
        plugged=plugged,
        gone=gone,
        behind=(
            f"Agreement {version.number}, “{wording.shortened(version.name, 60)}”, seal {short(version.seal)}"
            if version
            else "No agreement in force",
            f"Data through {wording.instant(history.about.data_through, history.about.time_zone)}; days in {history.about.time_zone}",
            f"Snapshot {history.file.stem}, Plumbline {__version__}",
            f"Head of the log of changes: {audit.head(connection)}",
        ),
    )


def _weeks(first: date) -> list[weeks.Week]:
    last = _next(first) - timedelta(days=1)
    found = weeks.week_of(first)
    told = []
    while found.sunday <= last:
        told.append(found)
        found = found + 1
    return told


def _kept(workspace: Workspace, its: Sequence[weeks.Week], by: Sequence[Agreed]) -> tuple[KeptLine, ...]:
    """Each promise over the weeks, each week by the version in force on its Monday."""
    rows: dict[str, list[Point]] = {}
    about: dict[str, tuple[str, str, str]] = {}
    for place, (week, agreed) in enumerate(zip(its, by, strict=True)):
        if agreed.agreement is None or (place + 1 < len(its) and by[place + 1].number == agreed.number):
            continue  # asked with the last week of its version
        back = next(n for n in range(place + 1) if n == place or by[place - n - 1].number != agreed.number)
        for one in weekly.promises(workspace, agreed, week, ()):
            about[one.kind] = (one.side, one.title, one.target)
            for each, row in zip(its[place - back : place + 1], one.trend[len(one.trend) - back - 1 :], strict=True):
                rows.setdefault(one.kind, []).append(Point(wording.short_day(each.monday), None, row.status, row.n))
    return tuple(
        KeptLine(*about[kind], sum(p.status == "met" for p in told), sum(p.status in ("met", "missed") for p in told), tuple(told))
        for kind, told in rows.items()
    )


def _of_kept(kept: Sequence[KeptLine], by: Agreed, its: Sequence[weeks.Week]) -> Section:
    if not kept:
        return Section((Run(f"{by.why_not}." if by.why_not else "Nothing was promised."),))
    told: list[Run] = []
    for side, name in (("marketing", "marketing kept "), ("sales", "sales kept "), ("both", "both together kept ")):
        mine = [one for one in kept if one.side == side and one.judged]
        if mine:
            told += [Run(", " if told else ""), Run(name), Run(f"{sum(one.kept for one in mine)} of {sum(one.judged for one in mine)}", True)]
    weeks_told = (
        f"The {wording.plural(len(its), 'week')} that ended in the month, {its[0].days} to {its[-1].days}; each promise is judged once a week."
    )
    if not told:
        return Section((Run("Too little was due to judge a promise."),), (weeks_told,))
    sentence = (Run(told[1].text[:1].upper() + told[1].text[1:]), *told[2:], Run("."))
    return Section(sentence, (weeks_told,))


def _wins(workspace: Workspace, first: date) -> tuple[tuple[WinLine, ...], tuple[Count, ...], tuple[Count, ...], Section]:
    history = workspace.history
    about, account = history.about, history.recorded
    if on_record.is_one_instant(account) or account.stage("won") != "own":
        why = on_record.why_no_times() if on_record.is_one_instant(account) else capital(account.why("stage:won")) or "Won deals are not recorded"
        return (), (), (), Section((Run(f"{why.rstrip('.')}."),))
    zone = time_zone(about.time_zone)
    rows = events.wins_between(history, day_start(first, zone), day_start(_next(first), zone)).to_dicts()
    reps = workspace.reps()
    lines = tuple(
        WinLine(
            row["company"] or row["lead_id"], row["source"] or "", reps.get(row["rep_id"], (row["rep_id"] or "",))[0],
            wording.money(None if row["amount"] is None else float(row["amount"]), about.currency),
            wording.instant(row["won_at"], about.time_zone).split(",")[0],
        )
        for row in rows[:_WINS]
    )  # fmt: skip
    weeks_of = [weeks.week_of(_local_day(row["won_at"], zone)) for row in rows]
    told = [weeks.week_of(first) + place for place in range(6) if (weeks.week_of(first) + place).monday < _next(first)]
    by_week = tuple(Count(week.days, sum(one == week for one in weeks_of)) for week in told)
    sources: dict[str, int] = {}
    for row in rows:
        name = row["source"] or "not known"
        sources[name] = sources.get(name, 0) + 1
    by_source = tuple(Count(name, n) for name, n in sorted(sources.items(), key=lambda one: (-one[1], one[0])))
    if not rows:
        return (), by_week, (), Section((Run("No deal was won."),))
    amounts = [float(row["amount"]) for row in rows if row["amount"] is not None]
    worth = f", worth {wording.money(sum(amounts), about.currency)}" if amounts else ""
    of = f" (the amount of {wording.count(len(amounts))} is known)" if 0 < len(amounts) < len(rows) else ""
    headline = (Run(wording.plural(len(rows), "deal"), True), Run(f" {'was' if len(rows) == 1 else 'were'} won{worth}{of}."))
    notes = (f"The {_WINS} largest are named.",) if len(rows) > _WINS else ()
    return lines, by_week, by_source, Section(headline, notes)


def _plugged(workspace: Workspace, by: Agreed, first: date, week: weeks.Week, everything: Sequence[actions.Action]) -> tuple[PluggedLine, ...]:
    """Actions done in the month, and those done before it that turned out to help; the best first."""
    found = followed.followed(workspace, by, week, everything, week.sunday)
    told = [_line(one) for one in found if one.action.outcome == "done" and (_is_better(one) or _is_of_month(one, first))]
    return tuple(sorted(told, key=lambda one: not one.is_better))


def _is_of_month(one: Followed, first: date) -> bool:
    day = one.action.settled_on
    return day is not None and first <= day < _next(first)


def _is_better(one: Followed) -> bool:
    return one.helped is not None and one.helped.verdict == "helped"


def _line(one: Followed) -> PluggedLine:
    shares: tuple[float | None, ...] = ()
    if one.helped is not None and one.helped.verdict != "too_early":
        group, others = one.helped.group, one.helped.others
        told = [(group.k_before, group.n_before), (group.k_after, group.n_after)]
        told += [(others.k_before, others.n_before), (others.k_after, others.n_after)] if others else []
        shares = tuple(k / n if n else None for k, n in told)
    return PluggedLine(one.action.text, one.action.owner, one.about, action_words.helped(one) or action_words.became(one), _is_better(one), shares)


def _of_plugged(plugged: Sequence[PluggedLine], helped: int) -> Section:
    if not plugged:
        return Section((Run("No action was done in the month."),))
    done = f"{wording.plural(len(plugged), 'action')} {'was' if len(plugged) == 1 else 'were'} done"
    if not helped:
        return Section((Run(done, True), Run("; of none the numbers tell yet that it helped.")))
    whose = "" if helped == len(plugged) else f" after {wording.count(helped)} of them"
    return Section((Run(done, True), Run(f"; the numbers are better since{whose}.")))


def _gone(workspace: Workspace, by: Sequence[Agreed], its: Sequence[weeks.Week]) -> tuple[str, ...]:
    """Leaks among the costliest of the week before the month that are not among them in its last week."""
    before = weekly.week(workspace, by[0], (its[0] + -1).monday).leaks.shown
    now = {one.key for one in weekly.week(workspace, by[-1], its[-1].monday).leaks.shown}
    return tuple(f"{one.named}: {one.lost} as the month began; no longer among the three that cost most." for one in before if one.key not in now)
