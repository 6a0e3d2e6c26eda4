"""The looks of the Leads screen that a definition makes: fit and interest in four fields, hot leads, prequalified leads."""

from __future__ import annotations

import numpy as np
import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.definition import Definition, to_yaml
from plumbline.filters import Filters
from plumbline.replay import run
from plumbline.replay.kernel import NEVER
from plumbline.replay.parts import NOT_YET
from plumbline.replay.reasons import reasons
from plumbline.simulation.fit_interest import HOT_DAYS, Matrix, hot, matrix, prequalified
from plumbline.simulation.outcomes import MQL_DAYS, SAL_DAYS, Verdicts
from plumbline.ui import data, filter_bar, frame, judged_by, leads_table, on_record, text
from plumbline.ui.fit_words import FIELD_NAMES, FIT_ALONE, HOW, advice, doubts, figures, fit_alone, headline, how_counted, how_judged, why_none_is_hot
from plumbline.ui.lab import desk

_SHOWN = 200
_BAR = "Most of need, budget, authority, timing"


def show(look: str) -> None:
    """Draws one of the looks: fit, hot, prequalified."""
    st.html("<style>.st-key-period, .pl-reading { display: none; }</style>")  # all leads as they stand: no period is asked
    segments = frame.chosen().segments
    if judged_by.nothing_offered():
        return
    with frame.bar():
        definition = judged_by.choose_other("Sales-qualified bar", _BAR, "bar") if look == "prequalified" else judged_by.choose("Judged by")
    if definition is None:
        text.headline("Leads cannot be judged by this definition: choose another above, or change it in the Definition lab")
        return
    if look == "hot" and not on_record.has("activities"):
        text.headline("Who shows interest cannot be told: acts of leads are not recorded")
        way = text.Link("See who fits instead", filter_bar.link("leads", view="fit"))
        text.empty_state("Nobody can be listed", on_record.why_not("activities"), way)
        return
    within = _within(segments)
    {"fit": _four, "hot": _hot, "prequalified": _prequalified}[look](definition, within, _asked(segments))


def _asked(segments: dict) -> str:
    """'All leads as they stood on 14 Nov 2026 · source webinar'."""
    told = Filters(segments=segments).sentence().split(" · ")[1:-1]
    return " · ".join([f"All leads as they stood on {wording.day(filter_bar.last_day())}, whenever they were created", *told])


def _within(segments: dict) -> np.ndarray:
    """(leads) which the filters on attributes let through, by the value of today."""
    facts = desk.stage().facts
    if not segments:
        return np.ones(facts.leads, np.bool_)
    found = data.metric("leads/everyone", Filters(segments=segments), most=1_000_000)
    return facts.lead_ids().is_in(found["lead_id"].implode()).to_numpy()


def matrix_of(definition: Definition) -> Matrix:
    """The four fields of a definition, kept for all viewers while the history stays."""
    return _matrix(data.content(), to_yaml(definition), definition)


@st.cache_resource(max_entries=20, show_spinner=False)
def _matrix(snapshot: str, told: str, _definition: Definition) -> Matrix:
    ground = desk.stage()
    return matrix(_definition, ground.facts, ground.outcomes)


@st.cache_resource(max_entries=2, show_spinner=False)
def _tries(snapshot: str) -> np.ndarray:
    """(leads) when a person first tried to reach each; NEVER where nobody did."""
    facts = desk.stage().facts
    rows = data.screen("first_tries")
    at = np.searchsorted(facts.events.lead_no, rows["lead_no"].to_numpy())
    told = np.full(facts.leads, NEVER, np.int64)
    is_there = (at < facts.leads) & (facts.events.lead_no[np.minimum(at, facts.leads - 1)] == rows["lead_no"].to_numpy())
    told[at[is_there]] = rows["tried_us"].to_numpy()[is_there]
    return told


def _verdicts() -> Verdicts:
    return desk.stage().verdicts(MQL_DAYS, SAL_DAYS)


