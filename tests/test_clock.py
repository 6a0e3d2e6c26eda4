"""Days of a time zone: as Python's own zoneinfo has them, for every zone."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pytest

from plumbline.clock import local_days

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ODD = (
    "Australia/Lord_Howe",
    "Africa/Monrovia",
    "Africa/Freetown",
    "America/Recife",
    "Asia/Gaza",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Europe/Dublin",
)


def _by_hand(micros: np.ndarray, zone: ZoneInfo) -> list[int]:
    return [((EPOCH + timedelta(microseconds=int(us))).astimezone(zone).date() - date(1970, 1, 1)).days for us in micros]


def _instants(draw: random.Random, first: datetime, last: datetime, zone: ZoneInfo, n: int) -> np.ndarray:
    """At random, and within a microsecond of midnights of the zone."""
    span = int((last - first).total_seconds())
    found = []
    for _ in range(n):
        moment = first + timedelta(seconds=draw.randrange(span), microseconds=draw.randrange(1_000_000))
        midnight = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        found += [moment, *(midnight + timedelta(microseconds=step) for step in (-1, 0, 1)), midnight + timedelta(hours=2)]
    return np.array([(moment - EPOCH) // timedelta(microseconds=1) for moment in found], np.int64)


def test_days_of_every_zone_are_those_of_zoneinfo() -> None:
    draw = random.Random(7)
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        start = datetime(draw.choice([1912, 1940, 1971, 1986, 2000, 2010, 2024]), draw.randint(1, 12), 1, tzinfo=UTC)
        micros = _instants(draw, start, start + timedelta(days=900), zone, 12)
        assert local_days(micros, zone).tolist() == _by_hand(micros, zone), name


@pytest.mark.parametrize("name", ODD)
def test_days_from_1900_to_2199_are_those_of_zoneinfo(name: str) -> None:
    zone = ZoneInfo(name)
    micros = _instants(random.Random(name), datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC), zone, 600)
    assert local_days(micros, zone).tolist() == _by_hand(micros, zone)


def test_no_instants_have_no_days() -> None:
    assert local_days(np.empty(0, np.int64), ZoneInfo("Europe/Berlin")).tolist() == []
