"""The swap-set: who is handed over under both definitions, only under the draft, only before; and what is known of them."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from plumbline import wording
from plumbline.charts.canvas import HATCH, hover, legend_above, nothing, sheet
from plumbline.colours import Mode, faded, palette

HEIGHT = 220
SETS = {"kept": "Handed over both ways", "newly_in": "Only by the draft", "newly_out": "No longer handed over"}
SETS_AGAINST = SETS | {"newly_out": "Only by the other"}  # held against another definition, not against what happened
PARTS = {
    "sql": "became SQL",
    "accepted": "accepted, no SQL so far",
    "not_accepted": "not accepted in time",
    "early": "too early to say",
    "unknown": "never offered to sales: unknown",
    "decided": "accepted or gone before it would hand them over: cannot be told",
}
_KEYS = {
    "sql": "became SQL",
    "accepted": "accepted",
    "not_accepted": "not accepted",
    "early": "too early",
    "unknown": "never offered",
    "decided": "decided before",
}
Parts = Mapping[str, Mapping[str, int]]  # set -> part -> leads


def swap_bars(
    sets: Parts, *, mode: Mode = "light", names: Mapping[str, str] = SETS, called: Mapping[str, tuple[str, str]] | None = None
) -> go.Figure:
    """One bar a set, in parts that add up to its leads. names: of the sets, in words; called: part -> what it is called otherwise than in PARTS, in a
    sentence and in the key. customdata of a point: [set, part]."""
    if not any(sum(parts.values()) for parts in sets.values()):
        return nothing(mode, HEIGHT, "Neither the draft nor what happened handed over a lead in this period.")
    colours = palette(mode)
    looks = {
        "sql": {"color": colours.reached, "line": {"width": 1, "color": colours.page}},
        "accepted": {"color": faded(colours.reached, 0.45), "line": {"width": 1, "color": colours.page}},
        "not_accepted": {"color": colours.lost, "line": {"width": 1, "color": colours.page}},
        "early": {
            "color": colours.stages["mql"],
            "pattern": HATCH | {"fgcolor": colours.stages["mql"], "bgcolor": colours.page},
            "line": {"width": 1, "color": colours.stages["mql"]},
        },
        "unknown": {"color": colours.page, "line": {"width": 1.4, "color": colours.quiet_text}},
        "decided": {"color": faded(colours.quiet_text, 0.35), "line": {"width": 1, "color": colours.page}},
    }
    figure = sheet(mode, HEIGHT, left=168, right=64, top=34, bottom=6)
    listed = list(SETS)
    traces = []
    for part, usual in PARTS.items():
        words, key = (called or {}).get(part, (usual, _KEYS[part]))
        values = [sets[name][part] for name in listed]
        if not any(values):
            continue
        look = dict(looks[part])
        look["line"] = {"width": [look["line"]["width"] if value else 0 for value in values], "color": look["line"]["color"]}
        traces.append(
            {
                "type": "bar",
                "y": listed,
                "x": values,
                "orientation": "h",
                "width": 0.6,
                "marker": look,
                "name": wording.words(key),
                "customdata": [[name, part] for name in listed],
                "hovertext": [hover(f"<b>{wording.count(value)}</b> {words}", names[name]) for name, value in zip(listed, values, strict=True)],
                "hoverinfo": "text",
                "unselected": {"marker": {"opacity": 0.65}},
            }
        )
    totals = {name: sum(sets[name].values()) for name in listed}
    counts = [
        (name, {"x": n, "xanchor": "left", "xshift": 6, "text": f"<b>{wording.count(n)}</b>", "font": {"size": 14}}) for name, n in totals.items()
    ]
    labels = [(name, {"x": 0, "xanchor": "right", "xshift": -8, "text": names[name], "font": {"size": 13}}) for name in listed]
    figure.add_traces(traces)
    figure.layout.annotations = [{"y": name, "showarrow": False, **one} for name, one in (*counts, *labels)]
    figure.layout.barmode = "stack"
    figure.layout.xaxis.update(range=[0, max(totals.values()) * 1.02], showticklabels=False)
    figure.layout.yaxis.update(autorange="reversed", showticklabels=False)
    legend_above(figure, mode, entry_width=80)
    return figure


def swap_bars_alt(sets: Parts, became: str = PARTS["sql"]) -> str:
    """'309 leads both ways, 14 only by the draft (13 never offered to sales), 584 no longer.'"""
    n = {name: sum(parts.values()) for name, parts in sets.items()}
    unknown = sets["newly_in"]["unknown"]
    aside = f" ({wording.count(unknown)} never offered to sales)" if unknown else ""
    return (
        f"{wording.plural(n['kept'], 'lead')} handed over both ways, {wording.count(n['newly_in'])} only by the draft{aside},"
        f" {wording.count(n['newly_out'])} no longer, of whom {wording.count(sets['newly_out']['sql'])} {became}."
    )
