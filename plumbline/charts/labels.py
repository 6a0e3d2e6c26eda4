"""Names beside dots that do not cover each other: each stands right, left, above, below or at a corner of its dot, or is left to the hover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_CHARACTER, _LINE, _GAP = 6.9, 16.0, 4.0  # of 12 px text, in px
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Dot:
    """A dot in pixels from the upper left corner of the drawing; radius in px; the one with the highest weight is named first."""

    x: float
    y: float
    radius: float
    text: str
    weight: float


@dataclass(frozen=True)
class Place:
    """Where a name stands beside its dot: the shift in px, and which side of the text the shift leads to."""

    x_shift: float
    y_shift: float
    x_anchor: str
    y_anchor: str


def beside(dots: Sequence[Dot], width: float, height: float, lines: Sequence[Box] = ()) -> list[Place | None]:
    """A place for each name within a drawing of `width` x `height`, or None where every one is taken. Same order as `dots`.

    lines: what else a name should not cover, where there is room elsewhere.
    """
    taken: list[Box] = [(dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius) for dot in dots]
    found: list[Place | None] = [None] * len(dots)
    for number in sorted(range(len(dots)), key=lambda number: -dots[number].weight):
        dot = dots[number]
        others = [box for place, box in enumerate(taken) if place != number]
        free = [
            (place, box)
            for place, box in _places(dot)
            if box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height and not any(_meet(box, other) for other in others)
        ]
        if free:
            found[number], box = min(free, key=lambda told: sum(_meet(told[1], line) for line in lines))
            taken.append(box)
    return found


def _places(dot: Dot) -> list[tuple[Place, Box]]:
    wide, away = len(dot.text) * _CHARACTER, dot.radius + _GAP
    half = _LINE / 2
    return [
        (Place(away, 0, "left", "middle"), (dot.x + away, dot.y - half, dot.x + away + wide, dot.y + half)),
        (Place(-away, 0, "right", "middle"), (dot.x - away - wide, dot.y - half, dot.x - away, dot.y + half)),
        (Place(0, away, "center", "bottom"), (dot.x - wide / 2, dot.y - away - _LINE, dot.x + wide / 2, dot.y - away)),
        (Place(0, -away, "center", "top"), (dot.x - wide / 2, dot.y + away, dot.x + wide / 2, dot.y + away + _LINE)),
        *(_corner(dot, right, up) for right in (1, -1) for up in (1, -1)),
    ]


def _corner(dot: Dot, right: int, up: int) -> tuple[Place, Box]:
    """right, up: 1 or -1."""
    wide, away = len(dot.text) * _CHARACTER, dot.radius + _GAP
    left = dot.x + _GAP if right > 0 else dot.x - _GAP - wide
    above = dot.y - away - _LINE if up > 0 else dot.y + away
    place = Place(right * _GAP, up * away, "left" if right > 0 else "right", "bottom" if up > 0 else "top")
    return place, (left, above, left + wide, above + _LINE)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
