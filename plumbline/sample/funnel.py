"""What becomes of the episodes: acceptance, SQL, opportunity, won, or the way out, with the planted leaks at work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from plumbline.sample import contacts, plan, world
from plumbline.sample.contacts import Pursuit
from plumbline.sample.draw import chance, lags, pick_rows
from plumbline.sample.hours import Hours
from plumbline.sample.people import People
from plumbline.sample.plan import DATA_THROUGH, DAY, HOUR

EXITS = ("rejected", "recycled", "disqualified", "lost")
OPEN = 4
NEVER = np.iinfo(np.int64).max

# Ways out by state of the lead: weights of rejected, recycled, disqualified, lost, open.
_WAYS = {
    "untouched": (0.24, 0.10, 0.02, 0.0, 0.64),
    "vain": (0.34, 0.15, 0.02, 0.0, 0.49),
    "contacted": (0.62, 0.16, 0.08, 0.0, 0.14),
    "sal": (0.20, 0.30, 0.18, 0.08, 0.24),
    "sql": (0.02, 0.30, 0.06, 0.40, 0.22),
    "opportunity": (0.0, 0.06, 0.0, 0.76, 0.18),
}
# Weights of the classes of reasons, in the order of world.REASON_CLASSES.
_REASONS = {
    "untouched": (30, 3, 1, 4, 3, 20, 12, 5, 8, 4, 10),
    "vain": (8, 2, 1, 3, 5, 16, 6, 3, 48, 5, 3),
    "contacted": (26, 14, 14, 19, 15, 2, 3, 3, 0, 3, 1),
    "later": (4, 24, 18, 12, 28, 0, 1, 2, 5, 5, 1),
}
UNSTATED_SHARE = 0.12


@dataclass
class Passes:
    """One place per episode of one pass. Times in seconds, -1: never. `leak_*`: which planted leak took it (place in LEAKS), or -1."""

    number: int
    lead: np.ndarray
    mql_at: np.ndarray
    owned: np.ndarray
    rep: np.ndarray
    pursuit: Pursuit
    sal_at: np.ndarray
    sql_at: np.ndarray
    opportunity_at: np.ndarray
    won_at: np.ndarray
    exit_kind: np.ndarray
    exit_at: np.ndarray
    reason: np.ndarray
    leak: np.ndarray
    affected: np.ndarray
    risk: np.ndarray

    def __len__(self) -> int:
        return len(self.lead)


def is_affected(leak: plan.Leak, people: People, lead: np.ndarray, mql_at: np.ndarray) -> np.ndarray:
    """Episodes that the leak can take."""
    codes = {
        "source": (people.source, plan.SOURCES),
        "region": (people.region, world.REGIONS),
        "role": (people.role, world.ROLES),
        "industry": (people.industry, world.INDUSTRIES),
    }
    values, names = codes[leak.field]
    return (values[lead] == names.index(leak.value)) & (mql_at >= leak.since)


class _Leaks:
    """Takes from `risk` at one step; remembers who was hit."""

    def __init__(self, people: People, lead: np.ndarray, mql_at: np.ndarray) -> None:
        self.leak = np.full(len(lead), -1)
        self.affected = np.stack([is_affected(leak, people, lead, mql_at) for leak in plan.LEAKS])

    def passes(self, step: str, at_step: np.ndarray, risk: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Who goes on. A leak takes the same share of every affected risk that is left, so that their mean falls by its size."""
        ok = at_step & (rng.random(len(risk)) < risk)
        for place, leak in enumerate(plan.LEAKS):
            hit = self.affected[place] & at_step
            if leak.step != step or not hit.any():
                continue
            share = min(leak.size / float(risk[hit].mean()), 0.95)
            taken = hit & ok & (rng.random(len(risk)) < share)
            self.leak[taken] = place
            ok &= ~taken
            risk = np.where(hit, risk * (1 - share), risk)
        return ok


