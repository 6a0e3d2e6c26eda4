"""Filters: how values are compared, what is missing, whose rep and team, and how they read back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.filters import MISSING, Filters, field_number, parse_day, unmatched
from plumbline.history.connection import History
from plumbline.metrics import run
from tests.importing_support import build_history, write_table


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory):
    place = tmp_path_factory.mktemp("filters")
    tables = place / "in"
    write_table(
        tables,
        "leads",
        """lead_id,created_at,source,region
        L1,2026-01-01,Web,EMEA
        L2,2026-01-01,WEB,
        L3,2026-01-01,Straße,APAC
        L4,2026-01-01,,EMEA
        L5,2026-01-01,ads,emea""",
    )
    write_table(
        tables,
        "stage_changes",
        "lead_id,stage,occurred_at\n"
        + "\n".join(f"L{n},mql,2026-01-0{n}T12:00:00Z" for n in range(1, 6))
        + "\nL1,lost,2026-01-20\nL1,mql,2026-02-01",
    )
    write_table(tables, "assignments", "lead_id,rep_id,occurred_at\nL1,R1,2026-01-01\nL2,R2,2026-01-01\nL1,R2,2026-01-25")
    write_table(tables, "reps", "rep_id,name,team\nR1,Ann,North\nR2,Bob,South")
    write_table(tables, "lead_changes", "lead_id,field,value,old_value,occurred_at\nL3,region,APAC,EMEA,2026-01-10")
    opened = build_history(tables, place / "h.duckdb", time_zone="Asia/Tokyo")
    yield opened
    opened.close()


def entered(history: History, **told: object) -> int:
    return run(history, "funnel/stages", Filters(**told)).rows()[0][1]


@pytest.mark.parametrize(
    ("segments", "n"),
    [
        ({"source": ("web",)}, 2),
        ({"source": ("WEB",)}, 2),
        ({"source": ("  w\u0065b ",)}, 2),
        ({"source": ("STRASSE",)}, 1),
        ({"source": ("web", "ads")}, 3),
        ({"source": (MISSING,)}, 1),
        ({"source": (MISSING, "ads")}, 2),
        ({"source": ("nobody",)}, 0),
        ({"source": ("nobody", "ads")}, 1),
        ({"source": ("web",), "region": ("emea",)}, 1),
        ({"source": ("web",), "region": (MISSING,)}, 1),
        ({"source": (MISSING,), "region": (MISSING,)}, 0),
        ({"region": ("emea",)}, 4),  # L3 had EMEA when its episode opened
        ({"region": ("apac",)}, 0),
        ({"rep": ("R1",)}, 1),
        ({"rep": ("R2",)}, 1),
        ({"rep": ("r2",)}, 0),  # ids are compared as they stand
        ({"rep": (MISSING,)}, 3),
        ({"team": ("north",)}, 1),
        ({}, 5),
    ],
)
def test_episodes_of_a_segment(history: History, segments: dict, n: int) -> None:
    assert entered(history, segments=segments) == n


def test_all_passes_take_the_owner_of_each_pass(history: History) -> None:
    assert entered(history, segments={"rep": ("R2",)}, episodes="all") == 2


@pytest.mark.parametrize(
    ("since", "until", "n"),
    [(date(2026, 1, 2), None, 4), (None, date(2026, 1, 2), 1), (date(2026, 1, 2), date(2026, 1, 4), 2), (date(2026, 1, 4), date(2026, 1, 2), 0)],
)
def test_the_period_is_of_days_of_the_organisation_and_until_exclusive(history: History, since: date | None, until: date | None, n: int) -> None:
    assert entered(history, since=since, until=until) == n


def test_the_day_begins_in_the_zone_of_the_organisation(tmp_path: Path) -> None:
    write_table(tmp_path / "in", "leads", "lead_id,created_at\nL1,2026-01-01")
    write_table(tmp_path / "in", "stage_changes", "lead_id,stage,occurred_at\nL1,mql,2026-01-09T15:00:00Z\nL1,sal,2026-01-19")
    opened = build_history(tmp_path / "in", tmp_path / "h.duckdb", time_zone="Asia/Tokyo")
    assert (entered(opened, since=date(2026, 1, 10)), entered(opened, until=date(2026, 1, 10))) == (1, 0)
    opened.close()


def test_an_unknown_attribute_is_refused_with_the_nearest(history: History) -> None:
    with pytest.raises(InputError, match="did you mean 'region'"):
        entered(history, segments={"regoin": ("EMEA",)})


@pytest.mark.parametrize("name", ["SOURCE", " source", "Source\u00a0"])
def test_an_attribute_is_found_in_every_spelling_of_its_name(history: History, name: str) -> None:
    assert field_number(history, name) == field_number(history, "source")


def test_a_value_that_no_lead_ever_had_is_said_with_the_nearest(history: History) -> None:
    wanted = Filters(segments={"source": ("wbe", "ADS ", "strasse", MISSING), "region": ("APAC", "Mars")})
    assert unmatched(history, wanted) == ["no lead ever had source = wbe; did you mean WEB", "no lead ever had region = Mars"]
    assert unmatched(history, Filters(segments={"source": ("web",), "rep": ("R1",)})) == []


def test_an_attribute_that_names_leads_is_refused(tmp_path: Path) -> None:
    n = 20_002
    write_table(
        tmp_path / "in", "leads", "lead_id,created_at,email\n" + "\n".join(f"L{number},2026-01-01,a{number}@b.example" for number in range(n))
    )
    opened = build_history(tmp_path / "in", tmp_path / "h.duckdb")
    with pytest.raises(InputError, match="groups nothing"):
        entered(opened, segments={"email": ("a1@b.example",)})
    opened.close()


@pytest.mark.parametrize("text", ["2026-02-30", "1.2.2026", "", "today", "0001-01-01", "9999-12-31", "2026-01-01T00:00:00"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="--since"):
        parse_day(text, "--since")


def test_values_are_alternatives_and_told_once() -> None:
    chosen = Filters().with_segment("source", ["a", "b", "a"])
    assert chosen.segments == {"source": ("a", "b")}
    assert chosen.with_segment("source", []).segments == {}


def test_filters_read_back_as_a_sentence() -> None:
    chosen = Filters(date(2026, 9, 2), date(2026, 11, 15), {"region": ("EMEA",), "team": (MISSING,)})
    assert chosen.sentence() == "Leads handed over from 2 Sep 2026 to 14 Nov 2026 · all sources · region EMEA · team not known · first pass"
