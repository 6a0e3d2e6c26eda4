"""The hours of the teams on screen: what they are, and how to change them."""

from __future__ import annotations

import streamlit as st

from plumbline import working_time
from plumbline.errors import SettingError
from plumbline.ui import filter_bar, text
from plumbline.ui.speed import ground


def control(bar: object) -> None:
    """A popover with each team's hours in words, and the settings as text to edit."""
    with bar.popover("Hours", help="When the teams work: what counts as working time"):
        known = ground.calendars()
        year = filter_bar.last_day().year
        for name in known.names:
            calendar = known.of(name)
            if not name and len(known.names) > 1 and calendar.is_assumed:
                continue
            text.note([text.Bold(name or "Leads without a team"), f": {working_time.in_words(calendar, year)}, {calendar.time_zone}"])
        with st.expander("Change the hours"):
            text.note("Hours of a team as YAML; what is not said here stays as the history has it. Kept for everybody who uses this installation.")
            said = working_time.load()
            edited = st.text_area("calendars.yaml", working_time.to_yaml(said) if said else _example(known), height=220, key="calendars.text")
            if st.button("Save the hours", key="calendars.save"):
                _save(edited)


def _save(edited: str) -> None:
    try:
        working_time.save(working_time.parse(edited))
    except SettingError as refusal:
        text.note(refusal.one_line)
        return
    st.session_state.pop("calendars.text", None)
    st.rerun()


def _example(known: working_time.Calendars) -> str:
    name = next((one for one in known.names if one), "")
    lines = ["teams:", f"  {_quoted(name)}:", '    mon: "09:00-18:00"', "    sat: closed", '    2026-12-24: "09:00-12:00"', "    holidays: US"]
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