def _four(definition: Definition, within: np.ndarray, asked: str) -> None:
    made, tries = matrix_of(definition), _tries(data.content())
    fields = made.fields(within, _verdicts(), tries != NEVER)
    has_tries, has_acts = on_record.has("attempts"), on_record.has("activities")
    text.headline(headline(fields, made.now.asks_interest, has_tries) if has_acts else fit_alone(fields))
    text.note(asked)
    judged_how = [*how_judged(definition, made.now), *doubts(fields)] if has_acts else []
    for note in [*judged_how, *desk.notes(definition, definition.name or "the draft")]:
        text.note(note)
    missing = {name: int((lacks & within & (made.now.field == 2)).sum()) for name, lacks in made.now.lacks.items()}
    stages = [stage for stage in ("sal", "sql") if on_record.account().stage(stage) == "own"]
    names = FIELD_NAMES if has_acts else FIT_ALONE
    for pair in (("hot", "nurture"), ("ask", "leave")) if has_acts else (tuple(FIT_ALONE),):
        for column, name in zip(st.columns(2, gap="medium"), pair, strict=True):
            with column, st.container(border=True, height="stretch", key=f"field_{name}"):
                text.subheading(names[name])
                text.figure_strip(figures(fields[name], stages))
                if has_acts:
                    text.paragraph(advice(name, fields[name], missing, has_tries))
                label = f"See {wording.plural(fields[name].leads, 'lead')}"
                st.button(label, key=f"see_{name}", type="tertiary", disabled=not fields[name].leads, on_click=_open, args=(name,))
    cell = st.query_params.get("cell", "")
    if cell in FIELD_NAMES:
        number = list(FIELD_NAMES).index(cell)
        rows = np.flatnonzero(within & (made.now.field == number))
        rows = rows[np.argsort(-made.now.last_sign[rows], kind="stable")]
        text.subheading(
            [
                text.Bold(wording.plural(len(rows), "lead")),
                f" · {names.get(cell, FIELD_NAMES[cell]).lower()}{' · the latest sign first' if has_acts else ''}",
            ]
        )
        _table(definition, rows, {"last_sign_at": made.now.last_sign}, "fit")
    _how()


def _open(name: str) -> None:
    st.query_params["cell"] = name


def _hot(definition: Definition, within: np.ndarray, asked: str) -> None:
    made, tries = matrix_of(definition), _tries(data.content())
    ground = desk.stage()
    rows = hot(made.now, tries, ground.outcomes.opened, ground.facts.data_through)
    rows = rows[within[rows]]
    fitting, handed = int(made.now.fits[rows].sum()), int((ground.outcomes.opened[rows] != NEVER).sum())
    if not len(rows):
        text.headline(["No lead is ", text.Bold("hot"), f": {why_none_is_hot(made.now)}"])
        text.note(asked)
        why = "A hot lead shows interest now, and was never tried or never handed over."
        text.empty_state(
            "Nobody waits" if on_record.has("attempts") else "Nobody is listed",
            why,
            text.Link("Change the definition in the lab", filter_bar.link("definition")),
        )
        return
    if not on_record.has("attempts"):
        text.headline(
            [text.Bold(wording.plural(len(rows), "hot lead")), f", {wording.count(fitting)} of which also fit; whom anybody called is not recorded"]
        )
        text.note(asked)
        text.note(f"Hot: high interest, with a sign of it in the last {HOT_DAYS} days of the data. {on_record.why_not('attempts')}")
        for note in how_judged(definition, made.now):
            text.note(note)
        fit = pl.Series("fits", np.where(made.now.fits, "fits", "not yet"))
        _table(definition, rows, {"last_sign_at": made.now.last_sign, "fits": fit}, "hot")
        _how()
        return
    text.headline(
        [
            text.Bold(wording.plural(len(rows), "hot lead")),
            f" {'waits' if len(rows) == 1 else 'wait'} for a call: {wording.count(len(rows) - handed)} never handed over, "
            f"{wording.count(handed)} handed over and never tried; {wording.count(fitting)} of them also fit",
        ]
    )
    text.note(asked)
    text.note(f"Hot: high interest, a sign of it in the last {HOT_DAYS} days of the data, and no person ever tried, or it was never handed over.")
    for note in [*how_judged(definition, made.now), *desk.notes(definition, definition.name or "the draft")]:
        text.note(note)
    fit = pl.Series("fits", np.where(made.now.fits, "fits", "not yet"))
    _table(definition, rows, {"last_sign_at": made.now.last_sign, "fits": fit}, "hot")
    _how()


