"""When the teams of a history work, minute by minute (docs/working-time.md), and when so much of it is used up."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .history import History

MINUTE = timedelta(minutes=1)


class Hours:
    """When the teams work, minute by minute (docs/working-time.md)."""

    def __init__(self, history: History) -> None:
        self.zone = history.time_zone
        self.team_of = {row["rep_id"]: (row.get("team") or "") for row in reversed(history.tables.get("reps", []))}
        self.given: dict[str, dict[str, tuple[str, str]]] = {}
        for row in history.tables.get("calendars", []):
            self.given.setdefault(row["team"], {}).setdefault(row["day"], (row["opens"], row["closes"]))
        self.zones = {}
        for team in set(self.team_of.values()) - {""}:
            told = Counter(rep["time_zone"] for rep in history.tables.get("reps", []) if (rep.get("team") or "") == team and rep.get("time_zone"))
            self.zones[team] = min(told, key=lambda zone: (-told[zone], zone), default=self.zone)
        self.is_covered = lru_cache(maxsize=None)(self._is_covered)
        self.of_day = lru_cache(maxsize=None)(self._of_day)
        self.is_closed_around = lru_cache(maxsize=None)(self._is_closed_around)

    def _of_day(self, team: str, day: date) -> list[tuple[int, int]]:
        """Minutes of the shifts that begin on a day. A date stands over its weekday; without a weekday given: Monday to Friday, 09:00 to 17:00."""
        told = self.given.get(team, {})
        name = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]
        if day.isoformat() in told:
            shift = told[day.isoformat()]
        elif any(key.isalpha() for key in told):
            shift = told.get(name, ("", ""))
        else:
            shift = ("09:00", "17:00") if day.weekday() < 5 else ("", "")
        if not shift[0] or not shift[1]:
            return []
        opens, closes = (int(text[:2]) * 60 + int(text[3:]) for text in shift)
        return [(opens, closes if closes > opens else closes + 1440)]

    def has_any(self) -> bool:
        """Whether some team has hours that somebody gave."""
        teams = {team for team in (*self.team_of.values(), *self.given) if team}
        return any(
            any(key.isalpha() for key in self.given.get(team, {})) and any(all(shift) for shift in self.given[team].values()) for team in teams
        )

    def _is_covered(self, team: str, minute: datetime) -> bool:
        local = minute.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zones.get(team, self.zone)))
        now = local.hour * 60 + local.minute
        today, yesterday = local.date(), local.date() - timedelta(days=1)
        return any(opens <= now < closes for opens, closes in self.of_day(team, today)) or any(
            now + 1440 < closes for _, closes in self.of_day(team, yesterday)
        )

    def used_up(self, team: str, start: datetime, limit: timedelta, last: datetime) -> datetime | None:
        """ "Working time that is used up at closing is due at closing." None: after `last`."""
        left, here = limit, start
        while here <= last:
            minute = here.replace(second=0, microsecond=0)
            step = minute + MINUTE - here
            if self.is_covered(team, minute):
                if left <= step:
                    return here + left
                left -= step
            elif self.is_closed_around(team, here.replace(minute=0, second=0, microsecond=0)):
                step += timedelta(hours=10)
            here += step
        return None

    def _is_closed_around(self, team: str, t: datetime) -> bool:
        """Whether no shift begins on the day, the one before or the one after."""
        day = t.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zones.get(team, self.zone))).date()
        return not any(self.of_day(team, day + timedelta(days=n)) for n in (-1, 0, 1))
