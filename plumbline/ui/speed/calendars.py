"""The hours of the teams on screen: what they are, and how to change them, by a form or as text."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import available_timezones

import streamlit as st

from plumbline import people, working_time
from plumbline.errors import SettingError, StateError
from plumbline.history.schema import DAYS
from plumbline.text import fold
from plumbline.ui import filter_bar, text
from plumbline.ui.speed import ground

_NOBODY = "Leads without a team"


def control(bar: object) -> None:
    """A popover with each team's hours in words, a form for one team, and the settings as text to edit."""
    with bar.popover("Hours", help="When the teams work: what counts as working time"):
        known = ground.calendars()
        year = filter_bar.last_day().year
        names = [name for name in known.names if name or len(known.names) == 1 or not known.of(name).is_assumed]
        for name in names:
            calendar = known.of(name)
            text.note([text.Bold(name or _NOBODY), f": {working_time.in_words(calendar, year)}, {calendar.time_zone}"])
        text.note("Changes are kept for everybody who uses this installation; what is not said stays as the history has it.")
        with st.expander("Change one team"):
            _form(known)
        with st.expander("Change the hours as text"):
            said = working_time.load()
            edited = st.text_area("calendars.yaml", working_time.to_yaml(said) if said else _example(known), height=220, key="calendars.text")
            if st.button("Save the hours", key="calendars.save"):
                _save(lambda: working_time.parse(edited))


def _form(known: working_time.Calendars) -> None:
    there = ground.calendars_of_history()
    names = [*(name for name in there.names if name), ""]
    team = st.selectbox("Team", names, format_func=lambda name: name or _NOBODY, key="calendars.team")
    now = known.of(team)
    zones = sorted({*available_timezones(), now.time_zone})
    with st.form(f"calendars.form.{team}", border=False):
        zone = st.selectbox("Time zone", zones, zones.index(now.time_zone), key=f"calendars.zone.{team}")
        left, right = st.columns(2)
        hours = [
            (left if place % 2 == 0 else right).text_input(
                day.capitalize(), working_time.hours_text(now.week[place]), key=f"calendars.{day}.{team}", placeholder="closed"
            )
            for place, day in enumerate(DAYS)
        ]
        holidays = right.text_input("Holidays", now.holidays, key=f"calendars.holidays.{team}", placeholder="none, or US, GB, DE-BY")
        if st.form_submit_button("Save this team"):
            _save(lambda: {**_others(team), team: working_time.from_form(there.of(team), now, zone, hours, holidays, team)})


def _others(team: str) -> working_time.Settings:
    return {name: said for name, said in working_time.load().items() if fold(name) != fold(team)}


def _save(made: Callable[[], working_time.Settings]) -> None:
    """Checks and keeps what `made` gives; a refusal is said in its place, and nothing is changed."""
    try:
        settings = made()
        working_time.check_teams(settings, ground.calendars_of_history().names, working_time.load())
        working_time.save(settings, people.acting())
    except (SettingError, StateError) as refusal:
        text.note(refusal.one_line)
        return
    for key in [key for key in st.session_state if str(key).startswith("calendars.") and key != "calendars.team"]:
        st.session_state.pop(key, None)
    st.rerun()


def _example(known: working_time.Calendars) -> str:
    name = next((one for one in known.names if one), "")
    lines = ["teams:", f"  {_quoted(name)}:", '    mon: "09:00-18:00"', "    sat: closed", '    2026-12-24: "09:00-12:00"', "    holidays: US"]
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
