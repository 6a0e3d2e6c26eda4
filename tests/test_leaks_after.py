"""What became of the leads that leaked: reasons, returned, open and dead leads against the slow oracle on random histories, and by hand."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest

from plumbline.clock import time_zone
from plumbline.definition import Definition, parse
from plumbline.errors import MetricError
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.leaks.caught import Passes, caught
from plumbline.leaks.reasons import reason_class
from plumbline.metrics import run
from tests.figures import measured
from tests.in_processes import in_processes
from tests.oracle import after_leaks, replay
from tests.oracle.episodes import effective_time
from tests.oracle.funnel import HORIZONS
from tests.oracle.history import History as Told
from tests.oracle.leak_flags import AGE, is_neglected, reason_of
from tests.oracle.leaks import is_past_window, last_stage, step_of
from tests.oracle.random_definitions import random_definition
from tests.oracle.random_leaks import random_leak_questions, random_leaks
from tests.oracle.random_replay_histories import random_replay_history
from tests.oracle.touches import Pass, all_passes, assignment_of_hand_over, chosen, hand_over
from tests.test_follow_up_oracle import askable, build
from tests.test_replay_oracle import EPOCH, loaded

SHORT, WHOLE = 20, 3_000
OFTEN = 20
FATES, KINDS = ("handed_over_again", "discarded", "lying"), ("recycled", "disqualified", "neglected")


class Oracle:
    """The whole history's answers, one pass at a time; what a question chooses is cut out of them."""

    def __init__(self, history: Told, unjudged: frozenset[tuple[str, datetime]] = frozenset()) -> None:
        """unjudged: lead and opening of passes of whose team or month touches are not recorded (test_recorded.py): none is neglected there."""
        self.history, self.passes, self.unjudged = history, all_passes(history), unjudged
        self.returned = {id(one.each): one for one in after_leaks.returned(history, self.passes)}
        self.dead = {id(one.each): one for one in after_leaks.dead(history, self.passes) if not one.each.episode.is_open or self.is_judged(one.each)}
        texts = {each.episode.exit_reason for each in self.passes} - {None}
        self.mapped = {text: reason_class(text) for text in texts}

    def is_judged(self, each: Pass) -> bool:
        return (each.episode.lead_id, each.episode.opened_at) not in self.unjudged

    def gone(self, some: list[Pass]) -> list[tuple[Pass, str, str, str]]:
        """(pass, step, way out, class of the reason) of those that left."""
        found = [each for each in some if each.episode.exit_stage and last_stage(each.episode) != "won"]
        return [(each, step_of(last_stage(each.episode)), each.episode.exit_stage, reason_of(each, self.mapped)) for each in found]

    def reasons(self, some: list[Pass]) -> dict[tuple[str, str, str], tuple[int, int, int]]:
        told: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
        for each, *key in self.gone(some):
            later = after_leaks.later_passes(each, self.passes)
            row = told[tuple(key)]
            row[0] += 1
            row[1] += bool(later)
            row[2] += any("sql" in other.episode.entered for other in later)
        return {key: tuple(row) for key, row in told.items()}

    def over_time(self, some: list[Pass], grain: str) -> Counter:
        zone, told = time_zone(self.history.time_zone), Counter()
        for each, _, way_out, reason in self.gone(some):
            day = each.episode.exit_at.replace(tzinfo=time_zone("UTC")).astimezone(zone).date()
            told[day.replace(day=1) if grain == "month" else day - timedelta(days=day.weekday()), way_out, reason] += 1
        return told

    def returned_rows(self, some: list[Pass]) -> list[tuple]:
        own = [self.returned[id(each)] for each in some if id(each) in self.returned]
        rows = []
        for fate in FATES:
            took = [one.took.total_seconds() for one in own if one.fate == fate]
            seconds = (float(np.quantile(took, 0.5)), float(np.quantile(took, 0.9))) if took else (None, None)
            rows.append((fate, len(took), len(took) / len(own) if own else None, *seconds))
        return rows

    def ageing(self, some: list[Pass], horizons: dict[str, float]) -> dict[tuple[str | None, str], tuple[int, ...]]:
        told: dict[tuple[str | None, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
        for each in some:
            if each.episode.is_open:
                stage = last_stage(each.episode)
                age = self.history.data_through - effective_time(each.episode, stage)
                band = 1 if not is_past_window(each.episode, stage, self.history, horizons[stage]) else 3 if age > AGE else 2
                row = told[self.owner(each), stage]
                row[0] += 1
                row[band] += 1
                row[4] += is_neglected(each, self.history) and self.is_judged(each)
        return {key: tuple(row) for key, row in told.items()}

    def owner(self, each: Pass) -> str | None:
        """Who has the lead now: the last assignment from the hand-over on."""
        since = hand_over(each, self.history)
        if since is None:
            return None
        later = [row["rep_id"] for row in each.assignments if row["occurred_at"] >= since]
        return later[-1] if later else assignment_of_hand_over(each, self.history)["rep_id"]

    def dead_rows(self, some: list[Pass]) -> dict[str, Counter]:
        told = {kind: Counter() for kind in KINDS}
        for each in some:
            if (one := self.dead.get(id(each))) is not None:
                kind = "neglected" if each.episode.is_open else each.episode.exit_stage
                told[kind].update(["dead", *one.signs])
        return told


def with_aftermath(history: Told, seed: int) -> Told:
    """The same history with acts of its leads (at, around and long after what happened to them, some after the end), and more that sales sent back
    thrown away later, at once, or at the very instant."""
    rng = Random(seed)
    changes = history.tables["stage_changes"]
    acts = list(history.tables.get("activities", []))
    for row in rng.sample(changes, len(changes) // 2):
        gap = rng.choice([timedelta(0), timedelta(microseconds=1), timedelta(days=rng.uniform(0, 20)), timedelta(days=rng.uniform(0, 150))])
        when = row["occurred_at"] + gap * rng.choice([1, 1, 1, -1])
        acts.append({"lead_id": row["lead_id"], "activity": rng.choice(["webinar", "web_visit"]), "occurred_at": when})
    thrown = [
        {**row, "event_id": None, "stage": rng.choice(["disqualified", "lost", "recycled"]), "occurred_at": row["occurred_at"] + gap}
        for row in changes
        if row["stage"] == "rejected" and rng.random() < 0.3
        for gap in [rng.choice([timedelta(0), timedelta(microseconds=1), timedelta(days=rng.uniform(0, 60))])]
    ]
    return replace(history, tables=history.tables | {"activities": acts, "stage_changes": [*changes, *thrown]})


def differences(seed: int, folder: Path) -> tuple[list[str], Counter]:
    """What was asked where product and oracle differ on random history `seed`, and how often each thing occurs in it."""
    history = with_aftermath(random_leaks(seed), seed)
    opened = build(history, folder)
    oracle = Oracle(history, _unjudged(opened))
    found = []
    for number, (asked, terms) in enumerate(random_leak_questions(seed, history)):
        wanted, filters = askable(opened, asked)
        some = chosen(oracle.passes, history, wanted)
        horizons = HORIZONS | (terms[0][0] or {})
        pairs = {
            "reasons": (_reasons(opened, filters), oracle.reasons(some)),
            "weeks": (_over_time(opened, filters, "week"), oracle.over_time(some, "week")),
            "months": (_over_time(opened, filters, "month"), oracle.over_time(some, "month")),
            "returned": (_rounded(run(opened, "leaks/returned", filters).rows()), _rounded(oracle.returned_rows(some))),
            "ageing": (_ageing(opened, filters, horizons), oracle.ageing(some, horizons)),
            "dead": (_dead(opened, filters), oracle.dead_rows(some)),
        }
        found += [f"{name} question {number}" for name, (ours, theirs) in pairs.items() if ours != theirs]
        found += [f"{fault} question {number}" for fault in _lists_that_disagree(opened, filters, horizons)]
    opened.close()
    occurs = Counter(one.fate for one in oracle.returned.values())
    for one in oracle.dead.values():
        occurs.update(one.signs)
    occurs["neglected"] = sum(one.each.episode.is_open for one in oracle.dead.values())
    return found, occurs


def _unjudged(opened: History) -> frozenset[tuple[str, datetime]]:
    passes = "from unjudged_passes inner join episodes using (episode_no) inner join leads using (lead_no)"
    return frozenset(opened.query(f"select lead_id, opened_at {passes} where touches_from >= 9").rows())


def _reasons(opened: History, filters: Filters) -> dict:
    rows = run(opened, "leaks/reasons", filters)
    assert rows.group_by("step", "class").agg(pl.col("share").sum())["share"].to_list() == pytest.approx(
        [1] * rows.select("step", "class").n_unique()
    )
    return {(row["step"], row["class"], row["reason"]): (row["n"], row["came_back"], row["reached_sql"]) for row in rows.to_dicts()}


def _over_time(opened: History, filters: Filters, grain: str) -> Counter:
    rows = run(opened, "leaks/reasons_over_time", filters, {"grain": grain})
    return Counter({(row["period"], row["class"], row["reason"]): row["n"] for row in rows.to_dicts()})


def _ageing(opened: History, filters: Filters, horizons: dict[str, float]) -> dict:
    rows = run(opened, "leaks/ageing", filters, {f"{stage}_days": days for stage, days in horizons.items() if stage != "won"})
    return {
        (row["rep"], row["stage"]): tuple(row[name] for name in ("open", "in_window", "past_window", "over_60_days", "neglected"))
        for row in rows.to_dicts()
    }


def _dead(opened: History, filters: Filters) -> dict[str, Counter]:
    rows = {row.pop("kind"): row for row in run(opened, "leaks/dead", filters).to_dicts()}
    for row in rows.values():
        assert row["nothing"] + row["nurtured_only"] + row["engaged_only"] + row["interested_only"] + row["back_not_won"] + row["won"] == row["dead"]
    return {
        kind: Counter({name: row[name] for name in ("dead", "re_engaged", "re_nurtured", "revived", "won") if row[name]})
        for kind, row in rows.items()
    }


def _rounded(rows: list[tuple]) -> list[tuple]:
    return [tuple(round(value, 5) if isinstance(value, float) else value for value in row) for row in rows]


def _lists_that_disagree(opened: History, filters: Filters, horizons: dict[str, float]) -> list[str]:
    """The lists behind the figures hold as many leads as the figures say."""
    days = {f"{stage}_days": value for stage, value in horizons.items() if stage != "won"}
    left, reasons = run(opened, "leaks/left", filters), run(opened, "leaks/reasons", filters)
    some = run(opened, "leaks/open_leads", filters, days)
    dead, sums = run(opened, "leaks/dead_leads", filters), run(opened, "leaks/dead", filters)
    parts = {
        (row["kind"], name): row[name]
        for row in sums.to_dicts()
        for name in ("nothing", "nurtured_only", "engaged_only", "interested_only", "back_not_won", "won")
    }
    checks = {
        "left": Counter(left.select("step", "class", "reason").rows())
        == Counter({row[:3]: row[3] for row in reasons.select("step", "class", "reason", "n").rows()}),
        "fates": Counter(left["fate"].drop_nulls()) == Counter(dict(run(opened, "leaks/returned", filters).select("fate", "n").rows())),
        "open": Counter(some["band"]).total() == run(opened, "leaks/ageing", filters, days)["open"].sum(),
        "dead": Counter(dead.select("kind", "became").rows()) == Counter(parts),
    }
    return [name for name, is_same in checks.items() if not is_same]


def _compare(first: int, count: int) -> Counter:
    results = in_processes(differences, first, count, 2)
    differing = {seed: found for seed, (found, _) in results.items() if found}
    occurs = sum((counted for _, counted in results.values()), Counter())
    measured(f"what became of leaks against the slow oracle: {count} histories, {dict(occurs)}, {len(differing)} histories differ "
             f"{dict(list(differing.items())[:5])}")  # fmt: skip
    assert not differing
    return occurs


@pytest.mark.timeout(1200)
def test_what_became_of_leaks_agrees_with_oracle() -> None:
    histories = int(os.environ.get("TEST_HISTORIES", SHORT))
    occurs = _compare(0, histories)
    rare = {name: occurs[name] for name in (*FATES, "neglected", "re_engaged", "re_nurtured", "revived", "won") if occurs[name] < OFTEN}
    assert not rare or histories < SHORT


@pytest.mark.long
@pytest.mark.timeout(0)
def test_what_became_of_leaks_agrees_with_oracle_on_many() -> None:
    _compare(SHORT, WHOLE - SHORT)


# On the sample, in plain loops


@pytest.fixture(scope="module")
def sample(sample_file: Path) -> Iterator[History]:
    opened = History(sample_file)
    yield opened
    opened.close()


def test_worth_nurturing_is_who_showed_a_sign_lately(sample: History) -> None:
    """Dead, in no later pass, an act of the last 30 days after the death, no unsubscription since the pass opened."""
    end = sample.about.data_through
    episodes = sample.query(
        "select e.*, f.last_touch_at, l.lead_id from episodes e join follow_ups f using (episode_no) join leads l on l.lead_no = e.lead_no"
    )
    acts = defaultdict(list)
    for row in sample.query("select lead_no, activity::varchar as activity, occurred_at from activities").to_dicts():
        acts[row["lead_no"]].append((row["occurred_at"], row["activity"]))
    wanted = {}
    for row in episodes.to_dicts():
        last = row["last_touch_at"] or row["opened_at"]
        died = row["closed_at"] if row["exit_stage"] in ("recycled", "disqualified") and row["won_at"] is None else None
        died = last + AGE if row["closed_at"] is None and end - last > AGE else died
        own = [(t, name) for t, name in acts[row["lead_no"]] if t >= row["opened_at"]]
        recent = [t for t, _ in own if died and t > died and end - t <= timedelta(days=30)]
        if recent and row["next_opened_at"] is None and "unsubscribe" not in {name for _, name in own}:
            wanted[row["lead_id"]] = (len(recent), max(own)[0])
    rows = run(sample, "leaks/worth_nurturing", Filters(episodes="all"), {"most": 100_000})
    assert {row["lead_id"]: (row["recent_acts"], row["last_activity_at"]) for row in rows.to_dicts()} == wanted
    assert len(wanted) > 50
    assert set(rows["total"]) == {len(wanted)}
    assert rows["last_activity_at"].is_sorted(descending=True)
    some = run(sample, "leaks/worth_nurturing", Filters(episodes="all"), {"most": 5, "skipped": 5})
    assert some["lead_id"].to_list() == rows["lead_id"].to_list()[5:10]


def test_judged_by_sales_is_rejected_or_accepted(sample: History) -> None:
    rows = run(sample, "leaks/judged", Filters(episodes="all"))
    for row in sample.query("select * from episodes").to_dicts():
        reached = [stage for stage in ("sal", "sql", "opportunity", "won") if row[f"{stage}_at"]]
        is_rejected = row["exit_stage"] == "rejected" and "won" not in reached
        row["wanted"] = (is_rejected, reached not in ([], ["sal"])) if is_rejected or reached else None
        found = rows.filter(pl.col("episode_no") == row["episode_no"]).select("is_rejected", "is_sql").rows()
        assert found == ([row["wanted"]] if row["wanted"] else [])


def test_by_source_the_reasons_add_up(sample: History) -> None:
    whole = run(sample, "leaks/reasons_over_time", Filters(), {"class": "rejected"})
    parts = run(sample, "leaks/reasons_over_time", Filters(), {"class": "rejected", "by": "source"})
    assert set(whole["value"]) == {None}
    assert parts["value"].n_unique() > 3
    assert parts.group_by("period", "class", "reason").agg(pl.col("n").sum()).sort("period", "reason").rows() == (
        whole.select("period", "class", "reason", "n").sort("period", "reason").rows()
    )
    for value in parts["value"].unique():
        own = run(sample, "leaks/reasons_over_time", Filters(segments={"source": (value or "",)}), {"class": "rejected"})
        assert own["n"].sum() == parts.filter(pl.col("value").eq_missing(value))["n"].sum()


def test_nobody_writes_the_classes_of_reasons_by_hand(sample: History) -> None:
    with pytest.raises(MetricError, match=r"reasons\.yaml"):
        run(sample, "leaks/reasons", Filters(), {"reasons": "fit"})


def test_an_organisations_own_words_count(sample: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = run(sample, "leaks/reasons", Filters())
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    (tmp_path / "reasons.yaml").write_text("see notes: outside\n", encoding="utf-8")
    after = run(sample, "leaks/reasons", Filters())
    moved = run(sample, "leaks/left", Filters())["reason"].eq("outside").sum() - before.filter(pl.col("reason") == "outside")["n"].sum()
    assert moved > 0
    assert after["n"].sum() == before["n"].sum()
    assert before.filter(pl.col("reason") == "other")["n"].sum() - after.filter(pl.col("reason") == "other")["n"].sum() == moved


# Would the definition have caught them


def _bars(subject: replay.Subject, definition: dict, t: datetime) -> list[bool]:
    """By the slow oracle: whether each rule bars, in the order of the definition; criteria and points together."""
    told = [replay.cell_at(subject, name, t) is None for name in definition.get("required_fields") or []]
    told += [not replay.rule_holds(subject, rule, t) for part in ("fit", "behaviour") for rule in definition.get(part) or []]
    if criteria := definition.get("criteria"):
        told.append(sum(replay.rule_holds(subject, rule, t) for rule in criteria["of"]) < criteria["at_least"])
    if points := definition.get("score"):
        told.append(replay.score(subject, points, t) < points["threshold"] - replay.TOLERANCE)
    return told + [replay.rule_holds(subject, rule, t) for rule in definition.get("exclude") or []]


@pytest.mark.parametrize("seed", range(6))
def test_whom_a_definition_bars_agrees_with_oracle(seed: int, tmp_path: Path) -> None:
    history, rng = random_replay_history(seed), Random(f"caught {seed}")
    barred = 0
    with loaded(history, tmp_path) as found:
        place = {lead_id: number for number, lead_id in enumerate(found.lead_ids())}
        judged = []
        for subject in replay.subjects(history):
            for number in range(1, rng.choice([2, 2, 3])):  # some leads have two passes
                t = rng.choice([*replay.decision_instants(subject), history.data_through])
                judged.append((subject, number, t + rng.choice([0, 0, -1, 1]) * replay.MICROSECOND))
        rejected, sql = ([rng.random() < 0.5 for _ in judged] for _ in range(2))
        passes = Passes(
            np.array([place[subject.lead.lead_id] for subject, *_ in judged]),
            np.array([number for _, number, _ in judged]),
            np.array([(t - EPOCH) // replay.MICROSECOND for *_, t in judged]),
            np.array(rejected),
            np.array(sql),
        )
        for number in range(8):
            told = random_definition(f"{seed} {number}")
            rules = caught(parse(json.dumps(told, ensure_ascii=False)), found, passes)
            wanted = [_bars(subject, told, t) for subject, _, t in judged]
            assert rules[0].mask.tolist() == [not replay.qualifies(subject, told, t) for subject, _, t in judged]
            assert [rule.mask.tolist() for rule in rules[1:]] == [list(column) for column in zip(*wanted, strict=True)]
            for rule in rules:
                rows = list(zip(rule.mask, rejected, sql, strict=True))
                assert (rule.caught, rule.rejected) == (sum(bar and back for bar, back, _ in rows), sum(rejected))
                assert (rule.lost, rule.accepted) == (sum(bar and not back for bar, back, _ in rows), len(rows) - sum(rejected))
                assert rule.sqls == sum(bar and not back and became for bar, back, became in rows)
                barred += rule.caught
    assert barred > 50


def test_nobody_judged_is_nobody_caught() -> None:
    none = np.array([], np.int64)
    assert caught(Definition(), None, Passes(none, none, none, none.astype(bool), none.astype(bool))) == []
