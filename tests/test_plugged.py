"""What if a leak were plugged: where the effect is known and what is measured decides who is treated; nothing where nothing can be learnt."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from plumbline import metrics
from plumbline.clock import DAY
from plumbline.history.connection import History
from plumbline.leaks.plugged import IN_TIME, NEVER_STOPPED, Tries, in_time, like_peers, onward, tried_on
from plumbline.leaks.ranked import Worth
from plumbline.leaks.ranking import Leak
from plumbline.speed.waits import NEVER, Waits
from plumbline.statistics import Estimate
from plumbline.statistics.differences import share_of
from tests.figures import measured
from tests.in_processes import in_processes

SHORT, WHOLE = 150, 1000
HORIZON, LONG_AGO = 59 * DAY, 365 * DAY
K = 6


def made_waits(attempt: np.ndarray, sql: np.ndarray, left: np.ndarray, age: np.ndarray) -> Waits:
    """Passes by microseconds after their MQL (NEVER: not), and how old they are."""
    n, through = len(attempt), 1_000 * DAY
    mql = through - age

    def at(after: np.ndarray) -> np.ndarray:
        return np.where(after == NEVER, NEVER, mql + np.where(after == NEVER, 0, after))

    numbers, nobody = np.arange(n, dtype=np.int32), np.full(n, -1, np.int32)
    none = np.full(n, NEVER)
    return Waits(numbers, numbers, mql, none, at(attempt), none, none, at(left), at(sql), nobody, nobody, through)


def called_in_time(seed: int, _folder: Path) -> tuple[bool, bool] | None:
    """(the interval holds the gain, the crude one does): good strata are called sooner, some leads left before half an hour."""
    rng = np.random.default_rng(seed)
    strata, n = int(rng.integers(4, 12)), int(rng.choice([1500, 6000]))
    good = rng.normal(-1.4, 0.7, strata)
    stratum = rng.choice(strata, n, p=rng.dirichlet(np.full(strata, 3.0)))
    is_in = rng.random(n) < rng.uniform(0.1, 0.4)
    tried = rng.random(n) < 1 / (1 + np.exp(-(-0.5 + good[stratum] - good.mean() - 0.7 * is_in)))
    lift = rng.choice([0.0, rng.uniform(0.03, 0.15)])
    base = 1 / (1 + np.exp(-good))
    became = rng.random(n) < base[stratum] + lift * tried
    gone = rng.random(n) < 0.05
    attempt = np.where(tried, rng.integers(0, IN_TIME, n), np.where(rng.random(n) < 0.5, rng.integers(IN_TIME + 1, 20 * DAY, n), NEVER))
    waits = made_waits(attempt, np.where(became & ~gone, DAY, NEVER), np.where(gone, IN_TIME // 2, NEVER), np.full(n, LONG_AGO))
    told = in_time(waits, stratum, is_in, HORIZON)
    if told.found.refusal:
        return None
    truth = lift * told.found.covered
    crude = told.crude.low <= lift <= told.crude.high
    return told.found.gained.low <= truth <= told.found.gained.high, crude


def tried_more(seed: int, _folder: Path) -> tuple[bool, bool] | None:
    """The same of trying on: reps give up sooner where leads are worse, and in the leak."""
    rng = np.random.default_rng(seed)
    strata, n = int(rng.integers(2, 7)), int(rng.choice([3000, 10_000]))
    quality = rng.uniform(0, 1, strata)
    reach = np.clip(0.12 + 0.2 * quality[:, None] - 0.015 * np.arange(K + 4)[None, :], 0.02, 1)  # chance of contact by stratum and attempt
    qualify, alone, gone = 0.15 + 0.4 * quality, 0.01 + 0.03 * quality, rng.uniform(0.0, 0.08)
    stop = np.clip(rng.uniform(0.1, 0.3) + 0.25 * (0.5 - quality), 0.03, 0.6)
    stratum, is_in = rng.integers(0, strata, n), rng.random(n) < rng.uniform(0.1, 0.4)
    tries, stopped = np.zeros(n, np.int64), np.full(n, NEVER_STOPPED)
    is_reached, became, there = np.zeros(n, bool), np.zeros(n, bool), np.ones(n, bool)
    for k in range(K + 4):
        leaves = there & (rng.random(n) < gone)  # before anybody could try again
        there &= ~leaves
        stops = there & (rng.random(n) < np.clip(stop[stratum] * np.where(is_in & (k < K), 1.5, 1.0), 0, 0.95))
        stopped[stops] = k
        became |= stops & (rng.random(n) < alone[stratum])
        there &= ~stops
        tries[there] += 1
        reached = there & (rng.random(n) < reach[stratum, k])
        is_reached |= reached
        became |= reached & (rng.random(n) < qualify[stratum])
        there &= ~reached
    natural = np.zeros((K + 5, strata))  # the chance of an SQL after so many attempts, as it goes outside the leak
    for k in range(K + 3, -1, -1):
        go_on = reach[:, k] * qualify + (1 - reach[:, k]) * natural[k + 1]
        natural[k] = (1 - gone) * (stop * alone + (1 - stop) * go_on)
    value = np.zeros((K, strata))  # tried once more, and on
    for k in range(K - 1, -1, -1):
        value[k] = reach[:, k] * qualify + (1 - reach[:, k]) * ((1 - gone) * value[k + 1] if k + 1 < K else natural[K])
    told = tried_on(Tries(tries, stopped, is_reached, np.zeros(n, bool)), stratum, is_in, became, K)
    if told.found.refusal or told.found.covered < told.found.n:
        return None
    mine = is_in & (stopped >= 0) & (stopped < K)
    truth = float((value[stopped[mine], stratum[mine]] - alone[stratum[mine]]).sum())
    crude = told.crude.low <= truth / mine.sum() <= told.crude.high
    return told.found.gained.low <= truth <= told.found.gained.high, crude


@pytest.mark.parametrize("case", [called_in_time, tried_more])
def test_the_gain_is_within_its_interval(case: object) -> None:
    _judge(case, SHORT)


@pytest.mark.long
@pytest.mark.timeout(0)
@pytest.mark.parametrize("case", [called_in_time, tried_more])
def test_the_gain_is_within_its_interval_in_many_worlds(case: object) -> None:
    _judge(case, WHOLE)


def _judge(case: object, count: int) -> None:
    found = [one for one in in_processes(case, 0, count).values() if one]  # type: ignore[arg-type]
    held, crude = np.array(found, float).mean(axis=0)
    measured(f"plugged, {case.__name__}, {len(found)} worlds: the interval holds the gain in {held:.1%}, the crude one in {crude:.1%}")  # type: ignore[attr-defined]
    slack = 3 * np.sqrt(0.05 * 0.95 / len(found)) if count < WHOLE else 0.0
    assert held >= 0.93 - slack and crude < 0.9


def test_where_nobody_was_treated_nothing_is_learnt() -> None:
    n = 200
    never = np.full(n, NEVER)
    waits = made_waits(never, np.where(np.arange(n) < 40, DAY, NEVER), never, np.full(n, LONG_AGO))
    stratum, is_in = np.arange(n) % 2, np.arange(n) < 100
    told = in_time(waits, stratum, is_in, HORIZON)
    assert told.found.refusal == "no_overlap" and told.found.gained == Estimate(0, 0, 0) and told.crude is None and not told.is_confounded
    tries = Tries(np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, bool), np.zeros(n, bool))
    told = tried_on(tries, stratum, is_in, np.zeros(n, bool), K)
    assert told.found.refusal == "no_overlap" and told.found.n == 100 and told.found.gained.value == 0
    assert like_peers(stratum, np.ones(n, bool), is_in).found.refusal == "no_overlap"
    assert like_peers(stratum, np.zeros(n, bool), is_in).found.refusal == "nobody_untreated"
    nobody = np.zeros(0, np.int64)
    assert like_peers(nobody, nobody.astype(bool), nobody.astype(bool)).found.refusal == "nobody_untreated"


def test_who_is_in_which_arm() -> None:
    """Tried in time, later, never; gone before half an hour; too young; a late SQL is none."""
    attempt = np.array([IN_TIME, IN_TIME + 1, NEVER, NEVER, NEVER, 0, 5])
    sql = np.array([DAY, DAY, HORIZON, HORIZON + 1, NEVER, DAY, IN_TIME])
    left = np.array([NEVER, NEVER, NEVER, NEVER, IN_TIME, NEVER, NEVER])
    age = np.array([LONG_AGO, LONG_AGO, LONG_AGO, LONG_AGO, LONG_AGO, HORIZON - 1, LONG_AGO])
    waits = made_waits(attempt, sql, left, age)
    everyone = np.ones(7, bool)
    told = in_time(waits, np.zeros(7, np.int64), everyone, HORIZON)
    assert told.found.n == 3  # later, never and qualified on the last day, never and a microsecond too late
    assert told.crude.value == pytest.approx(1 - 2 / 3)


def test_those_who_stopped_later_are_stood_in_for() -> None:
    """One stratum, K = 2: 100 stopped at once; of 200 tried once 50 are reached, of the rest half are tried again. By hand."""
    tries = np.r_[np.zeros(100), np.ones(50), np.ones(75), np.full(75, 2)].astype(np.int64)
    stopped = np.r_[np.zeros(100), np.full(50, -1), np.ones(75), np.full(75, -1)].astype(np.int64)
    reached = np.r_[np.zeros(100), np.ones(50), np.zeros(75), np.r_[np.ones(25), np.zeros(50)]].astype(bool)
    became = np.r_[np.zeros(100), np.r_[np.ones(20), np.zeros(30)], np.zeros(75), np.r_[np.ones(10), np.zeros(65)]].astype(bool)
    is_in = np.arange(300) < 100
    told = tried_on(Tries(tries, stopped, reached, np.zeros(300, bool)), np.zeros(300, np.int64), is_in, became, 2)
    assert told.found.expected.value == pytest.approx(50 / 200 * 20 / 50 + 150 / 200 * 10 / 75)
    assert told.found.gained.value == pytest.approx(100 * 0.2) and told.found.n == 100
    assert told.found.expected.n < 125  # those tried twice count double


def test_so_many_more_and_what_share_goes_on() -> None:
    told = onward(Estimate(20, 10, 30), share_of(100, 200))
    assert told.value == 10 and told.low == pytest.approx(10 - np.hypot(5, 20 * (0.5 - share_of(100, 200).low))) and told.low < 5 < 15 < told.high
    down = onward(Estimate(-20, -30, -10), share_of(100, 200))
    assert (down.value, down.low, down.high) == pytest.approx((-told.value, -told.high, -told.low))


def test_tries_of_the_sample_are_those_of_a_loop(sample_file: Path) -> None:
    """What the query tells of each pass, from its attempts in Python."""
    history = History(sample_file)
    told = metrics.run(history, "leaks/tries").to_dicts()
    attempts: dict[int, list[int]] = {}
    rows = history.query("select episode_no, epoch_us(attempted_at) as us from attempts where is_before_contact order by episode_no, attempt_no")
    for episode, us in rows.iter_rows():
        attempts.setdefault(episode, []).append(us)
    facts = history.query(
        "select episode_no, epoch_us(start_at) as start, epoch_us(released_at) as released, epoch_us(watch_ends_at) as ends, "
        "contact_attempt as reached from follow_ups where pass_no = 1 and mql_at is not null order by episode_no"
    )
    assert len(told) == facts.height
    for row, fact in zip(told, facts.to_dicts(), strict=True):
        made = [us for us in attempts.get(row["episode_no"], []) if fact["released"] is None or us <= fact["released"]]
        moments = [fact["start"], *made]
        stopped = next((k for k in range(len(made)) if moments[k + 1] - moments[k] > 14 * DAY), None)
        is_reached = fact["reached"] == len(made)
        quiet = (fact["released"] or fact["ends"]) - moments[-1] > 14 * DAY
        if stopped is None and quiet and not is_reached:
            stopped = len(made)
        assert (row["tries"], row["stopped_after"], row["is_reached"]) == (len(made), stopped, is_reached)
        assert row["is_cut"] == (stopped is None and not quiet and fact["released"] is None)


def _sentence(parts: list) -> str:
    return "".join(part if isinstance(part, str) else part.text for part in parts)


def _loss(words: object, lost: float) -> object:
    leak = Leak(1, (0,), (1,), 500, 100, 0.4, 0.2, 0.1, 0.3, 900.0, True, lost, lost, 0.001)
    return words.Loss(leak, Worth((0.5, 0.5, 0.5, 0.5), None))


def test_a_gain_above_the_loss_says_why_in_the_same_sentence() -> None:
    from plumbline.ui.leaks import plugged as words

    rng = np.random.default_rng(5)
    treated = np.arange(3000) % 3 > 0
    good = rng.random(3000) < np.where(treated, 0.6, 0.1)
    told = words.Told(like_peers(np.zeros(3000, np.int64), ~treated, good), [])
    assert round(told.plugged.found.gained.high) > 400
    said = _sentence(words._of_peers(told, 2, (0, 0), _loss(words, 400.0)))
    assert (
        said.count(".") == 1 and "that may be more than the 200 SQLs it lost, as the loss is against its own past" in said
    )  # of 400 SALs half go on
    assert "may be more than" not in _sentence(words._of_peers(told, 2, (0, 0), _loss(words, 2_000.0)))


def test_what_is_said_says_who_is_alike_and_that_it_is_no_promise() -> None:
    from plumbline.ui.leaks import plugged as words  # not in the processes of the worlds

    rng = np.random.default_rng(4)
    n = 4000
    stratum = rng.integers(0, 2, n)
    treated = rng.random(n) < np.where(stratum == 1, 0.8, 0.2)
    good = rng.random(n) < np.where(stratum == 1, 0.5, 0.1)
    told = like_peers(stratum, ~treated, good)
    assert told.is_confounded and not told.found.excludes_zero
    loss = _loss(words, 1_000.0)
    sentence = _sentence(words._of_peers(words.Told(told, ["source"]), 1, (50, 100), loss))
    assert "no gain in SQLs beyond chance" in sentence and "like the others, of the same source" in sentence
    assert "much of the plain difference is which leads these are" in words.caution([told]) and "no" not in words._covered(5, 5)
    assert "To explain" not in words.caution([told])
    strong = like_peers(stratum, ~treated, treated & (rng.random(n) < 0.6))
    assert words.caution([strong]).endswith(" times as often with the treatment and with converting.")
    nobody = like_peers(stratum, np.ones(n, bool), good)
    sentence = _sentence(words._of_peers(words.Told(nobody, []), 2, (0, 0), loss))
    assert sentence == "Qualified like their peers: it cannot be learnt what that would bring; too few leads like these 4,000 were."
