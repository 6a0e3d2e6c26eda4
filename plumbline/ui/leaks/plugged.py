"""What if this leak were plugged: one sentence for each way, with its interval and its caution, or why nothing can be learnt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
import streamlit as st

from plumbline import wording
from plumbline.definition import Definition, to_yaml
from plumbline.leaks.plugged import NEVER_STOPPED, Plugged, Tries, became_sql, horizon, in_time, like_peers, onward, tried_on
from plumbline.leaks.ranked import Worth
from plumbline.leaks.ranking import Leak
from plumbline.simulation.fit_interest import stand
from plumbline.speed.waits import Waits
from plumbline.statistics import MINIMUM_N, Estimate
from plumbline.statistics.differences import e_value_of_limit, ratio, share_of
from plumbline.steps import ALL, Steps
from plumbline.ui import data, on_record, text
from plumbline.ui.lab import desk
from plumbline.ui.leaks.ground import Scene
from plumbline.ui.speed import ground as speed

_BANDS = ("size_band", "seniority")  # the first that is recorded, in place of fit where no definition is chosen
_HALF = 0.5
_LIKE = {1: ("Accepted", "SALs"), 2: ("Qualified", "SQLs"), 3: ("Taken on", "opportunities"), 4: ("Won", "won deals")}


@dataclass(frozen=True)
class Alike:
    """The period's mature entries of the leak's step: `episode` (n), `is_in` (n): of the leak, `good` (n): went on in time; `ways` to say who is like
    whom, the closest first: (names, codes (n))."""

    episode: np.ndarray
    is_in: np.ndarray
    good: np.ndarray
    ways: list[tuple[list[str], np.ndarray]]


@dataclass(frozen=True)
class Told:
    """One way of plugging: `plugged`, and `named`: what the leads have in common that it compares."""

    plugged: Plugged
    named: list[str]


@dataclass(frozen=True)
class Loss:
    """What the leak lost, to hold against what plugging it would bring."""

    leak: Leak
    worth: Worth

    def less_than(self, gained: Estimate, unit: str) -> str:
        """The reason why the gain may be more than the loss, in the sentence that tells it; '' where it is not."""
        lost = self.worth.of_leads(self.leak.step, self.leak.lost)[0] if unit == "SQLs" and self.leak.step == 1 else self.leak.lost
        if lost is None or round(gained.high) <= round(lost):
            return ""
        against = "its own past" if self.leak.is_own_past else "all other leads"
        return f"; that may be more than the {wording.count(lost)} {unit} it lost, as the loss is against {against}, and this against alike leads"


def show(scene: Scene, leak: Leak, fit: Definition | None) -> None:
    """The sentences. fit: the definition by which leads are alike. Nothing is asked before this is called."""
    text.chart_title(
        "What if this leak were plugged?",
        "Its leads, had they fared like alike leads that were treated so. Do not add them up. "
        + (
            "The loss above is against the segment's own past: where that was no better treated, this can come to more; where other leads fell too, "
            "to less."
            if leak.is_own_past
            else "The loss above is against all other leads, this against alike ones."
        ),
    )
    asked = repr((scene.filters, sorted(scene.parameters.items()), sorted(scene.promise.parameters.items()), scene.key(leak)))
    said, note = _said(data.content(), asked, to_yaml(fit) if fit else "", scene, leak, fit)
    for parts in said:
        text.paragraph(parts)
    text.note(note)


@st.cache_resource(max_entries=40, show_spinner=False)
def _said(snapshot: str, asked: str, told_fit: str, _scene: Scene, _leak: Leak, _fit: Definition | None) -> tuple[list[list[text.Part]], str]:
    """The sentences, and what they leave open. Kept: at a million leads they take a third of a second."""
    scene, leak = _scene, _leak
    alike = _alike(scene, leak, _fit)
    told = [_closest(alike, lambda stratum: like_peers(stratum, alike.is_in, alike.good))]
    loss = Loss(leak, scene.found.worth)
    said = [_of_peers(told[0], leak.step, _onward(scene, leak.step), loss, scene.steps)]
    ways = _ways_of_trying(scene) if leak.step == 1 else ()
    if ways:
        waits, place = _waits(scene, alike)
        after_sal = 0.0 if "sal" in scene.steps.implied else scene.within["sal_days"]  # else the days of MQL run through it
        ends, is_in = horizon(scene.within["mql_days"], after_sal), alike.is_in[place]
        tries, old = _tries(scene, waits, ends)
        became, most = became_sql(waits, ends)[old], scene.promise.attempts
        quick = _closest(alike, lambda stratum: in_time(waits, stratum[place], is_in, ends))
        more = _closest(alike, lambda stratum: tried_on(tries, stratum[place][old], is_in[old], became, most))
        unit = scene.steps.noun("sql")
        often = f"tried {wording.count(most)} times before anybody gives up"
        tried = {
            "quick": (quick, _of_sqls(quick, "tried within 30 minutes", "the ones called in time", loss, unit)),
            "more": (more, _of_sqls(more, often, "the ones that were tried on", loss, unit)),
        }
        told = [*(tried[way][0] for way in ways), *told]
        said = [*(tried[way][1] for way in ways), *said]
    return said, caution([one.plugged for one in told], bool(ways))


def _ways_of_trying(scene: Scene) -> tuple[str, ...]:
    """What can be asked of tries: nothing where none is recorded, or all stand on days or at one instant; how often only where it is known whom they
    reached."""
    if not on_record.has("attempts"):
        return ()
    quick = ("quick",) if {on_record.account().grain(thing) for thing in ("attempts", "stage:mql")} <= {"instant", None} else ()
    more = ("more",) if on_record.has("answers") and on_record.account().grain("attempts") != "one_instant" else ()
    return (*quick, *more)


def caution(told: list[Plugged], is_of_tries: bool = True) -> str:
    """What every one of these figures leaves open; how strong something unrecorded would have to be to explain the first away."""
    moved = [one for one in told if one.is_confounded and not one.found.is_too_few]
    mixed = ""
    if moved:
        crude, among = (wording.signed_points(one.value) for one in (moved[0].crude, moved[0].found.difference))
        mixed = (
            f"Without looking at who is alike it would be {crude}, among alike leads it is {among}: much of the plain "
            "difference is which leads these are. "
        )
    first = told[0].found
    hidden = ""
    if not first.is_too_few and first.difference is not None and first.difference.low > 0 and (times := ratio(first.expected, first.actual)):
        times_as = wording.decimal(e_value_of_limit(times))
        hidden = f" To explain the first figure away, it would have to go {times_as} times as often with the treatment and with converting."
    return (
        f"{mixed}An association, not a promise: "
        + ("reps call first, and try on with, those they expect most of, and whatever they see that is " if is_of_tries else "whatever is ")
        + f"not recorded is still in these figures.{hidden}"
    )


def _closest(alike: Alike, made: Callable[[np.ndarray], Plugged]) -> Told:
    """The closest likeness that says something of at least half of the leak's leads; by numbers of leads alone, never by how they fared."""
    first = None
    for named, stratum in alike.ways:
        told = Told(made(stratum), named)
        if told.plugged.found.coverage >= _HALF and not told.plugged.found.is_too_few:
            return told
        first = first or told
    return first


