"""The pictures of Sources and cost: volume against quality, the ladder of costs, and the campaigns within a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
import streamlit as st

from plumbline import charts, wording
from plumbline.filters import MISSING, Filters
from plumbline.statistics import MINIMUM_N
from plumbline.ui import data, filter_bar, findings, leads_table, panels, text, theme, widen
from plumbline.ui.sources import ladder, sums, words

MOST = 14
_SHOWN = 50
_DOTS = {"source": "Sources", "campaign": "Campaigns"}
UNKNOWN = "(not known)"


@dataclass(frozen=True)
class Scene:
    """rows: of sums.with_quality, one a source; within: mql_days and sal_days."""

    filters: Filters
    rows: pl.DataFrame
    whole: sums.Sum
    within: dict[str, float]
    has_costs: bool
    currency: str
    columns: sums.Columns = sums.EVERY

    @property
    def days(self) -> str:
        return wording.decimal(sum(self.within.values()))


def campaigns(scene: Scene) -> pl.DataFrame:
    """The same by source and campaign."""
    quality = data.metric("sources/quality", scene.filters, by="campaign", **scene.within)
    return sums.with_quality(data.metric("sources/campaigns", scene.filters), quality)


def volume_against_quality(scene: Scene) -> None:
    if not scene.columns.good:
        text.note("No stage after SAL is recorded, so how good the leads of a source are is not shown.")
        return
    st.space("small")
    dots = "source"
    good = scene.columns.one(scene.columns.good)
    if "campaign" in data.field_options():
        dots = (
            st.segmented_control(
                "Dots", list(_DOTS), default="source", format_func=_DOTS.get, key="dots", bind="query-params", label_visibility="collapsed"
            )
            or "source"
        )
    rows = campaigns(scene) if dots == "campaign" else scene.rows.with_columns(campaign=pl.lit(None, pl.String))
    rows = rows.filter(pl.col("mqls") > 0)
    if rows.is_empty():
        widen.empty(
            "None of these leads was handed over",
            widen.ways(scene.filters, lambda chosen: int(data.metric("sources/cost", chosen)["mqls"].sum() or 0), "sources", {"dots": _DOTS[dots]}),
            "No hand-over is recorded in this history, so how good the leads of a source are cannot be told.",
            widen.bring_in("stage changes to “mql”"),
        )
        return
    told = rows.select(pl.col(dots).alias("value"), "mature", pl.col("k").alias("converted"))
    if dots == "source":
        told = told.filter(pl.col("value").is_not_null())
    picked = panels.chart(
        charts.volume_quality(rows, mode=theme.mode(), currency=scene.currency, reached=good),
        "volume",
        rows.select("source", *(["campaign"] if dots == "campaign" else []), "mqls", pl.col("mature").alias("old_enough"), pl.col("k").alias("sqls"),
                    (pl.col("k") / pl.col("mature").cast(pl.Float64)).alias("share"), "spend"),
        charts.volume_quality_alt(rows, reached=good),
        title=_title(told, dots, scene.columns.many(scene.columns.good)),
        subtitle=f"Across: leads handed over. Up: the share that became {words.a(good)} within {scene.days} days, with its 95 % interval, of "
        f"{wording.count(rows['mature'].sum())} old enough. "
        + ("Size: spend. " if scene.has_costs else "")
        + f"Hollow: under {MINIMUM_N}, too few to say. Click a dot to see its leads."
        + (" Where names would cover each other, hover." if dots == "campaign" else ""),
    )  # fmt: skip
    if picked and len(picked) == 2:
        _behind(scene, picked[0], picked[1], dots)


def _title(told: pl.DataFrame, dots: str, good: str) -> str:
    found = findings.breakdown(told, dots)
    if found.endswith("?"):
        return "Who brings many leads, and who good ones?"
    return found.replace(" goes on most often, ", f" leads become {good} most often, ")


def _behind(scene: Scene, source: str | None, campaign: str | None, dots: str) -> None:
    """The leads of a dot."""
    narrowed = scene.filters.with_segment("source", [source or MISSING])
    where = f"source {source or 'not known'}"
    if dots == "campaign":
        narrowed = narrowed.with_segment("campaign", [campaign or MISSING])
        where += f", campaign {campaign or 'not known'}"
    windows = {**scene.within, "sql_days": 45.0, "opportunity_days": 180.0}
    leads_table.preview(narrowed, windows, stage="mql", outcome=None, where=where, key="sources.dot")


def ladder_of_sources(scene: Scene, here: Callable[..., str]) -> None:
    """What one costs at each stage, by source; a source leads to its campaigns."""
    of = st.query_params.get("of")
    text.chart_title(
        "What a lead costs at each stage" if scene.has_costs else "How far the leads of each source come",
        ("The count, and under it what one cost. Bars compare costs within a column; in italics: under "
         f"{MINIMUM_N}, too few to say. " if scene.has_costs else "")
        + "Click a count to see its leads"
        + (", a source to see its campaigns." if "campaign" in data.field_options() else "."),
    )  # fmt: skip
    rungs = [
        ladder.rung(
            row,
            words.name(row),
            _leads(scene.filters, source=row["source"]),
            here(of=row["source"] or UNKNOWN) if "campaign" in data.field_options() else None,
            is_chosen=of == (row["source"] or UNKNOWN),
        )
        for row in scene.rows.head(MOST).iter_rows(named=True)
    ]
    ladder.show([*rungs, _total(scene)], "Source", scene.currency, scene.has_costs, scene.columns)
    if scene.rows.height > MOST:
        text.note(
            f"The first {MOST} of {wording.count(scene.rows.height)} sources are shown, by {'spend' if scene.has_costs else 'leads handed over'}."
        )
    panels.table_popover(
        scene.columns.of_table(data.metric("sources/cost", scene.filters), scene.has_costs),
        key="ladder.table",
        alt=f"What each source brought{' and cost' if scene.has_costs else ''}",
    )


def _total(scene: Scene) -> ladder.Rung:
    costs = {stage: scene.whole.cost(stage) for stage in sums.STAGES}
    hrefs = {stage: way(scene.filters, words.shown_as(stage)) for stage in sums.STAGES}
    mature, k = int(scene.rows["mature"].sum()), int(scene.rows["k"].sum())
    return ladder.Rung("All sources", scene.whole.counts, costs, scene.whole.spend, mature, k, hrefs, is_total=True)


def _leads(filters: Filters, **values: str | None) -> Callable[[str], str | None]:
    """The way to the leads of a row, by stage."""
    narrowed = filters
    for name, value in values.items():
        narrowed = narrowed.with_segment(name, [value or MISSING]) if name in data.field_options() else narrowed
    return lambda stage: way(narrowed, words.shown_as(stage), values)


def way(filters: Filters, shown: str, row: dict[str, str | None] | None = None) -> str | None:
    """The way to the leads of these filters. Where an attribute asked for changes, leads created are listed here: the Leads screen asks for today."""
    fields = data.history().fields
    is_told_anew = any(fields[name]["is_tracked"] for name in filters.segments if name in fields)
    if shown == "everyone" and is_told_anew and row is not None:
        return filter_bar.link("sources", created=[_written(value) for value in row.values()])
    return None if shown == "everyone" and is_told_anew else filter_bar.link_to("leads", filters, stage=shown)


def _written(value: str | None) -> str:
    return UNKNOWN if value is None else value


def created(scene: Scene) -> None:
    """The leads created of the row that the address names (source, then campaign)."""
    asked = st.query_params.get_all("created")
    if not asked or len(asked) > 2:
        return
    narrowed = scene.filters
    for name, value in zip(("source", "campaign"), asked, strict=False):
        narrowed = narrowed.with_segment(name, [MISSING if value == UNKNOWN else value])
    rows = data.metric("sources/created", narrowed, most=_SHOWN)
    total = rows["total"][0] if rows.height else 0
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text.subheading([text.Bold(wording.plural(total, "lead")), f" created · {wording.listing(asked)}, as known at creation"])
        st.button("Close", key="created.close", type="tertiary", on_click=lambda: st.query_params.pop("created", None))
    if not total:
        way_on = text.Link("All sources", filter_bar.link("sources"))
        text.empty_state("No lead here", "None was created in this period with these filters.", way_on)
        return
    text.note((f"The latest {_SHOWN} are shown. " if total > _SHOWN else "") + "A click on a lead opens its story.")
    leads_table.table(rows.drop("total"), "sources.created", lambda: data.metric("sources/created", narrowed, most=1_000_000).drop("total"))


def campaigns_within(scene: Scene) -> None:
    """The campaigns of the source that the address names."""
    of = st.query_params.get("of")
    if of is None or "campaign" not in data.field_options():
        return
    source = None if of == UNKNOWN else of
    rows = campaigns(scene).filter(pl.col("source").eq_missing(pl.lit(source, pl.String)))
    if not scene.has_costs:
        rows = rows.sort("mqls", "leads", descending=True, maintain_order=True)
    named = f"source {of}" if source is not None else "leads whose source is not known"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        text.subheading([f"Campaigns of {named}"])
        st.button("Close", key="of.close", type="tertiary", on_click=lambda: st.query_params.pop("of", None))
    if rows.is_empty():
        way_on = text.Link("All sources", filter_bar.link("sources"))
        text.empty_state("No campaign here", f"Nothing came in from {named} in this period with these filters.", way_on)
        return
    is_split = rows["cost_per_lead"].is_not_null().any() or rows["spend"].is_null().all()
    if not is_split:
        text.note("The spend of this source names no campaign, so it is not split among them.")
    rungs = [
        ladder.rung(row, row["campaign"] or "campaign not known", _leads(scene.filters, source=source, campaign=row["campaign"]))
        for row in rows.head(MOST).iter_rows(named=True)
    ]
    ladder.show(rungs, "Campaign", scene.currency, scene.has_costs, scene.columns)
    if rows.height > MOST:
        text.note(f"The first {MOST} of {wording.count(rows.height)} campaigns are shown; the table holds all.")
    told = data.metric("sources/campaigns", scene.filters).filter(pl.col("source").eq_missing(pl.lit(source, pl.String)))
    panels.table_popover(scene.columns.of_table(told, scene.has_costs), key="campaigns.table", alt=f"What each campaign of {named} brought and cost")
