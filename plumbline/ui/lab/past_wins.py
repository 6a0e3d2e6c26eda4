"""What past customers had in common, against all leads: where a definition may start."""

from __future__ import annotations

import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.definition import ActivityRule
from plumbline.definition.kinds import said
from plumbline.simulation.conditions import RECENT, Condition
from plumbline.simulation.profile import FALSE_DISCOVERY, Profile, Trait, profile
from plumbline.simulation.run import Settings
from plumbline.statistics import MINIMUM_N
from plumbline.ui import data, foretelling, text
from plumbline.ui.lab import can_tell, desk
from plumbline.ui.lab.can_tell import EVERYTHING, CanTell
from plumbline.ui.lab.suggestions import of_today


def show(settings: Settings) -> None:
    """The traits as a table with bars, what is frequent among wins first."""
    recorded, can = data.history().recorded, can_tell.of_history()
    if recorded.stage("sql") in ("unrecorded", "unreached") and recorded.stage("won") != "own":
        text.chart_title("What past customers had in common")
        text.note("Neither SQLs nor won deals are recorded in these data: what they had in common cannot be told.")
        return
    found = _profile(data.content(), Settings(settings.since, settings.until), foretelling.key())
    text.chart_title(title(found, can), subtitle(found, can))
    if found.outcome == "sql":
        text.note(stand_in(found, recorded.stage("won") == "own", can))
    if not found.traits:
        text.note(why_none(found, can))
        return
    st.dataframe(
        table(found, can),
        hide_index=True,
        width="stretch",
        height="content",
        column_config={
            "Trait": st.column_config.Column(width=190),
            "95 % interval": st.column_config.Column(width=100),
            **{
                name: st.column_config.ProgressColumn(name, format="%.0f %%", min_value=0, max_value=100, width=110)
                for name in (f"Of {_wins(found, can)}", "Of all leads")
            },
            "Ratio": st.column_config.NumberColumn(format="%.1f ×", width=60),
        },
        alt=title(found, can),
        key="lab.wins",
    )
    text.note(
        f"{wording.count(found.looked_at)} traits looked at, at most {wording.share(FALSE_DISCOVERY)} of those told are expected to be chance. "
        "A lead is seen as known when it was handed over; one that never was, "
        f"{wording.decimal(found.view_days)} days after it came, as half of the hand-overs took."
    )
    if today := of_today([one.condition for one in found.traits]):
        text.note(today)


@st.cache_resource(max_entries=10, show_spinner="Looking at past wins")
def _profile(snapshot: str, settings: Settings, without: tuple[str, ...]) -> Profile:
    return profile(desk.stage(), settings)


def stand_in(found: Profile, has_won: bool, can: CanTell = EVERYTHING) -> str:
    """Why SQLs are looked at in place of customers. has_won: whether the history records won deals."""
    stand = f"leads that {can.became_many} stand in for customers."
    if not has_won:
        return f"Won deals are not recorded: {stand}"
    is_are = "is" if found.customers == 1 else "are"
    told = f"{wording.plural(found.customers, 'customer')} of the period {is_are} old enough to judge, under {MINIMUM_N}"
    return f"{told}: {stand} A longer period may hold more."


def _wins(found: Profile, can: CanTell, n: int = 2) -> str:
    one, many = ("customer", "customers") if found.outcome == "won" else (can.sql, can.sqls)
    return one if n == 1 else many


def title(found: Profile, can: CanTell = EVERYTHING) -> str:
    """'Seniority is vp: 18 % of customers, 7 % of all leads'."""
    if not found.traits or found.traits[0].ratio <= 1:
        return f"What past {_wins(found, can)} had in common"
    best = found.traits[0]
    words = trait_words(best.condition)
    share, everyone = wording.share(best.k / best.n), wording.share(best.all_k / best.all_n)
    return f"{words[:1].upper()}{words[1:]}: {share} of {_wins(found, can)}, {everyone} of all leads"


def subtitle(found: Profile, can: CanTell = EVERYTHING) -> str:
    wins, leads = f"{wording.count(found.wins)} {_wins(found, can, found.wins)}", wording.plural(found.leads, "lead")
    return f"{wins} against all {leads} created in the period and old enough to judge."


def why_none(found: Profile, can: CanTell = EVERYTHING) -> str:
    if found.wins < MINIMUM_N:
        wins = f"{wording.count(found.wins)} {_wins(found, can, found.wins)}"
        return f"{wins} in the period: under {MINIMUM_N} is too few to learn from. Judge the draft on a longer period."
    return f"No trait is clearly more frequent among {_wins(found, can)} than among all leads."


def table(found: Profile, can: CanTell = EVERYTHING) -> pl.DataFrame:
    """One row a trait."""
    return pl.DataFrame([_row(found, one, can) for one in found.traits])


def _row(found: Profile, one: Trait, can: CanTell) -> dict[str, object]:
    return {
        "Trait": trait_words(one.condition),
        f"Of {_wins(found, can)}": 100 * one.k / one.n,
        "95 % interval": f"{wording.share(one.low)} to {wording.share(one.high)}",
        "Of all leads": 100 * one.all_k / one.all_n,
        "Ratio": one.ratio,
    }


def trait_words(condition: Condition) -> str:
    """'source is partner', 'under 50 employees', 'pricing page, ever', 'demo request in the last 30 days'."""
    rule = condition.rule
    if isinstance(rule, ActivityRule):
        return f"{said(rule.activity)}, ever" if rule.within_days is None else f"{said(rule.activity)} in the last {RECENT} days"
    return condition.who.removeprefix("leads ").removeprefix("with ").removeprefix("whose ")
