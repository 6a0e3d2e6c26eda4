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
from plumbline.ui.lab import desk
from plumbline.ui.lab.suggestions import of_today


def show(settings: Settings) -> None:
    """The traits as a table with bars, what is frequent among wins first."""
    recorded = data.history().recorded
    if "own" not in (recorded.stage("sql"), recorded.stage("won")):
        text.chart_title("What past customers had in common")
        text.note("Neither SQLs nor won deals are recorded in these data: what they had in common cannot be told.")
        return
    found = _profile(data.content(), Settings(settings.since, settings.until), foretelling.key())
    text.chart_title(title(found), subtitle(found))
    if found.outcome == "sql":
        text.note(stand_in(found, data.history().recorded.stage("won") == "own"))
    if not found.traits:
        text.note(why_none(found))
        return
    st.dataframe(
        table(found),
        hide_index=True,
        width="stretch",
        height="content",
        column_config={
            "Trait": st.column_config.Column(width=190),
            "95 % interval": st.column_config.Column(width=100),
            **{
                name: st.column_config.ProgressColumn(name, format="%.0f %%", min_value=0, max_value=100, width=110)
                for name in (f"Of {_wins(found)}", "Of all leads")
            },
            "Ratio": st.column_config.NumberColumn(format="%.1f ×", width=60),
        },
        alt=title(found),
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


def stand_in(found: Profile, has_won: bool) -> str:
    """Why SQLs are looked at in place of customers. has_won: whether the history records won deals."""
    stand = "leads that became SQL stand in for customers."
    if not has_won:
        return f"Won deals are not recorded: {stand}"
    is_are = "is" if found.customers == 1 else "are"
    told = f"{wording.plural(found.customers, 'customer')} of the period {is_are} old enough to judge, under {MINIMUM_N}"
    return f"{told}: {stand} A longer period may hold more."


def _wins(found: Profile) -> str:
    return "customers" if found.outcome == "won" else "SQLs"


def title(found: Profile) -> str:
    """'Seniority is vp: 18 % of customers, 7 % of all leads'."""
    if not found.traits or found.traits[0].ratio <= 1:
        return f"What past {_wins(found)} had in common"
    best = found.traits[0]
    words = trait_words(best.condition)
    share, everyone = wording.share(best.k / best.n), wording.share(best.all_k / best.all_n)
    return f"{words[:1].upper()}{words[1:]}: {share} of {_wins(found)}, {everyone} of all leads"


def subtitle(found: Profile) -> str:
    wins, leads = wording.plural(found.wins, _wins(found)[:-1]), wording.plural(found.leads, "lead")
    return f"{wins} against all {leads} created in the period and old enough to judge."


def why_none(found: Profile) -> str:
    if found.wins < MINIMUM_N:
        wins = wording.plural(found.wins, _wins(found)[:-1])
        return f"{wins} in the period: under {MINIMUM_N} is too few to learn from. Judge the draft on a longer period."
    return f"No trait is clearly more frequent among {_wins(found)} than among all leads."


def table(found: Profile) -> pl.DataFrame:
    """One row a trait."""
    return pl.DataFrame([_row(found, one) for one in found.traits])


def _row(found: Profile, one: Trait) -> dict[str, object]:
    return {
        "Trait": trait_words(one.condition),
        f"Of {_wins(found)}": 100 * one.k / one.n,
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
