"""The editor of the draft: one table of its rules, a form for the one that is picked; and the same draft as text."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import streamlit as st

from plumbline.definition import ActivityRule, Definition, FieldRule, Points, parse, to_yaml
from plumbline.definition.check import check
from plumbline.definition.kinds import OPERATORS, number_of, points_sentence, said, sentence, shown
from plumbline.definition.parse import most_points
from plumbline.errors import InputError
from plumbline.history.schema import KNOWN_ATTRIBUTES
from plumbline.ui import data, text
from plumbline.ui.lab import desk

PARTS = {
    "required_fields": "On record",
    "fit": "Who it is",
    "behaviour": "What it did",
    "criteria": "Counts among",
    "points": "Points",
    "exclude": "Never, while",
}
_FIELDS_ONLY, _ACTS_ONLY = ("required_fields", "fit"), ("behaviour",)


def show() -> None:
    """Draws the editor; a change lies on the desk when it returns."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.popover("Start from", key="lab.start"):
            for number, (name, definition) in enumerate(desk.starts().items()):
                if st.button(name, key=f"lab.start.{number}", type="tertiary"):
                    desk.put(definition)
                    st.rerun(scope="fragment")
        view = st.segmented_control("Draft as", ["Form", "Text"], default="Form", key="lab.view", label_visibility="collapsed") or "Form"
    if view == "Text":
        _text()
    else:
        _form()


def _text() -> None:
    told = st.text_area("The draft as text", to_yaml(desk.draft()), height=460, key=f"lab.text.{desk.version()}", label_visibility="collapsed")
    with st.container(horizontal=True):
        if st.button("Apply", type="primary", key="lab.apply"):
            _accept(told)
        st.download_button("Download", told, "definition.yaml", "text/yaml", type="tertiary", key="lab.download", on_click="ignore")


def _accept(told: str) -> None:
    try:
        definition = parse(told, "the draft")
        check(definition, desk.stage().facts.known(), KNOWN_ATTRIBUTES, "the draft")
    except InputError as refusal:
        text.empty_state("The draft cannot be read", refusal.one_line)
        return
    desk.put(definition)
    st.rerun(scope="fragment")


def _form() -> None:
    draft = desk.draft()
    _dials(draft)
    rows = _rows(draft)
    table = pl.DataFrame(
        {"Part": [PARTS[part] for part, _ in rows], "Rule": [_said(draft, part, place) for part, place in rows]},
        schema={"Part": pl.String, "Rule": pl.String},
    )
    picked = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height="content" if table.height < 12 else 430,
        column_config={"Part": st.column_config.Column(width=105)},
        on_select="rerun",
        selection_mode="single-row",
        key=f"lab.rules.{desk.version()}",
        alt="The rules of the draft",
    ).selection.rows
    adding = st.toggle("Add a rule", key=f"lab.adding.{desk.version()}")
    if picked and picked[0] < len(rows):
        _rule_form(draft, *rows[picked[0]])
    elif adding:
        _rule_form(draft, "points" if draft.points else "fit", None)
    else:
        text.note("Pick a rule to change or remove it.")


def _dials(draft: Definition) -> None:
    """The two numbers that are moved most: the threshold, and how many criteria."""
    if draft.threshold is not None:
        most = most_points(draft)
        top = float(min(most, max(2 * draft.threshold, 20.0))) if most != float("inf") else max(2 * draft.threshold, 20.0)
        low = min(0.0, draft.threshold)
        if top > low:
            key = f"lab.threshold.{desk.version()}"
            value = st.slider("Threshold: points that qualify", low, float(round(top)), float(draft.threshold), 1.0, format="%g", key=key)
            if value != draft.threshold:
                _move(replace(draft, threshold=value))
    if len(draft.criteria) > 1:
        key = f"lab.at_least.{desk.version()}"
        value = st.slider(f"How many of the {len(draft.criteria)} criteria", 1, len(draft.criteria), draft.at_least, key=key)
        if value != draft.at_least:
            _move(replace(draft, at_least=value))


def _move(definition: Definition) -> None:
    """A dial moved: the draft changes, the widgets stay as they are."""
    st.session_state["lab.draft"] = definition
    if token := desk.shared_token(definition):
        st.query_params["draft"] = token


def _rows(draft: Definition) -> list[tuple[str, int]]:
    return [(part, place) for part in PARTS for place in range(len(getattr(draft, part)))]


def _said(draft: Definition, part: str, place: int) -> str:
    one = getattr(draft, part)[place]
    if part == "required_fields":
        return f"{said(one)} is known"
    return points_sentence(one, draft.half_life_days) if part == "points" else sentence(one)


def _rule_form(draft: Definition, part: str, place: int | None) -> None:
    """The form of one rule; `place` None: a new one."""
    old = getattr(draft, part)[place] if place is not None else None
    key = f"lab.rule.{desk.version()}.{part}.{place}"
    with st.container(border=True, key=f"{key}.box".replace(".", "-")):
        if place is None:
            part = st.selectbox("Part", list(PARTS), list(PARTS).index(part), format_func=PARTS.get, key=f"{key}.part")
        rule = old.rule if isinstance(old, Points) else FieldRule(old, "present") if isinstance(old, str) else old
        made = _asked(draft, part, rule, old if isinstance(old, Points) else None, f"{key}.{part}")
        with st.container(horizontal=True):
            if st.button("Change" if place is not None else "Add", type="primary", key=f"{key}.done", disabled=made is None):
                _change(draft, part, place, made)
            if place is not None and st.button("Remove", key=f"{key}.remove"):
                _change(draft, part, place, None)


