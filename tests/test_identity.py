"""Who acts, by name and side, and how it is asked for on a screen."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from plumbline.errors import InputError
from plumbline.identity import Identity, typed


def test_two_spellings_are_one_person() -> None:
    assert typed(" Ann  LEE ", "sales").key == typed("ann lee", "marketing").key != typed("Anne Lee").key


def test_what_was_typed_is_said_to_be_unverified() -> None:
    assert typed("Ann Lee", "sales").in_words == "Ann Lee, sales (not verified by a log-in)"
    assert Identity("Ann Lee", "sales", True).in_words == "Ann Lee, sales"
    assert typed("Ann Lee").in_words == "Ann Lee (not verified by a log-in)"


@pytest.mark.parametrize(("name", "side"), [("", "sales"), (" \t", "sales"), ("x" * 121, "sales"), ("Ann", "finance")])
def test_what_is_no_name_or_side_is_refused(name: str, side: str) -> None:
    with pytest.raises(InputError):
        typed(name, side)


def _page() -> None:
    import streamlit as st

    from plumbline.ui import profile

    known = profile.ask("here", "Who signs is part of the document.")
    st.text(known.in_words if known else "nobody")
    profile.line()


def test_a_screen_asks_once_and_forgets_on_demand() -> None:
    app = AppTest.from_function(_page, default_timeout=30).run()
    assert app.text[0].value == "nobody"
    app.text_input(key="profile.here.name").input("  ")
    app.button[0].click().run()
    assert app.text[0].value == "nobody"
    app.text_input(key="profile.here.name").input("Ann Lee")
    app.segmented_control(key="profile.here.side").set_value("sales") if hasattr(app, "segmented_control") else None
    app.button[0].click().run()
    assert app.text[0].value.startswith("Ann Lee")
    app.button(key="profile.forget").click().run()
    assert app.text[0].value == "nobody"
