"""What the metrics sla/* are asked about: which week, by which agreement."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from plumbline.agreement import parse, weeks
from plumbline.agreement.items import Ground, ground
from plumbline.agreement.model import Agreement
from plumbline.clock import time_zone
from plumbline.errors import InputError
from plumbline.history.connection import History
from plumbline.wording import day


def asked(history: History, parameters: Mapping[str, object]) -> tuple[Ground, weeks.Week]:
    """parameters: week (None: the last full week), agreement (a file; None: the version in force on the Monday of the week). Raises InputError."""
    zone = time_zone(history.about.time_zone)
    week = weeks.parse(str(parameters["week"])) if parameters["week"] is not None else weeks.last_full(history.about.data_through, zone)
    file = parameters["agreement"]
    return ground(history, parse.load(Path(str(file)).expanduser()) if file is not None else _in_force(week)), week


def _in_force(week: weeks.Week) -> Agreement:
    from plumbline.agreement.versions import in_force  # opens the app's own store, which a file does without

    found = in_force(week.monday)
    if found is None:
        raise InputError(f"no agreement is in force on Mon {day(week.monday)}", "--agreement", "name a file, or a week that has a version in force")
    return found
