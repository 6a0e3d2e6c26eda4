"""The steps of a funnel whose stages are not all recorded: from one that is, to the next one that is. What leads are called there, and what they did.

A stage that is only implied (SAL where nothing but MQL and won was recorded) is no fact to be named; a step whose end nobody ever reached, though
many had the time, is no step at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from plumbline import wording

NEXT = {"mql": "sal", "sal": "sql", "sql": "opportunity", "opportunity": "won"}
WINDOWS = {"mql": ("mql_days", 14), "sal": ("sal_days", 45), "sql": ("sql_days", 45), "opportunity": ("opportunity_days", 180)}
_OF = {"mql": ("lead", "leads"), "sal": ("accepted lead", "accepted leads"), "sql": ("SQL", "SQLs"), "opportunity": ("opportunity", "opportunities")}
_DID = {
    "sal": ("was accepted", "were accepted"),
    "sql": ("became an SQL", "became SQLs"),
    "opportunity": ("became an opportunity", "became opportunities"),
    "won": ("was won", "were won"),
}
_REACHED = {"sal": ("SAL", "SALs"), "sql": ("SQL", "SQLs"), "opportunity": ("opportunity", "opportunities"), "won": ("won deal", "won deals")}
_STAGES = ("mql", "sal", "sql", "opportunity", "won")


@dataclass(frozen=True)
class Steps:
    """`implied`: stages known only by later ones; `unrecorded`: stages that nobody ever reached, though enough leads had the time."""

    implied: tuple[str, ...] = ()
    unrecorded: tuple[str, ...] = ()

    @property
    def hidden(self) -> tuple[str, ...]:
        """The stages of which no figure is shown."""
        return (*self.implied, *self.unrecorded)

    @property
    def begins(self) -> tuple[str, ...]:
        """The stages with which a step begins."""
        return tuple(stage for stage in NEXT if (stage == "mql" or stage not in self.hidden) and self.end(stage))

    def end(self, stage: str) -> str:
        """The stage at which the step from `stage` ends; '' where none is recorded."""
        found = NEXT[stage]
        while found in self.implied and found in NEXT:
            found = NEXT[found]
        return "" if found in self.hidden else found

    def name(self, stage: str) -> str:
        """'MQL → Won'."""
        return f"{wording.stage_short(stage)} → {wording.stage_short(self.end(stage) or NEXT[stage])}"

    def names(self) -> dict[str, str]:
        """'mql->sal' -> 'MQL → Won', of every step."""
        return {f"{stage}->{after}": self.name(stage) for stage, after in NEXT.items() if stage in self.begins}

    def who(self, step: int) -> tuple[str, str, str, str]:
        """Of the step from the stage of that rank (1: MQL): 'lead', 'leads', 'was won', 'were won'."""
        stage = _STAGES[step - 1]
        return (*_OF[stage], *_DID[self.end(stage) or NEXT[stage]])

    def noun(self, stage: str, n: int = 2) -> str:
        """What a lead is called that reached `stage`, or the first stage after it that is recorded: 'won deals'."""
        return _REACHED[self.stands(stage)][n != 1]

    def stands(self, stage: str) -> str:
        """The stage that stands for `stage`: itself, or the next one that is recorded where it is only implied."""
        return stage if stage not in self.implied else self.end(stage) or stage

    def became(self, stage: str, n: int = 1) -> str:
        """What a lead did that reached `stage`: 'became an SQL', 'were won'."""
        return _DID[self.stands(stage)][n != 1]

    def become(self, stage: str) -> str:
        """'become an SQL', 'be won'."""
        return self.became(stage).replace("became", "become").replace("was", "be")

    def become_many(self, stage: str) -> str:
        """'become SQLs', 'get won'."""
        return self.became(stage, 2).replace("became", "become").replace("were", "get")

    def days_to(self, stage: str) -> float:
        """The usual days from MQL to `stage`, or to what stands for it: the sum of the windows between."""
        return float(sum(WINDOWS[begin][1] for begin in _STAGES[: _STAGES.index(self.stands(stage))]))

    def reached(self, step: int) -> str:
        """What comes out of a step, in the plural: 'won deals'."""
        return self.noun(_STAGES[step])

    def window(self, stage: str) -> float:
        """The usual days of the step from `stage`: the sum of the windows of the steps it spans."""
        days, found = float(WINDOWS[stage][1]), NEXT[stage]
        while found in self.implied and found in NEXT:
            days += WINDOWS[found][1]
            found = NEXT[found]
        return days

    def windows(self) -> dict[str, float]:
        """The usual windows as parameters of a metric: $mql_days and so on."""
        return {name: self.window(stage) for stage, (name, _) in WINDOWS.items()}

    def note(self) -> str:
        """What the spanned steps are judged by; '' where none spans another."""
        told = [
            f"{self.name(stage)} by {wording.decimal(self.window(stage))} days, the windows of the steps it spans together"
            for stage in self.begins
            if self.end(stage) != NEXT[stage]
        ]
        missing = wording.listing([wording.stage_short(stage) for stage in self.implied])
        return f"{missing} {'is' if len(self.implied) == 1 else 'are'} not recorded, only implied: {'; '.join(told)}." if told else ""


ALL = Steps()  # of a history that records every stage