def _asked(draft: Definition, part: str, rule: FieldRule | ActivityRule | None, points: Points | None, key: str) -> object | None:
    known = desk.stage().facts.known()
    fields = [] if part in _ACTS_ONLY else [("field", name) for name in known.fields]
    acts = [] if part in _FIELDS_ONLY else [("activity", name) for name in known.activities]
    options = [*fields, *acts]
    if not options:
        text.note("This history holds nothing that such a rule could ask about.")
        return None
    now = ("field", rule.field) if isinstance(rule, FieldRule) else ("activity", rule.activity) if rule else None
    what = st.selectbox(
        "About",
        options,
        options.index(now) if now in options else 0,
        format_func=lambda one: said(one[1]) + (" (act)" if one[0] == "activity" else ""),
        key=f"{key}.what",
    )
    if part == "required_fields":
        return what[1]
    asked: FieldRule | ActivityRule | None
    if what[0] == "activity":
        asked = _act(what[1], rule if isinstance(rule, ActivityRule) else None, part, key)
    else:
        asked = _field(what[1], rule if isinstance(rule, FieldRule) and rule.field == what[1] else None, part, f"{key}.{what[1]}")
    if asked is None or part != "points":
        return asked
    with st.container(horizontal=True):
        given = st.number_input("Points", value=float(points.points) if points else 10.0, step=1.0, format="%g", key=f"{key}.points", width=130)
        cap = None
        if isinstance(asked, ActivityRule):
            cap = st.number_input(
                "At most, in all",
                value=points.cap if points else None,
                min_value=0.01,
                step=1.0,
                format="%g",
                key=f"{key}.cap",
                width=150,
                placeholder="no cap",
            )
    return Points(asked, given, cap)


def _act(name: str, rule: ActivityRule | None, part: str, key: str) -> ActivityRule:
    if part == "points":
        return ActivityRule(name)
    with st.container(horizontal=True):
        times = st.number_input("At least, times", 1, 1000, rule.times if rule else 1, key=f"{key}.times", width=140)
        days = st.number_input(
            "In the last days",
            value=rule.within_days if rule else 30.0,
            min_value=0.5,
            step=1.0,
            format="%g",
            key=f"{key}.days",
            width=150,
            placeholder="ever",
        )
    return ActivityRule(name, int(times), days)


def _field(name: str, rule: FieldRule | None, part: str, key: str) -> FieldRule | None:
    names = [one for one in OPERATORS if not (part == "exclude" and one == "missing")]
    values = [label for label, _ in data.field_options().get(name, [])][:200]
    numeric = bool(values) and sum(number_of(value) is not None for value in values) > len(values) / 2
    start = rule.operator if rule else "at_least" if numeric else "one_of" if values else "present"
    operator = st.selectbox("Condition", names, names.index(start), format_func=lambda one: OPERATORS[one].label, key=f"{key}.operator")
    takes, old = OPERATORS[operator].takes, rule.value if rule and rule.operator == operator else None
    key = f"{key}.{operator}"
    if takes == "true":
        return FieldRule(name, operator, True)
    if takes == "number":
        value = st.number_input("Number", value=float(old) if old is not None else None, format="%g", key=f"{key}.n")
        return None if value is None else FieldRule(name, operator, _whole(value))
    if takes == "range":
        with st.container(horizontal=True):
            low = st.number_input("From", value=float(old[0]) if old else None, format="%g", key=f"{key}.low")
            high = st.number_input("to", value=float(old[1]) if old else None, format="%g", key=f"{key}.high")
        return None if low is None or high is None or low > high else FieldRule(name, operator, (_whole(low), _whole(high)))
    told = [
        shown(one) if not isinstance(one, bool) else str(one).lower() for one in (old if isinstance(old, tuple) else [old] if old is not None else [])
    ]
    options = list(dict.fromkeys([*told, *values]))
    if takes == "value":
        one = st.selectbox(
            "Value", options, options.index(told[0]) if told else None, accept_new_options=True, key=f"{key}.v", placeholder="Choose or type"
        )
        return None if not one else FieldRule(name, operator, _value(one))
    several = st.multiselect("Values", options, told, accept_new_options=True, key=f"{key}.vs", placeholder="Choose or type")
    return FieldRule(name, operator, tuple(_value(one) for one in several)) if several else None


def _whole(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value


def _value(label: str) -> str | bool | int | float:
    """What a label of a cell stands for in a rule: true and false, numbers, else its text."""
    if label.casefold() in ("true", "false"):
        return label.casefold() == "true"
    number = number_of(label)
    return label if number is None else _whole(number)


def _change(draft: Definition, part: str, place: int | None, made: object | None) -> None:
    rules = list(getattr(draft, part))
    if made is None and place is not None:
        rules.pop(place)
    elif place is None:
        rules.append(made)
    else:
        rules[place] = made
    changes: dict[str, object] = {part: tuple(rules)}
    if part == "points":
        changes["threshold"] = None if not rules else draft.threshold if draft.threshold is not None else 50.0
        changes["half_life_days"] = draft.half_life_days if rules else None
    if part == "criteria":
        changes["at_least"] = min(max(1, draft.at_least), len(rules)) if rules else 0
    _accept(to_yaml(replace(draft, **changes)))
