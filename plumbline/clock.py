"""Days of the organisation's time zone, from instants in UTC. No clock of today anywhere: an instant is always passed in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from plumbline.errors import InputError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000
DAY = 86_400_000_000  # microseconds
MONTH = 30.4375  # days, on average
_STRIDE = 3 * 86_400  # no zone has gone to another offset and back sooner since 1900: the quickest took four days (Freetown, 1939)


def time_zone(name: str, where: str = "--time-zone") -> ZoneInfo:
    """The zone called `name` (IANA). Raises InputError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"no time zone is called {name!r}", where, "use an IANA name such as Europe/Berlin") from None


def local_days(micros: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """Days since 1970-01-01 in `zone` (int32) of instants in UTC microseconds (int64)."""
    return (local_micros(micros, zone) // DAY).astype(np.int32)


def local_micros(micros: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """Microseconds (int64) of the zone's clock, from instants in UTC microseconds."""
    if not len(micros):
        return np.empty(0, np.int64)
    starts, moved = offsets(int(micros.min()) // _SECOND, int(micros.max()) // _SECOND, zone)
    return micros + (moved[0] if len(starts) == 1 else moved[np.searchsorted(starts, micros, "right") - 1])


def offsets(first: int, last: int, zone: ZoneInfo) -> tuple[np.ndarray, np.ndarray]:
    """Where the zone's offset to UTC changes between two instants (seconds), and the offset from there on: both in microseconds.

    The offset is asked every few days; where it differs, the second of the change is found by halving.
    """
    starts, found = [first], [_offset(first, zone)]
    at = first
    while at < last:
        until = min(at + _STRIDE, last)
        if _offset(until, zone) != found[-1]:
            before, after = at, until
            while after - before > 1:
                middle = (before + after) // 2
                if _offset(middle, zone) == found[-1]:
                    before = middle
                else:
                    after = middle
            starts.append(after)
            found.append(_offset(after, zone))
            until = after
        at = until
    return np.array(starts, np.int64) * _SECOND, np.array(found, np.int64) * _SECOND


def _offset(second: int, zone: ZoneInfo) -> int:
    """Seconds to be added to UTC at an instant."""
    return round((_EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset().total_seconds())


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The instant (naive UTC) at which `day` begins in `zone`."""
    return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)


def monday(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())
