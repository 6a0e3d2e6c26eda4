"""What the lab can tell of this history: outcomes, months and load only where they are recorded."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.ui import on_record


@dataclass(frozen=True)
class CanTell:
    """`times`: leads came over time, so that weeks and months can be told; `load`: who had a lead is recorded, of others than those that were won;
    `acceptance`: SALs are recorded by events of their own; `sqls`: what stands for SQLs, in the plural; '' where nothing of the kind is recorded."""

    times: bool = True
    load: bool = True
    acceptance: bool = True
    sqls: str = "SQLs"

    @property
    def sql(self) -> str:
        """One of `sqls`."""
        return {"SQLs": "SQL", "opportunities": "opportunity"}.get(self.sqls, self.sqls.removesuffix("s"))

    @property
    def a_month(self) -> str:
        return " a month" if self.times else ""


EVERYTHING = CanTell()


def of_history() -> CanTell:
    steps = on_record.steps()
    has_times = not on_record.is_one_instant()
    return CanTell(
        has_times,
        has_times and on_record.has("owners") and not on_record.of_won_alone("owners"),
        "sal" not in steps.hidden,
        "" if "sql" in steps.unrecorded else steps.noun("sql"),
    )
