"""speed/first_attempt, persistence/attempts and persistence/promise (docs/meaning.md, "Speed and persistence"), one touch at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import sqrt

from .episodes import effective_time
from .history import History
from .touches import Pass, hand_over, is_attempt, is_contact, rows_of_leads

SPANS = {
    "within_5m": timedelta(minutes=5),
    "within_30m": timedelta(minutes=30),
    "within_1h": timedelta(hours=1),
    "within_24h": timedelta(hours=24),
    "within_48h": timedelta(hours=48),
}
FEW = 30
Z = 1.959963984540054  # of the normal distribution at 97.5 %
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1) // MICROSECOND


# speed/first_attempt


def first_attempt(each: Pass) -> datetime | None:
    """ "first outbound touch that is not automated, at or after mql_at, before the next episode; not after data_through" """
    for touch in each.touches:
        if is_attempt(touch) and touch["occurred_at"] >= each.mql_at:
            return touch["occurred_at"]
    return None


def wait(each: Pass, history: History) -> tuple[timedelta, bool]:
    """(how long, whether it ended in an attempt): "mql to first attempt", else "censored at data_through or the next episode's opening" """
    attempted_at = first_attempt(each)
    if attempted_at is not None:
        return attempted_at - each.mql_at, True
    return (each.next_opened_at or history.data_through) - each.mql_at, False


def is_dated(each: Pass) -> bool:
    """Whether the MQL or the first attempt is a day without a time of day: no clock ran."""
    return "mql" in each.episode.dated or any(touch.get("is_day") for touch in each.touches if is_first(touch, each))


def is_first(touch: dict, each: Pass) -> bool:
    tried = [other for other in each.touches if is_attempt(other) and other["occurred_at"] >= each.mql_at]
    return bool(tried) and tried[0] is touch


def survival(waits: list[tuple[timedelta, bool]]) -> list[tuple[timedelta, Fraction]]:
    """Kaplan-Meier, exactly: (t, share still waiting after t) at each time at which a wait ended."""
    still = Fraction(1)
    curve = []
    for t in sorted({time for time, ended in waits if ended}):
        at_risk = sum(time >= t for time, _ in waits)
        ended = sum(time == t and is_over for time, is_over in waits)
        still *= Fraction(at_risk - ended, at_risk)
        curve.append((t, still))
    return curve


def reached(waits: list[tuple[timedelta, bool]], share: Fraction) -> float | None:
    """Seconds: "a quantile is the smallest time at which the curve has reached it", "null = not reached" """
    for t, still in survival(waits):
        if 1 - still >= share:
            return t / timedelta(seconds=1)
    return None


def share_within(passes: list[Pass], span: timedelta, history: History) -> float | None:
    """ "Shares "within t" have ALL episodes old enough to have had t as their denominator; never-touched are in it";
    "denominators of within_t: data_through - mql >= t"
    """
    old = [each for each in passes if history.data_through - each.mql_at >= span]
    done = [each for each in old if wait(each, history)[1] and wait(each, history)[0] <= span]
    return len(done) / len(old) if old else None


def speed(passes: list[Pass], history: History) -> list[dict]:
    """speed/first_attempt: "the total clock (mql to first attempt), wall time, over episodes with an observed mql" """
    passes = [each for each in passes if not each.episode.is_implied]
    row: dict = {"episodes": len(passes), "attempted": sum(wait(each, history)[1] for each in passes)}
    passes = [each for each in passes if not is_dated(each)]
    waits = [wait(each, history) for each in passes]
    row |= {"median": reached(waits, Fraction(1, 2)), "p90": reached(waits, Fraction(9, 10))}
    row |= {name: share_within(passes, span, history) for name, span in SPANS.items()}
    return [as_recorded(row, ("attempted", "median", "p90", *SPANS), history)]


def as_recorded(row: dict, columns: tuple[str, ...], history: History) -> dict:
    """ "What a history does not record is never told": without a single touch those columns are empty, not nought."""
    return row if rows_of_leads(history, "touches") else row | dict.fromkeys(columns)


# persistence/attempts


def attempts_before_contact(each: Pass) -> tuple[int, bool]:
    """(attempts made while nobody had been reached, whether the last of them reached): "Attempt k = k-th outbound human touch of the episode
    before contact; a contact by any other touch ends the count and is credited to no attempt."
    """
    count = 0
    for touch in each.touches:
        count += is_attempt(touch)
        if is_contact(touch):
            return count, is_attempt(touch)
    return count, False


def wilson(k: int, n: int) -> tuple[float, float]:
    """ "Wilson 95 %": the shares p at which (k/n - p)^2 = z^2 p (1 - p) / n, by the formula of a quadratic's roots."""
    a, b, c = 1 + Z**2 / n, -(2 * k / n + Z**2 / n), (k / n) ** 2
    root = sqrt(max(b**2 - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def attempt_row(k: int, counts: list[tuple[int, bool]]) -> dict:
    """ "Hazard h_k = contacted at k / reached attempt k uncontacted; Wilson; hidden under 30." """
    at_risk = sum(count >= k for count, _ in counts)
    contacted = sum(count == k and is_reached for count, is_reached in counts)
    row: dict = {"attempt": k, "at_risk": at_risk, "contacted": contacted, "hazard": None, "low": None, "high": None}
    if at_risk >= FEW:
        row["hazard"] = contacted / at_risk
        row["low"], row["high"] = wilson(contacted, at_risk)
    return row


def attempts(passes: list[Pass]) -> list[dict]:
    """persistence/attempts: rows 1 to the most attempts that any lead got before contact."""
    counts = [attempts_before_contact(each) for each in passes]
    return [attempt_row(k, counts) for k in range(1, max((count for count, _ in counts), default=0) + 1)]


# persistence/promise


@dataclass
class Promise:
    """N calls and M emails in D days."""

    calls: int = 3
    emails: int = 3
    days: float = 14

    @property
    def length(self) -> Fraction:
        """D days as written, in microseconds."""
        return Fraction(str(self.days)) * DAY


def elapsed(start: datetime, end: datetime) -> int:
    return (end - start) // MICROSECOND


def promise_from(each: Pass, history: History) -> datetime:
    """ "hand-over ...; never handed over: from mql" """
    return hand_over(each, history) or each.mql_at


def is_in_window(t: datetime, start: datetime, promise: Promise) -> bool:
    """ "in [hand-over, hand-over + D days]" """
    return 0 <= elapsed(start, t) <= promise.length


def is_by_then(t: datetime | None, start: datetime, promise: Promise) -> bool:
    """At hand-over + D days or before, also before the hand-over."""
    return t is not None and elapsed(start, t) <= promise.length


def has_touches(each: Pass, start: datetime, promise: Promise) -> bool:
    """ "at least N calls and M emails (outbound, human) in [hand-over, hand-over + D days]" """
    in_time = [touch["channel"] for touch in each.touches if is_attempt(touch) and is_in_window(touch["occurred_at"], start, promise)]
    return in_time.count("call") >= promise.calls and in_time.count("email") >= promise.emails


def is_released(each: Pass, start: datetime, promise: Promise) -> bool:
    """ "or by then a contact, an SQL or an exit (acceptance alone does not release)" """
    contacts = [touch["occurred_at"] for touch in each.touches if is_contact(touch)]
    ends = [contacts[0] if contacts else None, effective_time(each.episode, "sql"), each.episode.exit_at]
    return any(is_by_then(t, start, promise) for t in ends)


def is_promise_kept(each: Pass, start: datetime, promise: Promise) -> bool:
    return has_touches(each, start, promise) or is_released(each, start, promise)


def is_old_enough(start: datetime, history: History, promise: Promise) -> bool:
    """ "episodes younger than D days from there are "too early" (not mature)" """
    return elapsed(start, history.data_through) >= promise.length


def kept_promises(passes: list[Pass], history: History, promise: Promise) -> list[dict]:
    """persistence/promise: `kept` of the mature ones."""
    started = [(each, promise_from(each, history)) for each in passes]
    mature = [(each, start) for each, start in started if is_old_enough(start, history, promise)]
    kept = sum(is_promise_kept(each, start, promise) for each, start in mature)
    row = {"episodes": len(passes), "mature": len(mature), "kept": kept, "share": kept / len(mature) if mature else None}
    return [as_recorded(row, ("kept", "share"), history)]
