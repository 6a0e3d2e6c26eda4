"""Charts: frame in, plotly figure out. Only plotly and polars, the colour table and the wording; no screen, no database.

Every chart `name(...)` has `name_alt(...)`, one sentence that says its finding. All figures have a fixed height, a transparent
background, no title (the page writes it), hover texts in words, and `customdata` on each point that says what was clicked.
Texts that came from data are escaped here; callers pass them as they are.
"""

from plumbline.charts.account_sum import PARTS as ACCOUNT_PARTS
from plumbline.charts.account_sum import account_sum, account_sum_alt
from plumbline.charts.associations import associations, associations_alt
from plumbline.charts.attempts import attempt_hazards, attempt_hazards_alt, if_everyone_got, if_everyone_got_alt
from plumbline.charts.breakdown import breakdown_bars, breakdown_bars_alt, breakdown_pooled
from plumbline.charts.change_parts import change_parts, change_parts_alt
from plumbline.charts.cohorts import cohort_trend, cohort_trend_alt
from plumbline.charts.expected_ahead import expected_ahead, expected_ahead_alt
from plumbline.charts.flow import flow_trend, flow_trend_alt
from plumbline.charts.foretold import foretold, foretold_alt
from plumbline.charts.funnel import funnel_bars, funnel_bars_alt
from plumbline.charts.incidence import incidence, incidence_alt
from plumbline.charts.leak_flow import CLASSES as LEAK_CLASSES
from plumbline.charts.leak_flow import NAMES as LEAK_STEPS
from plumbline.charts.leak_flow import leak_flow, leak_flow_alt
from plumbline.charts.leak_sums import DEAD as DEAD_PARTS
from plumbline.charts.leak_sums import ageing_sum, ageing_sum_alt, dead_sum, dead_sum_alt, returned_sum, returned_sum_alt
from plumbline.charts.ordered_shares import ordered_shares, ordered_shares_alt
from plumbline.charts.outcomes import outcome_sum, outcome_sum_alt
from plumbline.charts.promise_sum import promise_sum, promise_sum_alt
from plumbline.charts.promise_trend import promise_trend, promise_trend_alt
from plumbline.charts.promise_weeks import promise_weeks, promise_weeks_alt
from plumbline.charts.response_sum import response_sum, response_sum_alt
from plumbline.charts.rule_catches import rule_catches, rule_catches_alt
from plumbline.charts.score_steps import score_steps, score_steps_alt
from plumbline.charts.stacked_periods import stacked_periods, stacked_periods_alt
from plumbline.charts.swap import PARTS as SWAP_PARTS
from plumbline.charts.swap import SETS as SWAP_SETS
from plumbline.charts.swap import SETS_AGAINST as SWAP_SETS_AGAINST
from plumbline.charts.swap import swap_bars, swap_bars_alt
from plumbline.charts.thresholds import (
    score_heights,
    score_heights_alt,
    threshold_acceptance,
    threshold_acceptance_alt,
    threshold_volume,
    threshold_volume_alt,
)
from plumbline.charts.time_in_stage import TIME_EDGES, time_in_stage, time_in_stage_alt
from plumbline.charts.timeline import lead_timeline, lead_timeline_alt
from plumbline.charts.touch_matrix import touch_matrix, touch_matrix_alt
from plumbline.charts.two_delays import SIDES, two_delays, two_delays_alt
from plumbline.charts.volume_quality import volume_quality, volume_quality_alt
from plumbline.charts.volume_so_far import volume_so_far, volume_so_far_alt
from plumbline.charts.waiting import waiting_curve, waiting_curve_alt
from plumbline.charts.week_hours import week_hours, week_hours_alt
from plumbline.charts.weekly import weekly_volume, weekly_volume_alt

__all__ = [
    "ACCOUNT_PARTS",
    "DEAD_PARTS",
    "LEAK_CLASSES",
    "LEAK_STEPS",
    "SIDES",
    "SWAP_PARTS",
    "SWAP_SETS",
    "SWAP_SETS_AGAINST",
    "TIME_EDGES",
    "account_sum",
    "account_sum_alt",
    "ageing_sum",
    "ageing_sum_alt",
    "associations",
    "associations_alt",
    "attempt_hazards",
    "attempt_hazards_alt",
    "breakdown_bars",
    "breakdown_bars_alt",
    "breakdown_pooled",
    "change_parts",
    "change_parts_alt",
    "cohort_trend",
    "cohort_trend_alt",
    "dead_sum",
    "dead_sum_alt",
    "expected_ahead",
    "expected_ahead_alt",
    "flow_trend",
    "flow_trend_alt",
    "foretold",
    "foretold_alt",
    "funnel_bars",
    "funnel_bars_alt",
    "if_everyone_got",
    "if_everyone_got_alt",
    "incidence",
    "incidence_alt",
    "lead_timeline",
    "lead_timeline_alt",
    "leak_flow",
    "leak_flow_alt",
    "ordered_shares",
    "ordered_shares_alt",
    "outcome_sum",
    "outcome_sum_alt",
    "promise_sum",
    "promise_sum_alt",
    "promise_trend",
    "promise_trend_alt",
    "promise_weeks",
    "promise_weeks_alt",
    "response_sum",
    "response_sum_alt",
    "returned_sum",
    "returned_sum_alt",
    "rule_catches",
    "rule_catches_alt",
    "score_heights",
    "score_heights_alt",
    "score_steps",
    "score_steps_alt",
    "stacked_periods",
    "stacked_periods_alt",
    "swap_bars",
    "swap_bars_alt",
    "threshold_acceptance",
    "threshold_acceptance_alt",
    "threshold_volume",
    "threshold_volume_alt",
    "time_in_stage",
    "time_in_stage_alt",
    "touch_matrix",
    "touch_matrix_alt",
    "two_delays",
    "two_delays_alt",
    "volume_quality",
    "volume_quality_alt",
    "volume_so_far",
    "volume_so_far_alt",
    "waiting_curve",
    "waiting_curve_alt",
    "week_hours",
    "week_hours_alt",
    "weekly_volume",
    "weekly_volume_alt",
]
