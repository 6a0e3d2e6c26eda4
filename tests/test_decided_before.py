"""What came before the instant at which a definition hands a lead over does not count for it: rates, bounds, thresholds, rules, words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from plumbline import wording
from plumbline.definition import parse
from plumbline.replay import facts as lab
from plumbline.simulation.not_known import not_known
from plumbline.simulation.report import overview
from plumbline.simulation.rules import each_rule
from plumbline.simulation.run import Ground, Settings, Simulation, ground, simulate
from plumbline.simulation.swap import part_masks
from plumbline.ui.lab import words
from tests.importing_support import build_history

START = datetime(2026, 1, 5, 10)
SPRING = Settings(date(2026, 1, 1), date(2026, 5, 1))
KICKOFF = parse("name: Kick-off held\nbehaviour: [{activity: kickoff}]\n")


def day(days: float) -> str:
    return (START + timedelta(days=days)).isoformat(timespec="microseconds") + "Z"


def history(folder: Path, leads: list[tuple[list[tuple[str, float]], list[tuple[str, float]]]], end: str = "2026-12-31") -> Ground:
    """One lead a pair: (stages with days, acts with days), created at day 0."""
    rows = {"leads": ["lead_id,created_at"], "stage_changes": ["lead_id,stage,occurred_at"], "activities": ["lead_id,activity,occurred_at"]}
    for number, (stages, acts) in enumerate(leads):
        rows["leads"].append(f"L{number},{day(0)}")
        rows["stage_changes"] += [f"L{number},{stage},{day(at)}" for stage, at in stages]
        rows["activities"] += [f"L{number},{act},{day(at)}" for act, at in acts]
    (folder / "in").mkdir(parents=True)
    for name, lines in rows.items():
        (folder / "in" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ground(lab.load(build_history(folder / "in", folder / "h.duckdb", data_through=end)))


def said(parts: list) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in parts)


WON_OVER = [("mql", 0), ("sal", 2), ("sql", 4)]
SENT_BACK = [("mql", 0), ("rejected", 3)]


@pytest.fixture(scope="module")
def kicked_off(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    """40 that became SQL and then had a kick-off on day 9, 40 that were sent back and had none."""
    leads = [(WON_OVER, [("kickoff", 9)])] * 40 + [(SENT_BACK, [])] * 40
    return simulate(KICKOFF, None, history(tmp_path_factory.mktemp("kickoff"), leads), SPRING)


def test_nobody_is_undecided_when_the_draft_comes(kicked_off: Simulation) -> None:
    told = kicked_off.summary
    kept = told["swap_set"]["kept"]
    assert {name: kept[name] for name in ("n", "decided_before", "accepted", "rejected", "sql", "won", "immature", "no_outcome")} == {
        "n": 40, "decided_before": 40, "accepted": 0, "rejected": 0, "sql": 0, "won": 0, "immature": 0, "no_outcome": 0,
    }  # fmt: skip
    assert (kept["later"], kept["later_days_median"], kept["later_days_p90"]) == (40, 9.0, 9.0)
    assert told["swap_set"]["newly_out"]["rejected"] == 40 and told["swap_set"]["newly_out"]["decided_before"] == 0
    assert told["decided_before"] == {"n": 40, "of": 40, "later_days_median": 9.0, "later_days_p90": 9.0}
    for rate in ("acceptance", "sql_rate"):
        side = told[rate]["definition"]
        assert (side["n"], side["rate"], side["low"], side["decided_before"]) == (0, None, None, 40)
        assert told["bounds"][rate] == {"worst": None, "monotone": None, "explored": None}
    assert told["acceptance"]["p_at_least_promised"] is None and told["acceptance"]["p_at_least_promised_at_worst"] is None
    assert (told["acceptance"]["baseline"]["k"], told["acceptance"]["baseline"]["n"]) == (40, 80)


def test_the_headline_and_the_table_say_that_it_cannot_be_told(kicked_off: Simulation) -> None:
    cannot = "cannot be told: 40 of 40 were accepted or gone before they met the draft, which comes 9 days after their hand-over (the median)"
    told = said(words.headline(kicked_off))
    assert told == f"This draft hands over 50 % fewer leads (40 against 80); what becomes of them {cannot}."
    assert {row["definition"] for row in overview(kicked_off.summary) if row["figure"].startswith(("accepted", "became"))} == {cannot}
    assert [(one.value, one.n) for one in words.strip(kicked_off)[1:3]] == [(wording.ABSENT, "40 decided before")] * 2


def test_the_parts_of_the_picture_hold_each_lead_once(kicked_off: Simulation) -> None:
    parts = part_masks(kicked_off.by_side["definition"])
    assert (sum(mask.astype(int) for mask in parts.values()) == 1).all()
    assert int(parts["decided"].sum()) == 40


# What counts as before: strictly, whichever of acceptance and leaving came first


@pytest.mark.parametrize(
    ("stages", "is_before"),
    [
        ([("mql", 0), ("sal", 9)], False),  # at the very instant
        ([("mql", 0), ("sal", 9 - 1e-6 / 86_400)], True),  # a microsecond earlier
        ([("mql", 0), ("sal", 10)], False),
        ([("mql", 0)], False),
        ([("mql", 0), ("recycled", 5)], True),
        ([("mql", 0), ("disqualified", 5)], True),
        ([("mql", 0), ("lost", 5)], True),
        ([("mql", 0), ("won", 5)], True),  # implied acceptance
        ([("mql", 0), ("recycled", 5), ("mql", 8), ("sal", 12)], True),  # what becomes of it is told of the first pass
        ([("mql", 12), ("sal", 14)], False),  # handed over later than the draft asks
        ([("sal", 3)], True),  # an opening that is itself the acceptance
        ([("mql", 0), ("sql", 5), ("sal", 20)], True),  # out of order: sales had taken it on by day 5
    ],
)
def test_before_is_strict_and_of_whatever_came_first(stages: list, is_before: bool, tmp_path: Path) -> None:
    told = simulate(KICKOFF, None, history(tmp_path, [(stages, [("kickoff", 9)])]), SPRING).summary
    assert told["swap_set"]["kept"]["decided_before"] == int(is_before)
    assert told["acceptance"]["definition"]["n"] == int(not is_before)


def test_the_baseline_is_held_to_its_own_instants(tmp_path: Path) -> None:
    """Another definition as the baseline: the draft comes before the acceptance, the other one after it."""
    leads = [(WON_OVER, [("demo", 1), ("kickoff", 9)])] * 40 + [(WON_OVER, [("kickoff", 9)])] * 3
    told = simulate(parse("behaviour: [{activity: demo}]\n"), KICKOFF, history(tmp_path, leads), SPRING).summary
    assert (told["acceptance"]["definition"]["k"], told["acceptance"]["definition"]["n"]) == (40, 40)
    assert told["acceptance"]["baseline"]["rate"] is None and told["acceptance"]["baseline"]["decided_before"] == 43
    assert told["swap_set"]["kept"]["accepted"] == 40 and told["swap_set"]["kept"]["sooner"] == 40
    assert told["swap_set"]["newly_out"] == told["swap_set"]["newly_out"] | {"n": 3, "decided_before": 3, "sql": 0}


def test_each_threshold_has_its_own_instants(tmp_path: Path) -> None:
    """10 points on day 1, 20 on day 9: accepted on day 2, so a threshold of 20 is too late for all that 10 may count."""
    leads = [(WON_OVER, [("visit", 1), ("visit", 9)])] * 35 + [(SENT_BACK, [("visit", 1)])] * 35
    draft = parse("score: {threshold: 10, points: [{activity: visit, points: 10}]}\n")
    found = simulate(draft, None, history(tmp_path, leads), SPRING)
    rows = {row["threshold"]: row for row in found.summary["sweep"]}
    assert {name: rows[10.0][name] for name in ("qualified", "judged", "is_accepted", "decided_before", "kept")} == {
        "qualified": 70, "judged": 70, "is_accepted": 35, "decided_before": 0, "kept": 70,
    }  # fmt: skip
    late = {name: rows[20.0][name] for name in ("qualified", "judged", "is_accepted", "sql", "decided_before", "kept", "newly_out", "immature")}
    assert late == {"qualified": 35, "judged": 0, "is_accepted": 0, "sql": 0, "decided_before": 35, "kept": 35, "newly_out": 35, "immature": 0}
    assert rows[20.0]["acceptance"] is None
    assert all(row["threshold"] <= 10 for row in found.summary["frontier"])


def test_a_rule_is_judged_by_the_instants_that_it_makes(tmp_path: Path) -> None:
    """Without the late rule the same leads are handed over, but in time to be judged: that is no "changes nothing"."""
    stage = history(tmp_path, [(WON_OVER, [("demo", 1), ("kickoff", 9)])] * 40)
    found = each_rule(parse("behaviour: [{activity: demo}, {activity: kickoff}]\n"), stage, SPRING)
    assert (found.draft.leads, found.draft.judged, found.draft.decided_before) == (40, 0, 40)
    demo, kickoff = found.rules
    assert (demo.after.judged, demo.changes) == (0, False)
    assert (kickoff.after.judged, kickoff.after.accepted, kickoff.joins, kickoff.leaves, kickoff.changes) == (40, 40, 0, 0, True)


def test_some_decided_before_widen_what_is_said_of_sqls(tmp_path: Path) -> None:
    leads = [(WON_OVER, [("kickoff", 1)])] * 40 + [(WON_OVER, [("kickoff", 9)])] * 20 + [(SENT_BACK, [])] * 20
    found = simulate(KICKOFF, None, history(tmp_path, leads), SPRING)
    low, high = words.sqls_a_month(found)
    months = (SPRING.until - SPRING.since).days / 30.4375
    assert (low, high) == (pytest.approx(-20 / months), 0)
    told = said(words.headline(found))
    assert "loses between 0 and 5 SQLs a month" in told
    assert "acceptance 75 % → 100 %." in told  # of the 40 that it hands over in time
    assert told.endswith(
        " 20 of 60 were accepted or gone before they met the draft, half of them 9 days or more after the hand-over: they count in no share."
    )


def test_a_lead_too_young_is_not_called_decided(tmp_path: Path) -> None:
    leads = [([("mql", 0)], [("kickoff", 9)])] * 3 + [(SENT_BACK, [("kickoff", 9)])] * 2
    told = simulate(KICKOFF, None, history(tmp_path, leads, end="2026-01-15"), Settings(date(2026, 1, 1), date(2026, 2, 1))).summary
    assert (told["swap_set"]["kept"]["immature"], told["swap_set"]["kept"]["decided_before"]) == (3, 2)
    assert told["sweep"] == [] and told["acceptance"]["definition"]["rate"] is None


@pytest.mark.parametrize(
    ("accepted", "kickoff", "is_before"),
    [
        ("2026-01-07", "2026-01-07T10:00:00Z", False),  # the same day: which came first was not written down
        ("2026-01-07T08:00:00Z", "2026-01-07", False),
        ("2026-01-06", "2026-01-07T00:30:00Z", True),
        ("2026-01-06", "2026-01-07", True),
        ("2026-01-08", "2026-01-07", False),
    ],
)
def test_a_decision_without_a_time_of_day_is_made_by_the_end_of_its_day(accepted: str, kickoff: str, is_before: bool, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, line in {
        "leads": "lead_id,created_at\nL0,2026-01-05T10:00:00Z",
        "stage_changes": f"lead_id,stage,occurred_at\nL0,mql,2026-01-05T10:00:00Z\nL0,sal,{accepted}",
        "activities": f"lead_id,activity,occurred_at\nL0,kickoff,{kickoff}",
    }.items():
        (tmp_path / "in" / f"{name}.csv").write_text(line + "\n", encoding="utf-8")
    stage = ground(lab.load(build_history(tmp_path / "in", tmp_path / "h.duckdb", data_through="2026-12-31")))
    assert simulate(KICKOFF, None, stage, SPRING).summary["swap_set"]["kept"]["decided_before"] == int(is_before)


@pytest.mark.parametrize(("accepted", "in_time"), [("2026-01-19", 1), ("2026-01-19T23:00:00Z", 1), ("2026-01-20", 0)])
def test_a_window_counts_days_where_an_end_has_no_time(accepted: str, in_time: int, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, line in {
        "leads": "lead_id,created_at\nL0,2026-01-05T10:00:00Z",
        "stage_changes": f"lead_id,stage,occurred_at\nL0,mql,2026-01-05\nL0,sal,{accepted}",
        "activities": "lead_id,activity,occurred_at\nL0,kickoff,2026-01-05T12:00:00Z",
    }.items():
        (tmp_path / "in" / f"{name}.csv").write_text(line + "\n", encoding="utf-8")
    stage = ground(lab.load(build_history(tmp_path / "in", tmp_path / "h.duckdb", data_through="2026-12-31")))
    assert simulate(KICKOFF, None, stage, SPRING).summary["acceptance"]["definition"]["k"] == in_time


def test_how_many_leads_a_criterion_is_not_known_of(tmp_path: Path) -> None:
    """k of n counts a criterion that is not known as not met: the screen says of how many, as known at the decision."""
    rows = [f"L{k},{day(0)},{'yes' if k % 2 else ''},{'500' if k % 5 else ''}" for k in range(100)]
    stages = [f"L{k},mql,{day(0)}" for k in range(100)]
    changes = [f"L{k},need,yes,,{day(200)}" for k in range(0, 100, 2)]  # known later: not at the decision
    for name, lines in {
        "leads": ["lead_id,created_at,need,budget", *rows],
        "stage_changes": ["lead_id,stage,occurred_at", *stages],
        "lead_changes": ["lead_id,field,value,old_value,occurred_at", *changes],
    }.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    stage = ground(lab.load(build_history(tmp_path / "in", tmp_path / "h.duckdb", data_through="2026-12-31")))
    draft = parse("criteria: {at_least: 1, of: [{field: need, is: yes}, {field: budget, at_least: 100}]}\n")
    told = not_known(draft, simulate(draft, None, stage, SPRING), stage)
    assert told == ({"need": 50, "budget": 20}, 100)
    assert words.not_known(*told) == ["Counted as not met where it is not known: need of 50 and budget of 20, of 100 leads of the period."]
    assert words.not_known({}, 100) == []
