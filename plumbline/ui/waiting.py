"""The leads that wait for a call now, kept for all viewers; and the line by which other screens point to the call list."""

from __future__ import annotations

from plumbline import wording
from plumbline.filters import Filters
from plumbline.speed import calls
from plumbline.ui import data, filter_bar, text
from plumbline.ui.persistence.terms import Promise


def waiting(filters: Filters, promise: Promise) -> calls.Waiting:
    """Those that the filters on attributes, rep and team let through, whatever the period and the passes."""
    return data.workspace().waiting(filters.segments, promise.days)


def reps() -> dict[str, tuple[str, str]]:
    """Id of a rep -> name (else the id), team."""
    return data.workspace().reps()


def pointer(filters: Filters, promise: Promise | None = None) -> None:
    """A quiet line that leads to the call list; nothing where nobody waits for a first call."""
    n = calls.fresh(waiting(filters, promise or Promise()))
    if n:
        way = text.Link("see the call list", filter_bar.link("leads", view="call", **in_address(promise or Promise())))
        said = f"{wording.plural(n, 'lead')} of the last {calls.SILENT_DAYS} days {'waits' if n == 1 else 'wait'} for a first call now: "
        text.note([said, way, "."])


def in_address(promise: Promise) -> dict[str, int]:
    """How a promise stands in the address: what differs from the usual one."""
    return {name: value for name, value in promise.parameters.items() if value != Promise().parameters[name]}
