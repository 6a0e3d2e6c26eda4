"""The tables leads and lead_changes: attributes as they stand at the end, and when they came to be known."""

from __future__ import annotations

import numpy as np
import polars as pl

from plumbline.sample import plan, world
from plumbline.sample.draw import lags, stream
from plumbline.sample.frames import by_code, ids, times
from plumbline.sample.people import People
from plumbline.sample.plan import DATA_THROUGH, DAY

_ANSWERS = ("need", "budget", "authority", "timeline")


def _titles() -> tuple[list[str], dict[str, int]]:
    """Job titles, language by language, five seniorities each; English ones follow with the role."""
    texts: list[str] = []
    first = {}
    for language, words in world.TITLES.items():
        first[language] = len(texts)
        texts += words
    first["en"] = len(texts)
    texts += [f"{role} {head}" for role in world.TITLE_ROLE for head in world.TITLE_HEAD]
    return texts, first


def _job_titles(people: People, rng: np.random.Generator) -> pl.Series:
    texts, first = _titles()
    local = np.array([first.get(country.words, -1) for country in world.COUNTRIES])[people.country]
    is_local = (local >= 0) & (rng.random(len(people)) < 0.55)
    english = first["en"] + people.role * len(world.TITLE_HEAD) + people.seniority
    return by_code(tuple(texts), np.where(rng.random(len(people)) < 0.06, -1, np.where(is_local, local + people.seniority, english)))


def _companies(people: People) -> pl.Series:
    texts: list[str] = []
    first, count = {}, {}
    for language, (heads, tails) in world.COMPANY_WORDS.items():
        first[language] = len(texts)
        texts += [f"{head} {tail}" for head in heads for tail in tails]
        count[language] = len(texts) - first[language]
    start = np.array([first[country.words] for country in world.COUNTRIES])[people.country]
    size = np.array([count[country.words] for country in world.COUNTRIES])[people.country]
    return by_code(tuple(texts), start + people.company % size)


def _phones(people: People, rng: np.random.Generator) -> pl.Series:
    dial = by_code(tuple(country.dial for country in world.COUNTRIES), people.country)
    digits = pl.Series("n", rng.integers(1_000_000, 9_999_999, len(people))).cast(pl.String)
    return pl.select(pl.concat_str([dial, pl.lit(" 555 "), digits])).to_series()


def _industries(people: People, rng: np.random.Generator) -> pl.Series:
    """Typed by hand now and then: the same industry in capitals, or with a blank behind."""
    names = world.INDUSTRIES
    spelt = names + tuple(name.upper() for name in names) + tuple(name.capitalize() + " " for name in names)
    u = rng.random(len(people))
    way = np.where(u < 0.985, 0, np.where(u < 0.993, 1, 2))
    return by_code(spelt, people.industry + way * len(names))


