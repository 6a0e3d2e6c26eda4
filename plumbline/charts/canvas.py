"""What every chart shares: the sheet it is drawn on, safe texts, round ticks, marks on a time axis, labels that keep apart."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import plotly.graph_objects as go

from plumbline import wording
from plumbline.colours import Mode, faded, palette

FONT = '"Source Sans", "Source Sans 3", "Noto Sans", system-ui, sans-serif'
HEADING_FONT = '"Source Serif", "Source Serif 4", "Noto Serif", Georgia, serif'
HATCH = {"shape": "/", "size": 7, "solidity": 0.28, "fillmode": "replace"}

CONFIG = {"displayModeBar": False, "displaylogo": False, "responsive": True, "scrollZoom": False, "doubleClick": False, "showTips": False}
"""For st.plotly_chart(config=...) and for reports."""


def sheet(mode: Mode, height: int, *, left: int = 8, right: int = 8, top: int = 8, bottom: int = 32) -> go.Figure:
    """An empty figure in the house style. Margins in px; axes do not drag or zoom."""
    colours = palette(mode)
    axis = {
        "fixedrange": True,
        "zeroline": False,
        "showgrid": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": 12, "color": colours.quiet_text},
        "automargin": False,
    }
    # one dictionary: the same through update_layout and update_xaxes takes fifteen times as long
    return go.Figure(
        layout={
            "template": "none",
            "height": height,
            "autosize": True,
            "margin": {"l": left, "r": right, "t": top, "b": bottom, "pad": 0},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": 13, "color": colours.text},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "hoverlabel": {
                "bgcolor": colours.panel,
                "bordercolor": colours.rule,
                "font": {"family": FONT, "size": 13, "color": colours.text},
                "align": "left",
                "namelength": 0,
            },
            "legend": {"itemclick": False, "itemdoubleclick": False},
            "bargap": 0,
            "barcornerradius": 0,
            "xaxis": axis,
            "yaxis": axis | {"gridcolor": colours.rule, "gridwidth": 1},
        }
    )


def legend_above(figure: go.Figure, mode: Mode, *, entry_width: int = 0) -> None:
    """One quiet line of keys above the drawing. entry_width: pixels of each key's words, where keys should stand in columns."""
    figure.layout.showlegend = True
    figure.layout.legend = {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "xref": "container",
        "y": 1,
        "yanchor": "top",
        "yref": "container",
        "font": {"size": 12, "color": palette(mode).quiet_text},
        "bgcolor": "rgba(0,0,0,0)",
        "itemsizing": "constant",
        "itemwidth": 30,
        "tracegroupgap": 0,
        "traceorder": "normal",
        "itemclick": False,
        "itemdoubleclick": False,
        **({"entrywidth": entry_width, "entrywidthmode": "pixels"} if entry_width else {}),
    }


def nothing(mode: Mode, height: int, text: str) -> go.Figure:
    """The same sheet with one sentence on it, for frames without rows."""
    figure = sheet(mode, height)
    figure.update_xaxes(visible=False, range=[0, 1])
    figure.update_yaxes(visible=False, range=[0, 1])
    figure.add_annotation(x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, text=text, font={"size": 14, "color": palette(mode).quiet_text})
    return figure


def safe(text: object, width: int | None = None) -> str:
    """Text from data for a label or a hover: one line, no tag, no link, no template, no formula markup."""
    line = wording.shortened(text, width or 400)
    # a word joiner after $ keeps MathJax off where a page has loaded it; after % it keeps %{...} from being a template
    return html.escape(line, quote=False).replace("$", "$\u2060").replace("%{", "%\u2060{")


def hover(*lines: str) -> str:
    """Lines of a hover box. Each must be safe already; empty ones are left out."""
    return "<br>".join(line for line in lines if line)


def share_ticks(top: float) -> tuple[list[float], list[str], float]:
    """Few round ticks of a share axis from zero: values, texts, upper end (0..1, at least 5 %)."""
    top = min(max(top, 0.04), 1.0)
    step = next(s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25) if top / s <= 5.001)
    last = min(math.ceil(top / step - 1e-9), round(1 / step))
    values = [round(i * step, 4) for i in range(last + 1)]
    return values, [wording.share(v) for v in values], values[-1]


def count_top(largest: float) -> float:
    """A round number at or above `largest`: 1, 2, 5 times a power of ten, with 2.5 and 7.5 between; at least 1."""
    if largest <= 1:
        return 1.0
    power = 10 ** math.floor(math.log10(largest))
    return next(m * power for m in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10) if m * power >= largest * 0.999999)


