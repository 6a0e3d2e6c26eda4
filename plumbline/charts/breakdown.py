"""Conversion by the values of one dimension: a dot with its interval, best first, small samples grey and last."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from plumbline import wording
from plumbline.charts.canvas import FONT, hover, nothing, safe, share_ticks, sheet
from plumbline.colours import Mode, faded, palette
from plumbline.statistics import MINIMUM_N, wilson

MOST = 12
_ROW = 28
HEIGHT = _ROW * (MOST + 2) + 40
UNKNOWN = "not known"


def breakdown_bars(rows: pl.DataFrame, *, mode: Mode = "light", stage: str | None = None) -> go.Figure:
    """rows: value, mature, converted (further columns of funnel/breakdown are fine; give `stage` when several are in it).

    At most 12 values, those with most leads; the rest is one row "n others", last. A dashed line shows all values together.
    customdata of a point: [value] (null = not known); of the others: ["others", number of values].
    """
    kept, others, total = _ranked(rows, stage)
    if not kept.height:
        return nothing(mode, HEIGHT, "No lead old enough to judge in this period.")
    colours = palette(mode)
    figure = sheet(mode, HEIGHT, left=152, right=104, top=34, bottom=6)
    table = kept if others is None else pl.concat([kept, others], how="diagonal")
    labels = [_label(row) for row in table.iter_rows(named=True)]
    for place, (row, label) in enumerate(zip(table.iter_rows(named=True), labels, strict=True)):
        few = row["mature"] < MINIMUM_N
        hue = colours.too_few if few else colours.reached
        figure.add_scatter(
            x=[row["low"], row["high"]],
            y=[place, place],
            mode="lines",
            line={"width": 2 if not few else 1, "color": faded(hue, 0.55)},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=[row["rate"]],
            y=[place],
            mode="markers",
            marker={"size": 11, "symbol": "circle-open" if few else "circle", "color": hue, "line": {"width": 1.8, "color": hue}},
            cliponaxis=False,
            customdata=[["others", row["values"]] if row["values"] else [row["value"]]],
            hovertext=[_said(row, label)],
            hoverinfo="text",
            unselected={"marker": {"opacity": 0.65}},
        )
        side = {"yref": "y", "y": place, "xref": "paper", "showarrow": False}
        figure.add_annotation(
            **side,
            x=0,
            xanchor="right",
            xshift=-10,
            text=label,
            font={"size": 13, "color": colours.quiet_text if few or row["values"] else colours.text, "family": FONT},
        )
        words = "too few" if few else f"<b>{wording.share(row['rate'])}</b>"
        figure.add_annotation(
            **side, x=1, xanchor="left", xshift=10, text=words, font={"size": 13, "color": colours.quiet_text if few else colours.text}
        )
        figure.add_annotation(
            **side,
            x=1,
            xanchor="right",
            xshift=104,
            text=f"n {wording.short_count(row['mature'])}",
            font={"size": 12, "color": colours.quiet_text},
        )
    values, texts, top = share_ticks(max(table.filter(pl.col("mature") >= MINIMUM_N)["high"].max() or 0, table["rate"].max() or 0))
    figure.update_xaxes(range=[-0.01 * top, top * 1.01], tickvals=values, ticktext=texts, side="top")
    for value in values:
        figure.add_shape(type="line", x0=value, x1=value, y0=-0.6, y1=table.height - 0.4, line={"color": colours.rule, "width": 1}, layer="below")
    figure.update_yaxes(range=[MOST + 1.4, -0.6], visible=False)
    if table.height > 1:
        rate = total["converted"] / total["mature"]
        figure.add_shape(
            type="line",
            x0=rate,
            x1=rate,
            y0=-0.5,
            y1=table.height - 0.4,
            line={"color": colours.quiet_text, "width": 1.2, "dash": "dash"},
            layer="below",
        )
        figure.add_annotation(
            x=rate,
            y=table.height - 0.4,
            yanchor="top",
            showarrow=False,
            text=f"all {wording.share(rate)}",
            font={"size": 12, "color": colours.quiet_text},
        )
    return figure


def _label(row: dict) -> str:
    if row["values"]:
        return wording.plural(row["values"], "other", "others")
    return UNKNOWN if row["value"] is None else safe(row["value"], 22)


def _ranked(rows: pl.DataFrame, stage: str | None) -> tuple[pl.DataFrame, pl.DataFrame | None, dict]:
    if stage is not None:
        rows = rows.filter(pl.col("stage") == stage)
    rows = rows.filter(pl.col("mature") > 0).select("value", pl.col("mature").cast(pl.Int64), pl.col("converted").cast(pl.Int64))
    rows = rows.sort("mature", "value", descending=[True, False], nulls_last=True)
    kept, rest = rows.head(MOST), rows.tail(-MOST) if rows.height > MOST else rows.clear()
    if rest.height == 1:
        kept, rest = rows.head(MOST + 1), rest.clear()
    total = {"mature": rows["mature"].sum(), "converted": rows["converted"].sum()}
    kept = _measured(kept).sort(pl.col("mature") < MINIMUM_N, -pl.col("rate"), "value", nulls_last=True)
    if rest.is_empty():
        return kept, None, total
    pooled = rest.select(pl.lit(None, rows.schema["value"]).alias("value"), pl.col("mature", "converted").sum())
    return kept, _measured(pooled.head(1)).with_columns(pl.lit(rest.height, pl.Int64).alias("values")), total


def breakdown_pooled(rows: pl.DataFrame, *, stage: str | None = None) -> list[str | None]:
    """The values that `breakdown_bars` draws as one row "n others"."""
    kept, _, _ = _ranked(rows, stage)
    told = rows.filter((pl.col("stage") == stage) & (pl.col("mature") > 0)) if stage is not None else rows.filter(pl.col("mature") > 0)
    shown = set(kept["value"].to_list())
    return [value for value in told["value"] if value not in shown]


def _measured(rows: pl.DataFrame) -> pl.DataFrame:
    low, high = wilson(rows["converted"].to_numpy(), rows["mature"].to_numpy())
    return rows.with_columns(
        (pl.col("converted") / pl.col("mature")).alias("rate"),
        pl.Series("low", low, pl.Float64),
        pl.Series("high", high, pl.Float64),
        pl.lit(0, pl.Int64).alias("values"),
    )


def _said(row: dict, label: str) -> str:
    few = row["mature"] < MINIMUM_N
    return hover(
        f"<b>{label}</b>",
        f"{wording.share(row['rate'])} of {wording.count(row['mature'])} old enough went on in time",
        f"{wording.TOO_FEW}: under {MINIMUM_N}" if few else f"{wording.share(row['low'])} to {wording.share(row['high'])} likely",
    )


def breakdown_bars_alt(rows: pl.DataFrame, *, stage: str | None = None) -> str:
    """'Conversion by value: webinar highest with 71 % of 210, paid social lowest with 38 % of 402; 3 values have too few to say.'"""
    kept, _, total = _ranked(rows, stage)
    if not kept.height:
        return "Conversion by value: no lead old enough to judge in this period."
    enough = kept.filter(pl.col("mature") >= MINIMUM_N)
    few = kept.height - enough.height
    said = []
    if enough.height:
        best, worst = enough.row(0, named=True), enough.row(-1, named=True)
        said.append(f"{wording.shortened(_plain(best), 40)} highest with {wording.share_of(best['converted'], best['mature'])}")
        if enough.height > 1:
            said.append(f"{wording.shortened(_plain(worst), 40)} lowest with {wording.share_of(worst['converted'], worst['mature'])}")
    if few:
        said.append(f"{wording.plural(few, 'value has', 'values have')} too few to say")
    return f"Conversion by value, {wording.share(total['converted'] / total['mature'])} over all: {'; '.join(said)}."


def _plain(row: dict) -> str:
    return UNKNOWN if row["value"] is None else str(row["value"])
