"""Numbers, times and stages as people read them. Exact figures are for exports; these are for screens and minutes.

Everything here returns plain text, never markup. Nothing raises on None: an absent figure is an en dash.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ABSENT = "–"
TOO_FEW = "too few to say"
MINIMUM_N = 30
_CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "BRL": "R$"}
_MINUS = "−"


@dataclass(frozen=True)
class StageName:
    """short: on an axis. name: spelled out. meaning: one line, for the hover."""

    short: str
    name: str
    meaning: str


STAGE_NAMES = {
    "inquiry": StageName("Inquiry", "inquiry", "someone showed interest; nobody has judged it yet"),
    "mql": StageName("MQL", "marketing-qualified lead", "marketing thinks it is ready and hands it over"),
    "sal": StageName("SAL", "sales-accepted lead", "sales agrees to work it"),
    "sql": StageName("SQL", "sales-qualified lead", "sales has spoken to it and it passed the agreed test"),
    "opportunity": StageName("Opportunity", "opportunity", "a deal is on the table"),
    "won": StageName("Won", "won deal", "the deal was signed"),
}

OUTCOME_NAMES = {
    "entered": "entered",
    "advanced": "went on",
    "reached_next": "went on",
    "rejected": "sent back",
    "recycled": "recycled",
    "lost": "lost",
    "open_in_window": "still in window",
    "open_past_window": "past window",
    "still_open": "still open",
}

LEAK_NAMES = {
    "went_on": "went on",
    "in_window": "still in window",
    "rejected": "sent back",
    "recycled": "recycled",
    "disqualified": "disqualified",
    "lost": "lost",
    "never_assigned": "never given to a rep",
    "never_touched": "never tried",
    "never_touched_since_accepted": "not tried since accepted",
    "no_show": "missed the meeting",
    "contacted_no_decision": "reached, not decided",
    "worked_no_answer": "tried often, never reached",
    "gave_up_early": "given up early",
    "still_worked": "still being worked",
    "open_past_window": "still open, past the window",
    "not_recorded": "past the window (calls not recorded)",
}

FLAG_NAMES = {
    "untouched": "never tried",
    "late_hand_over": "late hand-over",
    "late_first_touch": "late first try",
    "overloaded_rep": "full desk",
    "status_stale": "stage not kept up",
    "over_60_days": "silent over 60 days",
}


def _absent(value: float | None) -> bool:
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def share(value: float | None) -> str:
    """0.8437 -> '84 %'. A share that is not nought or all is never shown as such: 'under 1 %', 'over 99 %'."""
    if _absent(value):
        return ABSENT
    percent = value * 100
    if 0 < percent < 0.5:
        return "under 1 %"
    if 99.5 <= percent < 100:
        return "over 99 %"
    return f"{_half_up(percent):,} %"


def count(value: float | None) -> str:
    """1049 -> '1,049'; a minus is a true minus sign."""
    return ABSENT if _absent(value) else f"{_half_up(value):,}".replace("-", _MINUS)


def short_count(value: float | None) -> str:
    """For places without room: 950, 9,999, 12.3 k, 1.2 M, 3.4 bn."""
    if _absent(value):
        return ABSENT
    return _shortened(value, from_=10_000) or count(value)


def decimal(value: float | None, digits: int = 1) -> str:
    """12.345 -> '12.3', without a trailing '.0'."""
    if _absent(value):
        return ABSENT
    text = f"{value:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace("-", _MINUS)


def duration(seconds: float | None) -> str:
    """Seconds -> '45 s', '12 min', '3 h 12 min', '2.4 days', '14 days'. Absent means: not reached."""
    if _absent(seconds):
        return ABSENT
    if seconds < 0:
        return _MINUS + duration(-seconds)
    if _half_up(seconds) < 60:
        return f"{_half_up(seconds)} s"
    minutes = _half_up(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days = seconds / 86_400
    text = f"{_half_up(days):,}" if days >= 9.95 else decimal(days)
    return f"{text} day" if text == "1" else f"{text} days"


def within(seconds: float, is_dated: bool = False) -> str:
    """'within 1.3 days'; of dates without a time of day by the calendar: 'on the day itself', 'within 3 days'."""
    return "on the day itself" if is_dated and not round(seconds / 86_400) else f"within {span(seconds, is_dated)}"


def span(seconds: float | None, is_dated: bool = False) -> str:
    """A duration; of dates without a time of day in whole days: '0 days', '3 days'."""
    return plural(round(seconds / 86_400), "day") if is_dated and not _absent(seconds) else duration(seconds)


def money(value: float | None, currency: str) -> str:
    """1_200_000, 'USD' -> '$1.2 M'; 950, 'CHF' -> 'CHF 950'. Under 100 with cents when there are any."""
    if _absent(value):
        return ABSENT
    sign = _CURRENCY_SIGNS.get(currency, f"{currency} ")
    size = abs(value)
    cents = size < 100 and round(size, 2) != _half_up(size)
    text = f"{size:.2f}" if cents else _shortened(size, from_=10_000) or f"{_half_up(size):,}"
    return f"{_MINUS if value < 0 else ''}{sign}{text}"


def points(change: float | None) -> str:
    """A change between two shares, in percentage points: 0.031 -> '+3 points', 0.01 -> '+1 point', 0 -> 'no change'."""
    if _absent(change):
        return ABSENT
    whole = _half_up(abs(change) * 100)
    if whole == 0:
        return "no change"
    return f"{'+' if change > 0 else _MINUS}{whole:,} {'point' if whole == 1 else 'points'}"


def signed_points(value: float) -> str:
    """A difference of two shares within a sentence: as points, but 0 -> '0 points'."""
    told = points(value)
    return "0 points" if told == "no change" else told


def change(now: float | None, before: float | None) -> str:
    """A relative change of a count or an amount: 120, 100 -> '+20 %'; from nought -> 'none before'."""
    if _absent(now) or _absent(before):
        return ABSENT
    if before == 0:
        return "no change" if now == 0 else "none before"
    whole = _half_up(abs(now / before - 1) * 100)
    if whole == 0:
        return "no change"
    return f"{'+' if now > before else _MINUS}{whole:,} %"


def plural(n: float, one: str, many: str | None = None) -> str:
    """1, 'lead' -> '1 lead'; 1049, 'lead' -> '1,049 leads'."""
    return f"{count(n)} {one if n == 1 else many or one + 's'}"


def day(value: date | datetime | None) -> str:
    """'14 Nov 2026'."""
    return ABSENT if value is None else f"{value.day} {value:%b} {value.year}"


def short_day(value: date | datetime | None) -> str:
    """'14 Nov', for axes where the year is said elsewhere."""
    return ABSENT if value is None else f"{value.day} {value:%b}"


def instant(value: datetime | None, zone: str = "UTC") -> str:
    """A naive UTC instant in the viewer's zone: '14 Nov 2026, 18:00 UTC'."""
    if value is None:
        return ABSENT
    local = value.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
    return f"{day(local)}, {local:%H:%M} {'UTC' if zone == 'UTC' else local.tzname() or zone}"


