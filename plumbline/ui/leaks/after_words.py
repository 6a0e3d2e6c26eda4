"""What the Leaks screen says of leads after they leaked: sent back, left open, dead. Frames of the metrics in, parts of sentences out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
from scipy.stats import chi2_contingency

from plumbline import wording
from plumbline.charts.stacked_periods import NONE, REST, Kind
from plumbline.leaks.caught import Barred
from plumbline.leaks.reasons import CLASSES
from plumbline.statistics import MINIMUM_N
from plumbline.steps import ALL, Steps
from plumbline.ui.funnel_words import difference_interval
from plumbline.ui.text import Bold, Link, Part
from plumbline.words.barring import rule_in_words as rule_in_words
from plumbline.words.barring import verdict as verdict
from plumbline.words.reasons import REASONS as REASONS

# In the order of the colours of categories, so that the reasons given most differ most.
_COLOURS = (
    "wrong_target", "cannot_pay", "happy_elsewhere", "no_need", "bad_timing", "bad_data", "competitor", "unreachable", "outside", "duplicate",
)  # fmt: skip
REST_OF = "rest"  # the kinds beyond the six that a picture shows
MOST_KINDS = 6
STAGES = {"mql->sal": "before sales accepted them", "sal->sql": "after it", "sql->opportunity": "as SQLs", "opportunity->won": "as opportunities"}
KINDS = {"recycled": "recycled to marketing", "disqualified": "disqualified", "neglected": "open, untouched for over 60 days"}
DIED = {"recycled": "recycled", "disqualified": "disqualified", "neglected": "untouched for over 60 days"}
_CHANCE, _LONG = 0.05, 10_000

Href = Callable[..., str]


# Sent back


def sent_back(reasons: pl.DataFrame) -> int:
    """How many sales rejected, of the rows of leaks/reasons."""
    return int(reasons.filter(pl.col("class") == "rejected")["n"].sum())


def by_reason(reasons: pl.DataFrame) -> pl.DataFrame:
    """reason, n, came_back, reached_sql of the rejected ones over all steps, the commonest first."""
    own = reasons.filter(pl.col("class") == "rejected").group_by("reason").agg(pl.col("n", "came_back", "reached_sql").sum())
    return own.sort("n", "reason", descending=[True, False])


def rejected_headline(reasons: pl.DataFrame, handed_over: int) -> list[Part]:
    """'Sales sent back 388 of 1,669 leads (23 %); the reason given most often is wrong target, for 210 of them'."""
    told = by_reason(reasons)
    n = int(told["n"].sum())
    share = f" ({wording.share(n / handed_over)})" if handed_over >= MINIMUM_N else ""
    parts: list[Part] = ["Sales sent back ", Bold(wording.count(n)), f" of {wording.plural(handed_over, 'lead')}{share}"]
    stated = told.filter(~pl.col("reason").is_in(["unstated", "other"]))
    silent = int(told.filter(pl.col("reason") == "unstated")["n"].sum())
    if silent == n:
        return [*parts, "; ", Bold("no reason"), f" is recorded for {'it' if n == 1 else 'any of them'}"]
    if stated.height:
        best = stated.row(0, named=True)
        parts += ["; the reason given most often is ", Bold(REASONS[best["reason"]]), f", for {wording.count(best['n'])}"]
    if silent:
        parts.append(f"; {wording.count(silent)} came without a reason")
    return parts


def where_sent_back(reasons: pl.DataFrame, href: Href, steps: Steps = ALL) -> list[Part]:
    """'300 before sales accepted them · 80 after it', each a link to its leads; and how many came back later."""
    own = reasons.filter(pl.col("class") == "rejected")
    parts: list[Part] = []
    for step, n in own.group_by("step", maintain_order=True).agg(pl.col("n").sum()).iter_rows():
        parts += [" · " if parts else "", Link(f"{wording.count(n)} {_where(step, steps)}", href(stage=step.split("->")[0], outcome="rejected"))]
    came, sqls = int(own["came_back"].sum()), int(own["reached_sql"].sum())
    if not came:
        return [*parts, ". None of them came back in a later pass."]
    told = f". {wording.count(came)} came back in a later pass"
    if "sql" not in steps.unrecorded:
        told += f", and {wording.count(sqls) if sqls else 'none'} of those {steps.became('sql')}"
    return [*parts, f"{told}."]


def _where(step: str, steps: Steps) -> str:
    """From which step they left; of an acceptance only where one is recorded."""
    return f"before they {steps.who(1)[3]}" if step == "mql->sal" and "sal" in steps.hidden else STAGES[step]


def over_time_title(rows: pl.DataFrame, is_month: bool, whole: tuple[date, date] | None) -> str:
    """'Wrong target grew from 31 % to 58 % of what sales sends back'; the two halves of the whole periods, beyond chance. whole: first, end."""
    asked = "Why does sales send leads back?"
    if whole is None:
        return asked
    told = rows.filter((pl.col("period") >= whole[0]) & (pl.col("period") < whole[1]))
    periods = told["period"].unique().sort()
    half = periods.len() // 2
    if half < 1:
        return asked
    older, later = told.filter(pl.col("period") < periods[half]), told.filter(pl.col("period") >= periods[half])
    n1, n2 = int(older["n"].sum()), int(later["n"].sum())
    if min(n1, n2) < MINIMUM_N:
        return asked
    moved = []
    for reason in set(told["reason"]):
        k1, k2 = (int(part.filter(pl.col("reason") == reason)["n"].sum()) for part in (older, later))
        low, high = difference_interval(k2, n2, k1, n1)
        if low > 0 or high < 0:
            moved.append((abs(k2 / n2 - k1 / n1), reason, k1 / n1, k2 / n2))
    if not moved:
        return "The reasons stayed as they were: the earlier and the later half differ by no more than chance"
    _, reason, before, now = max(moved)
    since = periods[half]
    when = f"{since:%B} {since.year}" if is_month else wording.week(since)
    word = "rose" if now > before else "fell"
    named = wording.words(REASONS[reason])
    return (
        f"{named} {word} from {wording.share(before)} of {wording.count(n1)} sent back in the first half to {wording.share(now)} of "
        f"{wording.count(n2)} in the second, from {when} on"
    )


def kinds_of(rows: pl.DataFrame) -> dict[str, Kind]:
    """The kinds that a picture of these rows (reason, n) shows, the commonest first: at most six, the rest together, then those without a reason."""
    totals = rows.group_by("reason").agg(pl.col("n").sum()).filter(pl.col("n") > 0).sort("n", "reason", descending=[True, False])
    stated = [reason for reason in totals["reason"] if reason not in ("unstated", "other")]
    kept, beyond = stated[:MOST_KINDS], stated[MOST_KINDS:]
    if len(beyond) == 1 and "other" not in totals["reason"].to_list() and len(kept) < MOST_KINDS:
        kept, beyond = stated, []
    told = {reason: Kind(REASONS[reason], _COLOURS.index(reason)) for reason in kept}
    if beyond or "other" in totals["reason"].to_list():
        told[REST_OF] = Kind("other reasons", REST)
    if "unstated" in totals["reason"].to_list():
        told["unstated"] = Kind(REASONS["unstated"], NONE)
    return told


def in_kinds(rows: pl.DataFrame, kinds: dict[str, Kind]) -> pl.DataFrame:
    """period, kind, n."""
    kind = pl.when(pl.col("reason").is_in(list(kinds))).then("reason").otherwise(pl.lit(REST_OF)).alias("kind")
    return rows.with_columns(kind).group_by("period", "kind").agg(pl.col("n").sum()).sort("period", "kind")


def reasons_of(kind: str, kinds: dict[str, Kind]) -> list[str]:
    """The classes of reasons that a kind of the picture stands for."""
    return [reason for reason in CLASSES if reason not in kinds] if kind == REST_OF else [kind]


def values_title(rows: pl.DataFrame, field: str) -> str:
    """'webinar is sent back most often, 40 % of 210; partner least, 11 % of 90'. rows: value, k, n."""
    enough = rows.filter(pl.col("n") >= MINIMUM_N).with_columns(rate=pl.col("k") / pl.col("n")).sort("rate", descending=True)
    name = field.replace("_", " ")
    if enough.height < 2:
        return f"Does {name} make a difference to what is sent back?"
    table = [enough["k"].to_list(), (enough["n"] - enough["k"]).to_list()]
    if not all(sum(row) for row in table) or chi2_contingency(table).pvalue >= _CHANCE:
        return f"By {name}, leads are sent back alike: they differ by no more than chance"
    best, worst = enough.row(0, named=True), enough.row(-1, named=True)

    def told(row: dict) -> str:
        return f"{name} not known" if row["value"] is None else wording.shortened(row["value"], 40)

    return (
        f"{wording.words(told(best)) if best['value'] is None else told(best)} is sent back most often, {wording.share_of(best['k'], best['n'])}; "
        f"{told(worst)} least, {wording.share_of(worst['k'], worst['n'])}"
    )


# Would the definition have caught them


def caught_title(found: list[Barred], name: str, steps: Steps = ALL) -> str:
    """'“Q4 2026” would have barred 34 of the 61 leads sent back, and 120 of the 900 that sales accepted'."""
    if not found or not found[0].rejected:
        return "Would the definition have caught them?"
    whole = found[0]
    kept = "that sales accepted and kept" if "sal" not in steps.hidden else f"that {steps.who(1)[3]}"
    accepted = f"{wording.count(whole.lost)} of the {wording.count(whole.accepted)} {kept}"
    return (
        f"“{wording.shortened(name, 60)}” would have barred {wording.count(whole.caught)} of the {wording.plural(whole.rejected, 'lead')} sent back, "
        f"and {accepted}"
    )


def barred_of(k: int, n: int) -> str:
    """'34 of 61'; where n is long, and stands in the title, '50,444'."""
    return f"{wording.count(k)} of {wording.count(n)}" if n < _LONG else wording.count(k)


# Old leads


def open_headline(rows: pl.DataFrame, has_touches: bool = True) -> list[Part]:
    """'729 leads are still open; 566 have been in their stage past the time agreed, and nobody has touched 432 for over 60 days'.

    rows: leaks/ageing with `past`; has_touches: touches are on record at all.
    """
    n, late, neglected = (int(rows[name].sum()) for name in ("open", "past", "neglected"))
    parts: list[Part] = [Bold(wording.plural(n, "lead")), f" {'is' if n == 1 else 'are'} still open"]
    if late:
        parts += ["; ", Bold(wording.count(late)), f" {'has' if late == 1 else 'have'} been in their stage past the time agreed"]
    if not has_touches:
        return parts
    if neglected:
        return [*parts, ", and nobody has touched ", Bold(wording.count(neglected)), " for over 60 days"]
    return [*parts, "; none has been without a touch for over 60 days"]


def owners_title(rows: pl.DataFrame, what: str = "untouched") -> str:
    """'30 untouched leads have no owner; half of the others lie with 7 of 27 reps'. rows: rep, their untouched leads; one per owner."""
    owner, leads = rows.columns
    nobody = int(rows.filter(pl.col(owner).is_null())[leads].sum())
    counts = rows.filter(pl.col(owner).is_not_null())[leads].sort(descending=True).to_list()
    owned = sum(counts)
    if not nobody and not owned:
        return f"No open lead is {what}"
    parts = [f"{wording.plural(nobody, f'{what} lead')} {'has' if nobody == 1 else 'have'} no owner"] if nobody else []
    if owned:
        few, reached = 0, 0
        while 2 * reached < owned:
            reached += counts[few]
            few += 1
        of = "the others" if nobody else f"the {what} leads"
        parts.append(f"half of {of} lie with {wording.count(few)} of {wording.plural(len(counts), 'rep')}")
    told = "; ".join(parts)
    return f"{told[:1].upper()}{told[1:]}"


def returned_title(rows: pl.DataFrame) -> str:
    """'84 of 92 leads that sales sent back lie: half of them for over 121 days'. rows: leaks/returned."""
    told = {row["fate"]: row for row in rows.to_dicts()}
    n, lying = int(rows["n"].sum()), told["lying"]
    if not n:
        return "Sales sent no lead back"
    if not lying["n"]:
        which = f"All {wording.plural(n, 'lead')} that sales sent back were" if n > 1 else "The one lead that sales sent back was"
        return f"{which} fixed or thrown away"
    how_long = f"half of them for over {wording.duration(lying['median'])}" if lying["n"] > 1 else f"for {wording.duration(lying['median'])}"
    verb = "has" if lying["n"] == 1 else "have"
    return f"{wording.count(lying['n'])} of {wording.plural(n, 'lead')} that sales sent back {verb} lain since, {how_long}"


def returned_times(rows: pl.DataFrame) -> str:
    """How long it took to fix or to discard; empty where neither happened."""
    words = {"handed_over_again": "Handed over again", "discarded": "Thrown away"}
    told = []
    for row in rows.to_dicts():
        if row["fate"] in words and row["n"]:
            p90 = f", 9 of 10 within {wording.duration(row['p90'])}" if row["n"] >= MINIMUM_N else ""
            told.append(f"{words[row['fate']]}: half within {wording.duration(row['median'])}{p90} of being sent back.")
    return " ".join(told)


def dead_title(rows: pl.DataFrame, has_acts: bool = True, has_won: bool = True) -> str:
    """'Of 1,580 dead leads 830 showed interest again and 148 came back; 9 of those were won'. rows: leaks/dead."""
    dead, engaged, revived, won = (int(rows[name].sum()) for name in ("dead", "interested", "revived", "won"))
    if not dead:
        return "No lead is dead"
    if not has_acts:
        told = f"Of {wording.plural(dead, 'dead lead')} {wording.count(revived) if revived else 'none'} came back"
    else:
        told = f"Of {wording.plural(dead, 'dead lead')} {wording.count(engaged) if engaged else 'none'} showed interest again"
        told += f" and {wording.count(revived)} came back" if revived else "; none came back"
    if not has_won:
        return told
    if won:
        return f"{told}; {wording.count(won)} of those {'was' if won == 1 else 'were'} won"
    return f"{told}; none of those was won so far" if revived else told


def nurturing_title(total: int, n: int, days: int) -> str:
    """'212 dead leads showed a sign of life in the last 30 days: 31 % of those dead and not back'."""
    if not total:
        return f"No dead lead showed a sign of life in the last {days} days"
    share = f": {wording.share(total / n)} of {wording.count(n)} that are dead and not back" if n >= MINIMUM_N else ""
    return f"{wording.plural(total, 'dead lead')} showed a sign of life in the last {days} days{share}"
