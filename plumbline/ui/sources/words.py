"""What Sources and cost says: its headline, its figures, and what the costs do not know. Numbers in, parts of sentences out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
from scipy.stats import chi2_contingency, chisquare

from plumbline import wording
from plumbline.statistics import MINIMUM_N
from plumbline.ui.sources.sums import EVERY, Columns, Sum
from plumbline.ui.text import Bold, Figure, Link, Part

Href = Callable[..., str | None]
_TIMES = {2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times", 7: "seven times", 8: "eight times", 9: "nine times"}
_CHANCE = 0.05
_YOUNG = 0.1  # from this share of leads still in window on, a cost is not held against the period before


def money(value: float | None, currency: str) -> str:
    return wording.money(value, currency).strip()


def name(row: dict, by: str = "source") -> str:
    return wording.shortened(row[by], 40) if row[by] is not None else f"{by} not known"


def headline(rows: pl.DataFrame, whole: Sum, currency: str, href: Href, columns: Columns = EVERY) -> list[Part]:
    """'An SQL cost $582: $1,852 from paid_social, nine times the $201 from organic_search'. rows: of sums.with_quality."""
    if not whole.counts["leads"] and not whole.counts["mqls"] and whole.spend is None:
        return ["No lead came in in this period"]
    if whole.spend is None:
        return _without_spend(rows, whole, href, columns)
    stage = next((stage for stage in (columns.good, "mqls", "leads") if stage in columns.shown and whole.paid[stage] >= MINIMUM_N), None)
    if stage is None:
        return [Bold(money(whole.spend, currency)), f" was spent; too few leads to say what one costs ({wording.count(whole.paid['leads'])})"]
    parts: list[Part] = [f"{wording.words(a(columns.one(stage)))} cost "]
    parts.append(Bold(money(whole.cost(stage), currency)))
    cost = f"cost_per_{stage.removesuffix('s')}"
    enough = rows.filter((pl.col(stage) >= MINIMUM_N) & pl.col(cost).is_not_null() & (pl.col(cost) > 0)).sort(cost, descending=True)
    if enough.height < 2:
        return parts
    dear, cheap = enough.row(0, named=True), enough.row(-1, named=True)
    ratio = dear[cost] / cheap[cost]
    if ratio < 1.15:
        return [*parts, ", about the same from every source"]
    counts, spend = enough[stage].to_numpy(), (enough[stage] * enough[cost]).to_numpy()
    if chisquare(counts, counts.sum() * spend / spend.sum()).pvalue >= _CHANCE:  # as many as the money would bring at one cost for all
        return [*parts, ", no more than chance apart from one source to another"]
    parts += [": ", Bold(money(dear[cost], currency)), " from ", _source(dear, href), f", {_ratio(ratio)} the "]
    return [*parts, Bold(money(cheap[cost], currency)), " from ", _source(cheap, href)]


def _without_spend(rows: pl.DataFrame, whole: Sum, href: Href, columns: Columns) -> list[Part]:
    if not whole.counts["mqls"]:
        n = whole.counts["leads"]
        return [Bold(wording.plural(n, "lead")), f" {'was' if n == 1 else 'were'} created in this period, and none was handed over"]
    most = rows.sort("mqls", descending=True).row(0, named=True)
    parts: list[Part] = [_source(most, href), " handed over the most leads, ", Bold(wording.count(most["mqls"]))]
    parts.append(f" of {wording.count(whole.counts['mqls'])}")
    enough = rows.filter(pl.col("mature") >= MINIMUM_N).with_columns(rate=pl.col("k") / pl.col("mature")).sort("rate", descending=True)
    table = [enough["k"].to_list(), (enough["mature"] - enough["k"]).to_list()]
    if enough.height > 1 and columns.good and all(sum(row) for row in table):
        good = a(columns.one(columns.good))
        if chi2_contingency(table).pvalue >= _CHANCE:
            return [*parts, f"; {good} came of the leads of each about as often, as far as more than chance can be told"]
        best = enough.row(0, named=True)
        if best["source"] == most["source"]:
            return [*parts, f"; {good} came of them most often too, ", Bold(wording.share(best["rate"])), f" of {wording.count(best['mature'])}"]
        parts += [
            f"; most often {good} came of ",
            _source(best, href),
            ", ",
            Bold(wording.share(best["rate"])),
            f" of {wording.count(best['mature'])}",
        ]
    return parts


def _source(row: dict, href: Href) -> Part:
    way = href(of=row["source"]) if row["source"] is not None else None
    return Link(name(row), way) if way else name(row)


def _ratio(ratio: float) -> str:
    """'three times', or '40 % more than'."""
    if ratio < 1.75:
        return f"{wording.share(ratio - 1)} more than"
    whole = round(ratio)
    return _TIMES.get(whole, f"{whole} times") if abs(ratio - whole) < 0.25 or whole > 4 else f"{wording.decimal(ratio)} times"


def strip(
    now: Sum, before: Sum | None, in_window: int, currency: str, then: str, href: Href, unfinished: float = 0.0, columns: Columns = EVERY
) -> list[Figure]:
    """Spend, and the cost of a lead at each stage; counts where no spend is on record. unfinished: share of the days in a month that is not over."""
    was = before if unfinished <= _YOUNG and before and before.spend is not None and before.paid["leads"] >= MINIMUM_N else None
    young = now.counts["mqls"] and in_window / now.counts["mqls"] > _YOUNG
    if now.spend is None:
        return [_count(stage, now, before, href, then, columns) for stage in columns.shown]
    figures = [
        Figure(
            "Spend",
            money(now.spend, currency),
            change=wording.change(now.spend, was.spend) if was else "",
            n=f"{wording.plural(now.paid['leads'], 'lead')} created",
            href=href(stage="everyone") or "",
            meaning="Money of the days of the period; a month's amount is spread evenly over its days."
            + (f" Against {money(was.spend, currency)} {then}." if was else ""),
        )
    ]
    for stage in columns.shown:
        if stage == "sals":
            continue
        few = now.paid[stage] < MINIMUM_N
        late = stage in ("sqls", "won")
        comparable = was is not None and not few and was.paid[stage] >= MINIMUM_N and was.cost(stage) and not (late and young)
        meaning = f"Spend of the period divided by its {columns.many(stage)}."
        if late and young:
            meaning += f" Not held against the period before: many leads are still in window, and some will become {columns.many(columns.good)}."
        elif comparable:
            meaning += f" Against {money(was.cost(stage), currency)} for one of {wording.count(was.paid[stage])} {then}."
        figures.append(
            Figure(
                f"Cost per {columns.one(stage)}",
                "too few" if few else money(now.cost(stage), currency),
                change=wording.change(now.cost(stage), was.cost(stage)) if comparable else "",
                n=f"of {wording.count(now.paid[stage])}",
                href=href(stage=_SHOWN[stage]) or "",
                meaning=meaning,
            )
        )
    return figures


_SHOWN = {"leads": "everyone", "mqls": "mql", "sals": "sal", "sqls": "sql", "won": "won"}


def shown_as(stage: str) -> str:
    """How the Leads screen calls those that are counted in a column."""
    return _SHOWN[stage]


def a(noun: str) -> str:
    """'an SQL', 'a won deal'."""
    return f"{'an' if noun[0] in 'aeiouAEIOMS' else 'a'} {noun}"


def _count(stage: str, now: Sum, before: Sum | None, href: Href, then: str, columns: Columns) -> Figure:
    was = before.counts[stage] if before else None
    label = {"leads": "Leads created", "won": "Won"}.get(stage) or wording.words(columns.many(stage))
    change = wording.change(now.counts[stage], was) if was is not None and was >= MINIMUM_N else ""
    told = f"Against {wording.count(was)} {then}." if change else ""
    return Figure(label, wording.count(now.counts[stage]), change=change, href=href(stage=_SHOWN[stage]) or "", meaning=told)


def young_note(in_window: int, mqls: int, has_costs: bool, way: str | None, columns: Columns = EVERY) -> list[Part]:
    """'113 of the 1,669 leads handed over are still in window ...'; nothing where none is."""
    if not in_window or not columns.good:
        return []
    one, many = columns.one(columns.good), columns.many(columns.good)
    both = [one, *(["won deal"] if "won" in columns.shown and columns.good != "won" else [])]
    costs = wording.listing([f"per {name}" for name in both])
    consequence = f"costs {costs} look higher than they will be" if has_costs else f"{many} are fewer than they will be"
    parts: list[Part] = [f"{wording.count(in_window)} of the {wording.count(mqls)} leads handed over are open and not old enough for {a(one)}: "]
    parts.append(f"{consequence}. ")
    return [*parts, Link("Only leads old enough to tell", way), "."] if way else parts


def unfinished(reach: pl.DataFrame, since: date | None, end: date) -> float:
    """Which share of the days looked at lies in a month that is not over and of which an amount is on record; 0 where there is none."""
    if reach.is_empty() or not reach["is_unfinished"].any() or end.replace(day=1) != reach["last_day"].max().replace(day=1):
        return 0.0
    first = max(end.replace(day=1), since) if since else end.replace(day=1)
    return ((end - first).days + 1) / ((end - (since or reach["first_day"].min())).days + 1)


def gaps(rows: pl.DataFrame, reach: pl.DataFrame, since: date | None, end: date) -> list[str]:
    """What the spend on record does not cover: sources without any, days before it begins or after it ends. end: the last day looked at."""
    notes = []
    without = rows.filter(pl.col("spend").is_null() & (pl.col("leads") + pl.col("mqls") > 0))
    if without.height and without.height < rows.height:
        told = [name(row) for row in without.sort("mqls", descending=True).head(4).iter_rows(named=True)]
        told += [f"{without.height - 4} more"] if without.height > 4 else []
        leads = wording.plural(int(without["leads"].sum()), "lead")
        notes.append(f"No spend is on record for {wording.listing(told)}: {leads} created are left out of all costs, for not recorded is not free.")
    if reach.is_empty():
        return notes
    if share := unfinished(reach, since, end):
        notes.append(
            f"{end:%B} is not over: what is on record for it is spread over all its days, and more may be booked. Costs of its days may look too "
            f"low{', and are not held against the period before' if share > _YOUNG else ''}."
        )
    first, last = reach["first_day"].min(), reach["last_day"].max()
    if since is not None and since < first:
        notes.append(f"Spend is on record only from {wording.day(first)}: what was spent before is not known, and costs of this period look too low.")
    if (end - last).days > 7:
        notes.append(f"Spend is on record only up to {wording.day(last)}: what was spent after is not known, and costs of this period look too low.")
    return notes
