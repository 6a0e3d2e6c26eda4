"""Accounts: by hand, and against plain loops over the shipped sample."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from plumbline.filters import MISSING, Filters
from plumbline.history.connection import History
from plumbline.metrics import run
from plumbline.ui.accounts import listing, words
from tests.importing_support import build_history, write_table

RANKS = ["inquiry", "mql", "sal", "sql", "opportunity", "won"]
KINDS = ("worked", "idle", "worth", "quiet", "dead", "revived")


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory):
    place = tmp_path_factory.mktemp("accounts")
    write_table(
        place / "in",
        "leads",
        """lead_id,created_at,account_id,company,source
        W1,2026-01-01,worked,Atlas,web
        W2,2026-01-01,worked,ATLAS,web
        W3,2026-01-01,worked,Atlas,partner
        I1,2026-01-01,idle,,web
        N1,2026-01-01,nurture,Blue,web
        N2,2026-05-20,nurture,Blue,partner
        Q1,2026-01-01,quiet,,web
        C1,2026-01-01,customer,,web
        R1,2026-01-01,revived,,web
        F1,2026-05-01,fresh,,web
        X1,2026-01-01,,,web""",
    )
    write_table(
        place / "in",
        "stage_changes",
        """lead_id,stage,occurred_at
        W1,mql,2026-02-01
        W1,lost,2026-02-02
        W2,mql,2026-05-20
        I1,mql,2026-02-01
        N1,sql,2026-02-01
        N1,recycled,2026-03-01
        Q1,mql,2026-02-01
        Q1,rejected,2026-02-10
        C1,won,2026-02-01
        R1,mql,2026-02-01
        R1,recycled,2026-02-10
        R1,mql,2026-05-20
        X1,mql,2026-05-20""",
    )
    write_table(
        place / "in",
        "touches",
        "lead_id,channel,occurred_at\nI1,call,2026-04-01T00:00:00Z\nW2,call,2026-05-25\nR1,call,2026-02-03\nN1,call,2026-02-03",
    )
    write_table(
        place / "in",
        "activities",
        "lead_id,activity,occurred_at\nN2,visit,2026-05-25\nQ1,visit,2026-02-01\nC1,visit,2026-05-30\nF1,visit,2026-05-30\nW3,visit,2026-03-02T12:00:00Z",
    )
    opened = build_history(place / "in", place / "h.duckdb", data_through="2026-05-31T00:00:01Z")
    yield opened
    opened.close()


def kinds(history: History, **parameters: object) -> dict[str, set[str]]:
    return {kind: set(run(history, "accounts/list", Filters(), {"kind": kind, **parameters})["account_id"]) for kind in KINDS}


def test_how_each_account_stands(by_hand: History) -> None:
    assert kinds(by_hand) == {
        "worked": {"worked", "revived"},  # an open pass that was opened lately counts as touched
        "idle": {"idle"},  # the last touch is 60 days and a second old
        "worth": {"nurture", "customer"},
        "quiet": {"quiet"},
        "dead": {"idle", "nurture", "quiet"},
        "revived": {"revived"},
    }
    assert kinds(by_hand, scope="everyone")["worth"] == {"nurture", "customer", "fresh"}
    assert kinds(by_hand, active_days=3)["worth"] == {"customer"}


def test_the_figures_of_an_account_are_of_all_its_leads(by_hand: History) -> None:
    row = run(by_hand, "accounts/list", Filters(segments={"source": ("web",)}), {"search": "ATLAS"}).row(0, named=True)
    told = {name: row[name] for name in ("account_id", "company", "contacts", "engaged", "furthest", "passes", "open_passes", "total")}
    assert told == {
        "account_id": "worked", "company": "Atlas", "contacts": 3, "engaged": 1, "furthest": "mql", "passes": 2, "open_passes": 1, "total": 1
    }  # fmt: skip
    nurture = run(by_hand, "accounts/list", Filters(), {"search": "blue"}).row(0, named=True)
    assert (nurture["contacts"], nurture["furthest"], nurture["passes"], nurture["last_touch_at"].day) == (2, "sql", 1, 3)
    assert run(by_hand, "accounts/leads", Filters(), {"account": "nurture"})["lead_id"].to_list() == ["N2", "N1"]


def test_filters_choose_accounts_by_their_leads(by_hand: History) -> None:
    def found(filters: Filters, **parameters: object) -> set[str]:
        return set(run(by_hand, "accounts/list", filters, parameters)["account_id"])

    assert found(Filters(segments={"source": ("partner",)})) == set()  # none of partner was handed over
    assert found(Filters(segments={"source": ("partner",)}), scope="everyone") == {"worked", "nurture"}
    assert found(Filters(since=date(2026, 5, 1)), scope="everyone") == {"nurture", "fresh"}
    assert found(Filters(since=date(2026, 5, 1))) == {"worked"}  # the new pass of revived is its second
    assert found(Filters(since=date(2026, 5, 1), episodes="all")) == {"worked", "revived"}
    assert found(Filters(segments={"source": (MISSING,)})) == set()


def test_leads_without_an_account_are_counted(by_hand: History) -> None:
    told = run(by_hand, "accounts/summary").row(0, named=True)
    assert (told["accounts"], told["leads"], told["without_account"], told["worth_customers"]) == (6, 8, 1, 1)
    assert sum(told[kind] for kind in ("worked", "idle", "worth", "quiet")) == told["accounts"]


@pytest.mark.parametrize("filters", [Filters(), Filters(date(2026, 8, 24)), Filters(segments={"source": ("webinar",)}, episodes="all")])
def test_accounts_agree_with_plain_loops(sample_file: Path, filters: Filters) -> None:
    history = History(sample_file)
    try:
        _agree(history, filters)
    finally:
        history.close()


def _agree(history: History, filters: Filters) -> None:
    through = history.about.data_through
    leads = {row["lead_no"]: row for row in history.query("select * from leads").to_dicts()}
    passes = defaultdict(list)
    for row in history.query("select * from episodes order by lead_no, pass_no").to_dicts():
        passes[row["lead_no"]].append(row)
    chosen = set()
    for lead_no, told in passes.items():
        for each in told if filters.episodes == "all" else told[:1]:
            in_period = filters.since is None or each["opened_at"].date() >= filters.since
            if in_period and leads[lead_no]["source"] in filters.segments.get("source", (leads[lead_no]["source"],)):
                chosen.add(lead_no)
    members = defaultdict(list)
    for lead_no, lead in leads.items():
        members[lead["account_id"]].append(lead_no)
    expected = {}
    for account in {leads[lead_no]["account_id"] for lead_no in chosen} - {None}:
        own = members[account]
        theirs = [(each, leads[lead_no]) for lead_no in own for each in passes[lead_no]]
        acts = [leads[lead_no]["last_activity_at"] for lead_no in own if leads[lead_no]["last_activity_at"]]
        is_open = [(each, lead) for each, lead in theirs if each["exit_stage"] is None and each["won_at"] is None]
        alive = [each for each, lead in is_open if max(each["opened_at"], lead["last_touch_at"] or each["opened_at"]) >= through - timedelta(60)]
        is_won = any(each["won_at"] for each, _ in theirs)
        ranks = [max(rank for rank, name in enumerate(RANKS) if rank and (rank == 1 or each[f"{name}_at"])) for each, _ in theirs]
        expected[account] = {
            "contacts": len(own),
            "engaged": sum(act > through - timedelta(90) for act in acts),
            "furthest": RANKS[max(ranks)],
            "passes": len(theirs),
            "open_passes": len(is_open),
            "last_activity_at": max(acts, default=None),
            "last_touch_at": max((leads[no]["last_touch_at"] for no in own if leads[no]["last_touch_at"]), default=None),
            "is_worth": not is_open and any(act > through - timedelta(60) for act in acts),
            "is_alive": bool(alive),
            "is_dead": not alive and not is_won,
            "is_revived": any(
                before["exit_stage"] is not None for no in own for before, _ in zip(passes[no], passes[no][1:], strict=False)
            ),
        }  # fmt: skip
    rows = run(history, "accounts/list", filters, {"most": 1_000_000}).to_dicts()
    found = {row["account_id"]: {name: row[name] for name in next(iter(expected.values()))} for row in rows}
    assert found == expected
    assert len(rows) == len(expected) and all(row["total"] == len(expected) for row in rows)
    told = run(history, "accounts/summary", filters).row(0, named=True)
    assert (told["accounts"], told["leads"]) == (len(expected), len(chosen))
    for name in ("worth", "dead", "revived"):
        assert told[name] == sum(row[f"is_{name}"] for row in expected.values())
    pages = [run(history, "accounts/list", filters, {"most": 100, "skipped": skipped})["account_id"].to_list() for skipped in (0, 100, 200)]
    assert [account for page in pages for account in page] == [row["account_id"] for row in rows][:300]


@pytest.mark.parametrize(
    ("without", "empty", "parts", "hidden"),
    [
        ("", (), {"worked", "idle", "worth", "quiet"}, ()),
        ("touches", ("worked", "idle", "dead"), {"open", "worth", "quiet"}, ("worked", "idle", "dead")),
        ("activities", ("engaged", "worth", "quiet", "worth_customers"), {"worked", "idle", "closed"}, ("worth", "quiet")),
        ("exits", ("revived",), {"worked", "idle", "worth", "quiet"}, ("revived",)),
    ],
)
def test_what_is_not_recorded_is_no_nought(tmp_path: Path, without: str, empty: tuple[str, ...], parts: set[str], hidden: tuple[str, ...]) -> None:
    n = range(1, 41)
    stages = [f"{i},mql,2026-02-01T09:00:00Z" for i in n] + [f"{i},lost,2026-03-01T09:00:00Z" for i in n if i % 4 == 0 and without != "exits"]
    stages += [f"{i},won,2026-03-01T09:00:00Z" for i in n if i % 4 == 1]
    write_table(tmp_path / "in", "leads", "lead_id,created_at,account_id\n" + "\n".join(f"{i},2026-01-01T09:00:00Z,a{i}" for i in n))
    write_table(tmp_path / "in", "stage_changes", "lead_id,stage,occurred_at\n" + "\n".join(stages))
    if without != "touches":
        write_table(tmp_path / "in", "touches", "lead_id,channel,occurred_at\n2,call,2026-05-20T09:00:00Z")
    if without != "activities":
        write_table(tmp_path / "in", "activities", "lead_id,activity,occurred_at\n4,webinar,2026-05-20T09:00:00Z")
    history = build_history(tmp_path / "in", tmp_path / "h.duckdb", data_through="2026-06-01")
    try:
        told = run(history, "accounts/summary").row(0, named=True)
        assert {name for name, value in told.items() if value is None} == set(empty)
        known = words.Known.of(history.recorded.has, times=True)
        assert (dict(known.parts(told)).keys(), known.hidden) == (parts, hidden)
        assert sum(n for _, n in known.parts(told)) == told["accounts"] == 40
        figures = {figure.label: (figure.value, figure.n) for figure in words.strip(told, 60, lambda **_: "accounts", known)}
        assert ("–", "not recorded") in figures.values() if without else all(value != "–" for value, _ in figures.values())
        assert bool(known.notes(history.recorded.why)) == bool(without)
        rows = listing.readable(run(history, "accounts/list").drop("total"), "UTC")
        assert without != "touches" or not rows["standing"].str.contains("untouched|worked").any()
    finally:
        history.close()


def test_a_history_of_one_instant_tells_no_account_by_time() -> None:
    known = words.Known.of(lambda thing: True, times=False)
    told = {"accounts": 40, "open": 10, "worked": 4, "idle": 6, "worth": 5, "quiet": 25, "leads": 50}
    assert known.parts(told) == [("open", 10), ("closed", 30)]
    assert known.notes(lambda thing: f"No {thing}.") == [
        "No times. Which accounts are worked, engaged, worth nurturing, dead or revived cannot be told."
    ]
    assert "60 days" not in words.formula(60, known)
