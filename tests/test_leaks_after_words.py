"""What the sections on leads after their leak say: words by hand, and the sections themselves on histories that lack something."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from plumbline import charts
from plumbline.charts.stacked_periods import NONE, REST
from plumbline.definition import ActivityRule, Definition, FieldRule
from plumbline.leaks.caught import WHOLE, Barred
from plumbline.leaks.reasons import CLASSES
from plumbline.replay.states import Asked
from plumbline.ui.leaks import after_words as words
from plumbline.ui.text import Bold, Link
from tests.importing_support import build_file, write_table

NOBODY = pl.Series("rep", [], dtype=pl.String)


def said(parts: object) -> str:
    return "".join(part.text if isinstance(part, Bold | Link) else part for part in parts)


def reasons(*rows: tuple) -> pl.DataFrame:
    """step, class, reason, n, came_back, reached_sql."""
    return pl.DataFrame(rows, schema=["step", "class", "reason", "n", "came_back", "reached_sql"], orient="row")


def barred(caught: int, rejected: int, lost: int, accepted: int, rule: Asked | None = None, part: str = WHOLE) -> Barred:
    return Barred(part, rule, caught, rejected, lost, accepted, 0, pl.Series([True]).to_numpy())


def test_every_class_has_words_and_a_colour() -> None:
    assert set(words.REASONS) == set(CLASSES)
    assert set(words._COLOURS) == set(CLASSES) - {"other", "unstated"}
    assert not [name for name in CLASSES if "_" in words.REASONS[name]]


def test_the_headline_says_how_many_and_why() -> None:
    rows = reasons(
        ("mql->sal", "rejected", "wrong_target", 150, 3, 0),
        ("sal->sql", "rejected", "wrong_target", 60, 2, 1),
        ("mql->sal", "rejected", "unstated", 44, 0, 0),
        ("mql->sal", "rejected", "other", 200, 0, 0),
        ("mql->sal", "lost", "no_need", 900, 0, 0),
    )
    assert said(words.rejected_headline(rows, 1669)) == (
        "Sales sent back 454 of 1,669 leads (27 %); the reason given most often is wrong target, for 210; 44 came without a reason"
    )
    assert said(words.where_sent_back(rows, lambda **_: "leads")) == (
        "394 before sales accepted them · 60 after it. 5 came back in a later pass, and 1 of those became an SQL."
    )
    silent = reasons(("mql->sal", "rejected", "unstated", 12, 0, 0))
    assert said(words.rejected_headline(silent, 20)) == "Sales sent back 12 of 20 leads; no reason is recorded for any of them"
    assert said(words.where_sent_back(silent, lambda **_: "leads")).endswith("None of them came back in a later pass.")


def over_time(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"period": pl.Date, "reason": pl.String, "n": pl.Int64}, orient="row")


def test_the_picture_says_a_change_only_beyond_chance() -> None:
    months = [date(2026, month, 1) for month in (1, 2, 3, 4)]
    grown = over_time(
        *[(month, "wrong_target", n) for month, n in zip(months, (20, 20, 60, 60), strict=True)], *[(month, "no_need", 40) for month in months]
    )
    whole = (months[0], date(2026, 5, 1))
    assert words.over_time_title(grown, True, whole) == (
        "Wrong target rose from 33 % of 120 sent back in the first half to 60 % of 200 in the second, from March 2026 on"
    )
    same = over_time(*[(month, reason, 30) for month in months for reason in ("no_need", "duplicate")])
    assert "no more than chance" in words.over_time_title(same, True, whole)
    assert words.over_time_title(over_time((months[0], "no_need", 5)), True, whole).endswith("?")
    assert words.over_time_title(grown, True, None).endswith("?")


def test_a_picture_has_six_reasons_the_rest_and_those_without_one() -> None:
    rows = over_time(*[(date(2026, 1, 1), reason, 20 - place) for place, reason in enumerate(CLASSES)])
    kinds = words.kinds_of(rows)
    assert [kind.words for kind in kinds.values()] == [*[words.REASONS[name] for name in CLASSES[:6]], "other reasons", "no reason given"]
    assert [kind.place for kind in kinds.values()][-2:] == [REST, NONE]
    assert len({kind.place for kind in kinds.values()}) == 8
    shown = words.in_kinds(rows, kinds)
    assert shown["n"].sum() == rows["n"].sum()
    listed = [words.reasons_of(kind, kinds) for kind in kinds]
    assert sorted(reason for own in listed for reason in own) == sorted(CLASSES)
    figure = charts.stacked_periods(shown, kinds)
    assert [bar.customdata[0][0] for bar in figure.data] == list(kinds)
    assert "20 wrong target" in charts.stacked_periods_alt(shown, kinds)


def test_months_without_a_row_are_nought() -> None:
    rows = over_time((date(2025, 11, 1), "no_need", 3), (date(2026, 2, 1), "no_need", 1))
    kinds = words.kinds_of(rows)
    [bar] = charts.stacked_periods(words.in_kinds(rows, kinds), kinds, cut={date(2026, 2, 1)}).data
    assert list(bar.y) == [3, 0, 0, 1]
    assert list(bar.marker.pattern.shape) == ["", "", "", "/"]
    weeks = over_time((date(2026, 1, 5), "no_need", 3), (date(2026, 1, 19), "no_need", 1))
    [bar] = charts.stacked_periods(words.in_kinds(weeks, kinds), kinds, is_month=False).data
    assert [row[1] for row in bar.customdata] == ["2026-01-05", "2026-01-12", "2026-01-19"]


def test_values_are_compared_only_beyond_chance() -> None:
    rows = pl.DataFrame({"value": ["webinar", "partner", None, "thin"], "k": [80, 20, 60, 5], "n": [200, 200, 200, 6]})
    assert words.values_title(rows, "source") == "webinar is sent back most often, 40 % of 200; partner least, 10 % of 200"
    assert "no more than chance" in words.values_title(rows.with_columns(k=pl.lit(20)), "source")
    assert words.values_title(rows.head(1), "job_title").startswith("Does job title")


def test_rules_in_words_and_their_verdicts() -> None:
    definition = Definition(
        "Q4", ("email",), (FieldRule("employees", "at_least", 100),), criteria=(ActivityRule("webinar"),) * 3, at_least=2, threshold=50.0,
        exclude=(ActivityRule("unsubscribe", 1, 90.0),),
    )  # fmt: skip
    told = [
        words.rule_in_words(barred(1, 1, 1, 1, rule, part), definition)
        for part, rule in (
            (WHOLE, None),
            ("fit", Asked("fit", definition.fit[0])),
            ("criteria", None),
            ("points", None),
            ("exclude", Asked("exclude", definition.exclude[0])),
        )
    ]
    assert told == [
        "The whole definition", "Employees is 100 or more", "At least 2 of 3 criteria", "50 points or more",
        "Never, while unsubscribe at least once in the last 90 days",
    ]  # fmt: skip
    assert words.caught_title([barred(34, 61, 120, 900)], "Q4") == (
        "“Q4” would have barred 34 of the 61 leads sent back, and 120 of the 900 that sales accepted and kept"
    )
    assert words.verdict(barred(34, 61, 120, 900)) == "tells them apart"
    assert words.verdict(barred(150, 1000, 100, 1000)) == "tells a little"
    assert words.verdict(barred(900, 1000, 730, 1000)) == "bars most good ones too"
    assert words.verdict(barred(1800, 50_000, 1500, 50_000)) == "hardly tells"
    assert (words.barred_of(34, 61), words.barred_of(50_444, 57_889)) == ("34 of 61", "50,444")
    assert words.verdict(barred(10, 61, 150, 900)) == "no better than chance"
    assert words.verdict(barred(10, 100, 400, 900)) == "bars the good ones more"
    assert words.verdict(barred(5, 12, 150, 900)) == "too few to say"
    assert words.verdict(barred(0, 61, 0, 900)) == "bars nobody"


def test_open_leads_in_words() -> None:
    rows = pl.DataFrame({"open": [100, 29], "past": [60, 6], "neglected": [30, 2]})
    assert said(words.open_headline(rows)) == (
        "129 leads are still open; 66 have been in their stage past the time agreed, and nobody has touched 32 for over 60 days"
    )
    assert said(words.open_headline(rows, False)).endswith("past the time agreed")
    assert said(words.open_headline(rows.with_columns(neglected=0))).endswith("none has been without a touch for over 60 days")
    owners = pl.DataFrame({"rep": [None, "A", "B", "C"], "neglected": [30, 20, 10, 5]})
    assert words.owners_title(owners) == "30 untouched leads have no owner; half of the others lie with 1 of 3 reps"
    assert words.owners_title(owners.tail(3)) == "Half of the untouched leads lie with 1 of 3 reps"
    assert words.owners_title(owners.with_columns(neglected=0)) == "No open lead is untouched"


def fates(again: int, thrown: int, lying: int) -> pl.DataFrame:
    told = [("handed_over_again", again, 86_400.0), ("discarded", thrown, 3_600.0), ("lying", lying, 100 * 86_400.0)]
    rows = [(fate, n, seconds if n else None, 2 * seconds if n else None) for fate, n, seconds in told]
    return pl.DataFrame(rows, schema={"fate": pl.String, "n": pl.Int64, "median": pl.Float64, "p90": pl.Float64}, orient="row")


def test_returned_and_dead_leads_in_words() -> None:
    assert words.returned_title(fates(40, 2, 50)) == "50 of 92 leads that sales sent back have lain since, half of them for over 100 days"
    assert words.returned_title(fates(0, 0, 1)) == "1 of 1 lead that sales sent back has lain since, for 100 days"
    assert words.returned_title(fates(2, 1, 0)) == "All 3 leads that sales sent back were fixed or thrown away"
    assert words.returned_times(fates(40, 2, 50)) == (
        "Handed over again: half within 24 h, 9 of 10 within 2 days of being sent back. Thrown away: half within 1 h of being sent back."
    ).replace("24 h", "1 day")
    dead = pl.DataFrame({"dead": [100, 20], "interested": [50, 4], "revived": [10, 0], "won": [1, 0]})
    assert words.dead_title(dead) == "Of 120 dead leads 54 showed interest again and 10 came back; 1 of those was won"
    assert words.dead_title(dead.with_columns(won=0)).endswith("none of those was won so far")
    assert words.dead_title(dead.with_columns(revived=0, won=0)).endswith("none came back")
    assert words.nurturing_title(30, 120, 30) == "30 dead leads showed a sign of life in the last 30 days: 25 % of 120 that are dead and not back"
    assert words.nurturing_title(0, 120, 30).startswith("No dead lead")


# The sections on histories that lack something


def both() -> None:
    from plumbline.filters import Filters
    from plumbline.ui.leaks import old_leads, rejections

    rejections.show(Filters(episodes="all"))
    old_leads.show(Filters(episodes="all"))


def shown(monkeypatch: pytest.MonkeyPatch, file: Path) -> str:
    """All the words of the two sections on a history."""
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(file))
    monkeypatch.setenv("PLUMBLINE_HOME", str(file.parent))
    st.cache_data.clear()  # the snapshots of these tests have one name
    st.cache_resource.clear()
    page = AppTest.from_function(both, default_timeout=120).run()
    assert not page.exception
    return " ".join(element.proto.body for element in page.get("html"))


LEADS = "lead_id,created_at,source\n" + "\n".join(f"{n},2026-01-01T00:00:00Z,web" for n in range(1, 5))
CHANGES = "lead_id,stage,occurred_at,reason\n1,mql,2026-01-02T00:00:00Z,\n2,mql,2026-01-02T00:00:00Z,\n3,mql,2026-06-20T00:00:00Z,"


def test_a_history_without_rejections_touches_and_acts_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_table(tmp_path / "in", "leads", LEADS)
    write_table(tmp_path / "in", "stage_changes", CHANGES)
    build_file(tmp_path / "in", tmp_path / "h.duckdb")
    told = shown(monkeypatch, tmp_path / "h.duckdb")
    assert "This history holds no rejection" in told
    assert "3 leads" in told
    assert "untouched for" not in told.split("What became")[0]
    assert "Who was called or written to is not recorded" in told  # and so nobody is dead for being untouched
    assert "there is no assignment" in told
    assert "These data hold no acts of leads" in told


def test_rejections_without_a_reason_are_told_as_such(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_table(tmp_path / "in", "leads", LEADS)
    write_table(tmp_path / "in", "stage_changes", f"{CHANGES}\n1,rejected,2026-01-05T00:00:00Z,\n2,rejected,2026-03-05T00:00:00Z,")
    write_table(tmp_path / "in", "activities", "lead_id,activity,occurred_at\n1,webinar,2026-01-01T00:00:00Z")
    build_file(tmp_path / "in", tmp_path / "h.duckdb")
    told = shown(monkeypatch, tmp_path / "h.duckdb")
    assert "no reason" in told
    assert "When does sales send leads back?" in told
    assert "Only 2 leads sent back: too few to tell a good rule from luck." in told


def test_a_history_without_a_pass_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_table(tmp_path / "in", "leads", LEADS)
    write_table(tmp_path / "in", "stage_changes", "lead_id,stage,occurred_at\n1,inquiry,2026-01-02T00:00:00Z")
    build_file(tmp_path / "in", tmp_path / "h.duckdb")
    told = shown(monkeypatch, tmp_path / "h.duckdb")
    assert "This history holds no rejection" in told
    assert "No lead is open with these filters" in told
    assert "No lead is known to be dead" in told


def test_the_sample_draws_both_sections(monkeypatch: pytest.MonkeyPatch, sample_file: Path) -> None:
    told = shown(monkeypatch, sample_file)
    assert "would have barred" in told
    assert "lie with" in told
    assert "showed a sign of life" in told
