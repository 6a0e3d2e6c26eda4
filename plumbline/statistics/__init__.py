"""Estimators, one per file. Plain numbers and frames in, plain numbers and frames out; no clock, no randomness but what is passed in, no database.

wilson               interval of a share
kaplan_meier         how many are still waiting, with those not yet done as censored; quantile, reached_by, median_interval
aalen_johansen       who ended how by when, the ways to end competing; with intervals
response_bands       conversion of leads attempted by t beside those still waiting: crude, standardised, weighted; an association
just_around_closing  leads that came just before closing time beside those just after
e_value              how strong a hidden cause would have to be to explain a ratio
hazards              chance of contact at attempt k; if_everyone_got: the band for K attempts; give_up_point: from where one no longer pays
shrunk_shares        shares of reps pulled towards what all have in common, for rankings; shrunk_medians: times
shrunk_to            rates of segments, each pulled towards what was expected of it
what_if              outcomes of the untreated, had they been treated like their peers of the same stratum; an association
mix_and_rate         change of a rate between two periods: other groups, or the groups themselves; simpson: the two point apart
change_point         since when a rate has been another one, with the weeks that cannot be told apart; or that it has not
lower_tail           p that a segment's rate is no lower than expected, the expected one estimated too; q_values: of thousands together
funnel_parts         change of what a funnel brings: leads that came in, their mix, each step; log_mean_parts: of any product
"""

from plumbline.statistics.change_point import ChangePoint, change_point
from plumbline.statistics.decomposition import Decomposition, Simpson, mix_and_rate, simpson
from plumbline.statistics.differences import Estimate, Share, e_value, e_value_of_limit
from plumbline.statistics.false_discovery import lower_tail, q_values
from plumbline.statistics.incidence import aalen_johansen
from plumbline.statistics.log_mean import FunnelParts, funnel_parts, log_mean_parts
from plumbline.statistics.persistence import GiveUpPoint, give_up_point, hazards, if_everyone_got
from plumbline.statistics.response import LANDMARKS, ClosingComparison, Group, ResponseBand, Standardised, just_around_closing, response_bands
from plumbline.statistics.shares import MINIMUM_N, wilson
from plumbline.statistics.shrinkage import Shrunk, ShrunkTo, median_interval, shrunk_medians, shrunk_shares, shrunk_to
from plumbline.statistics.standardisation import WhatIf, what_if
from plumbline.statistics.waiting import kaplan_meier, quantile, reached_by
from plumbline.statistics.weighting import Weighted

__all__ = [
    "LANDMARKS",
    "MINIMUM_N",
    "ChangePoint",
    "ClosingComparison",
    "Decomposition",
    "Estimate",
    "FunnelParts",
    "GiveUpPoint",
    "Group",
    "ResponseBand",
    "Share",
    "Shrunk",
    "ShrunkTo",
    "Simpson",
    "Standardised",
    "Weighted",
    "WhatIf",
    "aalen_johansen",
    "change_point",
    "e_value",
    "e_value_of_limit",
    "funnel_parts",
    "give_up_point",
    "hazards",
    "if_everyone_got",
    "just_around_closing",
    "kaplan_meier",
    "log_mean_parts",
    "lower_tail",
    "median_interval",
    "mix_and_rate",
    "q_values",
    "quantile",
    "reached_by",
    "response_bands",
    "shrunk_medians",
    "shrunk_shares",
    "shrunk_to",
    "simpson",
    "what_if",
    "wilson",
]