def _alike(scene: Scene, leak: Leak, fit: Definition | None) -> Alike:
    rows = scene.judged(leak)
    episode, good = rows["episode_no"].to_numpy(), (rows["kind"] == 0).to_numpy()
    cells = scene.found.cells
    is_in = cells.are_in(episode, leak.fields, leak.codes)

    def of(name: str) -> tuple[str, np.ndarray]:
        return name.replace("_", " "), cells.codes[episode, cells.fields.index(name)].astype(np.int64)

    sources = [of("source")] if "source" in cells.fields else []
    bands = [of(name) for name in _BANDS if name in cells.fields][:1]
    fits = [(f"fit by {fit.name or 'the draft'}", _fits(fit, episode))] if fit is not None else bands
    ways = [columns for columns in ([*sources, *fits], sources, fits) if columns]
    named = [([name for name, _ in columns], _codes([codes for _, codes in columns])) for columns in ways]
    return Alike(episode, is_in, good, named or [([], np.zeros(len(episode), np.int64))])


def _codes(columns: list[np.ndarray]) -> np.ndarray:
    """(n) one number for each combination of values that occurs, from 0 on."""
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        code = code * (int(column.max(initial=0)) + 1) + column
    return np.unique(code, return_inverse=True)[1]


def _fits(definition: Definition, episode: np.ndarray) -> np.ndarray:
    """(n) whether each lead fitted the definition when its pass opened, as known then."""
    facts = desk.stage().facts
    rows = data.screen("pass_openings", episode_nos=episode.tolist()).sort("episode_no")
    order = np.searchsorted(rows["episode_no"].to_numpy(), episode)
    lead, opened = (rows[name].to_numpy()[order] for name in ("lead_no", "opened_us"))
    return stand(definition, facts, np.searchsorted(facts.events.lead_no, lead), opened).fits.astype(np.int64)


def _waits(scene: Scene, alike: Alike) -> tuple[Waits, np.ndarray]:
    """The waits of those with an MQL of their own, and their places in `alike`."""
    waits = speed.waits(scene.filters)
    place = np.flatnonzero(np.isin(alike.episode, waits.episode))
    return waits.only(np.searchsorted(waits.episode, alike.episode[place])), place


