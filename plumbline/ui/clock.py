"""The clock of the screens: the one place where they ask what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

from plumbline.clock import time_zone
from plumbline.errors import SettingError
from plumbline.settings import SETTINGS, setting
from plumbline.ui import data


def now() -> datetime:
    """This instant, naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def today() -> date:
    """The day of today in the organisation's zone, or the one that the setting `today` names. Raises SettingError, HistoryError."""
    return today_there(data.history().about.time_zone)


def today_there(zone: str) -> date:
    """The same in the zone of that name. Raises SettingError."""
    if said := str(setting("today")).strip():
        try:
            return date.fromisoformat(said)
        except ValueError:
            raise SettingError(f"{said[:40]!r} is no day", SETTINGS["today"].variable, "write it as 2027-01-04, or unset it") from None
    return datetime.now(UTC).astimezone(time_zone(zone)).date()
