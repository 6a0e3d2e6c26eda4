"""What the screens may say of this history: the one place where they ask History.recorded.

Absence of a record is never absence of the act. A sentence about tries, owners, outcomes or a stage is made only after asking here. What it may
say is told below the screens (plumbline/on_record.py), for the minutes and the command line say the same.
"""

from __future__ import annotations

from plumbline import on_record
from plumbline.filters import Filters
from plumbline.history.recorded import Recorded
from plumbline.leaks.judged import year_before
from plumbline.on_record import why_no_times as why_no_times
from plumbline.steps import Steps
from plumbline.ui import data, filter_bar


def account() -> Recorded:
    return data.history().recorded


def has(*things: str) -> bool:
    """Whether all of these are recorded at all."""
    return not account().missing(things)


def steps() -> Steps:
    """The steps of the whole history. What comes after a stage that is not recorded, and was not reached, is not known either."""
    return on_record.steps(account())


def is_one_instant() -> bool:
    """Whether all leads came in at one instant: then nothing can be told by week, nor how long anything took."""
    return on_record.is_one_instant(account())


def missing(*things: str) -> list[str]:
    """Why these are not recorded, each reason once, as sentences."""
    return on_record.missing(account(), *things)


def what_is_missing() -> str:
    """What keeps it from being told how a lead leaked: 'owners and calls', 'calls', 'what came of calls'."""
    return on_record.what_is_missing(account())


def why_not(thing: str) -> str:
    """Why nothing can be told by this, as a sentence: it is not recorded, of those alone that were won, or all stands at one instant."""
    return on_record.why_not(account(), thing)


def of_won_alone(thing: str) -> bool:
    """Whether it is recorded only of leads that were won: then it tells nothing of what was to come."""
    return on_record.of_won_alone(account(), thing)


def limits(*things: str) -> list[str]:
    """Of whom and since when alone these are recorded, as sentences."""
    return on_record.limits(account(), *things)


def has_year_before(filters: Filters) -> bool:
    """Whether the history holds the year before the period."""
    return filters.since is not None and filter_bar.first_day() < filters.since and year_before(filters.since) is not None
