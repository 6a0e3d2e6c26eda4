"""Who the leads are: accounts, sources, places, fit, hidden quality, and which attributes were known only later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.sample import plan, world
from plumbline.sample.draw import chance, lags, pick, stream
from plumbline.sample.plan import DATA_THROUGH, DAY, FIRST_LEAD, HOUR

# How often need, budget, authority and timeline are filled in at creation, by source.
_ANSWERED = (0.30, 0.35, 0.15, 0.18, 0.65, 0.45)


@dataclass
class People:
    """One place per lead, in order of creation. Codes point into the tuples of world.py; -1 is missing."""

    created: np.ndarray
    account: np.ndarray
    country: np.ndarray
    region: np.ndarray
    team: np.ndarray
    industry: np.ndarray
    employees: np.ndarray
    revenue: np.ndarray
    company: np.ndarray
    source: np.ndarray
    campaign: np.ndarray
    role: np.ndarray
    seniority: np.ndarray
    quality: np.ndarray
    need: np.ndarray
    budget: np.ndarray
    authority: np.ndarray
    timeline: np.ndarray
    answered: np.ndarray
    is_competitor: np.ndarray
    competitor_known: np.ndarray
    explores: np.ndarray
    enriched_at: np.ndarray
    enriched: np.ndarray

    def __len__(self) -> int:
        return len(self.created)


def _creation_times(leads: int, rng: np.random.Generator) -> np.ndarray:
    """Instants of creation: growth, quarters, the summer and the end of the year, weekdays; sorted."""
    days = np.arange((DATA_THROUGH - FIRST_LEAD) // DAY + 1)
    month = (np.datetime64("2024-11-11") + days).astype("datetime64[M]").astype(int) % 12
    by_month = np.array([0.98, 1.06, 1.14, 1.00, 1.02, 0.96, 0.88, 0.80, 1.12, 1.08, 1.10, 0.72])
    weekday = np.array([1.12, 1.22, 1.20, 1.12, 0.92, 0.30, 0.26])
    weights = by_month[month] * weekday[days % 7] * (1 + 0.20 * days / len(days))
    weights[-1] *= 0.75
    return FIRST_LEAD + pick(rng, list(weights), leads).astype(np.int64) * DAY


def _times_of_day(rng: np.random.Generator, size: int, hours_from_utc: np.ndarray) -> np.ndarray:
    hour_weights = [1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 19, 17, 13, 15, 17, 16, 14, 11, 8, 7, 7, 6, 4, 2]
    local = pick(rng, hour_weights, size) * HOUR + rng.integers(0, HOUR, size)
    return (local - hours_from_utc * HOUR) % DAY


def make_people(leads: int, seed: int) -> People:
    """All leads; see `People`."""
    rng = stream(leads, seed, "accounts")
    accounts = max(int(leads / 2.2), 1)
    account_country = pick(rng, [country.weight for country in world.COUNTRIES], accounts)
    account_quality = rng.standard_normal(accounts)
    account_employees = np.exp(4.9 + plan.QUALITY_ON["log_employees"] * account_quality + 1.35 * rng.standard_normal(accounts))
    account_employees = np.clip(np.rint(account_employees), 1, 250_000).astype(np.int64)
    account_revenue = np.rint(account_employees * np.exp(11.6 + 0.5 * rng.standard_normal(accounts)) / 1e4).astype(np.int64) * 10_000
    account_industry = pick(rng, world.INDUSTRY_WEIGHTS, accounts)
    account_company = rng.integers(0, 1 << 30, accounts)
    account_competitor = rng.random(accounts) < 0.02

    rng = stream(leads, seed, "people")
    account = rng.integers(0, accounts, leads)
    country = account_country[account]
    region_of = np.array([world.REGIONS.index(entry.region) for entry in world.COUNTRIES])
    team_of = np.array([entry.team for entry in world.COUNTRIES])
    offset_of = np.array([entry.hours_from_utc for entry in world.COUNTRIES])

    created_day = _creation_times(leads, rng)
    created = np.clip(created_day + _times_of_day(rng, leads, offset_of[country]), FIRST_LEAD, DATA_THROUGH - 60)
    order = np.argsort(created, kind="stable")
    created, account, country = created[order], account[order], country[order]

    usual, shifted = pick(rng, plan.MIX_USUAL, leads), pick(rng, plan.MIX_SHIFTED, leads)
    source = np.where((created >= plan.MIX_SINCE) & (created < plan.MIX_UNTIL), shifted, usual)
    quality = plan.QUALITY_ACCOUNT * account_quality[account] + plan.QUALITY_OWN * rng.standard_normal(leads)
    quality = quality + np.array(plan.QUALITY_BY_SOURCE)[source]
    seniority = np.digitize(plan.QUALITY_ON["seniority"] * quality + rng.standard_normal(leads), world.SENIORITY_CUTS)

    rng = stream(leads, seed, "answers")
    answered = rng.random((4, leads)) < np.array(_ANSWERED)[source]
    need = (rng.random(leads) < chance(0.3 + 0.7 * quality)).astype(np.int64)
    budget = np.rint(np.exp(8.9 + 0.35 * quality + 0.8 * rng.standard_normal(leads)) / 500).astype(np.int64) * 500
    authority = np.clip(2 - (seniority + rng.integers(0, 2, leads)) // 2, 0, 2)
    timeline = np.clip(np.floor(1.6 - 0.7 * quality + rng.standard_normal(leads)), 0, 3).astype(np.int64)
    late = rng.random(leads) < 0.42
    return People(
        created=created,
        account=account,
        country=country,
        region=region_of[country],
        team=team_of[country],
        industry=account_industry[account],
        employees=account_employees[account],
        revenue=account_revenue[account],
        company=account_company[account],
        source=source,
        campaign=pick(rng, (0.4, 0.3, 0.2, 0.1), leads),
        role=pick(rng, world.ROLE_WEIGHTS, leads),
        seniority=seniority,
        quality=quality,
        need=need,
        budget=budget,
        authority=authority,
        timeline=timeline,
        answered=answered,
        is_competitor=account_competitor[account],
        competitor_known=rng.random(leads) < 0.6,
        explores=rng.random(leads) < plan.EXPLORE_SHARE,
        enriched_at=np.where(late, created + lags(rng, 6.0 * HOUR, 1.6, leads), -1),
        enriched=rng.random((3, leads)) < 0.75,
    )