def _tries(scene: Scene, waits: Waits, ends: int) -> tuple[Tries, np.ndarray]:
    """The tries of those old enough for an SQL to count, and which these are (n)."""
    rows = data.metric("leaks/tries", scene.filters)
    old = waits.through - waits.mql >= ends
    mine = np.searchsorted(rows["episode_no"].to_numpy(), waits.episode[old])
    columns = {name: rows[name].fill_null(NEVER_STOPPED) if name == "stopped_after" else rows[name] for name in rows.columns[1:]}
    return Tries(**{name: column.to_numpy()[mine] for name, column in columns.items()}), old


def _onward(scene: Scene, step: int) -> tuple[int, int]:
    """(how many of the next step's mature entries of the period became SQLs, of how many); (0, 0) past it."""
    if step != 1:
        return 0, 0
    kinds = scene.rows.filter((pl.col("stage_rank") == 2) & pl.col("is_now"))["kind"]
    return int((kinds == 0).sum()), kinds.len()


def _of_sqls(told: Told, treated: str, whom: str, loss: Loss, unit: str = "SQLs") -> list[text.Part]:
    """The sentence of a way whose outcome is the SQL."""
    found, named = told.plugged.found, text.Bold(wording.words(treated))
    if found.refusal == "nobody_untreated":
        return [named, ": all of them were, as far as they are old enough to tell."]
    if found.refusal or found.is_too_few:
        return _cannot(found.n, treated)
    return [
        named,
        f" ({wording.plural(found.n, 'lead')} of this leak {'was' if found.n == 1 else 'were'} not): ",
        *_gain(found.gained, unit, loss.worth, 2),
        f", if these leads are like {whom}{_same(told.named)}{loss.less_than(found.gained, unit)}.",
        _covered(found.covered, found.n),
    ]


def _of_peers(told: Told, step: int, after: tuple[int, int], loss: Loss, steps: Steps = ALL) -> list[text.Part]:
    """The sentence of going on like the others at the step."""
    found, unit = told.plugged.found, steps.reached(step)
    name = next(like for like, of in _LIKE.values() if of == unit)
    if found.refusal or found.is_too_few:
        return _cannot(found.n, f"{name.lower()} like their peers")
    if step == 1 and after[1] >= MINIMUM_N and "sal" not in steps.implied:
        gained = onward(found.gained, share_of(*after))
        gain, more = _gain(gained, steps.noun("sql"), loss.worth, 2), loss.less_than(gained, steps.noun("sql"))
        gain += [f", from {_span(found.gained)} more {unit}"] if found.gained.low > 0 else []
    else:
        gain, more = _gain(found.gained, unit, loss.worth, step), loss.less_than(found.gained, unit)
    return [
        text.Bold(f"{name} like alike leads outside the leak"),
        ": ",
        *gain,
        f", if these leads are like the others{_same(told.named)}{more}.",
        _covered(found.covered, found.n),
    ]


def _cannot(n: int, treated: str) -> list[text.Part]:
    few = f"too few leads like these {wording.count(n)} were" if n > 1 else "too few leads like these were"
    return [text.Bold(wording.words(treated)), f": it cannot be learnt what that would bring; {few}."]


def _gain(gained: Estimate, unit: str, worth: Worth, step: int) -> list[text.Part]:
    """'about 12 to 31 more SQLs, worth $60 k to $150 k'; a plain no where chance could do it."""
    if gained.low <= 0:
        most = "none more" if gained.high < 0.5 else f"{wording.count(gained.high)} more"
        least = f"{wording.count(-gained.low)} fewer" if gained.low <= -0.5 else "none"
        return [f"no gain in {unit} beyond chance (", text.Bold(f"between {least} and {most}"), ")"]
    low, high = (worth.of_leads(step, leads)[2] for leads in (gained.low, gained.high))
    money = ""
    if low is not None and high is not None:
        money = f", worth {' to '.join(wording.money(one, data.history().about.currency) for one in (low, high))}"
    return ["about ", text.Bold(f"{_span(gained)} more {unit}{money}")]


def _span(gained: Estimate) -> str:
    low, high = wording.count(max(gained.low, 0)) if gained.low >= 0.5 else "under 1", wording.count(gained.high)
    return low if low == high else f"{low} to {high}"


def _same(named: list[str]) -> str:
    """What is known to be alike: ', of the same source and size band'."""
    return f", of the same {wording.listing(named)}" if named else ", of whom nothing is recorded that would tell them apart"


def _covered(covered: int, n: int) -> str:
    return f" Learnt for {wording.count(covered)} of the {wording.count(n)}: for the others there is nobody alike." if covered < n else ""
