"""Estimators, one per file. Plain numbers and frames in, plain numbers and frames out; no clock, no randomness, no database.

wilson              interval of a share
kaplan_meier        how many are still waiting, with those not yet done as censored; quantile, reached_by
aalen_johansen      who ended how by when, the ways to end competing; with intervals
"""

from plumbline.statistics.incidence import aalen_johansen
from plumbline.statistics.shares import MINIMUM_N, wilson
from plumbline.statistics.waiting import kaplan_meier, quantile, reached_by

__all__ = ["MINIMUM_N", "aalen_johansen", "kaplan_meier", "quantile", "reached_by", "wilson"]
