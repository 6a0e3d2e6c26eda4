"""The agenda of the weekly meeting: thirty minutes in six steps, one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """key: under which its note lies in the store and by which the address knows it. minutes: planned."""

    key: str
    title: str
    question: str
    minutes: int


STEPS = (
    Step("promises", "Promises", "Did both sides keep what they promised?", 8),
    Step("changes", "What changed", "What is beyond chance, and where does it come from?", 4),
    Step("leaks", "Leaks", "Which three leaks are worth the most, and who takes each?", 7),
    Step("calls", "Call now, and rejections", "Who waits for a call, and what did sales send back?", 4),
    Step("actions", "Actions", "What came of the actions of last week, and did they help?", 4),
    Step("close", "Wins, and close", "What was won, and what did we decide?", 3),
)
BY_KEY = {step.key: step for step in STEPS}
MINUTES = sum(step.minutes for step in STEPS)


def planned_before(key: str) -> int:
    """Minutes that the agenda gives to the steps before this one."""
    place = [step.key for step in STEPS].index(key)
    return sum(step.minutes for step in STEPS[:place])
