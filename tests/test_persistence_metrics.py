"""The metrics behind the Persistence screen against plain loops over the touches of the sample, one pass at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.metrics import run
from plumbline.statistics import wilson

CHOICES = {
    "first passes": Filters(),
    "all passes of a year": Filters(since=date(2025, 11, 1), episodes="all"),
    "one source": Filters(segments={"source": ("webinar",)}),
}
WEEK = timedelta(days=7)
KINDS_OF_MEETINGS = (
    "held", "missed_then_held", "missed_set_anew", "missed_set_anew_late", "missed_called_off", "missed_left", "missed_lately", "not_held_yet",
)  # fmt: skip


@pytest.fixture(scope="module")
def history(sample_file: Path) -> Iterator[History]:
    opened = History(sample_file)
    yield opened
    opened.close()


class Pass:
    """One pass with its touches in order, and what follows from them one touch at a time."""

    def __init__(self, row: dict, touches: list[dict], through: datetime) -> None:
        self.row, self.through = row, through
        self.opened = row["opened_at"]
        self.start = row["handed_over_at"] or row["mql_at"] or row["opened_at"]
        end = row["next_opened_at"] or datetime.max
        self.touches = [touch for touch in touches if self.opened <= touch["occurred_at"] < end]
        self.attempts = [touch for touch in self.touches if touch["direction"] == "outbound" and not touch["is_automated"]]
        self.contact = next((touch for touch in self.touches if touch["outcome"] in ("connected", "replied", "held")), None)
        before = self.touches[: self.touches.index(self.contact) + 1] if self.contact else self.touches
        self.until_contact = [touch for touch in before if touch in self.attempts]
        self.by_attempt = self.contact is not None and self.contact in self.attempts
        later = [row[f"{stage}_at"] for stage in ("opportunity", "won") if row[f"{stage}_at"]]
        self.sql = row["sql_at"] or min(later, default=None)
        self.left = row["closed_at"] if row["exit_stage"] else None

    @property
    def released(self) -> datetime | None:
        return min((at for at in (self.contact and self.contact["occurred_at"], self.sql, self.left) if at), default=None)

    def made(self, channel: str, days: float) -> int:
        last = self.start + timedelta(days=days)
        return sum(touch["channel"] == channel and self.start <= touch["occurred_at"] <= last for touch in self.attempts)


@pytest.fixture(scope="module")
def everyone(history: History) -> list[Pass]:
    touches = defaultdict(list)
    query = "select lead_no, channel::varchar as channel, occurred_at, direction::varchar as direction, outcome::varchar as outcome, is_automated"
    for row in history.query(f"{query}, event_id, row_no from touches order by lead_no, occurred_at, event_id nulls last, row_no").to_dicts():
        touches[row["lead_no"]].append(row)
    through = history.about.data_through
    return [Pass(row, touches[row["lead_no"]], through) for row in history.query("from episodes order by episode_no").to_dicts()]


@pytest.fixture(params=CHOICES)
def asked(request, history: History, everyone: list[Pass]) -> tuple[Filters, list[Pass]]:
    filters = CHOICES[request.param]
    webinar = {
        row["episode_no"]
        for row in history.query(
            "select episode_no from episode_values where value_no in (select value_no from field_values inner join fields using (field_no)"
            " where fields.name = 'source' and field_values.label = 'webinar')"
        ).to_dicts()
    }
    chosen = [
        one
        for one in everyone
        if (filters.episodes == "all" or one.row["pass_no"] == 1)
        and (filters.since is None or one.opened >= datetime.combine(filters.since, datetime.min.time()))
        and (not filters.segments or one.row["episode_no"] in webinar)
    ]
    assert len(chosen) > 100
    return filters, chosen


def counts(pairs: list) -> dict:
    """kind -> (how many, how many of them hit) of (kind, hit) pairs."""
    found: dict = defaultdict(lambda: [0, 0])
    for kind, hit in pairs:
        found[kind][0] += 1
        found[kind][1] += hit
    return {kind: tuple(told) for kind, told in found.items()}


def test_given_up(history: History, asked: tuple) -> None:
    filters, chosen = asked
    lying = [one for one in chosen if one.attempts and one.released is None]
    quiet = [one for one in lying if one.attempts[-1]["occurred_at"] < one.through - timedelta(days=14)]
    short = [one for one in quiet if len(one.attempts) < 4]
    told = run(history, "persistence/given_up", filters, {"k": "4"}).row(0, named=True)
    assert (told["open_unreached"], told["left_lying"], told["abandoned"]) == (len(lying), len(quiet), len(short))
    assert told["share"] == pytest.approx(len(short) / len(lying))


def test_matrix(history: History, asked: tuple) -> None:
    filters, chosen = asked
    theirs: dict = defaultdict(lambda: [0, 0, 0])
    for one in chosen:
        if one.through - one.start >= timedelta(days=10):
            cell = theirs[min(one.made("call", 10), 6), min(one.made("email", 10), 6)]
            is_old = one.through - one.opened >= timedelta(days=40)
            cell[0] += 1
            cell[1] += is_old
            cell[2] += is_old and bool(one.sql and one.sql - one.opened <= timedelta(days=40))
    told = run(history, "persistence/matrix", filters, {"days": "10", "sql_days": "40"})
    assert {(row["calls"], row["emails"]): [row["leads"], row["old_enough"], row["qualified"]] for row in told.to_dicts()} == theirs


def part_of(one: Pass, calls: int, emails: int, days: int) -> str:
    """What became of the promise for one lead."""
    last = one.start + timedelta(days=days)
    if one.through < last:
        return "too_early"
    if one.made("call", days) >= calls and one.made("email", days) >= emails:
        return "made"
    if one.released is not None and one.released <= last:
        before = [touch["occurred_at"] for touch in (*one.attempts[:1], *([one.contact] if one.contact else []))]
        is_unseen = one.left is not None and one.left <= one.released and one.sql is None and all(at > one.left for at in before)
        return "gone_unseen" if is_unseen else "released"
    return "some" if one.attempts else "none"


def test_the_parts_of_the_promise_add_up_and_reconcile(history: History, asked: tuple) -> None:
    filters, chosen = asked
    terms = {"calls": "1", "emails": "1", "days": "7"}
    theirs = Counter(part_of(one, 1, 1, 7) for one in chosen)
    told = dict(run(history, "persistence/promise_parts", filters, terms).iter_rows())
    assert told == {part: theirs[part] for part in ("made", "released", "gone_unseen", "some", "none", "too_early")}
    assert told["gone_unseen"]
    promise = run(history, "persistence/promise", filters, terms).row(0, named=True)
    assert promise["kept"] == told["made"] + told["released"] + told["gone_unseen"]
    assert promise["episodes"] == sum(told.values())
    by_team = {
        row["value"]: (row["mature"], row["kept"], row["untried"])
        for row in run(history, "persistence/promise_by", filters, terms | {"by": "team"}).to_dicts()
    }
    expected: dict = defaultdict(lambda: [0, 0, 0])
    for one in chosen:
        part = part_of(one, 1, 1, 7)
        cell = expected[one.row["team"]]
        cell[0] += part != "too_early"
        cell[1] += part in ("made", "released", "gone_unseen")
        cell[2] += part == "none"
    assert by_team == {team: tuple(cell) for team, cell in expected.items()}


def test_meetings_list_what_the_figures_count(history: History, asked: tuple) -> None:
    filters, _ = asked
    listed = Counter(run(history, "persistence/meetings", filters)["kind"])
    assert dict(run(history, "persistence/no_shows", filters).select("kind", "leads").iter_rows()) == {
        kind: listed[kind] for kind in KINDS_OF_MEETINGS
    }


@pytest.mark.parametrize("goal", ["sql", "won"])
def test_by_attempts(history: History, asked: tuple, goal: str) -> None:
    filters, chosen = asked
    old = [one for one in chosen if one.through - one.opened >= timedelta(days=90)]
    reached = {"sql": lambda one: one.sql, "won": lambda one: one.row["won_at"]}[goal]
    theirs = counts([(len(one.attempts), bool(reached(one) and reached(one) - one.opened <= timedelta(days=90))) for one in old])
    told = run(history, "persistence/by_attempts", filters, {"goal": goal, "within_days": "90"}).to_dicts()
    assert {row["attempts"]: (row["leads"], row["converted"]) for row in told} == theirs
    for row in told:
        n = sum(leads for attempts, (leads, _) in theirs.items() if attempts >= row["attempts"])
        assert row["at_risk"] == n
        low, high = wilson(row["converted"], n)
        expected = (row["converted"] / n, low, high) if n >= 30 else (None, None, None)
        assert (row["hazard"], row["low"], row["high"]) == (pytest.approx(expected, abs=1e-12) if n >= 30 else expected)


def test_first_week(history: History, asked: tuple) -> None:
    filters, chosen = asked
    old = [one for one in chosen if one.through - one.start >= WEEK]
    theirs = counts([(min(one.made("call", 7), 6), bool(one.contact and one.contact["occurred_at"] - one.start <= WEEK)) for one in old])
    told = run(history, "persistence/first_week", filters).to_dicts()
    assert {row["calls"]: (row["leads"], row["reached"]) for row in told} == theirs
    assert sum(row["share"] for row in told) == pytest.approx(1)


def test_gaps(history: History, asked: tuple) -> None:
    filters, chosen = asked
    found = defaultdict(list)
    for one in chosen:
        for number, (first, second) in enumerate(zip(one.until_contact, one.until_contact[1:], strict=False), start=1):
            found[number].append((second["occurred_at"] - first["occurred_at"]).total_seconds())
    told = run(history, "persistence/gaps", filters).to_dicts()
    assert {row["attempt"]: row["n"] for row in told} == {number: len(gaps) for number, gaps in found.items()}
    for row in told:
        median, p90 = np.quantile(found[row["attempt"]], [0.5, 0.9])
        assert (row["median"], row["p90"]) == (pytest.approx(median), pytest.approx(p90))


def test_sequences_and_channels(history: History, asked: tuple) -> None:
    filters, chosen = asked
    paths, channels = [], []
    for one in chosen:
        for number, touch in enumerate(one.until_contact[:6], start=1):
            hit = one.by_attempt and touch is one.contact
            channels.append(((number, touch["channel"]), hit))
            if number <= 3:
                paths.append((" > ".join(made["channel"] for made in one.until_contact[:number]), hit))
    told = run(history, "persistence/sequences", filters).to_dicts()
    assert {row["sequence"]: (row["at_risk"], row["contacted"]) for row in told} == counts(paths)
    told = run(history, "persistence/channels", filters).to_dicts()
    assert {(row["attempt"], row["channel"]): (row["at_risk"], row["contacted"]) for row in told} == counts(channels)
    assert all((row["hazard"] is None) == (row["at_risk"] < 30) for row in told)


def test_tried_and_after_contact(history: History, asked: tuple) -> None:
    filters, chosen = asked
    kinds = Counter()
    for one in chosen:
        if one.until_contact:
            quiet = one.attempts[-1]["occurred_at"] < one.through - timedelta(days=14)
            given_up = one.contact is None and (one.released is not None or quiet)
            kinds[len(one.until_contact), len(one.until_contact) if one.by_attempt else 0, given_up] += 1
    told = run(history, "persistence/tried", filters).to_dicts()
    assert {(row["tried"], row["contact_attempt"], row["is_given_up"]): row["n"] for row in told} == kinds
    reached = [one for one in chosen if one.contact and one.through - one.contact["occurred_at"] >= timedelta(days=30)]
    qualified = [one for one in reached if one.sql and one.sql - one.contact["occurred_at"] <= timedelta(days=30)]
    told = run(history, "persistence/after_contact", filters, {"sql_days": "30"}).row(0, named=True)
    assert (told["reached"], told["qualified"]) == (len(reached), len(qualified))


def test_no_shows(history: History, asked: tuple) -> None:
    filters, chosen = asked
    theirs = {kind: [0, 0] for kind in KINDS_OF_MEETINGS}
    for one in chosen:
        told = [(touch["occurred_at"], touch["outcome"]) for touch in one.touches]
        meetings = [(at, outcome) for at, outcome in told if outcome in ("booked", "held", "no_show", "rescheduled", "cancelled")]
        if not meetings:
            continue
        outcomes = [outcome for _, outcome in meetings]
        if "no_show" not in outcomes:
            kind = "held" if "held" in outcomes else "not_held_yet"
        else:
            place = len(outcomes) - 1 - outcomes[::-1].index("no_show")
            missed, later = meetings[place][0], meetings[place + 1 :]
            new_dates = [at for at, outcome in later if outcome in ("booked", "rescheduled")]
            if not later:
                kind = "missed_left" if missed + WEEK <= one.through else "missed_lately"
            elif any(outcome == "held" for _, outcome in later):
                kind = "missed_then_held"
            elif new_dates:
                kind = "missed_set_anew" if new_dates[0] <= missed + WEEK else "missed_set_anew_late"
            else:
                kind = "missed_called_off"
        theirs[kind][0] += 1
        theirs[kind][1] += one.sql is not None
    told = run(history, "persistence/no_shows", filters).to_dicts()
    assert [(row["kind"], [row["leads"], row["qualified"]]) for row in told] == list(theirs.items())


def test_passes_reconcile_with_the_figures(history: History, asked: tuple) -> None:
    filters, chosen = asked
    rows = run(history, "persistence/passes", filters)
    assert rows.height == len(chosen)
    promise = run(history, "persistence/promise", filters).row(0, named=True)
    mature = rows.filter("is_mature")
    assert (promise["episodes"], promise["mature"], promise["kept"]) == (rows.height, mature.height, mature["is_kept"].sum())
    assert rows["is_abandoned"].sum() == run(history, "persistence/given_up", filters)["abandoned"][0]
    assert rows["calls"].to_list() == [one.made("call", 14) for one in chosen]
    assert rows["first_week_calls"].to_list() == [one.made("call", 7) for one in chosen]


@pytest.mark.parametrize("choice", CHOICES)
def test_the_leads_that_speed_leaves_out_are_counted(history: History, choice: str) -> None:
    filters = CHOICES[choice]
    told = run(history, "speed/without_clock", filters).row(0, named=True)
    assert told["passes"] == run(history, "persistence/promise", filters)["episodes"][0]
    assert (
        told["passes"] - told["without_mql"]
        == run(history, "speed/waits", filters).height
        == run(history, "speed/first_attempt", filters)["episodes"][0]
    )
    assert choice != "first passes" or told["without_mql"] > 0