def answers_at_sales(people: People, lead: np.ndarray, sal_at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """When sales found out need, budget, authority, timeline (4, leads); -1: not."""
    at = np.full((4, len(people)), -1, dtype=np.int64)
    accepted = sal_at >= 0
    when = sal_at + rng.integers(60, 1500, (4, len(lead)))
    found = accepted & (rng.random((4, len(lead))) < 0.6) & (when <= DATA_THROUGH)
    at[:, lead] = np.where(found, when, -1)
    return np.where(people.answered, -1, at)


def merge_plan(people: People, leads: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(losers, the lead each goes into, merged_at): about one in a hundred, within an account, some in chains."""
    rng = stream(leads, seed, "merges")
    order = np.argsort(people.account, kind="stable")
    same = np.flatnonzero(people.account[order][1:] == people.account[order][:-1]) + 1
    chosen = rng.random(len(order)) < 0.0155
    chosen[1:] |= chosen[:-1] & (rng.random(len(order) - 1) < 0.25)
    chosen = chosen[same]
    loser, into = order[same][chosen], order[same - 1][chosen]
    at = people.created[loser] + lags(rng, 12.0 * DAY, 1.0, len(loser))
    keep = at <= DATA_THROUGH
    by_lead = np.argsort(loser[keep], kind="stable")
    return loser[keep][by_lead], into[keep][by_lead], at[keep][by_lead]


def _emails(first: np.ndarray, last: np.ndarray, account: np.ndarray) -> pl.Series:
    parts = [
        by_code(world.FIRST_NAMES, first),
        pl.lit("."),
        by_code(world.LAST_NAMES, last),
        pl.lit("@"),
        ids("a", account + 1, 0),
        pl.lit(".example"),
    ]
    return pl.select(pl.concat_str(parts)).to_series()


def leads_table(
    people: People, asked_at: np.ndarray, competitor_at: np.ndarray, merged: tuple[np.ndarray, np.ndarray], leads: int, seed: int
) -> pl.DataFrame:
    """One row per lead, in order of creation; attributes as they stand at the end of the data."""
    rng = stream(leads, seed, "texts")
    n = len(people)
    same_person = np.arange(n)
    same_person[merged[0]] = merged[1]
    first = rng.integers(0, len(world.FIRST_NAMES), n)[same_person]
    last = rng.integers(0, len(world.LAST_NAMES), n)[same_person]
    campaigns = tuple(text for source in plan.SOURCES for text in world.CAMPAIGNS[source])
    campaign = by_code(campaigns, people.source * 4 + people.campaign)
    waiting = (people.enriched_at > DATA_THROUGH) & people.enriched
    known = people.answered | (asked_at >= 0)
    missing = rng.random((4, n)) < np.array([[0.03], [0.28], [0.02], [0.02]])

    def known_number(values: np.ndarray, hidden: np.ndarray) -> pl.Series:
        return pl.select(pl.when(pl.Series(~hidden)).then(pl.Series(values))).to_series()

    return pl.DataFrame(
        {
            "lead_id": ids("L", np.arange(n) + 1, 7),
            "created_at": times(people.created),
            "account_id": ids("A", people.account + 1, 7),
            "source": by_code(plan.SOURCES, people.source),
            "campaign": pl.select(pl.when(campaign != "").then(campaign)).to_series(),
            "region": by_code(world.REGIONS, people.region),
            "country": by_code(tuple(country.code for country in world.COUNTRIES), people.country),
            "industry": _industries(people, rng),
            "employees": known_number(people.employees, waiting[0]),
            "annual_revenue": known_number(people.revenue, waiting[1]),
            "job_title": _job_titles(people, rng),
            "role": by_code(world.ROLES, people.role),
            "seniority": by_code(world.SENIORITIES, np.where(waiting[2], -1, people.seniority)),
            "email": _emails(first, last, people.account),
            "phone": _phones(people, rng),
            "company": _companies(people),
            "need": known_number(people.need == 1, ~known[0]),
            "budget": known_number(people.budget, ~known[1]),
            "authority": by_code(world.AUTHORITIES, np.where(known[2], people.authority, -1)),
            "timeline": by_code(world.TIMELINES, np.where(known[3], people.timeline, -1)),
            "is_competitor": people.is_competitor & (people.competitor_known | (competitor_at >= 0)),
            "handover_arm": by_code(("standard", "explore"), people.explores.astype(np.int64)),
        }
    ).with_columns(
        pl.when(pl.Series(~hidden)).then(pl.col(name)).alias(name)
        for name, hidden in zip(("email", "phone", "company", "industry"), missing, strict=True)
    )


def changes_table(people: People, asked_at: np.ndarray, competitor_at: np.ndarray, leads: int, seed: int) -> pl.DataFrame:
    """lead_changes: enrichment (with the lead's own figure as old value of the revenue), answers found by sales, competitors."""
    rng = stream(leads, seed, "changes")
    n = len(people)
    parts: list[tuple[np.ndarray, np.ndarray, str, pl.Series, pl.Series | None]] = []

    def add(field: str, at: np.ndarray, values: pl.Series, old: pl.Series | None = None) -> None:
        lead = np.flatnonzero((at >= 0) & (at <= DATA_THROUGH))
        parts.append((lead, at[lead], field, values.gather(lead), None if old is None else old.gather(lead)))

    def number(values: np.ndarray) -> pl.Series:
        return pl.Series(values).cast(pl.String)

    enriched = np.where(people.enriched, people.enriched_at, -1)
    own_figure = np.maximum(np.rint(people.revenue * np.exp(0.4 * rng.standard_normal(n)) / 1e6), 1).astype(np.int64) * 1_000_000
    said = pl.Series(rng.random(n) < 0.5)
    add("employees", enriched[0], number(people.employees))
    add("annual_revenue", enriched[1], number(people.revenue), pl.select(pl.when(said).then(number(own_figure))).to_series())
    add("seniority", enriched[2], by_code(world.SENIORITIES, people.seniority))
    add("need", asked_at[0], by_code(("false", "true"), people.need))
    add("budget", asked_at[1], number(people.budget))
    add("authority", asked_at[2], by_code(world.AUTHORITIES, people.authority))
    add("timeline", asked_at[3], by_code(world.TIMELINES, people.timeline))
    add("is_competitor", competitor_at, by_code(("true",), np.zeros(n, np.int64)), by_code(("false",), np.zeros(n, np.int64)))

    frame = pl.concat(
        [
            pl.DataFrame(
                {
                    "lead": lead,
                    "field": pl.repeat(field, len(lead), dtype=pl.String, eager=True),
                    "value": value,
                    "old_value": pl.repeat(None, len(lead), dtype=pl.String, eager=True) if old is None else old,
                    "occurred": at,
                }
            )
            for lead, at, field, value, old in parts
        ]
    ).sort("occurred", "lead", "field")
    occurred = frame["occurred"].to_numpy()
    late = rng.random(len(frame)) < 0.05
    recorded = np.where(late, occurred + lags(rng, 1.5 * DAY, 0.8, len(frame)), -1)
    recorded[recorded > DATA_THROUGH] = -1
    return frame.select(
        ids("L", frame["lead"].to_numpy() + 1, 7).alias("lead_id"),
        "field",
        "value",
        "old_value",
        times(occurred).alias("occurred_at"),
        times(recorded).alias("recorded_at"),
    )


def competitors_found(people: People, leads: int, seed: int) -> np.ndarray:
    """When a competitor that was not known as one was found out; -1: not (yet), or nothing to find."""
    rng = stream(leads, seed, "competitors")
    at = people.created + lags(rng, 20.0 * DAY, 0.9, len(people))
    return np.where(people.is_competitor & ~people.competitor_known & (at <= DATA_THROUGH), at, -1)
