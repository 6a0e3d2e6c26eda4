"""Eight weeks of one promise as a picture that fits into a line of text: SVG, for it stands beside words, not on a sheet of its own.

Bars from zero to what was kept of it: teal where the promise was kept, rust where it was broken, hollow where it is too early or too little was due.
A thin line across is what was promised. The week itself, the last bar, is drawn stronger.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

import polars as pl

from plumbline import wording
from plumbline.colours import Mode, palette

WIDTH, HEIGHT = 104, 26
_GAP, _FOOT, _LEAST = 3, 1, 2.0


def promise_trend(rows: pl.DataFrame, mode: Mode = "light") -> str:
    """rows, the oldest week first: value (a share or a number; null: nothing to judge), target, status (met, missed, else hollow). Gives SVG."""
    colours = palette(mode)
    top = max([1.0, *rows["target"].to_list(), *(value for value in rows["value"] if value is not None)])
    if rows.height and rows["target"].max() <= 1:
        top = 1.0
    step = WIDTH / max(rows.height, 1)
    room = HEIGHT - _FOOT - 2
    marks = []
    for place, row in enumerate(rows.to_dicts()):
        x, is_last = place * step, place == rows.height - 1
        hue = {"met": colours.reached, "missed": colours.lost}.get(row["status"], "")
        if row["value"] is None:
            marks.append(_line(x, x + step - _GAP, HEIGHT - _FOOT - 0.75, colours.comparison, 1.5))
            continue
        tall = max(_LEAST, min(row["value"] / top, 1.0) * room)
        y, wide = HEIGHT - _FOOT - tall, step - _GAP
        if hue:
            marks.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{hue}" opacity="{1 if is_last else 0.55}"/>')
        else:
            inner = f'x="{x + 0.6:.1f}" y="{y + 0.6:.1f}" width="{wide - 1.2:.1f}" height="{max(0.8, tall - 1.2):.1f}"'
            marks.append(f'<rect {inner} fill="none" stroke="{colours.comparison}" stroke-width="1.2"/>')
    marks += _promised(rows, step, top, room, colours.text)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f"aria-label={quoteattr(promise_trend_alt(rows))}>{''.join(marks)}</svg>"
    )


def _promised(rows: pl.DataFrame, step: float, top: float, room: float, colour: str) -> list[str]:
    """The line of what was promised, week by week: a quarter's leads fall on fewer working days in some weeks."""
    lines = []
    for place, target in enumerate(rows["target"]):
        y = HEIGHT - _FOOT - target / top * room
        lines.append(_line(place * step, min(WIDTH, (place + 1) * step) - (_GAP if place == rows.height - 1 else 0), y, colour, 1))
    return lines


def _line(x1: float, x2: float, y: float, colour: str, width: float) -> str:
    return f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}" stroke-width="{width}"/>'


def promise_trend_alt(rows: pl.DataFrame) -> str:
    """'Kept in 3 of the 8 weeks to this one, broken in 5.'"""
    kept, broken = (int((rows["status"] == name).sum()) for name in ("met", "missed"))
    if not kept + broken:
        return f"No verdict in {wording.plural(rows.height, 'week')}."
    rest = rows.height - kept - broken
    open_ = f", no verdict in {wording.count(rest)}" if rest else ""
    return f"Kept in {wording.count(kept)} of the {wording.plural(rows.height, 'week')} to this one, broken in {wording.count(broken)}{open_}."
