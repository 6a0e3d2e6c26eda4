"""Attributes and acts that tell how a lead ended instead of foretelling it, found at import: main.hindsight.

An attribute whose changes were not recorded has the value of today. Where that was filled in at the outcome (a status, a reason for the loss, the
product sold, the owner of won deals), it would pass for its cause. Found by what its values say:

value      nearly all leads that have the value came to the outcome, hardly any other lead did (statistics/telling.py); values: several do so
known      the same of leads of whom it is known at all, whatever its value
number     the same of all at or above a number, or below it
filled in  a change gave it its first value, and for most leads that change came at or after the end
act        leads do it only once they were accepted or gone
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from plumbline.definition.kinds import number_of
from plumbline.sqlfiles import sql
from plumbline.statistics import MINIMUM_N, wilson
from plumbline.statistics.telling import HONEST, HONEST_KNOWN, beyond_honest

# outcome -> (bits of which any says that it came, stage rank up to which it decides: 6 is the end of the pass)
OUTCOMES = {
    "sal": (1, 2), "sql": (2, 3), "opportunity": (4, 4), "won": (8, 5), "rejected": (16, 6), "recycled": (32, 6), "disqualified": (64, 6),
    "lost": (128, 6), "left": (16 + 32 + 64 + 128, 6), "ended": (8 + 16 + 32 + 64 + 128, 6),
}  # fmt: skip
NOT = "not "
_PURE = 0.98  # of the leads with a value that tells
_PURE_KNOWN = 0.85  # of the leads of whom an attribute is known at all: some are filled in early
_REST, _REST_OF_WON = 0.05, 0.5  # of the others at most: accepted without a look, or never served, is honest; what always buys is not
_PART = 0.2  # of all that came to the outcome, at least, by single values: one odd campaign among forty is no reason to leave all of them out
_CHANCE = 0.01  # that one honest attribute of a history is taken for one that tells
_LATE = {"field": (0.8, 0.7), "activity": (0.9, 0.8)}  # of leads, at or after the end at least; and the lower end of its interval
_SCHEMA = {
    "kind": pl.String, "name": pl.String, "field_no": pl.Int16, "how": pl.String, "outcome": pl.String, "rank": pl.Int8, "label": pl.String,
    "k": pl.Int64, "n": pl.Int64, "other_k": pl.Int64, "other_n": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Split:
    """Leads that have something, by bits of their outcomes (256)."""

    how: str
    label: str | None
    by_bits: np.ndarray


@dataclass(frozen=True)
class Finding:
    """`k` of `n` leads came to the outcome, of the others `other_k` of `other_n`."""

    how: str
    outcome: str
    rank: int
    label: str | None
    k: int
    n: int
    other_k: int
    other_n: int


def prepare_hindsight(con: duckdb.DuckDBPyConnection, columns: dict[str, str]) -> None:
    """Fills main.hindsight, once episodes and their values are there. columns: attribute -> its column of canonical.leads."""
    con.execute(sql("prepare/91_lead_outcomes"))
    everyone = np.zeros(256, np.int64)
    for bits, n in con.execute("select bits, count(*) from lead_outcomes group by bits").fetchall():
        everyone[bits] = n
    outcomes = distinct_outcomes(everyone)
    fields = con.execute("select field_no, name, attribute, built_in, is_identifier from history.main.fields order by field_no").fetchall()
    by_value = con.sql(sql("prepare/92_outcomes_by_value")).pl()
    parts = {key[0]: frame for key, frame in by_value.partition_by("field_no", as_dict=True).items()}
    splits = {}
    for field_no, _, attribute, built_in, is_identifier in fields:
        if is_identifier:
            splits[field_no] = [Split("known", None, _known(con, columns[attribute]))] if attribute in columns else []
        elif field_no in parts:
            splits[field_no] = splits_of(parts[field_no], only_known=built_in is not None)
    looks = sum(int(one.by_bits.sum() >= MINIMUM_N) for some in splits.values() for one in some) * max(1, len(outcomes))
    rows = []
    late = {name: (n, k) for name, n, k in con.execute(sql("prepare/93_filled_in_late")).fetchall() if is_late(k, n, "field")}
    for field_no, name, attribute, built_in, _ in fields:
        found = finding(splits.get(field_no, []), everyone, outcomes, looks, is_owner=built_in is not None)
        if found is None and attribute in late:
            n, k = late[attribute]
            found = Finding("filled in", "ended", 6, None, k, n, 0, 0)
        if found is not None:
            rows.append(("field", name, field_no, *vars(found).values()))
    for name, n, k in con.execute(sql("prepare/94_acts_after_the_end")).fetchall():
        if is_late(k, n, "activity"):
            rows.append(("activity", name, None, "act", "ended", 6, None, k, n, 0, 0))
    con.register("told", pl.DataFrame(rows, schema=_SCHEMA, orient="row"))
    con.execute("create table history.main.hindsight as select * from told order by kind, name")
    con.unregister("told")
    con.execute("drop table lead_outcomes")


def _known(con: duckdb.DuckDBPyConnection, column: str) -> np.ndarray:
    """By bits: leads of whom an attribute is known. The column's name is the history's own (a0, a1, ...)."""
    told = np.zeros(256, np.int64)
    rows = con.execute(
        "select lead_outcomes.bits, count(*) from lead_outcomes inner join history.canonical.leads as leads using (lead_no)"
        f" where leads.{column} is not null group by all"
    ).fetchall()
    for bits, n in rows:
        told[bits] = n
    return told


def splits_of(counted: pl.DataFrame, only_known: bool = False) -> list[Split]:
    """counted: value_no, label, bits, n of one attribute. only_known: no single values (of owners)."""
    bits, n = counted["bits"].to_numpy().astype(np.int64), counted["n"].to_numpy()
    told = [Split("known", None, np.bincount(bits, n, 256).astype(np.int64))]
    if only_known:
        return told
    values, place = np.unique(counted["value_no"].to_numpy(), return_inverse=True)
    by_value = np.zeros((len(values), 256), np.int64)
    np.add.at(by_value, (place, bits), n)
    labels = [None] * len(values)
    for at, label in zip(place.tolist(), counted["label"].to_list(), strict=True):
        labels[at] = label
    for number, label in enumerate(labels):
        if by_value[number].sum() >= MINIMUM_N:
            told.append(Split("value", label, by_value[number]))
    return told + _numbers(labels, by_value)


def _numbers(labels: list[str | None], by_value: np.ndarray) -> list[Split]:
    """Splits at numbers, where nine of ten values are numbers: above the lowest, and at the tenths."""
    numbers = np.array([np.nan if label is None or (number := number_of(label)) is None else number for label in labels])
    there = np.flatnonzero(np.isfinite(numbers))
    if len(labels) < 3 or len(there) < 0.9 * len(labels):
        return []
    order = there[np.argsort(numbers[there], kind="stable")]
    below = np.cumsum(by_value[order], axis=0)
    total, leads = below[-1], below.sum(axis=1)
    cuts = np.unique(np.r_[0, np.searchsorted(leads, np.linspace(0.1, 0.9, 9) * leads[-1])])
    told = []
    for cut in cuts[cuts < len(order) - 1].tolist():
        edge = f"{numbers[order[cut + 1]]:g}"
        told += [Split("number", f"under {edge}", below[cut]), Split("number", f"{edge} or more", total - below[cut])]
    return [one for one in told if one.by_bits.sum() >= MINIMUM_N]


def distinct_outcomes(everyone: np.ndarray) -> dict[str, tuple[np.ndarray, int]]:
    """Name -> (which bits say so (256), rank): outcomes and their opposites, of those that part the leads of this history alike only one."""
    there = np.flatnonzero(everyone)
    told: dict[str, tuple[np.ndarray, int]] = {}
    seen: set[bytes] = set()
    for name in ("won", "lost", "rejected", "disqualified", "recycled", "left", "ended", "opportunity", "sql", "sal"):
        mask, rank = OUTCOMES[name]
        says = (np.arange(256) & mask) > 0
        for called, one in ((name, says), (NOT + name, ~says)):
            key = one[there].tobytes()
            if key not in seen and one[there].any() and not one[there].all():
                seen.add(key)
                told[called] = (one, rank)
    return told


def finding(
    splits: list[Split], everyone: np.ndarray, outcomes: dict[str, tuple[np.ndarray, int]], looks: int, *, is_owner: bool = False
) -> Finding | None:
    """What tells most of an attribute: the outcome of the highest rank; None where nothing does."""
    best: Finding | None = None
    for outcome, (says, rank) in outcomes.items():
        if is_owner and (outcome.startswith(NOT) or rank > 5):
            continue  # a lead without an owner goes nowhere: that is honest
        rest = _REST_OF_WON if outcome == "won" else _REST
        telling = [one for one in splits if _tells(one, says, everyone, looks, rest)]
        values = [one for one in telling if one.how == "value"]
        candidates = [one for one in telling if one.how != "value"]
        if values:
            largest = max(values, key=lambda one: int(one.by_bits.sum()))
            candidates.append(Split("values" if len(values) > 1 else "value", largest.label, np.sum([one.by_bits for one in values], axis=0)))
        for one in candidates:
            found = _finding(one, outcome, rank, says, everyone)
            is_part = one.how == "known" or found.k >= _PART * (found.k + found.other_k)
            if is_part and (best is None or (found.rank, found.k) > (best.rank, best.k)):
                best = found
    return best


def _finding(one: Split, outcome: str, rank: int, says: np.ndarray, everyone: np.ndarray) -> Finding:
    k, n = int(one.by_bits[says].sum()), int(one.by_bits.sum())
    return Finding(one.how, outcome, rank, one.label, k, n, int(everyone[says].sum()) - k, int(everyone.sum()) - n)


def _tells(one: Split, says: np.ndarray, everyone: np.ndarray, looks: int, rest: float) -> bool:
    found = _finding(one, "", 0, says, everyone)
    if found.n < MINIMUM_N or not found.other_n or found.k < (_PURE_KNOWN if one.how == "known" else _PURE) * found.n:
        return False
    if one.how != "known" and found.other_k > rest * found.other_n:
        return False
    is_pure_known = one.how == "known" and found.k >= _PURE * found.n
    odds_ratio = HONEST_KNOWN if is_pure_known else HONEST
    return beyond_honest(found.k, found.n, found.other_k, found.other_n, odds_ratio) < _CHANCE / max(1, looks)


def is_late(late: int, n: int, kind: str) -> bool:
    """Whether nearly all came at or after the end."""
    share, low = _LATE[kind]
    return n >= MINIMUM_N and late >= share * n and wilson(late, n)[0] >= low
