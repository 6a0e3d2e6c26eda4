"""What a definition would have done (docs/definitions.md, "The simulation"): lead by lead, day by day.

Instants come from replay.py, first episodes from episodes.py. A lead's side is the day of the organisation's zone on which it passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from .episodes import Episode, effective_time, episodes
from .funnel import local_date
from .history import History
from .replay import TOLERANCE, decision_instants, qualifies, score, subjects
from .volume import by_week, days_of, load, mondays, quota_of_day, rep_of

DAY = timedelta(days=1)
SIDES = {"baseline": "before", "definition": "draft"}


@dataclass
class Question:
    """`since`, `until` (exclusive): days of the organisation's zone. `baseline` None: what happened."""

    definition: dict
    baseline: dict | None
    since: date
    until: date
    quota: float | None = None
    capacity: float | None = None
    mql_days: int = 14
    sal_days: int = 45


@dataclass
class Case:
    """One lead: when it was created, when each side passes it before `until` (None: never), and its first episode."""

    lead_id: str
    created_at: datetime
    before: datetime | None
    draft: datetime | None
    episode: Episode | None


# Instants


def passing(history: History, definition: dict, thresholds: list[float]) -> dict[float, dict[str, datetime]]:
    """For each threshold the first instant of each lead that passes: the instants are walked once, a threshold is asked at each."""
    gates = {name: part for name, part in definition.items() if name != "score"}
    found: dict[float, dict[str, datetime]] = {threshold: {} for threshold in thresholds}
    for subject in subjects(history):
        reached = [
            (t, score(subject, definition["score"], t) if definition.get("score") else None)
            for t in decision_instants(subject)
            if t <= history.data_through and qualifies(subject, gates, t)
        ]
        for threshold in thresholds:
            times = [t for t, points in reached if points is None or points >= threshold - TOLERANCE]
            if times:
                found[threshold][subject.lead.lead_id] = times[0]
    return found


def peaks(history: History, definition: dict, thresholds: list[float], asked: Question) -> dict[str, int]:
    """How many of the thresholds each lead that was offered had reached by its hand-over, while the rest held; no instant from `until` on."""
    gates = {name: part for name, part in definition.items() if name != "score"}
    opened = first_episodes(history)
    found = {}
    for subject in subjects(history):
        if subject.lead.lead_id not in opened:
            continue
        last = min(opened[subject.lead.lead_id].opened_at, history.data_through)
        instants = [t for t in decision_instants(subject) if t <= last and is_before(t, history, asked.until) and qualifies(subject, gates, t)]
        highest = max((score(subject, definition["score"], t) for t in instants), default=float("-inf"))
        found[subject.lead.lead_id] = sum(highest >= threshold - TOLERANCE for threshold in thresholds)
    return found


def own_threshold(definition: dict) -> float:
    return float(definition["score"]["threshold"]) if definition.get("score") else 0.0


def first_episodes(history: History) -> dict[str, Episode]:
    """ "first" = the lead's first episode ever." """
    return {episode.lead_id: episode for episode in episodes(history) if episode.number == 1}


def is_before(t: datetime | None, history: History, day: date) -> bool:
    return t is not None and local_date(t, history.time_zone) < day


def is_inside(t: datetime | None, history: History, asked: Question) -> bool:
    """ "in [since, until)" """
    return t is not None and asked.since <= local_date(t, history.time_zone) < asked.until


def cases(history: History, asked: Question, draft: dict[str, datetime]) -> list[Case]:
    """ "Both sides: the instant a lead first qualifies, up to `until`." """
    opened = first_episodes(history)
    if asked.baseline is None:
        before = {lead_id: episode.opened_at for lead_id, episode in opened.items()}
    else:
        threshold = own_threshold(asked.baseline)
        before = passing(history, asked.baseline, [threshold])[threshold]
    found = []
    for subject in subjects(history):
        lead_id = subject.lead.lead_id
        sides = [side.get(lead_id) for side in (before, draft)]
        sides = [t if is_before(t, history, asked.until) else None for t in sides]
        found.append(Case(lead_id, subject.lead.created_at, sides[0], sides[1], opened.get(lead_id)))
    return found


# Outcomes


def reached(episode: Episode | None, stage: str) -> datetime | None:
    return None if episode is None else effective_time(episode, stage)


def is_old_enough(case: Case, history: History, days: int) -> bool:
    """ "whose episode is at least 14 days old" (59 for SQL)"""
    return case.episode is not None and history.data_through - reached(case.episode, "mql") >= days * DAY


