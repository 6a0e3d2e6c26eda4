"""The form of one rule: what it asks about, how, and for how many points. It changes, adds or removes the rule of the draft."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from plumbline.definition import ActivityRule, Definition, FieldRule, Points, parse, to_yaml
from plumbline.definition.edit import changed
from plumbline.definition.kinds import OPERATORS, number_of, points_sentence, said, sentence, shown
from plumbline.definition.parse import most_points
from plumbline.errors import InputError
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


def show(draft: Definition, part: str, place: int | None) -> None:
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
                change(draft, part, place, made)
            if place is not None and st.button("Remove", key=f"{key}.remove"):
                change(draft, part, place, None)


def _asked(draft: Definition, part: str, rule: FieldRule | ActivityRule | None, points: Points | None, key: str) -> object | None:
    known = desk.stage().facts.known()
    fields = [] if part in _ACTS_ONLY else [("field", name) for name in known.fields]
    acts = [] if part in _FIELDS_ONLY else [("activity", name) for name in known.activities]
    options = [*fields, *acts]
    if not options:
        text.note("This history holds nothing that such a rule could ask about.")
        return None
    usual = next((("field", name) for name in data.breakdown_options() if ("field", name) in options), options[0])
    now = ("field", rule.field) if isinstance(rule, FieldRule) else ("activity", rule.activity) if rule else None
    what = st.selectbox(
        "About",
        options,
        options.index(now if now in options else usual),
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


def rule_words(one: object) -> str:
    """A rule, as a definition holds it, in few words: how often only where it is more than once; the fading of points is the dial's."""
    if isinstance(one, str):
        return f"{said(one)} is known"
    if isinstance(one, Points):
        return points_sentence(one, None).replace(" while ", " ", 1).replace(" for each ", " each ", 1)
    told = sentence(one)
    if isinstance(one, ActivityRule) and one.times == 1:
        return told.removesuffix(" at least once") + ", ever" if one.within_days is None else told.replace(" at least once in", " in", 1)
    return told


def change(draft: Definition, part: str, place: int | None, made: object | None) -> None:
    """Lays the draft with a rule added, changed or removed (see `with_rule`) on the desk, and runs the lab again."""
    try:
        wanted = with_rule(draft, part, place, made)
        desk.put(wanted if desk.is_unfinished(wanted) else parse(to_yaml(wanted), "the draft"))
    except InputError as refusal:
        text.empty_state("The draft cannot say that", refusal.one_line)
        return
    st.rerun(scope="fragment")


def with_rule(draft: Definition, part: str, place: int | None, made: object | None) -> Definition:
    """The draft with a rule added (`place` None), changed, or removed (`made` None). Threshold and k of n follow, so that they can be met."""
    found = changed(draft, part, place, made)
    return replace(found, threshold=min(found.threshold, most_points(found))) if part == "points" and found.points else found
