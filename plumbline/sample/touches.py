"""The rows of touches: attempts, replies, follow-ups, meetings, automated emails, and a few meetings in the future."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from plumbline.history.schema import CHANNELS, OUTCOMES
from plumbline.sample import plan
from plumbline.sample.draw import pick, stream
from plumbline.sample.funnel import OPEN, Passes
from plumbline.sample.hours import Hours
from plumbline.sample.people import People
from plumbline.sample.plan import DATA_THROUGH, DAY, HOUR

CALL, EMAIL, MEETING = (CHANNELS.index(name) for name in ("call", "email", "meeting"))
_OUTCOME = {name: code for code, name in enumerate(OUTCOMES)}
_ATTEMPT_CHANNELS = (0.48, 0.38, 0.0, 0.08, 0.04, 0.02)
FUTURE_MEETINGS = 40


class TouchRows(NamedTuple):
    """One place per row. `channel` in CHANNELS, `outcome` in OUTCOMES or -1, `rep` -1: no person."""

    lead: np.ndarray
    rep: np.ndarray
    channel: np.ndarray
    at: np.ndarray
    outcome: np.ndarray
    inbound: np.ndarray
    automated: np.ndarray


def _rows(lead: np.ndarray, rep: np.ndarray, channel: np.ndarray | int, at: np.ndarray, outcome: np.ndarray | int = -1,
          inbound: bool = False, automated: bool = False) -> TouchRows:  # fmt: skip
    n = len(lead)
    full = [np.broadcast_to(np.asarray(value), (n,)) for value in (lead, rep, channel, at, outcome, inbound, automated)]
    return TouchRows(*full)


def join(parts: list[TouchRows]) -> TouchRows:
    return TouchRows(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _talk(channel: np.ndarray, reached: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Outcome of an outbound touch by channel."""
    u = rng.random(len(channel))
    by_voice = (channel == CALL) | (channel == len(CHANNELS) - 1)
    vain_call = np.where(u < 0.62, _OUTCOME["no_answer"], _OUTCOME["voicemail"])
    vain_mail = np.where((u < 0.06) & (channel == EMAIL), _OUTCOME["bounced"], -1)
    return np.where(reached, np.where(by_voice, _OUTCOME["connected"], _OUTCOME["replied"]), np.where(by_voice, vain_call, vain_mail))


def _attempts(passes: Passes, rng: np.random.Generator) -> list[TouchRows]:
    pursuit = passes.pursuit
    episode = pursuit.attempt_episode
    channel = pick(rng, _ATTEMPT_CHANNELS, len(episode))
    outbound = _rows(passes.lead[episode], passes.rep[episode], channel, pursuit.attempt_at, _talk(channel, pursuit.attempt_reached, rng))
    answered = np.flatnonzero((pursuit.contact_at >= 0) & (rng.random(len(passes)) < 0.3))
    at = pursuit.contact_at[answered] + rng.integers(300, 12_000, len(answered))
    inbound = _rows(passes.lead[answered], passes.rep[answered], EMAIL, at, _OUTCOME["replied"], inbound=True)
    return [outbound, inbound]


def _automated(passes: Passes, rng: np.random.Generator) -> list[TouchRows]:
    parts = []
    for chance, after, spread in ((0.85, 90, 400), (0.55, 2 * DAY, HOUR), (0.35, 6 * DAY, HOUR)):
        place = np.flatnonzero(rng.random(len(passes)) < chance)
        outcome = np.where(rng.random(len(place)) < 0.03, _OUTCOME["bounced"], -1)
        at = passes.mql_at[place] + after + rng.integers(0, spread, len(place))
        parts.append(_rows(passes.lead[place], np.int64(-1), EMAIL, at, outcome, automated=True))
    return parts


