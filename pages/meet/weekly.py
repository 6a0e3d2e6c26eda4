"""Did we both keep our promises last week, where do leads leak, and who does what by when?"""

import streamlit as st

from plumbline.ui import data, text
from plumbline.ui.meeting import screen as meeting
from plumbline.ui.weekly import actions, behind, columns, ground, leaks, outline, week_parts
from plumbline.words import weekly as words

if meeting.is_wanted():
    meeting.show()
    st.stop()
its = ground.choose()
meeting.door(its)
scene = ground.scene(its)
week = scene.week
opened = week.promise(st.query_params.get("promise", ""))
text.headline(words.verdict(week))
for said in outline.notes(scene):
    text.note(said)
if week.promises:
    columns.show(week, opened.kind if opened else "")
else:
    outline.no_columns(week)
if opened:
    behind.show(scene, opened)
elif "promise" in st.query_params:
    text.note("The promise of this link is not in the agreement of this week.")
week_parts.changes(week)
leaks.show(scene)
week_parts.calls(scene)
actions.listed(scene)
left, right = st.columns(2, gap="large")
with left:
    week_parts.rejections(week)
with right:
    week_parts.wins(week)
outline.how_computed(data.history().about)
