"""What tells how a lead ended instead of foretelling it: found at import, left out of leaks, rules and presets, said once, and allowed on request."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from plumbline import hindsight
from plumbline.errors import PlumblineError
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.leaks.cells import cells
from plumbline.metrics import run
from plumbline.replay import facts as lab
from plumbline.simulation.conditions import look
from plumbline.simulation.starts import known_beforehand
from plumbline.statistics.telling import beyond_honest
from tests.cli_support import plumbline
from tests.figures import measured
from tests.importing_support import build_history, write_table
from tests.in_processes import in_processes
from tests.outcome_worlds import HONEST, PLANTED, world, write
from tests.state_support import ANN

SHORT, WHOLE = 20, 200
START = datetime(2026, 1, 5, 10)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))


# Made-up companies


def told_of(seed: int, place: Path) -> tuple[list[str], list[str], int]:
    """(planted ones that were not found, honest ones that were, how many were planted) in one company."""
    made = world(seed)
    history = build_history(place / "in", place / "h.duckdb", **write(made, place / "in"))
    found = set(hindsight.withheld(history))
    known = {name: np.unique(made.attributes[name], return_counts=True) for name in PLANTED}
    large = {name for name, (values, n) in known.items() if n[values != ""].sum() >= 30 and (name != "tags" or n[values == "customer"].sum() >= 30)}
    planted = large | ({"rep"} if made.is_owner_of_won else set())  # under 30 leads nothing looks at them
    segments = set(cells(history).fields)
    rules = {condition.rule.field for condition in _conditions(history) if hasattr(condition.rule, "field")}
    missed = sorted(planted - found | planted & (segments | rules))
    lost = sorted(({*HONEST, "rep"} - planted) & found)
    history.close()
    return missed, lost, len(planted)


def _conditions(history: History, at: datetime | None = None):
    """What leads could have in common, as known then; None: at the end."""
    facts = lab.load(history)
    rows, moment = np.arange(facts.leads), facts.data_through if at is None else lab.micros(at)
    return look(facts, rows, np.full(facts.leads, moment), np.ones(facts.leads, bool)).conditions


def _compare(first: int, count: int) -> None:
    found = in_processes(told_of, first, count)
    missed = {seed: names for seed, (names, _, _) in found.items() if names}
    lost = {seed: names for seed, (_, names, _) in found.items() if names}
    planted = sum(n for _, _, n in found.values())
    honest = count * len(HONEST)
    n_lost = sum(len(names) for names in lost.values())
    measured(f"{count} made-up companies: {planted - sum(map(len, missed.values()))} of {planted} planted found, {n_lost} of {honest} honest lost")
    assert not missed
    assert n_lost <= 0.05 * honest, lost


@pytest.mark.timeout(600)
def test_what_was_filled_in_afterwards_is_found_and_honest_attributes_stay() -> None:
    _compare(0, SHORT)


@pytest.mark.long
@pytest.mark.timeout(0)
def test_the_same_in_200_companies() -> None:
    _compare(SHORT, WHOLE)


def test_beyond_honest_is_fishers_noncentral_distribution() -> None:
    from scipy.stats import nchypergeom_fisher

    for k, n, other_k, other_n in ((60, 60, 0, 60), (28, 30, 5, 200), (3, 40, 90, 100), (0, 30, 0, 30), (30, 30, 30, 30)):
        wanted = nchypergeom_fisher.sf(k - 1, n + other_n, k + other_k, n, 30.0) if k + other_k else 1.0
        assert beyond_honest(k, n, other_k, other_n, 30.0) == pytest.approx(wanted, rel=1e-6)


# By hand


def history_of(place: Path, leads: list[dict], changes: list[str] = (), acts: list[str] = (), end: str = "2026-12-31") -> History:
    """leads: stages as [(stage, day), ...] under "stages", the rest are attributes; changes, acts: lines of CSV."""
    names = sorted({name for lead in leads for name in lead if name != "stages"})
    rows = [",".join(["lead_id,created_at", *names])]
    events = ["lead_id,stage,occurred_at"]
    for number, lead in enumerate(leads):
        rows.append(",".join([f"L{number}", day(0), *(lead.get(name, "") for name in names)]))
        events += [f"L{number},{stage},{day(at)}" for stage, at in lead["stages"]]
    tables = {"leads": rows, "stage_changes": events}
    if changes:
        tables["lead_changes"] = ["lead_id,field,value,old_value,occurred_at", *changes]
    if acts:
        tables["activities"] = ["lead_id,activity,occurred_at", *acts]
    (place / "in").mkdir(parents=True, exist_ok=True)
    for name, lines in tables.items():
        (place / "in" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return build_history(place / "in", place / "h.duckdb", data_through=end)


def day(days: float) -> str:
    return (START + timedelta(days=days)).isoformat() + "Z"


WON, LOST = [("mql", 0), ("won", 5)], [("mql", 0), ("lost", 5)]


def test_a_status_of_today_is_no_leak_and_can_be_allowed(tmp_path: Path) -> None:
    """Two sources, each half won: nothing leaks but the outcome itself."""
    leads = [
        {"stages": WON if k % 4 < 2 else LOST, "source": "web" if k % 2 else "fair", "status": "Won" if k % 4 < 2 else "Lost"} for k in range(120)
    ]
    history = history_of(tmp_path, leads)
    assert list(hindsight.withheld(history)) == ["status"]
    assert run(history, "leaks/ranked", Filters()).is_empty()
    found = hindsight.withheld(history)["status"]
    assert hindsight.sentence(found) == "Status says how the lead ended: not looked at."
    assert hindsight.grounds(found) == "60 of 60 leads with Won were won, 0 of 60 others."
    hindsight.allow("Status", ANN)
    assert hindsight.withheld(history) == {} and list(hindsight.let_in(history)) == ["status"]
    assert run(history, "leaks/ranked", Filters())["segment_field"].to_list() == ["status"]
    assert hindsight.notes_of_today(history, ["status", None]) != [] and hindsight.notes_of_today(history, [None]) == []
    hindsight.forbid("status", ANN)
    assert list(hindsight.withheld(history)) == ["status"]


def test_the_command_line_says_it_and_how_to_allow_it(tmp_path: Path) -> None:
    leads = [{"stages": WON if k % 2 else LOST, "status": "Won" if k % 2 else "Lost"} for k in range(120)]
    history_of(tmp_path, leads).close()
    said = plumbline("metric", "leaks/ranked", "--history", tmp_path / "h.duckdb", "--format", "json", PLUMBLINE_HOME=str(tmp_path / "home"))
    assert said.json == [] and "Status says how the lead ended: not looked at." in said.err
    assert f'allow: ["status"] in {tmp_path / "home" / "attributes.yaml"}' in said.err


@pytest.mark.parametrize(
    "text", ["allow: status", "allow: [1]", "permit: [status]", "- status", "allow: [a", "\ud800".encode("utf-8", "surrogatepass")]
)
def test_a_file_that_is_no_list_is_refused_in_one_line(text: str | bytes) -> None:
    hindsight.file().parent.mkdir(parents=True)
    hindsight.file().write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(PlumblineError) as refusal:
        hindsight.allowed()
    assert "\n" not in str(refusal.value) and "attributes.yaml" in str(refusal.value)


@pytest.mark.parametrize(
    ("n", "status", "others", "is_found"),
    [
        (30, WON, 60, True),  # all of thirty, and none of the others
        (29, WON, 60, False),  # too few to be looked at
        (40, LOST, 400, False),  # lost like nearly all others: nothing
    ],
)
def test_thirty_and_a_clear_difference(n: int, status: list, others: int, is_found: bool, tmp_path: Path) -> None:
    rest = [{"stages": LOST, "product": ""} for _ in range(others)]
    history = history_of(tmp_path, [{"stages": status, "product": "suite"} for _ in range(n)] + rest)
    assert ("product" in hindsight.withheld(history)) == is_found


def test_an_honest_source_without_a_single_sale_by_chance_stays(tmp_path: Path) -> None:
    """3 % are won; a source of 35 leads has none, one of 100 has half: chance, and a good source."""
    leads = [{"stages": LOST, "source": "fair"} for _ in range(35)]
    leads += [{"stages": WON if k % 33 == 0 else LOST, "source": "web"} for k in range(600)]
    leads += [{"stages": WON if k % 2 else LOST, "source": "partner"} for k in range(100)]
    assert hindsight.withheld(history_of(tmp_path, leads)) == {}


def test_a_source_that_is_always_accepted_and_one_that_is_never_served_stay(tmp_path: Path) -> None:
    """Policies are honest: partners are accepted without a look, students are disqualified; of the others a third and a tenth are."""
    accepted, turned_away = [("mql", 0), ("sal", 1)], [("mql", 0), ("disqualified", 1)]
    leads = [{"stages": accepted, "source": "partner"} for _ in range(150)] + [{"stages": turned_away, "source": "student"} for _ in range(80)]
    leads += [{"stages": (accepted, [("mql", 0)], turned_away)[0 if k % 3 == 0 else 2 if k % 10 == 1 else 1], "source": "web"} for k in range(600)]
    assert hindsight.withheld(history_of(tmp_path, leads)) == {}


def test_nothing_is_said_where_all_leads_ended_alike(tmp_path: Path) -> None:
    assert hindsight.withheld(history_of(tmp_path, [{"stages": WON, "status": "Won"} for _ in range(200)])) == {}


def test_an_attribute_with_an_odd_name(tmp_path: Path) -> None:
    """A name that a built-in has, with blanks, beyond ASCII: it is called as the history calls it, and left out of the rules by its own name."""
    leads = [{"stages": WON if k % 2 else LOST, "rep": "A" if k % 2 else "", "État du jour": "Gagné" if k % 2 else "Perdu"} for k in range(160)]
    history = history_of(tmp_path, leads)
    assert sorted(hindsight.withheld(history)) == ["lead rep", "État du jour"]
    assert hindsight.attributes(history) == {"rep", "État du jour"}
    assert "rep" not in known_beforehand(lab.load(history)).fields


def test_owners_of_accepted_leads_alone_are_no_segment_and_leads_nobody_owns_are(tmp_path: Path) -> None:
    leads = [{"stages": [("mql", 0), ("sal", 2)] if k % 3 == 0 else [("mql", 0)], "source": "web"} for k in range(300)]
    for name, owned in (("accepted", range(0, 300, 3)), ("half", range(0, 300, 2))):
        place = tmp_path / name
        (place / "in").mkdir(parents=True)
        (place / "in" / "assignments.csv").write_text("lead_id,rep_id,occurred_at\n" + "".join(f"L{k},R{k % 5},{day(1)}\n" for k in owned))
        assert ("rep" in hindsight.withheld(history_of(place, leads))) == (name == "accepted")


def test_a_value_filled_in_at_the_sale_and_one_that_was_known_before(tmp_path: Path) -> None:
    """Both fields have changes: the product comes with the deal, the size was mended on the first day."""
    leads = [{"stages": WON if k % 2 else LOST, "product": "suite" if k % 2 else "", "size": "10"} for k in range(120)]
    changes = [f"L{k},product,suite,,{day(5)}" for k in range(1, 120, 2)] + [f"L{k},size,10,9,{day(0.5)}" for k in range(120)]
    history = history_of(tmp_path, leads, changes)
    assert [(name, row["how"]) for name, row in hindsight.withheld(history).items()] == [("product", "filled in")]


def test_a_history_without_passes_and_one_without_attributes(tmp_path: Path) -> None:
    assert hindsight.withheld(history_of(tmp_path / "a", [{"stages": [], "status": "Won"} for _ in range(50)])) == {}
    assert hindsight.withheld(history_of(tmp_path / "b", [{"stages": WON} for _ in range(50)])) == {}


def test_where_all_stands_at_one_instant_nothing_came_only_at_the_end(tmp_path: Path) -> None:
    at = "2026-03-02T09:00:00Z"
    write_table(tmp_path / "in", "leads", "lead_id,created_at\n" + "\n".join(f"{n},{at}" for n in range(80)))
    ends = "\n".join(f"{n},mql,{at}\n{n},{'won' if n % 2 else 'lost'},{at}" for n in range(80))
    write_table(tmp_path / "in", "stage_changes", f"lead_id,stage,occurred_at\n{ends}")
    changes = "\n".join(f"{n},budget,{n * 100},,{at}" for n in range(80))
    write_table(tmp_path / "in", "lead_changes", f"lead_id,field,value,old_value,occurred_at\n{changes}")
    assert hindsight.withheld(build_history(tmp_path / "in", tmp_path / "h.duckdb")) == {}


def test_an_act_that_only_follows_is_no_rule(tmp_path: Path) -> None:
    """A kick-off after each acceptance, a webinar before it for half of the leads."""
    leads = [{"stages": [("mql", 1), ("sal", 2)] if k % 2 else [("mql", 1), ("rejected", 3)]} for k in range(200)]
    acts = [f"L{k},kickoff,{day(9)}" for k in range(1, 200, 2)] + [f"L{k},webinar,{day(0.5 if k % 4 < 2 else 20)}" for k in range(200)]
    history = history_of(tmp_path, leads, acts=acts)
    assert list(hindsight.withheld_acts(history)) == ["kickoff"]
    assert {condition.rule.activity for condition in _conditions(history, START + timedelta(days=15))} == {"webinar"}
    assert known_beforehand(lab.load(history)).activities == ("webinar",)
    assert "kickoff" in lab.load(history).known().activities  # whoever writes the rule may have it
    hindsight.allow("kickoff", ANN)
    assert hindsight.withheld_acts(history) == {}


def test_the_sample_has_nothing_of_the_kind(sample_file: Path) -> None:
    with_sample = History(sample_file)
    assert with_sample.hindsight == []
    with_sample.close()
