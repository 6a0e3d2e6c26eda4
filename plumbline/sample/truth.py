"""What was planted, written down beside what it came to in this draw."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from plumbline.sample import contacts, funnel, plan, world
from plumbline.sample.funnel import Passes
from plumbline.sample.plan import DATA_THROUGH, DAY, HOUR
from plumbline.sample.qualify import definition_yaml
from plumbline.sample.simulate import Run

_STEPS = {"mql->sal": ("mql_at", "sal_at"), "sal->sql": ("sal_at", "sql_at"), "sql->opportunity": ("sql_at", "opportunity_at")}
# A step is looked at only when it had this many days to happen.
RIPE_DAYS = {"mql->sal": 30, "sal->sql": 75, "sql->opportunity": 105}


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _share(hit: np.ndarray, of: np.ndarray) -> float | None:
    """Share of `of` that is hit, four digits; None when there is nobody."""
    return round(float(hit[of].mean()), 4) if of.any() else None


def _leaks(first: Passes) -> list[dict[str, object]]:
    found = []
    for place, leak in enumerate(plan.LEAKS):
        start, end = (getattr(first, name) for name in _STEPS[leak.step])
        entered = (first.affected[place]) & (start >= 0) & (first.mql_at < DATA_THROUGH - RIPE_DAYS[leak.step] * DAY)
        passed, taken = end >= 0, first.leak == place
        rate, without = _share(passed, entered), _share(passed | taken, entered)
        found.append(
            {
                "name": leak.name,
                "step": leak.step,
                "segment": {leak.field: leak.value},
                "since": _iso(leak.since),
                "since_is_by": "opening of the episode",
                "size_percentage_points": round(100 * leak.size, 1),
                "leak_class": leak.leak_class,
                "how": leak.how,
                "in_this_draw": {
                    "first_episodes_entered": int(entered.sum()),
                    "rate": rate,
                    "rate_without_the_leak": without,
                    "lost_percentage_points": None if rate is None or without is None else round(100 * (without - rate), 1),
                    "ripe_days_after_opening": RIPE_DAYS[leak.step],
                },
            }
        )
    return found


def _mix_drop(result: Run) -> dict[str, object]:
    first, source = result.passes[0], result.people.source[result.passes[0].lead]
    periods = {"before": (plan.MIX_COMPARED_SINCE, plan.MIX_SINCE), "during": (plan.MIX_SINCE, plan.MIX_UNTIL)}
    rates: dict[str, object] = {}
    shares, by_source = [], []
    for name, (since, until) in periods.items():
        inside = (first.mql_at >= since) & (first.mql_at < until)
        cells = [inside & (source == place) for place in range(len(plan.SOURCES))]
        rate = [_share(first.sal_at >= 0, cell) for cell in cells]
        shares.append(np.array([cell.sum() for cell in cells]) / max(int(inside.sum()), 1))
        by_source.append(np.array([0.0 if value is None else value for value in rate]))
        rates[name] = {
            "since": _iso(since),
            "until": _iso(until),
            "first_episodes": int(inside.sum()),
            "mql_to_sal": _share(first.sal_at >= 0, inside),
            "share_of_source": dict(zip(plan.SOURCES, shares[-1].round(4).tolist(), strict=True)),
            "rate_by_source": dict(zip(plan.SOURCES, rate, strict=True)),
        }
    mix = float(((shares[1] - shares[0]) * (by_source[0] + by_source[1]) / 2).sum())
    return {
        "what": "a social campaign moves the mix of sources of new leads; no source's chances change",
        "by_created_at": {"since": _iso(plan.MIX_SINCE), "until": _iso(plan.MIX_UNTIL)},
        "share_of_new_leads_usual": dict(zip(plan.SOURCES, plan.MIX_USUAL, strict=True)),
        "share_of_new_leads_shifted": dict(zip(plan.SOURCES, plan.MIX_SHIFTED, strict=True)),
        "in_this_draw": rates | {"mix_part_percentage_points": round(100 * mix, 2)},
    }


def _speed(result: Run) -> dict[str, object]:
    """Causal: the model asked twice about the same leads. Naive: leads answered fast against leads answered late."""
    first = result.passes[0]
    quality, source = result.people.quality[first.lead], result.people.source[first.lead]

    def chance_of_sql(wait: float) -> float:
        speed = np.full(len(quality), float(contacts.speed_of(wait)))
        reached = contacts.chance_of_contact(quality, speed)
        accepted = reached * funnel.sal_risk(quality, source, speed, np.full(len(quality), 2))
        accepted += (1 - reached) * funnel.sal_risk(quality, source, speed, np.full(len(quality), 1))
        return float((accepted * funnel.sql_risk(quality, source, speed)).mean())

    wait = first.pursuit.first_at - first.mql_at
    ripe = (first.pursuit.first_at >= 0) & (first.mql_at < DATA_THROUGH - 100 * DAY)
    fast, slow = (_share(first.sql_at >= 0, ripe & mask) for mask in (wait <= HOUR, wait > DAY))
    half_hour, two_days = chance_of_sql(HOUR / 2), chance_of_sql(2 * DAY)
    return {
        "formula": "speed = exp(-(first attempt - mql) / 12 hours), 0 when never touched",
        "on_log_hazard_of_contact": f"log(1 + {plan.SPEED_ON_HAZARD} * speed)",
        "on_log_odds": {"mql_to_sal": plan.SPEED_ON_SAL, "sal_to_sql": plan.SPEED_ON_SQL},
        "sql_if_all_answered_in_half_an_hour": round(half_hour, 4),
        "sql_if_all_answered_after_two_days": round(two_days, 4),
        "causal_difference_percentage_points": round(100 * (half_hour - two_days), 2),
        "naive": {
            "sql_answered_within_an_hour": fast,
            "sql_answered_after_a_day": slow,
            "difference_percentage_points": None if fast is None or slow is None else round(100 * (fast - slow), 2),
            "why_it_misleads": "hidden quality speeds the answer and raises the outcome; planted leaks come on top",
        },
    }


def _give_up(result: Run, median_deal: float) -> dict[str, object]:
    first = result.passes[0]
    number, reached = first.pursuit.attempt_number, first.pursuit.attempt_reached
    contacted = (first.pursuit.contact_at >= 0) & (first.mql_at < DATA_THROUGH - 100 * DAY)
    given_contact, won = _share(first.sql_at >= 0, contacted), _rates(first)["sql_to_won"]
    worth = (given_contact or 0.0) * (won or 0.0) * median_deal
    hazards = [{"attempt": k, "attempts": int((number == k).sum()), "reached": _share(reached, number == k)} for k in range(1, 11)]
    return {
        "first_attempt_not_worth_its_cost": plan.GIVE_UP_POINT,
        "hazard_at_quality_0_without_speed": plan.HAZARDS,
        "chance_that_a_rep_stops_after_a_vain_attempt": plan.GIVE_UP_CHANCE,
        "cost_of_an_attempt_usd": plan.COST_OF_ATTEMPT,
        "sql_given_contact": given_contact,
        "won_given_sql": won,
        "median_deal_usd": median_deal,
        "hazard_that_pays_for_an_attempt": round(plan.COST_OF_ATTEMPT / worth, 4) if worth else None,
        "in_this_draw": hazards,
    }


def _rates(first: Passes) -> dict[str, float | None]:
    old = first.mql_at < DATA_THROUGH - 260 * DAY
    steps = {"mql_to_sal": ("mql_at", "sal_at"), "sal_to_sql": ("sal_at", "sql_at"), "sql_to_opportunity": ("sql_at", "opportunity_at"),
             "sql_to_won": ("sql_at", "won_at")}  # fmt: skip
    return {name: _share(getattr(first, end) >= 0, old & (getattr(first, start) >= 0)) for name, (start, end) in steps.items()}


def make_truth(result: Run, flaws: dict[str, int], median_deal: float, leads: int, seed: int) -> dict[str, object]:
    """Everything that was planted, JSON-able. Shares are 0..1 unless a name says percentage points; times UTC."""
    people, first = result.people, result.passes[0]
    changed = people.created >= plan.THRESHOLD_CHANGED
    wait = (first.pursuit.first_at - first.mql_at)[first.pursuit.first_at >= 0]
    return {
        "made_by": f"plumbline sample --leads {leads} --seed {seed}",
        "leads": leads,
        "seed": seed,
        "first_lead_from": _iso(plan.FIRST_LEAD),
        "data_through": _iso(DATA_THROUGH),
        "currency": "USD",
        "mql_share_of_leads": round(len(first) / leads, 4),
        "rates_of_first_episodes_older_than_260_days": _rates(first),
        "hidden_quality": {
            "what": "standard normal by account and by lead, shifted by source; in no table",
            "weight_of_account": plan.QUALITY_ACCOUNT,
            "weight_of_lead": plan.QUALITY_OWN,
            "shift_by_source": dict(zip(plan.SOURCES, plan.QUALITY_BY_SOURCE, strict=True)),
            "coefficients": plan.QUALITY_ON,
            "mean_of_qualified": round(float(people.quality[first.lead].mean()), 4),
            "mean_of_all": round(float(people.quality.mean()), 4),
        },
        "log_odds": {
            "mql_to_sal": {"contacted": plan.SAL_CONTACTED, "tried_in_vain": plan.SAL_TOUCHED, "untouched": plan.SAL_UNTOUCHED,
                           "by_source": dict(zip(plan.SOURCES, plan.SAL_BY_SOURCE, strict=True))},
            "sal_to_sql": {"base": plan.SQL_BASE, "quality_minus": 0.5, "speed_minus": 0.4,
                           "by_source": dict(zip(plan.SOURCES, plan.SQL_BY_SOURCE, strict=True))},
            "sql_to_opportunity": {"base": plan.OPPORTUNITY_BASE, "quality_minus": 0.7},
            "opportunity_to_won": {"base": plan.WON_BASE, "quality_minus": 0.8},
        },
        "response_times": {
            "fast": {"median_seconds": plan.FAST_MEDIAN, "sigma": plan.FAST_SIGMA,
                     "log_odds_of_fast": [plan.FAST_BASE, plan.QUALITY_ON["fast_answer"]]},
            "slow": {"median_seconds": plan.SLOW_MEDIAN, "sigma": plan.SLOW_SIGMA},
            "log_odds_of_never_touched": [plan.NEVER_BASE, plan.QUALITY_ON["never_touched"]],
            "then": "moved to the opening hours of the team for 93 % of those out of hours",
            "never_assigned": plan.NEVER_ASSIGNED_SHARE,
            "in_this_draw": {
                "never_touched": round(float((first.pursuit.first_at < 0).mean()), 4),
                "median_hours_of_touched": round(float(np.median(wait)) / HOUR, 2) if len(wait) else None,
            },
        },
        "leaks": _leaks(first),
        "leaks_overlap": "a lead may lie in the segments of several leaks of one step: each takes its size, one after the other, in this order",
        "mix_only_drop": _mix_drop(result),
        "threshold_change": {
            "at": _iso(plan.THRESHOLD_CHANGED),
            "from": plan.THRESHOLD_BEFORE,
            "to": plan.THRESHOLD_AFTER,
            "mql_share_of_leads_created_before": _share(result.handed >= 0, ~changed),
            "mql_share_of_leads_created_after": _share(result.handed >= 0, changed & (people.created < DATA_THROUGH - 30 * DAY)),
        },
        "definition_before": definition_yaml(plan.THRESHOLD_BEFORE, "Marketing qualified lead, 2024"),
        "definition_after": definition_yaml(plan.THRESHOLD_AFTER, "Marketing qualified lead, May 2025"),
        "noise_of_qualification": {
            "qualified_but_held_back": plan.HELD_BACK_SHARE,
            "handed_over_by_hand": plan.MANUAL_SHARE,
            "handed_over_by_hand_outbound": plan.MANUAL_SHARE_OUTBOUND,
            "acts_recorded_late_did_not_count": True,
            "scored": "85 % within two minutes, 15 % in the next night",
            "handed_over_by": {name: int((result.handed == place).sum()) for place, name in enumerate(("rule", "exploration", "hand"))},
        },
        "exploration_arm": {
            "attribute": "handover_arm",
            "value": "explore",
            "share_of_leads": plan.EXPLORE_SHARE,
            "how": "drawn at random at creation; one that has not qualified 14 days later is handed over all the same, unless a known competitor",
            "handed_over_below_the_threshold": int((result.handed == 1).sum()),
        },
        "speed_effect": _speed(result),
        "give_up_point": _give_up(result, median_deal),
        "reasons": {name: list(texts) for name, texts in world.REASONS.items()},
        "flaws": flaws,
    }  # fmt: skip
