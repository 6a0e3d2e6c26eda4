"""How soon leads were first tried, as one strip whose parts add up to all of them."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from plumbline.charts.sum_strip import hatched, hollow, solid, sum_strip, sum_strip_alt
from plumbline.colours import Mode, faded, palette

BANDS = {
    "5m": "within 5 min",
    "30m": "5 to 30 min",
    "1h": "30 min to 1 h",
    "24h": "1 to 24 h",
    "48h": "24 to 48 h",
    "later": "later<br>than 48 h",
    "never": "never tried",
    "early": "not yet tried,<br>too early to say",
}
_TRIED = ("5m", "30m", "1h", "24h", "48h", "later")


def response_sum(counts: Sequence[tuple[str, int]], *, mode: Mode = "light") -> go.Figure:
    """counts: (band of BANDS, leads) in its order. The later the paler. customdata of a part: [band]."""
    colours = palette(mode)
    looks = {band: (colours.reached, solid(mode, faded(colours.reached, 1 - 0.14 * place))) for place, band in enumerate(_TRIED)}
    looks["never"] = (colours.lost, hollow(mode, colours.lost))
    looks["early"] = (colours.stages["mql"], hatched(mode, colours.stages["mql"]))
    return sum_strip(counts, BANDS, looks, mode)


def response_sum_alt(counts: Sequence[tuple[str, int]]) -> str:
    """'3,033 leads: 23 within 5 min, 359 5 to 30 min, ...'"""
    return sum_strip_alt(counts, BANDS)
