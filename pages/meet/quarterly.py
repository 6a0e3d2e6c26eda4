"""Did the definition and the promises that both sides signed do what they were signed for, and what do we change?"""

import streamlit as st

from plumbline import wording
from plumbline.agreement.weeks import FIRST_YEAR
from plumbline.ui import data, filter_bar, panels, text
from plumbline.ui.quarterly import decisions, desk, promises, since, table
from plumbline.words import quarterly as words
