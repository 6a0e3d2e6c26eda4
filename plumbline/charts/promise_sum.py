"""What became of the promise of calls and emails, as one strip whose parts add up to all leads."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from plumbline.charts.sum_strip import hatched, hollow, solid, sum_strip, sum_strip_alt
from plumbline.colours import Mode, faded, palette

PARTS = {
    "made": "got all of them",
    "released": "reached, qualified<br>or gone before",
    "gone_unseen": "sent off, not tried:<br>kept in name only",
    "some": "got too few",
    "none": "not tried at all",
    "too_early": "too early to say",
}


def promise_sum(counts: Sequence[tuple[str, int]], *, mode: Mode = "light") -> go.Figure:
    """counts: (part of PARTS, leads) in its order. Kept solid, broken pale or hollow, too early hatched. customdata of a part: [part]."""
    colours = palette(mode)
    looks = {
        "made": (colours.reached, solid(mode, colours.reached)),
        "released": (colours.reached, solid(mode, faded(colours.reached, 0.55))),
        "gone_unseen": (colours.quiet_text, hatched(mode, colours.quiet_text)),
        "some": (colours.lost, solid(mode, faded(colours.lost, 0.45))),
        "none": (colours.lost, hollow(mode, colours.lost)),
        "too_early": (colours.stages["mql"], hatched(mode, colours.stages["mql"])),
    }
    return sum_strip(counts, PARTS, looks, mode)


def promise_sum_alt(counts: Sequence[tuple[str, int]]) -> str:
    """'1,669 leads: 21 got all of them, 966 reached, qualified or gone before, ...'"""
    return sum_strip_alt(counts, PARTS)