def sal_risk(quality: np.ndarray, source: np.ndarray, speed: np.ndarray, state: np.ndarray) -> np.ndarray:
    """Chance of acceptance; state 0 untouched, 1 tried in vain, 2 contacted."""
    base = np.array((plan.SAL_UNTOUCHED, plan.SAL_TOUCHED, plan.SAL_CONTACTED))[state] + np.array(plan.SAL_BY_SOURCE)[source]
    return chance(base + plan.QUALITY_ON["mql_to_sal"] * quality + plan.SPEED_ON_SAL * speed)


def sql_risk(quality: np.ndarray, source: np.ndarray, speed: np.ndarray) -> np.ndarray:
    """Chance that an accepted lead becomes an SQL."""
    base = plan.SQL_BASE + np.array(plan.SQL_BY_SOURCE)[source]
    return chance(base + plan.QUALITY_ON["sal_to_sql"] * (quality - 0.5) + plan.SPEED_ON_SQL * (speed - 0.4))


def _drop_leaked_touches(pursuit: Pursuit, leak: np.ndarray, rng: np.random.Generator) -> None:
    """Leaks that work through what reps do not do: take away touches, contacts and owners of the leads they took."""
    classes = np.array([entry.leak_class for entry in plan.LEAKS] + [""])[leak]
    unowned, short = classes == "never_assigned", classes == "gave_up_early"
    keep = ~unowned[pursuit.attempt_episode] & ~(short[pursuit.attempt_episode] & (pursuit.attempt_number > 2))
    for name in ("attempt_episode", "attempt_number", "attempt_at", "attempt_reached"):
        setattr(pursuit, name, getattr(pursuit, name)[keep])
    pursuit.attempt_reached &= ~short[pursuit.attempt_episode]
    pursuit.assigned_at[unowned & (rng.random(len(unowned)) < 0.5)] = -1
    pursuit.first_at[unowned] = -1
    pursuit.contact_at[unowned | short] = -1
    pursuit.last_at[unowned] = -1
    pursuit.last_at[pursuit.attempt_episode] = pursuit.attempt_at


def run_pass(people: People, number: int, lead: np.ndarray, mql_at: np.ndarray, rep: np.ndarray, hours: Hours, rng: np.random.Generator) -> Passes:
    """One pass of the leads `lead` (places), opened at `mql_at`."""
    n = len(lead)
    quality, source, team = people.quality[lead], people.source[lead], people.team[lead]
    owned = (source == plan.SOURCES.index("outbound")) | (number > 1)
    pursuit = contacts.pursue(mql_at, owned, quality, team, hours, rng)
    leaks = _Leaks(people, lead, mql_at)
    state = np.where(pursuit.contact_at >= 0, 2, np.where(pursuit.first_at >= 0, 1, 0))

    risk = sal_risk(quality, source, pursuit.speed, state)
    accepted = leaks.passes("mql->sal", np.ones(n, bool), risk, rng)
    decided = np.where(state == 2, pursuit.contact_at + lags(rng, 4.0 * HOUR, 1.3, n), 0)
    decided = np.where(state == 1, pursuit.last_at + lags(rng, 0.8 * DAY, 0.8, n), decided)
    decided = np.where(state == 0, mql_at + lags(rng, 2.2 * DAY, 0.8, n), decided)
    sal_at = np.where(accepted, hours.forward(decided, team, rng, 0.85), -1)
    _drop_leaked_touches(pursuit, leaks.leak, rng)
    state = np.where(pursuit.contact_at >= 0, 2, np.where(pursuit.last_at >= 0, 1, 0))

    qualified = leaks.passes("sal->sql", accepted, np.where(accepted, sql_risk(quality, source, pursuit.speed), 0.0), rng)
    sql_at = np.where(qualified, hours.forward(sal_at + lags(rng, 8.0 * DAY, 0.75, n), team, rng), -1)
    good = chance(plan.OPPORTUNITY_BASE + plan.QUALITY_ON["sql_to_opportunity"] * (quality - 0.7))
    offered = leaks.passes("sql->opportunity", qualified, np.where(qualified, good, 0.0), rng)
    opportunity_at = np.where(offered, hours.forward(sql_at + lags(rng, 6.0 * DAY, 0.8, n), team, rng), -1)
    won = offered & (rng.random(n) < chance(plan.WON_BASE + plan.QUALITY_ON["opportunity_to_won"] * (quality - 0.8)))
    won_at = np.where(won, hours.forward(opportunity_at + lags(rng, 38.0 * DAY, 0.6, n), team, rng), -1)

    where = np.where(accepted, 3, state) + qualified + offered
    ways = np.array(list(_WAYS.values()))[where]
    ways[won] = (0, 0, 0, 0, 1)
    kind = pick_rows(rng, ways)
    leak_class = np.array([entry.leak_class for entry in plan.LEAKS] + [""])[leaks.leak]
    for place, name in enumerate(EXITS[:3]):
        kind[leak_class == name] = place
    kind[(leak_class == "never_assigned") | (leak_class == "gave_up_early")] = OPEN
    kind[leak_class == "no_show"] = np.where(rng.random(n) < 0.3, 1, OPEN)[leak_class == "no_show"]

    since = np.stack((np.maximum(pursuit.last_at, mql_at), np.maximum(pursuit.last_at, mql_at), pursuit.contact_at, sal_at, sql_at, opportunity_at))
    median = np.array((6.0, 5.0, 0.7, 13.0, 16.0, 30.0))[where] * DAY
    exit_at = hours.forward(since[where, np.arange(n)] + 120 + lags(rng, median, 0.8, n), team, rng)
    exit_at = np.where(kind == OPEN, -1, exit_at)
    passes = Passes(number, lead, mql_at, owned, rep, pursuit, sal_at, sql_at, opportunity_at, won_at, kind, exit_at,
                    _reasons(where, kind, leak_class, people.is_competitor[lead], rng), leaks.leak, leaks.affected, risk)  # fmt: skip
    _censor(passes)
    return passes


