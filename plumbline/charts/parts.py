"""What became of those who entered a stage: the same outcomes, in the same order, with the same words and colours on every picture."""

from __future__ import annotations

from plumbline import wording
from plumbline.charts.canvas import HATCH
from plumbline.colours import Mode, palette

PARTS = ("reached_next", "open_in_window", "open_past_window", "rejected", "recycled", "lost")
LEFT = ("rejected", "recycled", "lost")
WORDS = wording.OUTCOME_NAMES


def colour(mode: Mode, part: str, stage: str) -> str:
    """The colour of a part, of its outline and of the figure beside it. Those still in window have their stage's colour."""
    colours = palette(mode)
    if part in LEFT:
        return colours.lost_tones[LEFT.index(part)]
    if part == "open_past_window":
        return colours.lost
    return colours.reached if part in ("reached_next", "advanced") else colours.stages.get(stage, colours.reached)


def text_colour(mode: Mode, part: str, stage: str) -> str:
    """The colour of words about a part: as `colour`, but dark enough to be read."""
    return palette(mode).lost if part in LEFT else colour(mode, part, stage)


def marker(mode: Mode, part: str, stage: str) -> dict:
    """The look of a bar: solid for what is settled, hatched for those still in window, hollow for those past it."""
    colours, hue = palette(mode), colour(mode, part, stage)
    if part == "open_in_window":
        return {"color": hue, "pattern": HATCH | {"fgcolor": hue, "bgcolor": colours.page}, "line": {"width": 1, "color": hue}}
    if part == "open_past_window":
        return {"color": colours.page, "line": {"width": 1.6, "color": hue}}
    return {"color": hue, "line": {"width": 1, "color": colours.page}}
