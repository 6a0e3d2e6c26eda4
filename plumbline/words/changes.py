"""What changed in a week, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline import wording
from plumbline.meeting.changes import Change, Why
from plumbline.words.parts import Bold, Part


def sentence(change: Change) -> list[Part]:
    """'New SQLs: 14, against 9 a week in the eight weeks before; most of it is source partner (3, against 8).'"""
    now, before = figures(change)
    joined = {"too_few": "; ", "chance": ", ", "told": "; "}[_kind(change)]
    said = reading(change)
    return [f"{name(change)}: ", Bold(now), f", against {before} in the eight weeks before{joined}{said[:1].lower()}{said[1:]}."]


def name(change: Change) -> str:
    """'New SQLs'."""
    return change.figure.name[:1].upper() + change.figure.name[1:]


def reading(change: Change) -> str:
    """How the change is to be read, as a sentence without its full stop: 'Most of it is source partner (3, against 8)', 'As chance may bring'."""
    kind = _kind(change)
    told = "too few to say" if kind == "too_few" else "as chance may bring" if kind == "chance" else _because(change.why)
    return told[:1].upper() + told[1:]


def _kind(change: Change) -> str:
    return "too_few" if change.is_thin else "told" if change.is_told else "chance"


def figures(change: Change) -> tuple[str, str]:
    """The figure of the week and that of the weeks before, as they are read: '14', '9 a week'; '41 % of 45', '44 %'."""
    if change.figure.is_share:
        return f"{wording.share(change.now)} of {wording.count(change.n_now)}", wording.share(change.before)
    return wording.count(change.now), f"{wording.decimal(change.before)} a week"


def _because(why: Why | None) -> str:
    if why is None:
        return "no single source, region, team, size or industry explains most of it"
    name = f"{why.dimension.replace('_', ' ')} {wording.shortened(why.value, 40) or 'not known'}"
    if why.kind == "count":
        return f"most of it is {name} ({wording.count(why.now)}, against {wording.decimal(why.before)} a week)"
    if why.kind == "mix":
        return (
            f"other leads came rather than the same ones doing otherwise: {name} was {wording.share(why.now)} of them,"
            f" against {wording.share(why.before)}"
        )
    return f"most of it is within {name} ({wording.share(why.now)}, against {wording.share(why.before)})"


def headline(changes: Sequence[Change]) -> str:
    """'Two figures changed beyond chance', or that none did."""
    told = [change for change in changes if change.is_told]
    if not changes:
        return "Nothing of these weeks can be compared"
    if not told:
        return "No figure of the week is beyond what the eight weeks before let expect"
    return f"{wording.words(number(len(told)))} {'figure' if len(told) == 1 else 'figures'} changed beyond chance"


def number(n: int) -> str:
    """Small whole numbers in words."""
    return ("none", "one", "two", "three", "four", "five", "six", "seven")[n] if 0 <= n < 8 else wording.count(n)