def is_in_time(case: Case, stage: str, days: int) -> bool:
    at = reached(case.episode, stage)
    return at is not None and at - reached(case.episode, "mql") <= days * DAY


def was_decided_before(case: Case, instant: datetime | None) -> bool:
    """ "accepted, rejected or gone before the instant at which the draft would hand it over": a stage above mql tells that sales took it on."""
    if instant is None or case.episode is None:
        return False
    taken_on = [at for stage, at in case.episode.observed.items() if stage not in ("inquiry", "mql")]
    gone = [] if case.episode.closed_at is None else [case.episode.closed_at]
    return any(at < instant for at in taken_on + gone)


def undecided(members: list[Case], side: str) -> list[Case]:
    """Those that count for a side ("before", "draft"): "nothing that came before a side's own instant counts for it" """
    return [case for case in members if not was_decided_before(case, getattr(case, side))]


def counts(everyone: list[Case], history: History, asked: Question, side: str) -> dict[str, int]:
    """ "each with n, accepted, rejected, sql, won, immature, no_outcome"; decided_before is "its own count" """
    members = undecided(everyone, side)
    return {
        "n": len(everyone),
        "decided_before": len(everyone) - len(members),
        "accepted": sum(reached(case.episode, "sal") is not None for case in members),
        "rejected": sum(
            case.episode is not None and case.episode.exit_stage == "rejected" and reached(case.episode, "sal") is None for case in members
        ),
        "sql": sum(reached(case.episode, "sql") is not None for case in members),
        "won": sum(reached(case.episode, "won") is not None for case in members),
        "immature": sum(case.episode is not None and not is_old_enough(case, history, asked.mql_days) for case in members),
        "no_outcome": sum(case.episode is None for case in members),
    }


def sets(all_cases: list[Case], history: History, asked: Question) -> dict[str, list[Case]]:
    """ "kept: both sides pass before `until`; newly_in: only the draft; newly_out: only the baseline; never: created before
    `until`, neither"; "A lead is in the period when either side's instant is in [since, until)."
    """
    found: dict[str, list[Case]] = {"kept": [], "newly_in": [], "newly_out": [], "never": []}
    for case in all_cases:
        if case.before is None and case.draft is None:
            if is_before(case.created_at, history, asked.until):
                found["never"].append(case)
        elif is_inside(case.before, history, asked) or is_inside(case.draft, history, asked):
            name = "newly_in" if case.before is None else "newly_out" if case.draft is None else "kept"
            found[name].append(case)
    return found


