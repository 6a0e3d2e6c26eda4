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
    def became(self) -> str:
        """'became SQL', 'became an opportunity', 'was won'."""
        return {"SQLs": "became SQL", "opportunities": "became an opportunity", "won deals": "was won"}.get(self.sqls, "went on")

    @property
    def became_many(self) -> str:
        """'became SQL', 'became opportunities', 'were won'."""
        return self.became.replace("an opportunity", "opportunities").replace("was", "were")

    @property
    def become_many(self) -> str:
        """'become SQL', 'become opportunities', 'are won'."""
        return self.became_many.replace("became", "become").replace("were", "are").replace("went", "go")

    @property
    def parts(self) -> dict[str, tuple[str, str]]:
        """The parts of the swap-set that are called otherwise where stages are not recorded -> (in a sentence, in a key)."""
        one = self.sql or "outcome"
        told = {} if self.sqls == "SQLs" else {"sql": (self.became, self.became), "accepted": (f"accepted, no {one} so far", "accepted")}
        if not self.acceptance:
            told |= {
                "accepted": (f"no {one} in time so far", f"no {one} so far"),
                "not_accepted": (f"no {one} in time", f"no {one} in time"),
                "decided": ("further on or gone before it would hand them over: cannot be told", "decided before"),
            }
        return told

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
