"""What is planted, in numbers: the one place that decides the truth of the sample.

Times are seconds since 1970 (UTC) in int64 wherever a name does not say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

DAY = 86_400
HOUR = 3_600
MONTHS = 24


def instant(text: str) -> int:
    """Seconds since 1970 of an ISO 8601 text without zone, read as UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


FIRST_LEAD = instant("2024-11-11T00:00:00")
DATA_THROUGH = instant("2026-11-14T18:00:00")

THRESHOLD_CHANGED = instant("2025-05-05T00:00:00")
THRESHOLD_BEFORE, THRESHOLD_AFTER = 60, 50
HALF_LIFE_DAYS = 30

MIX_SINCE, MIX_UNTIL = instant("2025-10-01T00:00:00"), instant("2026-01-01T00:00:00")
MIX_COMPARED_SINCE = instant("2025-07-01T00:00:00")
SOURCES = ("organic_search", "paid_search", "paid_social", "webinar", "partner", "outbound")
MIX_USUAL = (0.24, 0.20, 0.16, 0.15, 0.14, 0.11)
MIX_SHIFTED = (0.13, 0.11, 0.55, 0.10, 0.06, 0.05)

EXPLORE_SHARE = 0.05
EXPLORE_AFTER = 14 * DAY
HELD_BACK_SHARE = 0.04
MANUAL_SHARE = 0.03
MANUAL_SHARE_OUTBOUND = 0.30

BACKFILL_DAY = instant("2026-03-14T02:00:00")

# Hidden quality q: account part, own part, and a shift by source. Mean about 0, standard deviation about 1.
QUALITY_ACCOUNT, QUALITY_OWN = 0.55, 0.80
QUALITY_BY_SOURCE = (0.15, 0.05, -0.45, -0.05, 0.45, -0.10)
QUALITY_ON = {
    "log_employees": 0.45,
    "seniority": 0.55,
    "log_activities": 0.35,
    "intent_of_activities": 0.60,
    "fast_answer": 0.60,
    "never_touched": -0.45,
    "log_contact_hazard": 0.20,
    "mql_to_sal": 0.65,
    "sal_to_sql": 0.55,
    "sql_to_opportunity": 0.35,
    "opportunity_to_won": 0.30,
    "log_amount": 0.10,
}

# Log odds. mql_to_sal starts from how far sales got with the lead.
SAL_CONTACTED, SAL_TOUCHED, SAL_UNTOUCHED = 1.65, -0.45, -1.45
SQL_BASE, OPPORTUNITY_BASE, WON_BASE = 0.26, 0.72, -0.76
SAL_BY_SOURCE = (0.15, 0.05, -0.95, 0.10, 0.35, -0.05)
SQL_BY_SOURCE = (0.10, 0.05, -0.40, 0.00, 0.25, -0.05)

# Speed: s = exp(-(first attempt - mql) / 12 h), 0 for a lead that nobody touched.
SPEED_SCALE = 12 * HOUR
SPEED_ON_HAZARD, SPEED_ON_SAL, SPEED_ON_SQL = 0.50, 0.30, 0.75

FAST_MEDIAN, FAST_SIGMA = 14 * 60, 1.0
SLOW_MEDIAN, SLOW_SIGMA = 24 * HOUR, 1.0
FAST_BASE, NEVER_BASE = 0.05, -1.12
NEVER_ASSIGNED_SHARE = 0.03

# Chance that attempt k reaches the person (quality 0, no speed), and that a rep stops after a vain attempt.
HAZARDS = (0.30, 0.25, 0.21, 0.18, 0.15, 0.13, 0.035, 0.03, 0.025, 0.02, 0.02, 0.02)
GIVE_UP_CHANCE = 0.27
GIVE_UP_POINT = 7
COST_OF_ATTEMPT = 200.0


@dataclass(frozen=True)
class Leak:
    """One planted leak: of episodes of `field` = `value` opened since `since`, `size` fewer (0..1) pass `step`."""

    name: str
    step: str
    field: str
    value: str
    since: int
    size: float
    leak_class: str
    how: str


LEAKS = (
    Leak("webinar_list", "mql->sal", "source", "webinar", instant("2026-03-02T00:00:00"), 0.30, "rejected",
         "sales turns webinar leads down as the wrong target"),
    Leak("apac_unowned", "mql->sal", "region", "Asia Pacific", instant("2026-06-01T00:00:00"), 0.30, "never_assigned",
         "half of the lost leads reach no rep, half a rep who never tries"),
    Leak("it_given_up", "mql->sal", "role", "it", instant("2026-04-06T00:00:00"), 0.25, "gave_up_early",
         "reps stop after one or two attempts at people in IT"),
    Leak("education_budget", "sal->sql", "industry", "education", instant("2026-01-12T00:00:00"), 0.32, "disqualified",
         "budgets are cut: accepted education leads cannot pay"),
    Leak("partner_no_show", "sal->sql", "source", "partner", instant("2026-02-02T00:00:00"), 0.34, "no_show",
         "the first meeting is not attended and nobody asks again"),
    Leak("manufacturing_stall", "sql->opportunity", "industry", "manufacturing", instant("2026-01-05T00:00:00"), 0.36, "recycled",
         "qualified manufacturing leads are sent back for bad timing"),
)  # fmt: skip