def _after_acceptance(people: People, passes: Passes, hours: Hours, rng: np.random.Generator) -> list[TouchRows]:
    place = np.flatnonzero((passes.sal_at >= 0) & (passes.pursuit.assigned_at >= 0))
    lead, rep, sal_at = passes.lead[place], passes.rep[place], passes.sal_at[place]
    team = people.team[lead]
    is_sql = passes.sql_at[place] >= 0
    leaked = np.isin(passes.leak[place], [number for number, leak in enumerate(plan.LEAKS) if leak.leak_class == "no_show"])
    exits = np.where(passes.exit_at[place] >= 0, passes.exit_at[place], DATA_THROUGH)
    end = np.where(is_sql, passes.sql_at[place], np.minimum(exits, sal_at + 30 * DAY))
    silent = ~is_sql & ~leaked & (rng.random(len(place)) < 0.18)

    def part(chosen: np.ndarray, share: np.ndarray | float, channel: np.ndarray | int, outcome: np.ndarray | int) -> TouchRows:
        at = sal_at + 600 + ((end - sal_at - 900) * share).astype(np.int64)
        at = np.minimum(hours.forward(at, team, rng, 0.95), np.maximum(end, sal_at + 660))
        full = _rows(lead, rep, channel, at, outcome)
        return TouchRows(*(column[chosen] for column in full))

    parts = []
    for chance in (0.75, 0.45, 0.25):
        channel = pick(rng, _ATTEMPT_CHANNELS, len(place))
        chosen = ~silent & ~(leaked & (chance < 0.5)) & (rng.random(len(place)) < chance)
        parts.append(part(chosen, rng.random(len(place)) ** 1.3 * 0.55, channel, _talk(channel, rng.random(len(place)) < 0.4, rng)))
    meets = leaked | (~silent & (rng.random(len(place)) < np.where(is_sql, 0.85, 0.5)))
    parts.append(part(meets, 0.10 + 0.1 * rng.random(len(place)), MEETING, _OUTCOME["booked"]))
    u = rng.random(len(place))
    missed_first = meets & ~leaked & (u < 0.16)
    parts.append(part(missed_first, 0.45, MEETING, _OUTCOME["no_show"]))
    parts.append(part(missed_first, 0.55, MEETING, _OUTCOME["rescheduled"]))
    last = np.where(is_sql | (u < 0.16) | (u < 0.60), _OUTCOME["held"], np.where(u < 0.85, _OUTCOME["no_show"], _OUTCOME["cancelled"]))
    parts.append(part(meets, 0.82, MEETING, np.where(leaked, _OUTCOME["no_show"], last)))
    return parts


def _after_sql(passes: Passes, rng: np.random.Generator) -> list[TouchRows]:
    place = np.flatnonzero(passes.sql_at >= 0)
    start = passes.sql_at[place]
    end = np.where(passes.won_at[place] >= 0, passes.won_at[place], np.where(passes.exit_at[place] >= 0, passes.exit_at[place], DATA_THROUGH))
    parts = []
    for chance in (0.8, 0.5, 0.3):
        chosen = rng.random(len(place)) < chance
        at = start + (rng.random(len(place)) * np.minimum(end - start, 60 * DAY)).astype(np.int64)
        channel = pick(rng, (0.35, 0.40, 0.25), len(place))
        outcome = np.where(channel == MEETING, _OUTCOME["held"], _talk(channel, rng.random(len(place)) < 0.5, rng))
        parts.append(_rows(passes.lead[place][chosen], passes.rep[place][chosen], channel[chosen], at[chosen], outcome[chosen]))
    return parts


def pass_touches(people: People, passes: Passes, hours: Hours, rng: np.random.Generator) -> TouchRows:
    """All touches of one pass up to the end of the data."""
    parts = _attempts(passes, rng) + _automated(passes, rng) + _after_acceptance(people, passes, hours, rng) + _after_sql(passes, rng)
    rows = join(parts)
    keep = rows.at <= DATA_THROUGH
    return TouchRows(*(column[keep] for column in rows))


def other_touches(people: People, first: Passes, leads: int, seed: int) -> TouchRows:
    """Nurture emails to everybody, and a handful of meetings booked for after the end of the data."""
    rng = stream(leads, seed, "nurture")
    lead = np.repeat(np.arange(len(people)), rng.poisson(1.7, len(people)))
    at = people.created[lead] + 3 * DAY + (rng.standard_exponential(len(lead)) * 40 * DAY).astype(np.int64)
    at += 9 * HOUR - at % DAY + rng.integers(0, 1800, len(lead))
    keep = (at <= DATA_THROUGH) & (at > people.created[lead])
    nurture = _rows(lead[keep], np.int64(-1), EMAIL, at[keep], automated=True)

    waiting = np.flatnonzero((first.sal_at >= 0) & (first.sql_at < 0) & (first.exit_kind == OPEN) & (first.pursuit.assigned_at >= 0))
    chosen = waiting[-min(FUTURE_MEETINGS, 1 + len(people) // 300) :]
    ahead = DATA_THROUGH + rng.integers(2, 14, len(chosen)) * DAY + rng.integers(-8, 2, len(chosen)) * HOUR
    return join([nurture, _rows(first.lead[chosen], first.rep[chosen], MEETING, ahead, _OUTCOME["booked"])])
