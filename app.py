"""The frame of every screen: menu, shared filters, what the history is, then the page."""

import streamlit as st

from plumbline.errors import PlumblineError
from plumbline.ui import address, data, frame, long_lived, theme

st.set_page_config(page_title="Plumbline", page_icon=frame.ICON, layout="wide", initial_sidebar_state=250)
theme.apply()
address.bound()
page = st.navigation(frame.menu())
frame.side_bar()
try:
    if page.url_path in frame.WITH_FILTERS:
        frame.filters(data.history())
    page.run()
    long_lived.set_aside(page.url_path)
except PlumblineError as refusal:
    frame.refused(refusal)
