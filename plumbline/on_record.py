"""What may be said of a history, whoever says it: a screen (through plumbline/ui/on_record.py), the minutes, the command line.

Absence of a record is never absence of the act. A sentence about tries, owners, outcomes or a stage is made only after asking here.
"""

from __future__ import annotations

from plumbline.history.recorded import LEAST_TO_TELL, Recorded, sentence
from plumbline.history.schema import STAGES
from plumbline.steps import Steps


def steps(account: Recorded) -> Steps:
    """The steps of the whole history. What comes after a stage that is not recorded, and was not reached, is not known either."""
    if not sum(account.thing("stage:mql").of_reach[1:]) and account.thing("stage:mql").of_reach[0] >= LEAST_TO_TELL:
        return Steps((), STAGES[1:])  # leads enough, and not one with a stage
    unrecorded = account.stages("unrecorded")
    after = STAGES[STAGES.index(unrecorded[0]) :] if unrecorded else ()
    return Steps(
        account.stages("implied"), tuple(name for name in STAGES if name in unrecorded or (name in after and name in account.stages("unreached")))
    )


def is_one_instant(account: Recorded) -> bool:
    """Whether all leads came in at one instant: then nothing can be told by week, nor how long anything took."""
    return account.grain("stage:mql") == "one_instant" or (not account.thing("stage:mql").rows and _later_at_one_instant(account))


def _later_at_one_instant(account: Recorded) -> bool:
    grains = {account.grain(f"stage:{stage}") for stage in account.stages("own")}
    return grains == {"one_instant"}


def why_no_times() -> str:
    return "These data hold no times: all leads became an MQL at one instant. No rate over time, no load and no duration can be told."


def missing(account: Recorded, *things: str) -> list[str]:
    """Why these are not recorded, each reason once, as sentences."""
    said = dict.fromkeys(sentence(account.why(thing)) for thing in things if not account.has(thing))
    return [f"{one}." for one in said]


def what_is_missing(account: Recorded) -> str:
    """What keeps it from being told how a lead leaked: 'owners and calls', 'calls', 'what came of calls'."""
    if not account.has("attempts"):
        return "calls" if account.has("owners") else "owners and calls"
    return "calls" if account.has("answers") else "what came of calls"


def why_not(account: Recorded, thing: str) -> str:
    """Why nothing can be told by this, as a sentence: it is not recorded, of those alone that were won, or all stands at one instant."""
    if not account.has(thing):
        return f"{sentence(account.why(thing))}."
    return next(iter(account.limits(thing)), "") or why_no_times()


def of_won_alone(account: Recorded, thing: str) -> bool:
    """Whether it is recorded only of leads that were won: then it tells nothing of what was to come."""
    return account.thing(thing).from_rank == 5


def limits(account: Recorded, *things: str) -> list[str]:
    """Of whom and since when alone these are recorded, as sentences."""
    return [said for thing in things for said in account.limits(thing)]