def _prequalified(bar: Definition, within: np.ndarray, asked: str) -> None:
    ground, tries = desk.stage(), _tries(data.content())
    met = _met(data.content(), to_yaml(bar), bar)
    rows = prequalified(met, tries, ground.outcomes.opened)
    rows = rows[within[rows]]
    never = int((ground.outcomes.opened[rows] == NEVER).sum())
    told: list[text.Part] = [
        text.Bold(wording.plural(len(rows), "lead")),
        f" met the bar for sales-qualified before sales ever saw {'it' if len(rows) == 1 else 'them'}; ",
        text.Bold(wording.count(never)),
        f" of them {'was' if never == 1 else 'were'} never handed over",
    ]
    text.headline(told if len(rows) else "No lead met the bar for sales-qualified before sales saw it")
    text.note(asked)
    tried = ", and before a person first tried to reach it" if on_record.has("attempts") else ""
    text.note(f"Prequalified: all that the bar asks was on record before the lead was first handed over{tried}.")
    for note in desk.notes(bar, bar.name or "the bar"):
        text.note(note)
    if not len(rows):
        text.empty_state("Nobody is prequalified", "Choose another bar above, or bring in the attributes that it asks for.")
        return
    _table(bar, rows, {"met_at": met}, "prequalified", met)


@st.cache_resource(max_entries=20, show_spinner=False)
def _met(snapshot: str, told: str, _bar: Definition) -> np.ndarray:
    return run.replay(_bar, desk.stage().facts).qualified_at


def _table(definition: Definition, rows: np.ndarray, more: dict[str, np.ndarray | pl.Series], key: str, moments: np.ndarray | None = None) -> None:
    """Leads (indices) as a list with the reason; `more`: columns (leads) of instants or words; `moments`: of the reason."""
    if not len(rows):
        return
    if len(rows) > _SHOWN:
        text.note(f"The first {_SHOWN} are shown; the download holds all. A click on a lead opens its story.")
    leads_table.table(listed(definition, rows[:_SHOWN], more, moments), f"leads.{key}", lambda: listed(definition, rows, more, moments))


def listed(definition: Definition, rows: np.ndarray, more: dict[str, np.ndarray | pl.Series], moments: np.ndarray | None = None) -> pl.DataFrame:
    """The rows of such a list, in their order."""
    facts = desk.stage().facts
    numbers = facts.events.lead_no[rows]
    own = {name: _column(values, rows) for name, values in more.items()}
    told = reasons(definition, facts, rows, facts.data_through if moments is None else moments[rows])
    order = pl.DataFrame({"lead_no": numbers, **own, "why": pl.Series(told, dtype=pl.String)})
    found = order.join(data.screen("leads_standing", lead_nos=numbers.tolist()), on="lead_no", how="left", maintain_order="left")
    first = ["lead_id", "company", *more, "why"]
    return found.select(*first, *(name for name in found.columns if name not in (*first, "lead_no")))


def _column(values: np.ndarray | pl.Series, rows: np.ndarray) -> pl.Series:
    if isinstance(values, pl.Series):
        return values.gather(pl.Series(rows))
    chosen = values[rows]
    return pl.Series(chosen).set(pl.Series((chosen == NOT_YET) | (chosen == NEVER)), None).cast(pl.Datetime("us"))


def _how() -> None:
    with st.expander("How this is computed"):
        own = on_record.account().stages("own")
        for line in (*HOW, how_counted("sal" in own, "SQL" if "sql" in own else "")):
            text.paragraph(line)
