"""The scorecard of a week, the trend of eight weeks and the quarter so far, of all promises at once; and each promise by itself.

`python -m benchmarks.promises HISTORY` prints the figures of one history.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.measure import Row, median, once
from plumbline.agreement import parse, scorecard, weeks
from plumbline.agreement.behind import of_week
from plumbline.agreement.items import ground
from plumbline.clock import time_zone
from plumbline.history.connection import History

_WEEK, _TREND = 0.150, 0.400
_WEEKS = 8
AGREEMENT = """
name: All promises
effective: 2026-01-05
qualified:
  required_fields: [email, company]
  fit: [{field: employees, at_least: 100}]
  exclude: [{field: is_competitor, is: true}, {activity: unsubscribe, within_days: 90}]
  score:
    threshold: 30
    half_life_days: 30
    points: [{activity: webinar, points: 10, cap: 30}, {activity: demo_request, points: 30}, {field: seniority, one_of: [vp, c_level], points: 15}]
acceptance: {within: 14d, share: 0.9}
marketing:
  volume: {leads: 390}
  meets_definition: {share: 0.95}
  required_fields: {share: 0.95}
  hand_over: {within: 4h, share: 0.9, clock: working}
  returned: {within: 10d, share: 0.8}
  recycled: {within: 60d, share: 0.5}
sales:
  decision: {within: 24h, share: 0.9}
  first_touch: {within: 30m, share: 0.8, clock: working}
  follow_up: {within: 16h, share: 0.9, clock: working}
  touches: {calls: 3, emails: 3, within: 14d, share: 0.8}
  first_week_calls: {calls: 4, share: 0.8}
  status: {within: 14d, share: 0.9}
  reason: {share: 1.0}
  evidence: {fields: [need, budget], share: 0.9}
  open_leads: {per_rep: 500, share: 1.0}
"""


def measured(history: Path) -> list[Row]:
    """Rows of the report."""
    opened = History(history)
    known = ground(opened, parse.parse(AGREEMENT))
    last = weeks.last_full(opened.about.data_through, time_zone(opened.about.time_zone))
    several = weeks.span(last, _WEEKS)
    told = [Row("sla/scorecard, the first time: what is loaded once a history", once(lambda: scorecard.scorecard(known, last)).wall)]
    week = median(lambda: scorecard.scorecard(known, last))
    told.append(Row("sla/scorecard of a week, 16 promises", week, None, "", "<= 150 ms", week <= _WEEK))
    trend = median(lambda: scorecard.trend(known, several), 5)
    told.append(Row(f"trend of {_WEEKS} weeks", trend, trend / week, "one week", "<= 400 ms", trend <= _TREND))
    told.append(Row("the quarter so far", median(lambda: scorecard.quarter_so_far(known, last), 5)))
    for promise in known.agreement.promises:
        told.append(Row(f"sla/items of {promise.kind}", median(lambda promise=promise: of_week(known, promise, last), 5)))
    opened.close()
    return told


if __name__ == "__main__":
    for row in measured(Path(sys.argv[1])):
        print(f"{row.what:<75} {row.seconds * 1000:9.1f} ms  {row.goal} {'' if row.is_met is None else 'met' if row.is_met else 'missed'}")
