"""What leads do: the activities, each packed into one integer so that twenty million sort in a second.

Packed, from the high bits: lead (24), seconds since T0 (27), kind (4), asset (3), lateness (4).
"""

from __future__ import annotations

import numpy as np

from plumbline.sample import plan, world
from plumbline.sample.draw import stream
from plumbline.sample.people import People
from plumbline.sample.plan import DATA_THROUGH, DAY, FIRST_LEAD, HOUR

T0 = FIRST_LEAD - 400 * DAY
ENRICHED = 15  # a kind that is no activity: the instant at which attributes were filled in
BACKFILLED = 15  # a lateness: recorded on the backfill day
LATENESS = np.array([0, 2, 3, 5, 8, 12, 20, 26, 36, 50, 75, 100, 150, 220, 300, 0], dtype=np.int64) * HOUR

_KIND_CODE = {name: code for code, name in enumerate(world.ACTIVITIES)}
# Share of kinds for leads of low, middle and high interest, in the order of world.ACTIVITIES.
_KINDS = (
    (44, 7.0, 34, 3.0, 1.6, 3.2, 0.15, 0.25, 0.10, 1.6, 3.2, 0.5),
    (38, 11, 31, 6.0, 3.0, 5.0, 0.7, 0.6, 0.5, 0.9, 1.3, 1.0),
    (31, 14, 27, 10, 4.5, 6.0, 1.9, 1.2, 1.4, 0.5, 0.5, 1.6),
)
# The act that made the lead, by source.
_FIRST_ACTS = (
    {"download": 35, "web_visit": 20, "demo_request": 15, "contact_request": 20, "trial_start": 10},
    {"download": 30, "web_visit": 20, "demo_request": 25, "contact_request": 15, "trial_start": 10},
    {"download": 60, "web_visit": 32, "demo_request": 5, "contact_request": 2, "trial_start": 1},
    {"webinar": 100},
    {"contact_request": 38, "demo_request": 27, "web_visit": 15, "event_visit": 20},
    {"email_open": 60, "email_click": 30, "event_visit": 10},
)
_TABLE = 4096


def _lookup(weights: tuple[float, ...]) -> np.ndarray:
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(edges / edges[-1], (np.arange(_TABLE) + 0.5) / _TABLE, side="right").astype(np.int64)


