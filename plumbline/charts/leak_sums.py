"""Open, returned and dead leads, each as one strip whose parts add up to all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from plumbline.charts.sum_strip import hatched, hollow, solid, sum_strip, sum_strip_alt
from plumbline.colours import Mode, faded, palette

AGES = {"in_window": "within their time", "past_window": "past it, under 60 days", "over_60_days": "past it, over 60 days"}
FATES = {"handed_over_again": "fixed and handed<br>over again", "discarded": "thrown away", "lying": "lying: nothing since"}
DEAD = {
    "won": "came back and won",
    "back_not_won": "came back,<br>not won so far",
    "interested_only": "showed interest again,<br>never came back",
    "engaged_only": "opened mail or the like,<br>never came back",
    "nurtured_only": "got mail only,<br>no sign from them",
    "nothing": "nothing since",
}
Counts = Sequence[tuple[str, int]]


def ageing_sum(counts: Counts, *, mode: Mode = "light") -> go.Figure:
    """counts: (part of AGES, open leads). customdata of a part: [part]."""
    colours = palette(mode)
    looks = {
        "in_window": (colours.stages["mql"], hatched(mode, colours.stages["mql"])),
        "past_window": (colours.lost, solid(mode, faded(colours.lost, 0.45))),
        "over_60_days": (colours.lost, solid(mode, colours.lost)),
    }
    return sum_strip(counts, AGES, looks, mode)


def returned_sum(counts: Counts, *, mode: Mode = "light") -> go.Figure:
    """counts: (part of FATES, leads that sales sent back). customdata of a part: [part]."""
    colours = palette(mode)
    looks = {
        "handed_over_again": (colours.reached, solid(mode, colours.reached)),
        "discarded": (colours.quiet_text, solid(mode, colours.comparison)),
        "lying": (colours.lost, hollow(mode, colours.lost)),
    }
    return sum_strip(counts, FATES, looks, mode)


def dead_sum(counts: Counts, *, mode: Mode = "light", names: Mapping[str, str] = DEAD) -> go.Figure:
    """counts: (part of DEAD, leads), the furthest that became of each. names: the parts in words, those alone that are recorded. customdata of a
    part: [part]."""
    colours = palette(mode)
    looks = {
        "won": (colours.reached, solid(mode, colours.reached)),
        "back_not_won": (colours.reached, solid(mode, faded(colours.reached, 0.55))),
        "interested_only": (colours.lost, solid(mode, faded(colours.lost, 0.75))),
        "engaged_only": (colours.lost, hollow(mode, faded(colours.lost, 0.75))),
        "nurtured_only": (colours.quiet_text, solid(mode, colours.comparison)),
        "nothing": (colours.quiet_text, hollow(mode, colours.comparison)),
    }
    return sum_strip(counts, names, looks, mode)


def ageing_sum_alt(counts: Counts) -> str:
    """'1,177 leads: 402 within their time, ...'"""
    return sum_strip_alt(counts, AGES)


def returned_sum_alt(counts: Counts) -> str:
    """'388 leads: 30 fixed and handed over again, ...'"""
    return sum_strip_alt(counts, FATES)


def dead_sum_alt(counts: Counts, names: Mapping[str, str] = DEAD) -> str:
    """'1,580 leads: 9 came back and won, ...'"""
    return sum_strip_alt(counts, names)
