"""Random texts of times, true ones and nearly true ones, and what Python's datetime says of them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from plumbline.clock import offsets

ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Tehran")
PATTERNS = (
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%d.%m.%Y %H:%M:%S",
    "%Y-%d-%m",
    "%d %b %Y",
    "%Y%m%d%H%M",
    "%d/%m/%Y %H:%M %z",
    "%d-%m-%y %H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d 00:00:00",
)
_FIRST, _SECONDS = datetime(1985, 1, 1), int(timedelta(days=120 * 365).total_seconds())
_NO_DATES = [datetime(2050, 1, 1), datetime(2099, 12, 31, 12), datetime(1990, 1, 1), datetime(2100, 12, 31, 23, 59, 59), datetime(1970, 1, 1)]
_SEPARATORS = ("T", " ", "T", " ", "t", "  ", "_")
_BROKEN = "0123456789-:/.+TZ ,WUC\u00a0\u0661\ufeff"


@cache
def _changes(zone: str) -> list[datetime]:
    """Local times at which the clocks of a zone change between 1990 and 2040, the hour before and after."""
    starts, moved = offsets(631_152_000, 2_208_988_800, ZoneInfo(zone))
    return [datetime(1970, 1, 1) + timedelta(microseconds=int(start + offset)) for start, offset in zip(starts, moved, strict=True)] or _NO_DATES


def _moment(draw: random.Random, zone: str) -> datetime:
    if draw.random() < 0.3:
        near = draw.choice(_changes(zone) if draw.random() < 0.8 else _NO_DATES)
        return near + timedelta(minutes=draw.randrange(-90, 90), seconds=draw.choice((0, draw.randrange(60))))
    if draw.random() < 0.8:
        return datetime(2024, 1, 1) + timedelta(seconds=draw.randrange(3 * 365 * 86_400), microseconds=draw.choice((0, 0, draw.randrange(1_000_000))))
    return _FIRST + timedelta(seconds=draw.randrange(_SECONDS))


def _offset(draw: random.Random) -> str:
    hours, minutes = draw.choice((0, 1, 5, 9, 11, 12, 13, 14, 15, 23, 24, 77, 99)), draw.choice((0, 0, 30, 45, 59, 60, 99))
    written = draw.choice((f"{hours:02d}:{minutes:02d}", f"{hours:02d}{minutes:02d}", f"{hours:02d}"))
    return draw.choice(("", "", " ")) + draw.choice(("Z", "z", "UTC", f"+{written}", f"-{written}", f"+{written}", ""))


def iso_text(draw: random.Random, zone: str) -> str:
    """A time in one of the forms of ISO 8601, or nearly."""
    moment = _moment(draw, zone)
    day = draw.choice((f"{moment:%Y-%m-%d}",) * 6 + (f"{moment:%Y%m%d}", f"{moment:%G-W%V-%u}", f"{moment:%GW%V%u}", f"{moment:%Y-%-m-%-d}"))
    if draw.random() < 0.15:
        return day
    clock = draw.choice(
        (f"{moment:%H:%M:%S}",) * 5
        + (f"{moment:%H:%M}", f"{moment:%H%M%S}", f"{moment:%H%M}", f"{moment:%H}", f"{moment:%-H:%M}", "24:00", "23:59:60", f"{moment:%H:%M:%S.}")
    )
    if clock.count(":") == 2 and draw.random() < 0.3:
        clock += draw.choice(".,") + str(draw.randrange(10 ** draw.choice((1, 3, 6, 9))))
    return day + draw.choice(_SEPARATORS) + clock + _offset(draw)


def pattern_text(draw: random.Random, pattern: str, zone: str) -> str:
    """A time written by the pattern, or nearly."""
    moment = _moment(draw, zone)
    written = pattern.replace("%z", draw.choice(("+0530", "-05:00", "+05", "Z", "+0000", "+2400", "+1500", "-1300"))).replace(
        "%f", f"{moment.microsecond:06d}"
    )
    if draw.random() < 0.2:
        written = written.replace("%d", "%-d").replace("%m", "%-m").replace("%H", "%-H")
    text = moment.strftime(written)
    return text.lower() if draw.random() < 0.05 else text


def any_text(draw: random.Random, patterns: tuple[str, ...], zone: str) -> str:
    text = pattern_text(draw, draw.choice(patterns), zone) if patterns and draw.random() < 0.7 else iso_text(draw, zone)
    if draw.random() < 0.15:
        at = draw.randrange(len(text) + 1)
        text = text[:at] + draw.choice(_BROKEN) + text[at + draw.choice((0, 1)) :]
    return draw.choice(("", "", "", " ", "\t")) + text if draw.random() < 0.1 else text


def by_datetime(text: str, zone: str, day_zone: str, patterns: tuple[str, ...]) -> set[datetime]:
    """Every instant (naive UTC) that Python's datetime gives for a text: by the patterns, else in ISO 8601."""
    plain = " ".join(text.replace("\ufeff", " ").split())
    moments = set()
    for pattern in patterns:
        for tail in ("", "00"):
            try:
                moments.add((datetime.strptime(plain + tail, pattern), not any(part in pattern for part in ("%H", "%I"))))
            except ValueError:
                continue
            break
    if not moments:
        told = plain.removesuffix("UTC").rstrip() + "Z" if plain.endswith("UTC") else plain
        for sign in ("Z", "z", "+", "-"):
            told = told.replace(f" {sign}", sign)
        try:
            moments.add((datetime.fromisoformat(told.replace("z", "Z")), ":" not in told and len(told) in (8, 10) and not set(" Tt") & set(told)))
        except ValueError:
            return set()
    found = set()
    for moment, is_day in moments:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(day_zone if is_day else zone))
        found.add(moment.astimezone(UTC).replace(tzinfo=None))
    return found
