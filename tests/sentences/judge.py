"""Which sentences are false: each held against what the history records, counted anew from its canonical tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from plumbline.history.connection import History
from tests.sentences.reading import Sentence
from tests.sentences.rules import ALLOWED, REQUIRED, RULES, SHOWN
from tests.sentences.walk import Opened

_STAGES = ("mql", "sal", "sql", "opportunity", "won")
_TOO_FEW = 10  # passes under which nobody can say whether a stage is not recorded or was not reached
_A_YEAR = 400  # days; a history shorter than this has no year before


@dataclass(frozen=True)
class Fault:
    """A sentence that says what cannot be known. `rule`: the key of what is missing, or exception, blank, sum."""

    rule: str
    view: str
    sentence: Sentence
    match: str

    @property
    def screen(self) -> str:
        return self.view.split(" · ")[0]

    def __str__(self) -> str:
        return f"[{self.rule}: {self.match}] {self.view} | {self.sentence.kind}: {self.sentence.text[:400]}"


def missing(file: Path) -> frozenset[str]:
    """What the history at `file` does not record: touches, contacts, owners, sal, rejected ...; one_instant, days: of its times."""
    history = History(file)
    try:
        return frozenset(_missing(history))
    finally:
        history.close()


def _missing(history: History) -> Iterable[str]:
    def n(query: str) -> int:
        return history.query(f"select count(*) as n from {query}")["n"][0]

    there = "history.canonical.{} as t where t.subject_no is not null"
    for table, name in (("touches", "touches"), ("assignments", "owners"), ("activities", "acts")):
        if not n(there.format(table)):
            yield name
    if not n(there.format("touches") + " and outcome::varchar in ('connected', 'replied', 'held')"):
        yield "contacts"
    if not n(there.format("touches") + " and outcome::varchar in ('booked', 'held', 'no_show', 'rescheduled', 'cancelled')"):
        yield "meetings"
    if not n("history.canonical.spend"):
        yield "spend"
    stages = set(history.query("select distinct stage::varchar as s from history.canonical.stage_changes as t where t.subject_no is not null")["s"])
    passes = n("episodes")
    yield from (stage for stage in _STAGES if stage not in stages and (passes or n("leads")) >= _TOO_FEW)
    ways = {"rejected": {"rejected"}, "recycled": {"recycled"}, "lost": {"lost", "disqualified"}}
    yield from (way for way, names in ways.items() if not names & stages)
    if not stages & set().union(*ways.values()):
        yield "exits"
    yield from _partly(history)
    times = history.query("select opened_at from episodes")["opened_at"]
    if len(times) > 1 and times.n_unique() == 1:
        yield "one_instant"
    elif len(times) > 1:
        clock = history.query("select count(distinct opened_at::time) as n from episodes")["n"][0]
        if clock == 1:
            yield "days"
    if not len(times) or (history.about.data_through - times.min()).days < _A_YEAR:
        yield "year_before"


def _partly(history: History) -> Iterable[str]:
    """What is recorded of some leads alone, or of leads that are not there; attributes of today that say how a lead ended."""
    owned = history.query(
        "select count(*) as n, count(*) filter (where leads.stands_at = 'won') as won, (select count(*) from leads where passes > 0) as passes"
        " from (select distinct subject_no from history.canonical.assignments where subject_no is not null) as t"
        " inner join leads on leads.lead_no = t.subject_no"
    ).row(0, named=True)
    if owned["n"] and owned["won"] >= 0.95 * owned["n"] and owned["passes"] > 2 * owned["n"]:
        yield "owners_of_won"
    touched = history.query(
        "select min(occurred_at) filter (where subject_no is not null) as first, count(*) filter (where subject_no is null) as strangers,"
        " count(*) as n, (select min(opened_at) from episodes) as opened from history.canonical.touches"
    ).row(0, named=True)
    if touched["first"] and touched["opened"] and (touched["first"] - touched["opened"]).days > 60:
        yield "touches_late"
    if touched["n"] and touched["strangers"] == touched["n"]:
        yield "strangers"
    if any(name.endswith("_today") for name in history.fields):
        yield "outcome_attribute"


def faults(lacking: frozenset[str], results: Iterable[Opened]) -> list[Fault]:
    """Every false sentence; each once per screen."""
    found: list[Fault] = []
    before: set[tuple[str, str, str]] = set()
    results = list(results)
    for thing, screen, pattern in ((name, *one) for name in sorted(lacking) for one in REQUIRED.get(name, ())):
        here = [one for one in results if one.view.name.startswith(screen)]
        if not any(sentence.kind == "strip" for one in here for sentence in one.sentences) and thing in ("exits", "sal"):
            continue  # no lead to say it of
        if here and not any(re.search(pattern, sentence.text, re.IGNORECASE) for one in here for sentence in one.sentences):
            found.append(Fault("unsaid", here[0].view.name, Sentence("note", f"nothing on the screen says: {pattern}"), thing))
    for result in results:
        view = result.view.name
        told = [*(_of(result, lacking)), *([Fault("blank", view, Sentence("blank", "nothing that answers"), "")] if result.is_blank else [])]
        for fault in told:
            key = (fault.rule, fault.screen, re.sub(r"[\d,.]+", "#", fault.sentence.text))
            if key not in before or fault.rule == "blank":
                found.append(fault)
            before.add(key)
    return found


def _of(result: Opened, lacking: frozenset[str]) -> Iterable[Fault]:
    for sentence in result.sentences:
        if sentence.kind == "exception":
            yield Fault("exception", result.view.name, sentence, "")
        elif sentence.kind in SHOWN:
            for key in sorted(lacking & set(RULES)):
                if match := _false(key, sentence.text):
                    yield Fault(key, result.view.name, sentence, match)
            if match := _wrong_sum(sentence.text):
                yield Fault("sum", result.view.name, sentence, match)


def _false(key: str, text: str) -> str:
    """The words that break the rules of what is missing; empty where none do, or the sentence around them says that it is not known."""
    for part in re.split(r"(?<=[.;:])\s+|(?<=\S)\s+\{|\}\s*", text):
        if key in _STAGES and not re.search(r"\d|%", part):
            continue  # the name of a stage alone says nothing of it
        if any(re.search(allowed, part, re.IGNORECASE) for allowed, _ in (*ALLOWED["all"], *ALLOWED.get(key, ()))):
            continue
        for pattern in RULES[key]:
            if match := re.search(pattern, part, re.IGNORECASE):
                return match.group(0)
    return ""


_COUNT = r"\d{1,3}(?:,\d{3})+|\d+"
_OF = re.compile(rf"(?<![\d.,→$€£-])(?<![A-Z]{{3}} )({_COUNT}) of (?:the |these |all )?({_COUNT})(?![\d,]*\d|\.\d|\s*%)")


def _wrong_sum(text: str) -> str:
    """'13 of 12', or an equation that does not add up: '732 entered MQL = 384 went on + ...'."""
    for match in _OF.finditer(text):
        part, whole = (int(one.replace(",", "")) for one in match.groups())
        if part > whole:
            return match.group(0)
    if match := re.match(r"([\d,]+) entered \w+ = (.*)\.$", text):
        parts = [int(one.replace(",", "")) for one in re.findall(r"(?:^|\+ )([\d,]+)", match.group(2))]
        if sum(parts) != int(match.group(1).replace(",", "")):
            return text
    return ""
