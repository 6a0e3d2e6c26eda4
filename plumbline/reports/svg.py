"""Small pictures as SVG, drawn without a library: they print sharply and need nothing beside the file they stand in."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from plumbline import wording
from plumbline.colours import LIGHT, Palette
from plumbline.reports.minutes import Count, Point, PromiseLine
from plumbline.reports.texts import escaped

_STATUS = {"met": "kept", "missed": "broken", "too_few": "too few to say", "too_early": "too early to say", "no_data": "nothing to judge"}
_W, _H, _FOOT = 240, 88, 20


def trend(promise: PromiseLine, colours: Palette = LIGHT, namespace: str = "") -> str:
    """The weeks of a promise as bars from zero, this week last; the promised level dashed; a mark under each week in which it was broken."""
    points, top = promise.trend, top_of(promise)
    if not points:
        return ""
    wide = _W / len(points)
    base = _H - _FOOT
    parts = []
    for place, point in enumerate(points):
        x, width = place * wide + wide * 0.18, wide * 0.64
        if point.value is None:
            parts.append(f'<line x1="{x:.1f}" x2="{x + width:.1f}" y1="{base - 1}" y2="{base - 1}" stroke="{colours.comparison}" stroke-width="2"/>')
            continue
        tall = max(1.5, point.value / top * (base - 4))
        is_told = point.status in ("met", "missed")
        colour = {"met": colours.reached, "missed": colours.lost}.get(point.status, colours.too_few)
        fill = f'fill="{colour}"' if is_told else f'fill="none" stroke="{colour}" stroke-width="1.2"'
        parts.append(f'<rect x="{x:.1f}" y="{base - tall:.1f}" width="{width:.1f}" height="{tall:.1f}" {fill}/>')
        if point.status == "missed":
            middle = x + width / 2
            parts.append(f'<path d="M{middle - 3:.1f} {base + 2} h6 l-3 4 z" fill="{colour}"/>')
    for place, point in enumerate(points):  # what a quarter's leads come to differs from week to week
        level = base - point.goal / top * (base - 4)
        line = f'x1="{place * wide:.1f}" x2="{(place + 1) * wide:.1f}" y1="{level:.1f}" y2="{level:.1f}"'
        parts.append(f'<line {line} stroke="{colours.text}" stroke-width="1.2" stroke-dasharray="5 2.5"/>')
    for place, anchor in ((0, "start"), (len(points) - 1, "end")):
        x = 0 if place == 0 else _W
        told = escaped(points[place].label)
        parts.append(f'<text x="{x}" y="{_H - 1}" text-anchor="{anchor}" font-size="13" fill="{colours.quiet_text}">{told}</text>')
    return f'<svg viewBox="0 0 {_W} {_H}" role="img" class="trend"{namespace}><title>{escaped(alt(promise))}</title>{"".join(parts)}</svg>'


def alt(promise: PromiseLine) -> str:
    """The trend in words."""
    told = [f"week of {point.label} {value(promise, point)} ({_STATUS.get(point.status, point.status)})" for point in promise.trend]
    return f"{promise.title}, promised {promise.target}: {'; '.join(told)}"


def value(promise: PromiseLine, point: Point) -> str:
    """A point as it is read."""
    return wording.share(point.value) if promise.is_share else wording.count(point.value)


def top_of(promise: PromiseLine) -> float:
    """The value at the upper end of the scale."""
    return 1.0 if promise.is_share else max([1.0, *(max(point.goal, point.value or 0.0) for point in promise.trend)]) * 1.05


def bars(counts: Sequence[Count], colour: str, most: int = 8) -> str:
    """Counts as bars that lie, each with its number and, in grey, that of the weeks before."""
    shown = [one for one in counts if one.n][:most]
    if not shown:
        return ""
    top = max(one.n for one in shown)
    rows = [
        f'<tr><th scope="row" dir="auto">{escaped(one.name)}</th><td class="num">{wording.count(one.n)}</td>'
        f'<td class="bar"><svg viewBox="0 0 200 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{max(1.0, one.n / top * 200):.1f}" height="10" fill="{colour}"/></svg></td><td class="quiet">{escaped(one.before)}</td></tr>'
        for one in shown
    ]
    return f'<table class="bars">{"".join(rows)}</table>'


def trend_image(promise: PromiseLine, colours: Palette) -> str:
    """The trend as an <img> that holds its own picture, for pages that let no SVG in."""
    drawn = trend(promise, colours, ' xmlns="http://www.w3.org/2000/svg"')
    return f'<img src="data:image/svg+xml;base64,{b64encode(drawn.encode()).decode()}" alt="{escaped(alt(promise))}">' if drawn else ""
