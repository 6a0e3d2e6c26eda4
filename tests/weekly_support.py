"""An agreement in force in a store of the test's own, and weeks made of it."""

from __future__ import annotations

from datetime import date, datetime

from plumbline.agreement import signing, versions
from plumbline.agreement.model import Agreement
from plumbline.agreement.parse import parse
from plumbline.agreement.version import Frozen
from plumbline.meeting.week import Agreed
from plumbline.state.audit import Act

BEGINS = date(2026, 9, 28)
TEXT = f"""\
name: Q4 2026
effective: {BEGINS}
qualified:
  name: Mid-size
  required_fields: [email, company]
  fit: [{{field: employees, at_least: 100}}]
acceptance: {{within: 14d, share: 0.9}}
marketing:
  volume: {{leads: 390}}
  required_fields: {{share: 0.95}}
  hand_over: {{within: 4h, share: 0.9}}
sales:
  decision: {{within: 24h, share: 0.9}}
  first_touch: {{within: 30m, share: 0.8, clock: working}}
  follow_up: {{within: 48h, share: 0.9}}
  touches: {{calls: 3, emails: 3, within: 14d, share: 0.8}}
  open_leads: {{per_rep: 500, share: 1.0}}
"""


def agreement() -> Agreement:
    return parse(TEXT)


def agreed() -> Agreed:
    """As if it were version 1."""
    return Agreed(agreement(), 1, date(2026, 12, 28))


def in_force() -> int:
    """Drafts, signs for both sides and publishes it in the store of the environment; the number of the version."""
    before = date(2026, 9, 21)

    def act(by: str) -> Act:
        return Act(by, datetime(2026, 9, 21, 9, 0))

    made = versions.new(agreement(), act("Ann Lee"))
    frozen = Frozen("2026-09-21T09:00:00Z", "Ann Lee", "snapshot", "f" * 64, "0.1.0", 1, b"{}", ())
    signing.freeze(made.number, frozen, made.edition, before, act("Ann Lee"))
    for side, by in (("marketing", "Ann Lee"), ("sales", "Bo Chan")):
        signing.sign(made.number, side, versions.version(made.number).seal, before, act(by))
    signing.publish(made.number, before, act("Ann Lee"))
    return made.number
