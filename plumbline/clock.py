"""Days of the organisation's time zone, from instants in UTC. No clock of today anywhere: an instant is always passed in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from plumbline.errors import InputError

_QUARTER_HOUR = 900_000_000  # every change of offset of every zone since 1900 lies on a quarter of an hour, or is rounded to it
_DAY = 86_400_000_000


def time_zone(name: str, where: str = "--time-zone") -> ZoneInfo:
    """The zone called `name` (IANA). Raises InputError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"no time zone is called {name!r}", where, "use an IANA name such as Europe/Berlin") from None


def local_days(micros: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """Days since 1970-01-01 in `zone` (int32) of instants in UTC microseconds (int64)."""
    quarters, index = np.unique(micros // _QUARTER_HOUR, return_inverse=True)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    offsets = np.array(
        [
            (epoch + timedelta(microseconds=int(quarter) * _QUARTER_HOUR)).astimezone(zone).utcoffset() // timedelta(microseconds=1)
            for quarter in quarters
        ],
        np.int64,
    )
    return ((micros + offsets[index]) // _DAY).astype(np.int32) if len(micros) else np.empty(0, np.int32)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The instant (naive UTC) at which `day` begins in `zone`."""
    return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)


def monday(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())
