"""metric sla/scorecard and sla/items on the command line: what they print, and what they refuse."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest

from plumbline.cli import main
from tests.cli_support import Said, plumbline

AGREEMENT = """
name: Q4 2026
effective: 2026-10-05
qualified: {required_fields: [email, company], fit: [{field: employees, at_least: 100}]}
acceptance: {within: 14d, share: 0.9}
marketing:
  volume: {leads: 390}
  hand_over: {within: 4h, share: 0.9, clock: working}
sales:
  status: {within: 14d, share: 0.9}
  open_leads: {per_rep: 5, share: 1.0}
  first_touch: {within: 30m, share: 0.8, clock: working}
"""
COLUMNS = ["side", "promise", "target", "actual", "n", "met", "missed_late", "missed_open", "too_early", "needed", "short", "status"]
ITEMS = ["lead_id", "opened_at", "start", "deadline", "met_at", "outcome"]
WEEK = ("--week", "2026-W44")


@pytest.fixture(scope="module")
def agreement(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("agreement") / "q4 2026.yaml"
    path.write_text(AGREEMENT, encoding="utf-8")
    return path


@pytest.fixture
def ask(sample_file: Path, agreement: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """A metric in this process, on the sample, by the agreement."""

    def asked(*arguments: object, by: Path | None = agreement) -> Said:
        words = ["plumbline", "metric", *map(str, arguments), "--history", str(sample_file), *(["--agreement", str(by)] if by else [])]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return asked


def test_the_scorecard_has_its_columns_in_the_order_of_the_file(ask) -> None:
    said = ask("sla/scorecard", *WEEK, "--format", "json")
    assert (said.status, said.err) == (0, "")
    assert [list(row) for row in said.json] == [COLUMNS] * 6
    order = ["acceptance", "volume", "hand_over", "first_touch", "status", "open_leads"]
    assert [row["promise"] for row in said.json] == order
    assert [row["side"] for row in said.json] == ["both", "marketing", "marketing", "sales", "sales", "sales"]
    volume = said.json[1]
    assert (volume["missed_late"], volume["missed_open"], volume["too_early"]) == (None, None, None)
    assert volume["n"] == volume["met"] == volume["actual"] and 0 < volume["target"] < 390
    for row in said.json[2:]:
        assert row["n"] == row["met"] + row["missed_late"] + row["missed_open"] and row["actual"] == row["met"] / row["n"]


def test_items_add_up_to_the_row_and_stand_in_order(ask) -> None:
    rows = {row["promise"]: row for row in ask("sla/scorecard", *WEEK, "--format", "json").json}
    for kind in ("acceptance", "hand_over", "status", "first_touch"):
        items = ask("sla/items", "--promise", kind, *WEEK, "--format", "json").json
        outcomes = [item["outcome"] for item in items]
        assert [outcomes.count(name) for name in ("met", "missed_late", "missed_open", "too_early")] == [
            rows[kind][name] for name in ("met", "missed_late", "missed_open", "too_early")
        ]
        assert [list(item) for item in items] == [[*ITEMS, *(["stage"] if kind == "status" else [])]] * len(items)
        assert items == sorted(items, key=lambda item: (item["deadline"], item["lead_id"], item["opened_at"]))
        assert all("2026-10-26T" <= item["deadline"] < "2026-11-02T" and item["deadline"].endswith("Z") for item in items)


def test_open_leads_are_listed_by_rep(ask) -> None:
    items = ask("sla/items", "--promise", "open_leads", *WEEK, "--format", "json").json
    assert list(items[0]) == [*ITEMS, "rep_id"]
    assert {(item["start"], item["met_at"], item["deadline"]) for item in items} == {(None, None, "2026-11-01T23:59:59.999999Z")}
    held = {rep: [item for item in items if item["rep_id"] == rep] for rep in {item["rep_id"] for item in items}}
    assert all({item["outcome"] for item in mine} == {"met" if len(mine) <= 5 else "missed_open"} for mine in held.values())
    row = next(row for row in ask("sla/scorecard", *WEEK, "--format", "json").json if row["promise"] == "open_leads")
    assert row["n"] == len(held) and row["met"] == sum(len(mine) <= 5 for mine in held.values())


def test_csv_and_parameters(ask) -> None:
    said = ask("sla/items", "--param", "promise=first_touch", "--param", "week=2026-W44", "--format", "csv")
    assert next(csv.reader(io.StringIO(said.out))) == ITEMS
    assert said.out == ask("sla/items", "--promise", "first_touch", *WEEK, "--format", "csv").out


def test_the_last_full_week_is_the_usual_one(ask) -> None:
    assert (
        ask("sla/scorecard", "--format", "json").out == ask("sla/scorecard", "--week", "2026-W45", "--format", "json").out
    )  # the sample ends on a Saturday
    running = ask("sla/scorecard", "--week", "2026-W46", "--format", "json").json
    assert {row["status"] for row in running if row["promise"] != "volume"} == {"too_early"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sla/scorecard", "--week", "2026-W54"), "there is no week 2026-W54"),
        (("sla/scorecard", "--week", "last"), "'last' is no week"),
        (("sla/scorecard", "--week", ""), "'' is no week"),
        (("sla/scorecard", "--since", "2026-10-01"), "--since: sla/scorecard does not take this filter"),
        (("sla/scorecard", "--source", "webinar"), "does not take this filter"),
        (("sla/items", "--promise", "status", "--segment", "region=EMEA"), "does not take this filter"),
        (("sla/scorecard", "--episodes", "all"), "--episodes: sla/scorecard does not take this filter"),
        (("sla/scorecard", "--episodes", "first"), "--episodes: sla/scorecard does not take this filter"),
        (("sla/scorecard", "--promise", "status"), "--promise: sla/scorecard does not take this option"),
        (("sla/items",), "name a promise: it promises acceptance, volume, hand_over, first_touch, status and open_leads"),
        (("sla/items", "--promise", "first-touch"), "there is no promise 'first-touch'"),
        (("sla/items", "--promise", "decision"), "the agreement does not promise decision: it promises acceptance,"),
    ],
)
def test_what_is_refused(ask, arguments: tuple[str, ...], said: str) -> None:
    assert said in ask(*arguments).refusal


@pytest.mark.parametrize("option", ["--week", "--agreement", "--promise"])
def test_other_metrics_take_none_of_these(ask, option: str) -> None:
    assert ask("funnel/stages", option, "2026-W44", by=None).refusal == f"error: {option}: funnel/stages does not take this option; leave it out"


def test_a_file_that_is_not_there_or_no_agreement_is_refused(ask, tmp_path: Path) -> None:
    assert "No such file" in ask("sla/scorecard", by=tmp_path / "none.yaml").refusal
    (tmp_path / "x.yaml").write_text("name: x\n", encoding="utf-8")
    assert "has no effective" in ask("sla/scorecard", by=tmp_path / "x.yaml").refusal


def test_without_a_version_in_force_a_file_is_asked_for(sample_file: Path, tmp_path: Path) -> None:
    pytest.importorskip("plumbline.agreement.versions")
    said = plumbline("metric", "sla/scorecard", *WEEK, "--history", sample_file, PLUMBLINE_HOME=str(tmp_path))
    assert "no agreement is in force on Mon 26 Oct 2026" in said.refusal


def test_what_cannot_be_measured_is_said_beside(tmp_path: Path, agreement: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "leads.csv").write_text("lead_id,created_at,email,company,employees\nL1,2026-10-01T00:00:00Z,a,b,100\n", encoding="utf-8")
    (tmp_path / "in" / "stage_changes.csv").write_text("lead_id,stage,occurred_at\nL1,mql,2026-10-27T08:00:00Z\n", encoding="utf-8")
    history = tmp_path / "h.duckdb"
    assert plumbline("import", "canonical", tmp_path / "in", "--history", history, "--data-through", "2026-11-30T00:00:00Z").status == 0
    said = plumbline(
        "metric", "sla/scorecard", *WEEK, "--history", history, "--agreement", agreement, "--format", "json", PLUMBLINE_HOME=str(tmp_path)
    )
    assert said.status == 0
    assert [(row["promise"], row["status"], row["n"]) for row in said.json] == [
        ("acceptance", "no_data", 0),
        ("volume", "missed", 1),
        *((kind, "no_data", 0) for kind in ("hand_over", "first_touch", "status", "open_leads")),
    ]
    assert [line.split(":")[1].strip() for line in said.err.splitlines() if line.startswith("note: ")] == [
        "hand-over (hand_over)",
        "first touch (first_touch)",
        "stage kept up (status)",
        "open leads a rep (open_leads)",
    ]


def test_both_metrics_are_listed(ask) -> None:
    listed = {row["name"]: row for row in plumbline("metrics", "--format", "json").json}
    assert [one.split(" ")[0] for one in listed["sla/items"]["parameters"]] == ["promise", "week", "agreement"]
    assert listed["sla/scorecard"]["grain"] == "one row per promise, in the order of the agreement"
