"""How all accounts stand, as one strip whose parts add up: worked, lying, worth nurturing, quiet.

Where touches are not recorded, `open` takes the place of the first two; where acts are not, `closed` that of the last two.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from plumbline import wording
from plumbline.charts.sum_strip import hollow, plain, solid, sum_strip
from plumbline.colours import Mode, faded, palette

PARTS = {
    "worked": "open and worked",
    "idle": "open, untouched<br>for over 60 days",
    "worth": "no open pass,<br>somebody active",
    "quiet": "no open pass,<br>silent",
    "open": "with an open pass",
    "closed": "no open pass",
}


def account_sum(counts: Sequence[tuple[str, int]], *, mode: Mode = "light") -> go.Figure:
    """counts: (part of PARTS, accounts). customdata of a part: [part]."""
    colours = palette(mode)
    looks = {
        "worked": (colours.reached, solid(mode, colours.reached)),
        "idle": (colours.lost, solid(mode, faded(colours.lost, 0.45))),
        "worth": (colours.stages["mql"], solid(mode, colours.stages["mql"])),
        "quiet": (colours.quiet_text, hollow(mode, colours.comparison)),
        "open": (colours.reached, solid(mode, colours.reached)),
        "closed": (colours.quiet_text, hollow(mode, colours.comparison)),
    }
    there = {part for part, _ in counts}
    return sum_strip(counts, {part: words for part, words in PARTS.items() if part in there}, looks, mode)


def account_sum_alt(counts: Sequence[tuple[str, int]]) -> str:
    """'1,836 accounts: 471 open and worked, 557 open, untouched for over 60 days, ...'"""
    told = "; ".join(f"{wording.count(n)} {plain(PARTS[part])}" for part, n in counts)
    return f"{wording.plural(sum(n for _, n in counts), 'account')}: {told}."