def _first_acts(source: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    tables = np.stack([_lookup(tuple(float(acts.get(name, 0)) for name in world.ACTIVITIES)) for acts in _FIRST_ACTS])
    return tables[source, rng.integers(0, _TABLE, len(source))]


def _assets(kind: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    choices = np.ones(16, dtype=np.int64)
    for name, texts in world.ASSETS.items():
        choices[_KIND_CODE[name]] = len(texts)
    return rng.integers(0, 1 << 15, len(kind), dtype=np.int64) * choices[kind] >> 15


def _to_daytime(at: np.ndarray, hours_from_utc: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same local day, at an hour at which people are up."""
    local = at + hours_from_utc
    hours = np.repeat(np.arange(24), [2, 1, 1, 1, 1, 3, 8, 14, 24, 30, 31, 27, 21, 24, 27, 26, 22, 18, 14, 14, 13, 12, 8, 4])
    hour = hours[rng.integers(0, len(hours), len(at), dtype=np.int32)]
    return local - local % DAY + hour * HOUR + local % HOUR - hours_from_utc


def pack(lead: np.ndarray, at: np.ndarray, kind: np.ndarray, asset: np.ndarray | int = 0, late: np.ndarray | int = 0) -> np.ndarray:
    return (((lead.astype(np.int64) << 27 | (at - T0)) << 4 | kind) << 3 | asset) << 4 | late


def lead_of(packed: np.ndarray) -> np.ndarray:
    return packed >> 38


def time_of(packed: np.ndarray) -> np.ndarray:
    return (packed >> 11 & (1 << 27) - 1) + T0


def kind_of(packed: np.ndarray) -> np.ndarray:
    return packed >> 7 & 15


def asset_of(packed: np.ndarray) -> np.ndarray:
    return packed >> 4 & 7


def late_of(packed: np.ndarray) -> np.ndarray:
    return packed & 15


def recorded_of(packed: np.ndarray) -> np.ndarray:
    """When each act was known, seconds; -1: at once."""
    late, at = late_of(packed), time_of(packed)
    recorded = np.where(late == BACKFILLED, plan.BACKFILL_DAY + lead_of(packed) % 1200, at + LATENESS[late] + (at * 7919) % 3000)
    return np.where((late == 0) | (recorded > DATA_THROUGH), -1, recorded)


def make_activities(people: People, leads: int, seed: int) -> np.ndarray:
    """Packed acts of all leads with the instants of enrichment among them, sorted by lead and time."""
    rng = stream(leads, seed, "activities")
    n = len(people)
    mean = 23.0 * np.exp(plan.QUALITY_ON["log_activities"] * people.quality - 0.06) * np.where(people.source == 5, 0.75, 1.0)
    counts = rng.poisson(mean * rng.standard_gamma(2.2, n) / 2.2)
    lead = np.repeat(np.arange(n, dtype=np.int32), counts)
    offset = rng.standard_exponential(len(lead), dtype=np.float32)
    offset *= np.where(rng.random(len(lead), dtype=np.float32) < 0.62, np.float32(11 * DAY), np.float32(130 * DAY))
    at = people.created[lead] + offset.astype(np.int64)
    del offset
    weekend = ((at - FIRST_LEAD) // DAY) % 7 >= 5
    at += np.where(weekend & (rng.random(len(at), dtype=np.float32) < 0.6), 2 * DAY, 0)
    hours_of = np.array([entry.hours_from_utc * HOUR for entry in world.COUNTRIES], dtype=np.int64)
    daytime = _to_daytime(at, hours_of[people.country[lead]], rng)
    at = np.where(daytime > people.created[lead], daytime, at + 60)
    del daytime, weekend
    keep = at <= DATA_THROUGH
    lead, at = lead[keep], at[keep]

    interest = plan.QUALITY_ON["intent_of_activities"] * people.quality + 0.8 * rng.standard_normal(n)
    level = np.digitize(interest, (-0.35, 0.75)).astype(np.int8)
    kind = np.stack([_lookup(weights) for weights in _KINDS])[level[lead], rng.integers(0, _TABLE, len(lead), dtype=np.int32)]
    fast_unsubscribe = (kind == _KIND_CODE["unsubscribe"]) & (at < people.created[lead] + 3 * DAY)
    kind[fast_unsubscribe] = _KIND_CODE["email_open"]
    late = np.where(rng.random(len(lead), dtype=np.float32) < 0.02, rng.integers(1, 15, len(lead), dtype=np.int32), 0)
    filled = (kind == _KIND_CODE["webinar"]) | (kind == _KIND_CODE["event_visit"])
    filled &= (at >= plan.instant("2025-09-15T00:00:00")) & (at < plan.instant("2025-12-15T00:00:00"))
    late = np.where(filled & (rng.random(len(lead), dtype=np.float32) < 0.3), BACKFILLED, late)
    acts = [pack(lead, at, kind, _assets(kind, rng), late)]
    del lead, at, kind, late, filled

    first = _first_acts(people.source, rng)
    acts.append(pack(np.arange(n), people.created, first, _assets(first, rng)))
    acts.append(_before_creation(people, rng))
    enriched = np.flatnonzero((people.enriched_at >= 0) & (people.enriched_at <= DATA_THROUGH))
    acts.append(pack(enriched, people.enriched_at[enriched], np.full(len(enriched), ENRICHED)))
    packed = np.concatenate(acts)
    packed.sort()
    return packed


def _before_creation(people: People, rng: np.random.Generator) -> np.ndarray:
    """Visits to trade fairs from before the lead existed, brought in on the backfill day."""
    recent = (people.created >= plan.instant("2025-12-15T00:00:00")) & (people.created < plan.BACKFILL_DAY - 3600)
    lead = np.flatnonzero(recent & (rng.random(len(people)) < 0.05))
    at = people.created[lead] - rng.integers(5 * DAY, 150 * DAY, len(lead))
    return pack(lead, at, np.full(len(lead), _KIND_CODE["event_visit"]), rng.integers(0, 3, len(lead)), BACKFILLED)


def return_acts(people: People, lead: np.ndarray, at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Packed acts in the two days before a lead comes back at `at`: two visits to the prices and a request."""
    rows = []
    for name, back in (("web_visit", 2 * DAY), ("pricing_page", DAY), ("pricing_page", 6 * HOUR), ("contact_request", 600)):
        when = np.maximum(at - rng.integers(back // 3, back, len(at)), people.created[lead])
        kind = np.full(len(lead), _KIND_CODE[name])
        rows.append(pack(lead, when, kind, 0))
    return np.concatenate(rows)
