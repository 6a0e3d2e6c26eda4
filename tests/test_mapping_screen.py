"""Mappings on the Import screen: whatever is brought, one line and the page goes on; what is amiss stands beside its field."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plumbline.ui.importing import mapping
from tests.test_import_screen import bring, said, screen
from tests.test_mapping_form import CONTACTS, LOG
from tests.test_mapping_refusals import WRONG, random_mapping

__all__ = ["screen"]


@pytest.fixture
def at(screen: AppTest) -> AppTest:
    return screen.segmented_control(key="import.preset").set_value("csv").run()


def test_a_wrong_mapping_is_one_line_and_the_form_is_left_out(at: AppTest) -> None:
    bring(at, data="Id,C,S\nL1,2026-01-01,web\n")
    for name, (text, _) in WRONG.items():
        if not text:  # an empty one is as good as none: the form begins from the headers
            continue
        at.file_uploader[0].upload("m.yaml", text.encode("utf-8", "replace")).run()
        assert not at.exception, name
        assert mapping.problem(at.session_state["import.flow"].mapping).what in said(at).replace("&#x27;", "'").replace("&quot;", '"'), name
        is_form = any(one.label == "One row of this file is" for one in at.selectbox)
        assert is_form == (name in ("a pattern without a year", "a pattern of hours")), name  # a field of the form says it
        at.run()
        assert not at.exception, name
    at.button(key="import.map.again").click().run()
    assert not at.exception and any(one.label == "One row of this file is" for one in at.selectbox)


def test_random_mappings_never_break_the_form(at: AppTest) -> None:
    draw = random.Random(11)
    bring(at, data="Id,C,S,M,T,N,A\nL1,2026-01-01,a,,Won,1,5\n")
    shown = 0
    while shown < 12:
        text = random_mapping(draw)
        is_form = mapping.read(text, ("data.csv",)) is not None
        if not is_form and draw.random() < 0.98:
            continue
        shown += is_form
        at.session_state["import.flow"].set_mapping(text)
        at.run()
        assert not at.exception, text


def test_what_is_amiss_stands_beside_its_field_until_it_is_settled(at: AppTest) -> None:
    bring(at, contacts="Record ID;Create Date;Amount\n1;01/02/2026;1.200\n2;03/04/2026;\n")
    assert at.session_state["import.flow"].mapping.count("date_format") == 0
    for words in ("01/02/2026 could be day/month or month/day", "No zone is said in Create Date", "1.200 could be 1,200 or 1.2"):
        assert words in said(at), words
    version = at.session_state["import.flow"].mapping_version
    at.selectbox(key=f"import.map.{version}.zone").select("UTC").run()
    at.selectbox(key=f"import.map.{version}.format").select("31/03/2026").run()
    at.selectbox(key=f"import.map.{version}.decimal").select("1.234,50").run()
    assert not at.exception
    assert 'class="pl-amiss"' not in said(at)
    text = at.session_state["import.flow"].mapping
    assert "decimal: ','" in text and "date_format: '%d/%m/%Y'" in text and "time_zone: UTC" in text
    at.button(key="import.check").click().run()
    assert not at.exception and "can be kept" in said(at)


def test_real_exports_pass_the_check_once_their_zone_is_chosen(at: AppTest, tmp_path: Path) -> None:
    bring(at, contacts=CONTACTS, activity_log=LOG.replace("Fax", "Email"))
    assert "Still to be settled in other files" not in said(at)
    version = at.session_state["import.flow"].mapping_version
    at.selectbox(key=f"import.map.{version}.zone").select("Europe/Berlin").run()
    assert not at.exception and 'class="pl-amiss"' not in said(at)
    at.button(key="import.check").click().run()
    assert not at.exception
    assert "<strong><bdi>16 rows</bdi></strong> can be kept" in said(at)
    assert "left out on purpose" in said(at)
