"""Which of the usual definitions a history is offered: those that hand over somebody, without what tells how leads ended."""

from __future__ import annotations

from plumbline import hindsight
from plumbline.definition.model import Definition, Known
from plumbline.definition.presets import Values, presets
from plumbline.replay.facts import Facts
from plumbline.replay.run import replay


def starts(facts: Facts, values: Values, within: tuple[int, int] | None = None) -> dict[str, Definition]:
    """Name -> definition; {} where none fits. `within` [since, until) in microseconds: those that hand over somebody then come first."""
    made = presets(known_beforehand(facts), values)
    instants = {name: replay(definition, facts).qualified_at for name, definition in made.items()}
    somebody = [name for name, at in instants.items() if (at <= facts.data_through).any()]
    if within is not None:
        somebody.sort(key=lambda name: not ((instants[name] >= within[0]) & (instants[name] < within[1])).any())
    return {name: made[name] for name in somebody}


def known_beforehand(facts: Facts) -> Known:
    """What the history can be asked about, but for what tells how leads ended."""
    known, fields, acts = facts.known(), hindsight.attributes(facts.history), hindsight.withheld_acts(facts.history)
    return Known(
        tuple(name for name in known.fields if name not in fields), tuple(name for name in known.activities if name not in acts), known.untracked
    )