def period(since: date, until: date) -> str:
    """A half-open period in words: '1 Sep to 30 Nov 2026' (until is exclusive)."""
    last = until - timedelta(days=1)
    if last <= since:
        return day(since)
    return f"{short_day(since) if since.year == last.year else day(since)} to {day(last)}"


def week(monday: date) -> str:
    """'week of 9 Nov 2026'."""
    return f"week of {day(monday)}"


def share_of(k: float | None, n: float | None) -> str:
    """A share with its n at hand: '84 % of 388'; under 30: 'too few to say (n 12)'."""
    if _absent(k) or _absent(n):
        return ABSENT
    return f"{share(k / n)} of {count(n)}" if n >= MINIMUM_N else f"{TOO_FEW} (n {count(n)})"


def stage_short(stage: str) -> str:
    return STAGE_NAMES[stage].short if stage in STAGE_NAMES else words(stage)


def stage_name(stage: str) -> str:
    return STAGE_NAMES[stage].name if stage in STAGE_NAMES else words(stage).lower()


def stage_meaning(stage: str) -> str:
    """'MQL: marketing-qualified lead, marketing thinks it is ready and hands it over'."""
    known = STAGE_NAMES.get(stage)
    return words(stage) if known is None else f"{known.short}: {known.name}, {known.meaning}"


def outcome(name: str) -> str:
    return OUTCOME_NAMES.get(name, words(name).lower())


def words(identifier: str) -> str:
    """'never_touched' -> 'Never touched'."""
    text = " ".join(str(identifier).replace("_", " ").split())
    return text[:1].upper() + text[1:]


def listing(items: list[str] | tuple[str, ...], last: str = "and") -> str:
    """['a', 'b', 'c'] -> 'a, b and c'."""
    items = list(items)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def shortened(text: object, width: int = 28) -> str:
    """One line, white space folded, control characters dropped, at most `width` characters with an ellipsis."""
    line = " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in str(text)).split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def _shortened(value: float, from_: float) -> str | None:
    size = abs(value)
    if size < from_:
        return None
    for scale, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        # 999,500 rounds up into the next unit
        if size >= scale * (0.9995 if scale > 1e3 else 1):
            scaled = size / scale
            return f"{_MINUS if value < 0 else ''}{decimal(scaled, 0 if scaled >= 99.95 else 1)} {letter}"
    return None


def _half_up(value: float) -> int:
    return math.floor(value + 0.5) if value >= 0 else -math.floor(-value + 0.5)
