"""The call list: groups, order and words against a slow oracle that knows one lead at a time; who waits against one that reads the raw rows;
who is hot against the files of the sample; and cases by hand.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from plumbline.clock import DAY
from plumbline.definition import parse
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.metrics import run
from plumbline.replay import facts
from plumbline.speed import calls
from plumbline.speed.calls import GROUPS, LISTED, NOT_YET, Signs, Waiting, from_frame, judge
from plumbline.speed.signs import signs
from plumbline.speed.waits import NEVER
from plumbline.speed.why_call import span, why
from plumbline.ui import call_words
from tests.conftest import SAMPLE
from tests.figures import measured
from tests.importing_support import build_history, write_table
from tests.in_processes import in_processes
from tests.oracle import call_list as oracle
from tests.oracle.random_follow_ups import random_follow_ups, random_questions
from tests.oracle.random_histories import write_csv_folder
from tests.oracle.touches import all_passes, chosen

END = datetime(2026, 11, 14, 18)
EPOCH = datetime(1970, 1, 1)
MICROSECOND = timedelta(microseconds=1)
SHORT, WHOLE = 300, 20_000  # lists
FEW_HISTORIES, MANY_HISTORIES = 4, 1_000


def micros(t: datetime | None, absent: int) -> int:
    return absent if t is None else (t - EPOCH) // MICROSECOND


# Groups, order and words


def random_leads(seed: int) -> tuple[list[oracle.Lead], oracle.Terms, bool, bool]:
    """Leads on and beside every limit, many of them tied; terms; whether owners are known; whether times are dates."""
    rng = Random(f"call list {seed}")
    terms = oracle.Terms(rng.choice([0, 1, 3, 3]), rng.choice([0, 1, 3, 3]), rng.choice([1, 14, 14, 60, 90]), END)
    is_dated = rng.random() < 0.2
    edges = [timedelta(0), timedelta(minutes=1), timedelta(hours=1), timedelta(hours=48), timedelta(days=60), timedelta(days=terms.days)]
    has_signs = rng.random() < 0.8

    def before(limit: timedelta | None = None) -> datetime:
        back = rng.choice([*edges, timedelta(days=rng.randrange(120)), timedelta(seconds=rng.randrange(200_000)), timedelta(days=rng.randrange(3))])
        back += rng.choice([timedelta(0), timedelta(0), MICROSECOND, -MICROSECOND])
        return END - min(max(back, timedelta(0)), limit or back + MICROSECOND)

    leads = []
    for episode in rng.sample(range(1_000), rng.choice([1, 5, 40])):
        start = before()
        attempts = rng.choice([0, 0, 1, 3, 8])
        made = sorted(max(start, END - timedelta(days=rng.random() * 100)) for _ in range(attempts))
        kinds = [rng.choice(["call", "email", "social"]) for _ in made]
        in_time = [kind for kind, t in zip(kinds, made, strict=True) if t <= start + timedelta(days=terms.days)]
        signed = before() if has_signs and rng.random() < 0.6 else None
        heard = before() if rng.random() < 0.2 else None
        leads.append(
            oracle.Lead(
                episode,
                rng.choice([1, 1, 1, 2]),
                start if rng.random() < 0.8 else None,
                start,
                attempts,
                kinds.count("call"),
                kinds.count("email"),
                in_time.count("call"),
                in_time.count("email"),
                max([*made[-1:], *([heard] if heard and heard >= start else [])], default=None),
                rng.choice(["R1", "R2", None]),
                signed,
                is_hot := bool(signed and signed > END - timedelta(days=7) and rng.random() < 0.8),
                rng.choice(["Demo request", "Contact us"]) if is_hot else None,
            )
        )
    leads.sort(key=lambda lead: lead.episode)
    return leads, terms, rng.random() < 0.8, is_dated


def told(leads: list[oracle.Lead], terms: oracle.Terms) -> calls.Calls:
    """The same leads as the product has them."""

    def ints(name: str) -> np.ndarray:
        return np.array([getattr(lead, name) for lead in leads], np.int32)

    def instants(name: str, absent: int) -> np.ndarray:
        return np.array([micros(getattr(lead, name), absent) for lead in leads], np.int64)

    counts = {name: ints(name) for name in ("episode", "pass_no", "attempts", "calls", "emails", "calls_in_time", "emails_in_time")}
    owner = pl.Series([lead.owner for lead in leads], dtype=pl.String)
    waiting = Waiting(
        **counts,
        lead=ints("episode"),
        handed=instants("handed", NEVER),
        start=instants("start", 0),
        touched=instants("touched", NOT_YET),
        owner=owner,
        was_moved=np.zeros(len(leads), bool),
        days=terms.days,
        through=micros(terms.end, 0),
    )
    acts = [None if lead.act is None else lead.act.lower().replace(" ", "_") for lead in leads]
    has_signs = any(lead.signed for lead in leads)
    found = Signs(instants("signed", NOT_YET), np.array([lead.is_hot for lead in leads]), acts) if has_signs else None
    return judge(waiting, terms.calls, terms.emails, found)


def check_lists(first: int, count: int) -> Counter:
    seen: Counter = Counter()
    for seed in range(first, first + count):
        leads, terms, has_owners, is_dated = random_leads(seed)
        mine = told(leads, terms)
        groups = [oracle.group(lead, terms) for lead in leads]
        assert [GROUPS[number] for number in mine.group] == groups, seed
        wanted = [leads.index(lead) for lead in oracle.in_order(leads, terms)]
        assert mine.order.tolist() == wanted, seed
        texts = [oracle.why(lead, terms, has_owners, is_dated) for lead in leads]
        assert [why(mine, place, has_owners=has_owners, is_dated=is_dated) for place in range(len(leads))] == texts, seed
        assert mine.counts() == {name: groups.count(name) for name in GROUPS}
        assert mine.places(*LISTED).tolist() == [place for place in wanted if groups[place] in LISTED]
        seen.update(groups)
    return seen


def test_groups_order_and_words_agree_with_the_oracle() -> None:
    seen = check_lists(0, int(os.environ.get("TEST_LISTS", SHORT)))
    assert set(seen) == set(GROUPS)
    assert min(seen.values()) > 20


@pytest.mark.long
@pytest.mark.timeout(0)
def test_groups_order_and_words_agree_with_the_oracle_on_many() -> None:
    seen = check_lists(SHORT, WHOLE)
    measured(f"call lists against the slow oracle: {WHOLE} lists, {sum(seen.values())} leads, 0 differ {dict(seen)}")


def test_the_rows_by_owner_count_one_by_one() -> None:
    for seed in range(60):
        leads, terms, *_ = random_leads(seed)
        rows = {row["owner"]: row for row in calls.by_owner(told(leads, terms)).to_dicts()}
        named = {
            "hot": ["hot"],
            "untried": ["first", "late"],
            "due": ["hot_due", "due"],
            "missed": ["missed"],
            "in_all": LISTED,
            "neglected": ["neglected"],
        }
        for owner in ("R1", "R2", None):
            own = [oracle.group(lead, terms) for lead in leads if lead.owner == owner]
            wanted = {name: sum(group in groups for group in own) for name, groups in named.items()}
            assert {name: rows.get(owner, {}).get(name, 0) for name in named} == wanted
            assert (owner in rows) == bool(wanted["in_all"] or wanted["neglected"])


def one(**more: object) -> oracle.Lead:
    start = END - timedelta(days=3)
    return replace(oracle.Lead(1, 1, start, start, 0, 0, 0, 0, 0, None, "R1"), **more)


PROMISE = oracle.Terms(3, 3, 14, END)


@pytest.mark.parametrize(
    ("lead", "group", "words"),
    [
        (one(signed=END - timedelta(hours=2), is_hot=True, act="Demo request"), "hot", "Demo request 2 h before the data end; nobody has tried"),
        (one(), "first", "Handed over 3 days ago, never tried"),
        (one(handed=None, owner=None), "first", "Waits for an owner: qualified 3 days ago, never tried"),
        (one(owner=None), "first", "Waits for an owner: handed over 3 days ago, never tried"),
        (one(pass_no=2), "first", "Handed over again 3 days ago, not tried since"),
        (
            one(attempts=3, calls=2, emails=1, calls_in_time=2, emails_in_time=1, start=END - timedelta(days=10)),
            "due",
            "2 of 3 calls and 1 of 3 emails made; 4 days left",
        ),
        (
            one(attempts=4, calls=1, emails=3, calls_in_time=1, emails_in_time=3, start=END - timedelta(days=23), touched=END - timedelta(days=20)),
            "missed",
            "Promise missed 9 days ago by 2 calls",
        ),
        (
            one(attempts=5, calls=2, emails=3, calls_in_time=1, emails_in_time=3, start=END - timedelta(days=23), touched=END - timedelta(days=2)),
            "missed",
            "Promise missed 9 days ago by 2 calls, 1 of them made since",
        ),
        (
            one(attempts=2, calls=2, calls_in_time=2, signed=END - timedelta(days=5), is_hot=True, act="Demo request"),
            "hot_due",
            "Demo request 5 days before the data end; 1 call and 3 emails due",
        ),
        (one(attempts=6, calls=3, emails=3, calls_in_time=1, emails_in_time=3), "done", "3 of 3 calls and 3 of 3 emails made, not reached"),
        (one(start=END - timedelta(days=20)), "late", "Handed over 20 days ago, never tried; 6 days late"),
        (one(start=END - timedelta(days=14)), "first", "Handed over 14 days ago, never tried"),  # the last instant of the promise is in it
        (one(start=END - timedelta(days=14) - MICROSECOND), "late", "Handed over 14 days ago, never tried; under a minute late"),
        (one(start=END - timedelta(days=60)), "late", "Handed over 60 days ago, never tried; 46 days late"),
        (one(start=END - timedelta(days=60) - MICROSECOND), "neglected", "Handed over 60 days ago, never tried"),
        (
            one(start=END - timedelta(days=99), signed=END - timedelta(days=30)),
            "late",
            "Handed over 99 days ago, never tried; 85 days late",
        ),
    ],
)
def test_rows_by_hand(lead: oracle.Lead, group: str, words: str) -> None:
    mine = told([lead], PROMISE)
    assert (GROUPS[mine.group[0]], why(mine, 0)) == (group, words)


def test_an_empty_list_is_a_list() -> None:
    mine = told([], PROMISE)
    assert mine.order.tolist() == []
    assert sum(mine.counts().values()) == 0
    assert calls.by_owner(mine).is_empty()


def test_dates_are_told_in_days() -> None:
    assert [span(hours * DAY // 24, True) for hours in (0, 18, 23, 47, 71)] == ["under a day", "under a day", "1 day", "2 days", "3 days"]


# Who waits: the metric against the raw rows

COUNTS = ("pass_no", "attempts", "calls", "emails", "calls_in_time", "emails_in_time")
COLUMNS = (*COUNTS, "opened_us", "handed_us", "start_us", "touched_us", "handed_to", "owner_id")


def history_differences(seed: int, folder: Path) -> tuple[int, list[str]]:
    """(leads that wait, questions whose answers differ) of random history `seed`."""
    history = random_follow_ups(seed)
    options = write_csv_folder(history, folder / "in")
    for name, header in {"touches": "lead_id,channel,occurred_at", "assignments": "lead_id,rep_id,occurred_at", "reps": "rep_id,name"}.items():
        if history.tables.get(name) == []:
            write_table(folder / "in", name, header)
    opened = build_history(folder / "in", folder / "h.duckdb", **options)
    ids = dict(opened.query("select lead_no, lead_id from leads").iter_rows())
    passes, found, n = all_passes(history), [], 0
    for number, asked in enumerate(random_questions(seed, history)[0]):
        known = {name: values for name, values in asked.segments.items() if name in opened.fields}
        days = (14, 1, 30)[number % 3]
        segments = {name: tuple(values) for name, values in known.items() if values} | ({"source": tuple(asked.sources)} if asked.sources else {})
        rows = run(opened, "persistence/waiting", Filters(asked.since, asked.until, segments, asked.passes), {"days": days})
        mine = {ids[row["lead_no"]]: {name: row[name] for name in COLUMNS} for row in rows.to_dicts()}
        some = chosen(passes, history, replace(asked, segments=known, passes="all"))
        theirs = {each.episode.lead_id: row for each, row in oracle.waiting(some, history, days)}
        if mine != theirs or len(mine) != rows.height:
            found.append(f"question {number}")
        n += len(theirs)
    opened.close()
    return n, found


def compare(found: dict[int, tuple[int, list[str]]]) -> None:
    differing = {seed: faults for seed, (_, faults) in found.items() if faults}
    measured(f"who waits against the slow oracle: {len(found)} histories, {len(differing)} differ {dict(list(differing.items())[:5])}")
    assert sum(n for n, _ in found.values()) > 20 * len(found)
    assert not differing


@pytest.mark.timeout(600)
def test_who_waits_agrees_with_the_oracle(tmp_path: Path) -> None:
    compare({seed: history_differences(seed, tmp_path / str(seed)) for seed in range(int(os.environ.get("TEST_HISTORIES", FEW_HISTORIES)))})


@pytest.mark.long
@pytest.mark.timeout(0)
def test_who_waits_agrees_with_the_oracle_on_many() -> None:
    compare(in_processes(history_differences, FEW_HISTORIES, MANY_HISTORIES, 2))


def test_what_comes_after_the_end_of_the_data_changes_nothing(tmp_path: Path) -> None:
    """A call, an act, an owner, an SQL and a contact after the end: the list is as without them."""
    ends = "2026-11-14T18:00:00Z"
    write_table(tmp_path / "in", "leads", "lead_id,created_at\nL1,2026-11-01T08:00:00Z\nL2,2026-11-01T08:00:00Z")
    changes = "lead_id,stage,occurred_at\nL1,mql,2026-11-10T08:00:00Z\nL2,mql,2026-11-10T08:00:00Z"
    assigned = "lead_id,rep_id,occurred_at\nL1,R1,2026-11-10T09:00:00Z\nL2,R1,2026-11-10T09:00:00Z"
    touched = "lead_id,channel,occurred_at,outcome\nL2,call,2026-11-14T18:00:00Z,no_answer"
    acted = "lead_id,activity,occurred_at\nL1,demo_request,2026-11-12T18:00:00Z\nL2,demo_request,2026-11-02T18:00:00Z"
    later = {
        "stage_changes": (changes, "L1,sql,2026-11-14T18:00:01Z"),
        "assignments": (assigned, "L1,R2,2026-11-15T09:00:00Z"),
        "touches": (touched, "L1,call,2026-11-14T18:00:01Z,connected\nL2,call,2026-11-15T18:00:00Z,connected"),
        "activities": (acted, "L1,demo_request,2026-11-14T19:00:00Z\nL2,demo_request,2026-11-14T18:00:01Z"),
    }
    definition = parse("name: d\nbehaviour: [{activity: demo_request, within_days: 30}]")
    lists = []
    for has_more in (False, True):
        for name, (rows, more) in later.items():
            write_table(tmp_path / "in", name, rows + (f"\n{more}" if has_more else ""))
        opened = build_history(tmp_path / "in", tmp_path / f"{has_more}.duckdb", data_through=ends)
        waiting = from_frame(run(opened, "persistence/waiting"), 14, micros(END, 0))
        mine = judge(waiting, 3, 3, signs(definition, facts.load(opened), waiting.lead))
        lists.append([(int(waiting.lead[n]), waiting.owner[int(n)], why(mine, int(n))) for n in mine.places(*LISTED)])
        opened.close()
    assert lists[0] == lists[1]
    assert [(owner, words) for _, owner, words in lists[0]] == [
        ("R1", "Demo request 2 days before the data end; nobody has tried"),
        ("R1", "1 of 3 calls and 0 of 3 emails made; 9 days left"),
    ]


def test_a_queue_is_nobody_where_reps_are_known() -> None:
    rows = {name: [0, 0, 0] for name in (*COUNTS, "episode_no", "lead_no", "start_us")}
    rows |= {"handed_us": [0, 0, None], "touched_us": [None] * 3, "handed_to": ["R1", "R1", None], "owner_id": ["R2", "pool", None]}
    frame = pl.DataFrame(rows)
    named = from_frame(frame, 14, 0, {"R1", "R2"})
    assert named.owner.to_list() == ["R2", None, None]
    assert named.was_moved.tolist() == [True, False, False]
    assert from_frame(frame, 14, 0).owner.to_list() == ["R2", "pool", None]


# Who is hot: the acts of the files

SCORE = """
name: by acts
exclude: [{activity: unsubscribe, within_days: 90}]
score:
  threshold: 40
  half_life_days: 30
  points:
    - {activity: demo_request, points: 30}
    - {activity: pricing_page, points: 10, cap: 30}
    - {activity: careers_page, points: -10}
    - {field: seniority, one_of: [vp, c_level], points: 15}
