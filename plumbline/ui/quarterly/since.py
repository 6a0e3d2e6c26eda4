"""The signed prediction beside what came, and the number of leads promised beside those that came."""

from __future__ import annotations

from itertools import accumulate

import polars as pl

from plumbline import charts, wording
from plumbline.meeting.quarter import Foreseen, Quarter, Signed
from plumbline.ui import panels, text, theme
from plumbline.words import foretold as words
from plumbline.words import quarter_parts
from plumbline.words.quarterly import FORETOLD


def prediction(version: Signed) -> None:
    """What was signed as the prediction, and what it could not know."""
    told = version.foretold
    if told is None:
        text.chart_title("Did what was foretold come?")
        text.note(f"It cannot be told: {version.why_not_foretold}.")
        return
    rows = foretold_rows(told.figures)
    panels.chart(
        charts.foretold(rows, mode=theme.mode()),
        f"quarterly.foretold.{version.number}",
        rows.select("figure", "told"),
        charts.foretold_alt(rows),
        title=words.title(told),
        subtitle=words.subtitle(told),
        is_clickable=False,
        headings={"figure": "Figure", "told": "Signed and come"},
        file="foretold and come",
    )
    for said in words.not_known(told):
        text.note(said)


def foretold_rows(figures: tuple[Foreseen, ...]) -> pl.DataFrame:
    """The rows of the picture."""
    numbers, texts = ("said", "low", "high", "came", "came_low", "came_high"), ("verdict", "told", "label")
    told = [
        {"figure": FORETOLD[one.key][1]}
        | {name: getattr(one, name) for name in numbers}
        | {"verdict": one.verdict, "told": words.sentence(one), "label": _label(one)}
        for one in figures
    ]
    return pl.DataFrame(told, schema={"figure": pl.String} | dict.fromkeys(numbers, pl.Float64) | dict.fromkeys(texts, pl.String))


def _label(one: Foreseen) -> str:
    if one.verdict in ("too_early", "not_told"):
        return words.VERDICTS["too_early"] if one.verdict == "too_early" else "not foretold"
    n = f" of {wording.count(one.n)}" if one.is_share else f", signed {words.figure(one, one.said)}"
    short = {"inside": "as signed", "near": "may be chance", "above": "above what was signed", "below": "below what was signed"}
    return f"{words.figure(one, one.came)}{n}\n{short[one.verdict]}"


def volume(told: Quarter) -> None:
    """The number promised, added up by week."""
    if not told.volume:
        return
    panels.chart(
        charts.volume_so_far(volume_rows(told), mode=theme.mode()),
        "quarterly.volume",
        volume_rows(told),
        charts.volume_so_far_alt(volume_rows(told)),
        title=quarter_parts.volume_title(told),
        subtitle=quarter_parts.volume_note(told),
        is_clickable=False,
        headings={
            "week": "Week of", "came": "Came", "came_so_far": "Came so far", "target": "Promised", "target_so_far": "Promised so far",
            "is_over": "Over",
        },
        file="qualified leads so far",
    )  # fmt: skip


def volume_rows(told: Quarter) -> pl.DataFrame:
    """week, came, came_so_far, target, target_so_far, is_over."""
    weeks = told.volume
    came = list(accumulate(week.came or 0 for week in weeks))
    target = list(accumulate(week.target or 0.0 for week in weeks))
    return pl.DataFrame(
        {
            "week": [week.monday for week in weeks],
            "came": [week.came for week in weeks],
            "came_so_far": [None if week.came is None else so_far for week, so_far in zip(weeks, came, strict=True)],
            "target": [week.target for week in weeks],
            "target_so_far": [so_far if so_far else None for so_far in target],
            "is_over": [week.is_over for week in weeks],
        },
        schema={"week": pl.Date, "came": pl.Int64, "came_so_far": pl.Int64, "target": pl.Float64, "target_so_far": pl.Float64, "is_over": pl.Boolean},
    )