def day_ticks(days: Sequence[date], most: int = 7) -> tuple[list[date], list[str]]:
    """A few of the days, evenly apart, the last one among them; the year at the first tick and where it changes."""
    days = sorted(set(days))
    if not days:
        return [], []
    step = max(1, math.ceil(len(days) / most))
    chosen = days[::-1][::step][::-1]
    texts = []
    for place, day in enumerate(chosen):
        new_year = place == 0 or day.year != chosen[place - 1].year
        texts.append(f"{wording.short_day(day)}<br>{day.year}" if new_year else wording.short_day(day))
    return chosen, texts


def time_ticks(first: datetime, last: datetime, is_dated: bool = False) -> tuple[list[datetime], list[str]]:
    """A few round moments of a span, hours or days apart; the day or the year where it changes. is_dated: no hours, but days at their noon."""
    span = last - first
    if span <= timedelta(days=2) and not is_dated:
        step = next(timedelta(hours=h) for h in (1, 3, 6, 12) if span / timedelta(hours=h) <= 6 or h == 12)
        start = first.replace(minute=0, second=0, microsecond=0)
        start = start.replace(hour=start.hour - start.hour % (step // timedelta(hours=1)))
    else:
        step = next((timedelta(days=d) for d in (1, 2, 7, 14, 30, 60, 90, 180, 365) if span / timedelta(days=d) <= 6), timedelta(days=730))
        start = first.replace(hour=12 if is_dated else 0, minute=0, second=0, microsecond=0)
    ticks = [start + step * i for i in range(12) if first <= start + step * i <= last] or [first]
    texts, before = [], None
    for tick in ticks:
        if step < timedelta(days=1):
            texts.append(f"{tick:%H:%M}<br>{wording.day(tick)}" if before is None or before.date() != tick.date() else f"{tick:%H:%M}")
        else:
            new_year = before is None or before.year != tick.year
            texts.append(f"{wording.short_day(tick)}<br>{tick.year}" if new_year else wording.short_day(tick))
        before = tick
    return ticks, texts


def mark_times(figure: go.Figure, mode: Mode, marks: Iterable[tuple[date | datetime, str]], *, top: float = 1.0) -> None:
    """Events that change meaning: a thin line with a number at its head; the words are in the hover of the head."""
    colours = palette(mode)
    for place, (when, what) in enumerate(sorted(marks, key=lambda mark: str(mark[0])), start=1):
        figure.add_shape(
            type="line", x0=when, x1=when, y0=0, y1=top, yref="paper", layer="below", line={"color": colours.quiet_text, "width": 1, "dash": "dot"}
        )
        figure.add_annotation(
            x=when,
            y=top,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            text=f"<b>{place}</b>",
            font={"size": 11, "color": colours.page},
            bgcolor=colours.quiet_text,
            borderpad=2,
            hovertext=hover(safe(what), wording.day(when)),
            captureevents=True,
        )


def cut_off(figure: go.Figure, mode: Mode, at: date, end: date | datetime, text: str, *, to_left: bool, above: int = 0) -> None:
    """A dashed line at the first day that is too early to judge, the time after it shaded, the words beside the line's head."""
    colours = palette(mode)
    figure.add_shape(type="rect", x0=at, x1=end, y0=0, y1=1, yref="paper", layer="below", line_width=0, fillcolor=faded(colours.comparison, 0.10))
    figure.add_shape(type="line", x0=at, x1=at, y0=0, y1=1, yref="paper", line={"color": colours.quiet_text, "width": 1.2, "dash": "dash"})
    figure.add_annotation(
        x=at,
        y=1,
        yref="paper",
        yanchor="bottom",
        xanchor="right" if to_left else "left",
        yshift=above,
        showarrow=False,
        align="right" if to_left else "left",
        text=text,
        font={"size": 12, "color": colours.quiet_text},
    )


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places at least `gap` apart, within [low, high], near the wanted ones and in their order (wanted ascending)."""
    placed: list[float] = []
    for place in wanted:
        placed.append(max(place, low, placed[-1] + gap if placed else low))
    for back in range(len(placed) - 1, -1, -1):
        limit = high if back == len(placed) - 1 else placed[back + 1] - gap
        placed[back] = min(placed[back], limit)
    return placed