"""


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)


def test_hot_leads_and_their_signs_are_those_of_the_files(sample_file: Path) -> None:
    """High interest by hand: acts give 20 faded points and nobody unsubscribed; the latest of them within 7 days."""
    with open(SAMPLE / "merges.csv", encoding="utf-8", newline="") as file:
        merged = {lead for row in csv.DictReader(file) for lead in (row["lead_id"], row["into_lead_id"])}
    acts: dict[str, list[tuple[datetime, str]]] = {}
    with open(SAMPLE / "activities.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = _instant(row["occurred_at"])
            if max(at, _instant(row["recorded_at"]) if row.get("recorded_at") else at) <= END:
                acts.setdefault(row["lead_id"], []).append((at, row["activity"]))
    opened = History(sample_file)
    waiting = from_frame(run(opened, "persistence/waiting"), 14, micros(END, 0))
    ids = dict(opened.query("select lead_no, lead_id from leads").iter_rows())
    found = signs(parse(SCORE), facts.load(opened), waiting.lead)
    opened.close()
    hot = 0
    for place, number in enumerate(waiting.lead):
        lead = ids[number]
        if lead in merged:
            continue
        own = acts.get(lead, [])
        ages = {name: [(END - at) / timedelta(days=1) for at, act in own if act == name] for name in ("demo_request", "pricing_page", "careers_page")}
        given = 30 * sum(2 ** (-age / 30) for age in ages["demo_request"])
        given += min(30, 10 * sum(2 ** (-age / 30) for age in ages["pricing_page"])) - 10 * len(ages["careers_page"])
        is_barred = any(act == "unsubscribe" and END - at < timedelta(days=90) for at, act in own)
        latest = max(((at, act) for at, act in own if act in ("demo_request", "pricing_page")), default=(None, None))
        is_hot = given >= 20 - 1e-9 and not is_barred and latest[0] is not None and latest[0] > END - timedelta(days=7)
        assert (found.is_hot[place], found.at[place]) == (is_hot, micros(latest[0], NOT_YET)), lead
        assert found.acts[place] == (latest[1] if is_hot else None), lead
        hot += is_hot
    assert hot >= 5


def test_a_definition_that_asks_nothing_of_acts_says_nobody_is_hot(sample_file: Path) -> None:
    opened = History(sample_file)
    waiting = from_frame(run(opened, "persistence/waiting"), 14, micros(END, 0))
    assert signs(parse("name: f\nfit: [{field: employees, at_least: 100}]"), facts.load(opened), waiting.lead) is None
    opened.close()


# What the screen says


def said(parts: list) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in parts)


@pytest.mark.parametrize(
    ("counts", "whose", "has_signs", "words"),
    [
        ({"hot": 12, "first": 20, "late": 11, "due": 90, "missed": 6}, "", True,
         "43 leads wait for a first call, 12 of them hot; 96 more have calls or emails due"),
        ({"hot": 1}, "", True, "1 lead waits for a first call, 1 hot"),
        ({"first": 2}, "", True, "2 leads wait for a first call, none of them hot"),
        ({"first": 2, "hot_due": 1}, "", False, "2 leads wait for a first call; 1 more has calls or emails due"),
        ({"due": 1}, "Ann", True, "Ann: 1 lead has calls or emails due; all were tried"),
        ({"neglected": 3}, "Ann", True, "Ann: nobody waits for a call now"),
        ({}, "", True, "Nobody waits for a call now"),
    ],
)  # fmt: skip
def test_headlines(counts: dict, whose: str, has_signs: bool, words: str) -> None:
    assert said(call_words.headline(dict.fromkeys(GROUPS, 0) | counts, whose, has_signs)) == words


def test_the_parts_and_those_left_out_add_up() -> None:
    counts = dict(zip(GROUPS, (1, 20, 300, 4000, 5, 6, 1204, 8), strict=True))
    figures = call_words.strip(counts, True, lambda part: f"leads?due={part}")
    assert sum(int(figure.value.replace(",", "")) for figure in figures) == sum(counts[name] for name in LISTED)
    assert [figure.href.partition("=")[2] for figure in figures] == [*call_words.PARTS][:5]
    assert sorted(group for groups in call_words.PARTS.values() for group in groups) == sorted(GROUPS)
    told = said(call_words.left_out(counts, lambda part: f"leads?due={part}"))
    assert told == (
        "4,332 of 5,544 open leads that nobody has reached are listed. 1,204 more have lain for over 60 days: neglected. "
        "8 got all that was promised and were not reached."
    )
    assert call_words.strip(counts, False, lambda part: part)[0].value == "–"