def _reasons(where: np.ndarray, kind: np.ndarray, leak_class: np.ndarray, is_competitor: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Class of the reason of each exit (place in REASON_CLASSES), -1: none or unstated."""
    weights = np.array([_REASONS[name] for name in ("untouched", "vain", "contacted", "later", "later", "later")], dtype=np.float64)
    reason = pick_rows(rng, weights[where])
    unstated = rng.random(len(reason)) < UNSTATED_SHARE
    forced = np.full(len(reason), -1)
    forced[is_competitor & (where == 2) & (kind == 0)] = world.REASON_CLASSES.index("competitor")
    for leak, name in (("rejected", "wrong_target"), ("disqualified", "cannot_pay"), ("recycled", "bad_timing")):
        forced[leak_class == leak] = world.REASON_CLASSES.index(name)
    reason = np.where(forced >= 0, forced, np.where(unstated, -1, reason))
    return np.where(kind == OPEN, -1, reason)


def _censor(passes: Passes) -> None:
    """What lies after the end of the data has not happened."""
    for name in ("sal_at", "sql_at", "opportunity_at", "won_at", "exit_at"):
        times = getattr(passes, name)
        times[times > DATA_THROUGH] = -1
    pursuit = passes.pursuit
    for name in ("assigned_at", "first_at", "contact_at", "last_at"):
        times = getattr(pursuit, name)
        times[times > DATA_THROUGH] = -1
    keep = pursuit.attempt_at <= DATA_THROUGH
    for name in ("attempt_episode", "attempt_number", "attempt_at", "attempt_reached"):
        setattr(pursuit, name, getattr(pursuit, name)[keep])
    passes.exit_kind[passes.exit_at < 0] = OPEN


def returns(passes: Passes, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(places of episodes whose lead comes back, the new mql_at): a third of the recycled, few of the rejected."""
    back = np.array((0.10, 0.36, 0.02, 0.05, 0.0))[passes.exit_kind]
    places = np.flatnonzero((rng.random(len(passes)) < back) & (passes.exit_at >= 0))
    at = passes.exit_at[places] + DAY + lags(rng, 62.0 * DAY, 0.6, len(places))
    keep = at < DATA_THROUGH - HOUR
    return places[keep], at[keep]
