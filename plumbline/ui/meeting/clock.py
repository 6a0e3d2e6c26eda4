"""The quiet clock of the agenda: planned against used. The browser counts on by itself; no script of ours runs for it."""

from __future__ import annotations

from datetime import datetime

from plumbline.meeting.agenda import BY_KEY, MINUTES, STEPS, planned_before
from plumbline.reports.texts import escaped
from plumbline.ui import clock


def now() -> datetime:
    """Naive UTC."""
    return clock.now()


def seconds_since(begun_at: str, at: datetime) -> int:
    """Whole seconds since a meeting began (as the store writes instants), at least 0."""
    return max(0, int((at - datetime.fromisoformat(begun_at.removesuffix("Z"))).total_seconds()))


def clock_html(key: str, seconds: int) -> str:
    """The agenda as a line of its steps, this one marked, a mark that moves along it, and minutes that count. seconds: used so far."""
    place, step = [one.key for one in STEPS].index(key), BY_KEY[key]
    until = planned_before(key) + step.minutes
    parts = ""
    for one in STEPS:
        css = ' class="pl-m-now"' if one.key == key else ""
        parts += f'<span{css} style="flex: {one.minutes}" title="{escaped(one.title)}: {one.minutes} min"></span>'
    told = f"Step {place + 1} of {len(STEPS)}, {step.title}: planned until minute {until} of {MINUTES}; {seconds // 60} minutes used"
    delay = f'style="animation-delay: -{seconds}s"'
    return (
        f'<div class="pl-clock" role="img" aria-label="{escaped(told)}"><div class="pl-agenda">{parts}<i {delay}></i></div>'
        f'<div>planned until minute {until}, used <span class="pl-minutes" {delay}></span> of {MINUTES}</div></div>'
    )
