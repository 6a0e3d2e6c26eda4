"""What a history records, in cases small enough to work out by hand: absence of a record is never absence of the act."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from plumbline.history.connection import History
from plumbline.history.recorded import Recorded
from plumbline.metrics import all_metrics, note, run
from tests.cli_support import plumbline
from tests.importing_support import build_history, write_table

START = datetime(2026, 1, 5, 9)
END = "2026-12-31"


def stamp(days: float) -> str:
    return (START + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Rows:
    """Canonical tables in the making: lead 1, 2, .. of sources web and fair, each with its events."""

    def __init__(self) -> None:
        self.tables: dict[str, list[str]] = {"leads": ["lead_id,created_at,source"]}

    def add(self, table: str, header: str, *rows: str) -> None:
        self.tables.setdefault(table, [header]).extend(rows)

    def lead(self, name: str, at: float, source: str = "web", **stages: float) -> None:
        self.tables["leads"].append(f"{name},{stamp(at)},{source}")
        for stage, when in {"mql": at, **stages}.items():
            self.add("stage_changes", "lead_id,stage,occurred_at", f"{name},{stage},{stamp(when)}")

    def touch(self, name: str, at: float, outcome: str = "no_answer", **more: str) -> None:
        more = {"direction": "outbound", "is_automated": "false"} | more
        self.add(
            "touches", "lead_id,channel,occurred_at,outcome,direction,is_automated", f"{name},call,{stamp(at)},{outcome},{','.join(more.values())}"
        )

    def owner(self, name: str, at: float, rep: str = "R1") -> None:
        self.add("assignments", "lead_id,rep_id,occurred_at", f"{name},{rep},{stamp(at)}")

    def build(self, place: Path, **options: object) -> History:
        for name, lines in self.tables.items():
            write_table(place / "in", name, "\n".join(lines))
        return build_history(place / "in", place / "h.duckdb", **{"data_through": END, **options})


def plain(n: int = 60, accepted: int = 20) -> Rows:
    """n leads a quarter of a day apart, the first `accepted` of them accepted after two days."""
    rows = Rows()
    for number in range(n):
        rows.lead(f"L{number}", number / 4, "fair" if number % 2 else "web", **({"sal": number / 4 + 2} if number < accepted else {}))
    return rows


def classes(opened: History, **parameters: object) -> dict[tuple[str, str], int]:
    return {(row["step"], row["class"]): row["n"] for row in run(opened, "leaks/classes", parameters=parameters).to_dicts()}


def test_without_touches_and_assignments_nobody_is_blamed(tmp_path: Path) -> None:
    opened = plain().build(tmp_path)
    recorded = opened.recorded
    assert recorded.missing(("touches", "owners", "stage:sal")) == ("touches", "owners")
    assert "there is no touch" in recorded.why("touches")
    assert classes(opened)["mql->sal", "not_recorded"] == 40
    assert not {name for _, name in classes(opened)} & {"never_assigned", "never_touched", "never_touched_since_accepted"}
    speed, promise = run(opened, "speed/first_attempt").row(0, named=True), run(opened, "persistence/promise").row(0, named=True)
    assert (speed.pop("episodes"), set(speed.values())) == (60, {None})
    assert promise == {"episodes": 60, "mature": 60, "kept": None, "share": None}
    assert run(opened, "persistence/attempts").is_empty() and run(opened, "persistence/promise_parts").is_empty()
    assert {row["flag"] for row in run(opened, "leaks/flags").to_dicts()} == {"status_stale"}
    opened.close()


def test_with_assignments_and_no_touches_only_the_unassigned_are_told(tmp_path: Path) -> None:
    rows = plain()
    for number in range(50):
        rows.owner(f"L{number}", number / 4)
    opened = rows.build(tmp_path)
    assert classes(opened) == {("mql->sal", "never_assigned"): 10, ("mql->sal", "not_recorded"): 30, ("sal->sql", "not_recorded"): 20}
    assert ("sal->sql", "not_recorded") not in classes(opened, only_recorded="true")  # no lead of the history is an SQL; L50..L59 have no owner
    opened.close()


def test_with_touches_and_no_assignments_nobody_is_called_unassigned(tmp_path: Path) -> None:
    rows = plain()
    for number in range(30):
        rows.touch(f"L{number}", number / 4 + 1)
    opened = rows.build(tmp_path)
    assert classes(opened) == {
        ("mql->sal", "gave_up_early"): 10,  # L20..L29 were tried once, eleven months ago
        ("mql->sal", "never_touched"): 30,
        ("sal->sql", "never_touched_since_accepted"): 20,
    }
    opened.close()


def test_touches_of_strangers_are_said_to_be_so(tmp_path: Path) -> None:
    rows = plain()
    for number in range(60):
        rows.touch(f"stranger {number}", number / 4)
    opened = rows.build(tmp_path)
    assert opened.recorded.why("touches") == "60 of 60 touches belong to leads that are not here"
    assert opened.recorded.why("meetings") == opened.recorded.why("attempts") == opened.recorded.why("touches")
    assert "60 of 60 touches belong to leads that are not here" in note(opened, "speed/first_attempt")
    opened.close()


def test_touches_after_the_end_are_not_in_the_history(tmp_path: Path) -> None:
    rows = plain()
    rows.touch("L1", 400)
    opened = rows.build(tmp_path)
    assert opened.recorded.why("touches") == "all 1 touches lie after the end of the data"
    assert ("mql->sal", "not_recorded") in classes(opened)
    opened.close()


def test_a_stage_nobody_reached_is_not_recorded_from_ten_leads_with_the_time_on(tmp_path: Path) -> None:
    for n, how in ((9, "unreached"), (10, "unrecorded")):
        rows = plain(30, accepted=n)
        opened = rows.build(tmp_path / str(n))
        assert (opened.recorded.stage("mql"), opened.recorded.stage("sal"), opened.recorded.stage("sql")) == ("own", "own", how)
        assert opened.recorded.stage("won") == how  # nobody came near it either
        assert (("sal->sql", "not_recorded") in classes(opened, only_recorded="true")) == (how == "unreached")
        assert classes(opened)["sal->sql", "not_recorded"] == n  # without it the class is told of every step but the one to won
        stages = {row["stage"]: row["entered"] for row in run(opened, "funnel/stages").to_dicts()}
        assert (stages["sal"], stages["sql"]) == (n, 0)  # the funnel keeps its numbers
        assert ("SQL, Opportunity and Won are not recorded" in note(opened, "funnel/stages")) == (how == "unrecorded")
        opened.close()


def test_a_stage_only_implied_is_known_to_be_so(tmp_path: Path) -> None:
    rows = Rows()
    for number in range(40):
        rows.lead(f"L{number}", number / 4, **({"won": number / 4 + 9} if number < 20 else {}))
    opened = rows.build(tmp_path)
    assert [opened.recorded.stage(name) for name in ("sal", "sql", "opportunity", "won")] == ["implied", "implied", "implied", "own"]
    assert opened.recorded.stages("implied") == ("sal", "sql", "opportunity")
    opened.close()


@pytest.mark.parametrize(("only", "rank", "whom"), [("won", 5, "leads that were won"), ("sal", 2, "leads that were accepted")])
def test_owners_of_those_alone_that_went_on(only: str, rank: int, whom: str, tmp_path: Path) -> None:
    rows = Rows()
    for number in range(80):
        on = {"sal": number / 4 + 2} if number < 40 else {}
        won = {"sql": number / 4 + 3, "opportunity": number / 4 + 4, "won": number / 4 + 9} if number < 15 else {}
        rows.lead(f"L{number}", number / 4, **on, **won)
        if (only == "won" and won) or (only == "sal" and on):
            rows.owner(f"L{number}", number / 4 + 1)
    opened = rows.build(tmp_path)
    assert (opened.recorded.thing("owners").from_rank, opened.recorded.of_whom("owners")) == (rank, whom)
    assert opened.recorded.limits("owners") == [f"Assignments are recorded only of {whom}: nothing is said of the others."]
    assert classes(opened)["mql->sal", "never_assigned"] == 40  # to the letter of the metric: some are recorded
    assert ("mql->sal", "never_assigned") not in classes(opened, only_recorded="true")
    opened.close()


def test_touches_from_the_middle_on(tmp_path: Path) -> None:
    rows = Rows()
    for number in range(120):
        rows.lead(f"L{number}", number, **({"sal": number + 1} if number == 119 else {}))
        if number >= 60:
            rows.touch(f"L{number}", number + 0.5)
    opened = rows.build(tmp_path)
    first = (START + timedelta(days=60.5)).date()
    assert opened.recorded.since("touches").date() == first == date(2026, 3, 6)
    assert opened.recorded.limits("touches") == ["Touches are recorded only from 6 Mar 2026 on: leads before are not judged by them."]
    assert classes(opened)["mql->sal", "never_touched"] == 60
    told = classes(opened, only_recorded="true")
    assert told["mql->sal", "not_recorded"] == 61  # L60 came in half a day before the first touch
    assert told["mql->sal", "gave_up_early"] == 58  # but for L119, who was accepted
    opened.close()


def test_a_team_that_records_no_touches_is_not_blamed(tmp_path: Path) -> None:
    rows = Rows()
    rows.add("reps", "rep_id,team", "R1,North", "R2,South")
    for number in range(80):
        rows.lead(f"L{number}", number / 4, **({"sal": number / 4 + 2} if number == 79 else {}))
        rows.owner(f"L{number}", number / 4, "R1" if number % 2 else "R2")
        if number % 2 and number > 9:
            rows.touch(f"L{number}", number / 4 + 1)
    opened = rows.build(tmp_path)
    assert opened.recorded.teams("touches") == ("South",)
    assert opened.recorded.limits("touches") == ["Team South records no touches: their leads are not judged by them."]
    told = classes(opened, only_recorded="true")
    assert (told["mql->sal", "not_recorded"], told["mql->sal", "never_touched"], told["mql->sal", "gave_up_early"]) == (40, 5, 34)
    opened.close()


def test_machines_and_incoming_calls_are_no_record_of_tries(tmp_path: Path) -> None:
    rows = plain()
    for number in range(60):
        rows.touch(f"L{number}", number / 4 + 1, "", **({"is_automated": "true"} if number % 2 else {"direction": "inbound"}))
    opened = rows.build(tmp_path)
    assert opened.recorded.has("touches") and not opened.recorded.has("attempts")
    assert "machines" in opened.recorded.why("attempts")
    assert classes(opened)["mql->sal", "never_touched"] == 40  # to the letter
    assert classes(opened, only_recorded="true")["mql->sal", "not_recorded"] == 40
    opened.close()


def test_without_outcomes_nobody_is_said_to_be_unreached(tmp_path: Path) -> None:
    rows = plain()
    for number in range(60):
        rows.touch(f"L{number}", number / 4 + 1, "")
    opened = rows.build(tmp_path)
    assert opened.recorded.missing(("touch_outcomes", "contacts", "meetings")) == ("touch_outcomes", "contacts", "meetings")
    assert classes(opened, only_recorded="true")["mql->sal", "not_recorded"] == 40  # tried once; whether that reached them nobody wrote down
    opened.close()


def test_dates_and_one_instant_are_seen(tmp_path: Path) -> None:
    rows = Rows()
    for number in range(40):
        rows.tables["leads"].append(f"L{number},2026-01-{1 + number % 28:02d},web")
        rows.add("stage_changes", "lead_id,stage,occurred_at", f"L{number},mql,2026-01-{1 + number % 28:02d}", f"L{number},won,2026-03-01T10:00:00Z")
        rows.touch(f"L{number}", number * 1.37)
    opened = rows.build(tmp_path)
    assert [opened.recorded.grain(name) for name in ("stage:mql", "stage:won", "touches", "spend")] == ["day", "one_instant", "instant", None]
    opened.close()


def test_dates_of_another_zone_are_dates(tmp_path: Path) -> None:
    """Midnight in Bogota, across no change of clocks; and in Berlin across one."""
    for zone, hours in (("America/Bogota", (5, 5)), ("Europe/Berlin", (23, 22))):
        rows = Rows()
        rows.tables["leads"] += [f"A{day},2026-02-{day:02d}T{hours[0]:02d}:00:00Z,web" for day in range(1, 28)]
        rows.tables["leads"] += [f"B{day},2026-05-{day:02d}T{hours[1]:02d}:00:00Z,web" for day in range(1, 28)]
        rows.add(
            "stage_changes", "lead_id,stage,occurred_at", *(f"{row.rsplit(',', 1)[0].replace(',', ',mql,')}" for row in rows.tables["leads"][1:])
        )
        opened = rows.build(tmp_path / zone.replace("/", "-"), time_zone=zone)
        assert opened.recorded.grain("stage:mql") == "day"
        opened.close()


def test_the_command_line_says_what_is_not_recorded(tmp_path: Path) -> None:
    plain().build(tmp_path).close()
    said = plumbline("metric", "speed/first_attempt", "--history", tmp_path / "h.duckdb", "--format", "json")
    assert (said.status, said.json[0]["attempted"]) == (0, None)
    assert said.err.strip().startswith("note: not recorded: who was called or written to is not recorded") and said.err.count("\n") == 1
    listed = {row["name"]: row["needs"] for row in plumbline("metrics", "--format", "json").json}
    assert listed["persistence/promise"] == "touches (kept, share)"


def test_every_need_names_columns_that_are_there(sample_file: Path) -> None:
    opened = History(sample_file)
    lists = {"accounts/leads": {"account": "x"}}
    for name, metric in all_metrics().items():
        columns = {column for need in metric.needs for column in need.columns}
        if columns:
            assert columns <= set(run(opened, name, parameters=lists.get(name)).columns), name
        assert note(opened, name) == ""  # the sample records everything
    assert isinstance(opened.recorded, Recorded) and all(opened.recorded.limits(name) == [] for name in ("touches", "owners"))
    opened.close()


def test_stages_that_are_not_recorded_are_said_in_one_sentence(tmp_path: Path) -> None:
    opened = plain(30, accepted=12).build(tmp_path)
    told = "SQL, Opportunity and Won are not recorded: no lead of the whole history reached them, though enough leads had the time"
    assert opened.recorded.why_stages() == told
    assert note(opened, "sources/cost").endswith(told)
    opened.close()


def test_the_day_counts_where_days_are_marked(tmp_path: Path) -> None:
    rows = Rows()
    for number in range(40):
        rows.tables["leads"].append(f"L{number},2026-01-{1 + number % 28:02d},web")
        rows.add("stage_changes", "lead_id,stage,occurred_at", f"L{number},mql,2026-01-{1 + number % 28:02d}")
    opened = rows.build(tmp_path, time_zone="America/Bogota")
    assert (opened.recorded.thing("stage:mql").day_rows, opened.recorded.grain("stage:mql")) == (40, "day")
    opened.close()
