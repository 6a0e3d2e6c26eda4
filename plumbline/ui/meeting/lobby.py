"""Before a meeting begins and after it has closed: the agenda, who begins it, and the minutes to take away."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from plumbline import wording
from plumbline.agreement import weeks
from plumbline.errors import PlumblineError
from plumbline.meeting import room
from plumbline.meeting.agenda import MINUTES, STEPS
from plumbline.reports.minutes import words
from plumbline.reports.texts import escaped
from plumbline.reports.weekly import Report
from plumbline.reports.weekly_html import minutes_of
from plumbline.state import meetings
from plumbline.ui import data, profile, text
from plumbline.ui.meeting.writing import act_of

_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def before(its: weeks.Week, version: int | None) -> None:
    """The agenda of a meeting about that week, and the button that begins it."""
    st.html(f'<h1 class="pl-m-head">The weekly meeting about {escaped(its.days)} {its.sunday.year}</h1>')
    rows = "".join(
        f'<tr><td class="pl-m-num">{step.minutes} min</td><th scope="row"><span class="pl-m-name">{step.title}</span></th>'
        f"<td>{escaped(step.question)}</td></tr>"
        for step in STEPS
    )
    st.html(f'<table class="pl-m-table"><tbody>{rows}</tbody></table>')
    about = data.history().about
    through = wording.instant(about.data_through, about.time_zone)
    text.note(
        f"{MINUTES} minutes. From beginning to closing all numbers come from the data as they are now (through {through}); an import meanwhile waits."
        " The arrow keys go from step to step."
    )
    who = profile.ask("meeting", "The minutes say who began the meeting and who closed it.")
    if who is None:
        return
    if st.button("Begin the meeting", type="primary", key="meeting.begin", icon=":material/play_arrow:"):
        try:
            room.begin(data.history(), its.name, version, act_of(who))
        except PlumblineError as refusal:
            text.amiss(f"{refusal.what[:1].upper()}{refusal.what[1:]}: {refusal.to_do}.")
        else:
            st.rerun()


def after(meeting: meetings.Meeting) -> None:
    """The minutes of a meeting that has closed."""
    if not meeting.minutes:
        st.html('<h1 class="pl-m-head">The meeting is closed, without minutes.</h1>')
        return
    frozen = minutes_of(meeting.minutes)
    st.html(f'<h1 class="pl-m-head">The minutes of {escaped(frozen.days)} are written.</h1><p class="pl-m-line">{escaped(words(frozen.verdict))}</p>')
    for line in frozen.held:
        text.note(line)
    text.note("They are frozen: a later import does not change them, and says on their copy how far the numbers have moved since.")
    downloads(frozen.week, lambda: Report(frozen, meeting.minutes or b"", is_frozen=True), "after")


def downloads(week: str, made: Callable[[], Report], place: str) -> None:
    """Both files, made at the click."""
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "Minutes as a page (HTML)", lambda: made().page, f"minutes-{week}.html", "text/html", key=f"meeting.html.{place}", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip
        st.download_button(
            "Minutes as slides (PPTX)", lambda: made().slides(), f"minutes-{week}.pptx", _PPTX, key=f"meeting.pptx.{place}", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip
