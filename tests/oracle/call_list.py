"""The call list, one lead at a time, with datetimes: who is due, why, in which order (docs/meaning.md, "Speed and persistence")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from .history import History
from .touches import Pass, assignment_of_hand_over, hand_over, is_attempt, is_automated, is_contact

DAY = timedelta(days=1)
ORDER = ["hot", "first", "hot_due", "due", "late", "missed", "neglected", "done"]
EPOCH = datetime(1970, 1, 1)


@dataclass
class Lead:
    """One that waits. `signed`: the latest act that counts in favour."""

    episode: int
    pass_no: int
    handed: datetime | None
    start: datetime
    attempts: int
    calls: int
    emails: int
    calls_in_time: int
    emails_in_time: int
    touched: datetime | None
    owner: str | None
    signed: datetime | None = None
    is_hot: bool = False
    act: str | None = None


@dataclass
class Terms:
    calls: int
    emails: int
    days: int
    end: datetime


def group(lead: Lead, terms: Terms) -> str:
    never_tried = lead.attempts == 0
    is_over = terms.end > lead.start + terms.days * DAY
    if never_tried:
        if lead.is_hot:
            return "hot"
        if not is_over:
            return "first"
    else:
        if lead.calls >= terms.calls and lead.emails >= terms.emails:
            return "done"
        if lead.is_hot:
            return "hot_due"
        if not is_over:
            return "due"
    last = max(each for each in (lead.start, lead.touched, lead.signed) if each is not None)
    if terms.end - last > 60 * DAY:
        return "neglected"
    return "late" if never_tried else "missed"


def in_order(leads: list[Lead], terms: Terms) -> list[Lead]:
    """The most urgent first: one that none of the remaining ones goes before is taken, until none remains."""
    remaining, found = list(leads), []
    while remaining:
        best = remaining[0]
        for lead in remaining[1:]:
            if goes_before(lead, best, terms):
                best = lead
        remaining.remove(best)
        found.append(best)
    return found


def goes_before(one: Lead, other: Lead, terms: Terms) -> bool:
    mine, its = group(one, terms), group(other, terms)
    if mine != its:
        return ORDER.index(mine) < ORDER.index(its)
    if mine in ("hot", "hot_due") and one.signed != other.signed:
        return one.signed > other.signed
    if one.start != other.start:  # the promise is equally long for all: the earlier hand-over has the nearer deadline
        is_earlier = one.start < other.start
        return is_earlier if mine in ("hot", "first", "hot_due", "due") else not is_earlier
    return one.episode < other.episode


def whole(length: timedelta, is_dated: bool) -> str:
    if is_dated:
        days = (length + timedelta(hours=2)).days
        return "under a day" if days < 1 else "1 day" if days == 1 else f"{days:,} days"
    if length < timedelta(minutes=1):
        return "under a minute"
    if length < timedelta(hours=1):
        return f"{length // timedelta(minutes=1)} min"
    if length < timedelta(hours=48):
        return f"{length // timedelta(hours=1)} h"
    return f"{length.days:,} days"


def number(n: int, word: str) -> str:
    return f"{n} {word}" if n == 1 else f"{n} {word}s"


def why(lead: Lead, terms: Terms, has_owners: bool, is_dated: bool) -> str:
    """The sentence of the row."""
    text = _why(lead, terms, is_dated)
    if has_owners and lead.owner is None:
        if lead.pass_no == 1:
            text = text.replace("; nobody has tried", "")
        text = "Waits for an owner: " + text[0].lower() + text[1:]
    return text


def _why(lead: Lead, terms: Terms, is_dated: bool) -> str:
    def ago(t: datetime) -> str:
        return whole(terms.end - t, is_dated)

    deadline = lead.start + terms.days * DAY
    done = " and ".join(
        f"{min(made, asked)} of {number(asked, word)}"
        for made, asked, word in ((lead.calls, terms.calls, "call"), (lead.emails, terms.emails, "email"))
        if asked > 0
    )
    still = [(terms.calls - lead.calls, "call"), (terms.emails - lead.emails, "email")]
    due = " and ".join(number(n, word) for n, word in still if n > 0)
    came = "Qualified" if lead.handed is None else "Handed over"
    untried = f"{came} {ago(lead.start)} ago, never tried" if lead.pass_no == 1 else f"{came} again {ago(lead.start)} ago, not tried since"
    kind = group(lead, terms)
    if kind == "hot":
        return f"{lead.act} {ago(lead.signed)} before the data end; nobody has tried" + ("" if lead.pass_no == 1 else " since it came back")
    if kind == "hot_due":
        return f"{lead.act} {ago(lead.signed)} before the data end; {due} due"
    if kind == "first":
        return untried
    if kind == "due":
        return f"{done} made; {whole(deadline - terms.end, is_dated)} left"
    if kind == "late":
        return f"{untried}; {ago(deadline)} late" if terms.calls + terms.emails > 0 else untried
    if kind == "missed":
        short = [max(0, terms.calls - lead.calls_in_time), max(0, terms.emails - lead.emails_in_time)]
        later = [min(short[0], lead.calls - lead.calls_in_time), min(short[1], lead.emails - lead.emails_in_time)]
        told = " and ".join(number(n, word) for n, word in zip(short, ("call", "email"), strict=True) if n)
        return f"Promise missed {ago(deadline)} ago by {told}" + (f", {sum(later)} of them made since" if sum(later) else "")
    if kind == "neglected":
        return f"{number(lead.attempts, 'attempt')} made, no touch for {ago(lead.touched)}" if lead.attempts else untried
    return f"{done} made, not reached" if done else "Tried, not reached; nothing is promised"


# Of a history: who waits


def waiting(passes: list[Pass], history: History, days: float) -> list[tuple[Pass, dict]]:
    """Last pass of each lead, open before SQL, reached by nobody; with the columns of persistence/waiting that a history tells."""
    found = []
    for each in passes:
        later = [stage for stage in ("sql", "opportunity", "won") if stage in each.episode.observed]
        if each.next_opened_at is not None or later or each.episode.exit_at is not None or any(is_contact(touch) for touch in each.touches):
            continue
        handed = hand_over(each, history)
        start = handed or each.mql_at
        made = [touch for touch in each.touches if is_attempt(touch)]
        since = [touch for touch in made if touch["occurred_at"] >= start]
        in_time = [touch for touch in since if touch["occurred_at"] - start <= days * DAY]
        people = [touch["occurred_at"] for touch in each.touches if not is_automated(touch)]
        first = assignment_of_hand_over(each, history)
        row = {
            "pass_no": each.episode.number,
            "opened_us": micros(each.episode.opened_at),
            "handed_us": micros(handed),
            "start_us": micros(start),
            "attempts": len(made),
            "calls": count(since, "call"),
            "emails": count(since, "email"),
            "calls_in_time": count(in_time, "call"),
            "emails_in_time": count(in_time, "email"),
            "touched_us": micros(max(people, default=None)),
            "handed_to": first["rep_id"] if handed else None,
            "owner_id": each.assignments[-1]["rep_id"] if handed else None,
        }
        found.append((each, row))
    return found


def count(touches: list[dict], channel: str) -> int:
    return sum(touch["channel"] == channel for touch in touches)


def micros(t: datetime | None) -> int | None:
    return None if t is None else (t - EPOCH) // timedelta(microseconds=1)