def quantile(values: list[float], share: float) -> float | None:
    """Linear between neighbours."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def shift(kept: list[Case]) -> dict[str, float | int | None]:
    days = [(case.draft - case.before) / DAY for case in kept]
    later, sooner = [d for d in days if d > 0], [-d for d in days if d < 0]
    assert not days or abs(median(days) - quantile(days, 0.5)) < 1e-9
    told: dict[str, float | int | None] = {"later": len(later), "sooner": len(sooner)}
    for name, values in (("shift_days", days), ("later_days", later), ("sooner_days", sooner)):
        told[f"{name}_median"], told[f"{name}_p90"] = quantile(values, 0.5), quantile(values, 0.9)
    return told


def swap_set(all_cases: list[Case], history: History, asked: Question) -> dict[str, dict]:
    found = sets(all_cases, history, asked)
    told: dict[str, dict] = {name: counts(members, history, asked, "before" if name == "newly_out" else "draft") for name, members in found.items()}
    told["kept"] |= shift(found["kept"])
    return told


def handed_over(all_cases: list[Case], history: History, asked: Question) -> dict[str, list[Case]]:
    return {
        "baseline": [case for case in all_cases if is_inside(case.before, history, asked)],
        "definition": [case for case in all_cases if is_inside(case.draft, history, asked)],
    }


def acceptance(members: list[Case], history: History, asked: Question, side: str) -> tuple[int, int]:
    """(k, n): "accepted within 14 days, of the leads ... whose episode is at least 14 days old" """
    judged = [case for case in undecided(members, side) if is_old_enough(case, history, asked.mql_days)]
    return sum(is_in_time(case, "sal", asked.mql_days) for case in judged), len(judged)


def sql_rate(members: list[Case], history: History, asked: Question, side: str) -> tuple[int, int]:
    """ "SQL within 59 days (both windows), of those at least 59 days old" """
    days = asked.mql_days + asked.sal_days
    judged = [case for case in undecided(members, side) if is_old_enough(case, history, days)]
    return sum(is_in_time(case, "sql", days) for case in judged), len(judged)


# Everything


def per_week(hands: dict[str, list[Case]], history: History, asked: Question) -> list[dict]:
    before = by_week([case.before for case in hands["baseline"]], history, asked)
    draft = by_week([case.draft for case in hands["definition"]], history, asked)
    told = []
    for start, n_before, n_draft in zip(mondays(asked), before, draft, strict=True):
        days = days_of(start, asked)
        quota = None if asked.quota is None else sum(quota_of_day(day, asked.quota) for day in days)
        told.append({"week": start, "baseline": n_before, "definition": n_draft, "quota": quota, "is_whole": len(days) == 7})
    return told


def reps_at_work(hands: list[Case], history: History) -> int:
    """Reps "who were handed leads in the period"; where none was, all who ever were handed a first episode."""
    second = {episode.lead_id: episode.opened_at for episode in episodes(history) if episode.number == 2}
    reps = {lead_id: rep_of(episode, second.get(lead_id), history) for lead_id, episode in first_episodes(history).items()}
    active = {reps[case.lead_id] for case in hands if case.episode is not None} - {None}
    return len(active or set(reps.values()) - {None})


def bounds(members: list[Case], k: int, n: int) -> dict[str, tuple[float, float]] | None:
    """The worst case: all that were never offered fail, or succeed."""
    unknown = sum(case.episode is None for case in members)
    return (k / (n + unknown), (k + unknown) / (n + unknown)) if n + unknown else None


def simulate(history: History, asked: Question, thresholds: list[float]) -> dict:
    """The figures of `plumbline simulate` that no drawing is part of; `sweep` has a row for each of `thresholds`."""
    own = own_threshold(asked.definition)
    draft = passing(history, asked.definition, [own, *thresholds])
    all_cases = cases(history, asked, draft[own])
    hands = handed_over(all_cases, history, asked)
    weekly = per_week(hands, history, asked)
    whole = [row["is_whole"] for row in weekly]
    reps = reps_at_work(hands["baseline"], history)
    told = {
        "population": sum(is_before(case.created_at, history, asked.until) for case in all_cases),
        "qualified": {name: len(members) for name, members in hands.items()},
        "per_week": weekly,
        "swap_set": swap_set(all_cases, history, asked),
        "acceptance": {name: acceptance(members, history, asked, SIDES[name]) for name, members in hands.items()},
        "sql_rate": {name: sql_rate(members, history, asked, SIDES[name]) for name, members in hands.items()},
        "decided_before": {name: len(members) - len(undecided(members, SIDES[name])) for name, members in hands.items()},
        "unknown": {name: sum(case.episode is None for case in members) for name, members in hands.items()},
        "reps": reps,
        "load": {name: load([row[name] for row in weekly], whole, reps, asked) for name in ("baseline", "definition")},
        "sweep": [],
    }
    told["worst"] = {name: bounds(hands["definition"], *told[name]["definition"]) for name in ("acceptance", "sql_rate")}
    for threshold in thresholds:
        told["sweep"].append({"threshold": threshold} | swept(history, asked, cases(history, asked, draft[threshold])))
    return told


def swept(history: History, asked: Question, all_cases: list[Case]) -> dict:
    """One threshold: a replay of its own, compared with the baseline as the draft is."""
    hands = handed_over(all_cases, history, asked)["definition"]
    found = sets(all_cases, history, asked)
    k, n = acceptance(hands, history, asked, "draft")
    sql_k, sql_n = sql_rate(hands, history, asked, "draft")
    told = counts(hands, history, asked, "draft")
    return {
        "qualified": len(hands),
        "kept": len(found["kept"]),
        "newly_in": len(found["newly_in"]),
        "newly_out": len(found["newly_out"]),
        "judged": n,
        "is_accepted": k,
        "sql_judged": sql_n,
        "is_sql": sql_k,
        "sql": told["sql"],
        "no_outcome": told["no_outcome"],
        "immature": told["immature"],
        "decided_before": told["decided_before"],
        "acceptance": k / n if n else None,
        "sql_rate": sql_k / sql_n if sql_n else None,
        "per_week": len(hands) / len(mondays(asked)),
    }


def local_midnight(day: date, time_zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(time_zone)).astimezone(UTC).replace(tzinfo=None)
