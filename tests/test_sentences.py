"""Every sentence of every screen, on histories that lack something: none says what is not recorded.

To read them all: python -m scripts.sentences NAME (the names: --list); they are written to out/sentences/NAME.txt, the false ones first.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests import histories_derived
from tests.figures import measured
from tests.sentences import judge, views, walk
from tests.sentences.reading import Sentence, of_html

ROOT = Path(__file__).resolve().parents[1]
QUICK = ("no_touches", "no_assignments", "no_sal", "one_instant", *histories_derived.SMALL)
MISSING = {
    "sample": set(),
    "no_touches": {"touches", "contacts", "meetings"},
    "no_assignments": {"owners"},
    "no_exits": {"exits", "rejected", "recycled", "lost"},
    "no_sal": {"sal"},
    "no_sql": {"sql"},
    "days_only": {"days"},
    "one_instant": {"one_instant", "year_before"},
    "owners_of_won": {"owners_of_won"},
    "status_today": {"outcome_attribute"},
    "half_without_touches": {"touches_late"},
    "strangers_touches": {"touches", "contacts", "meetings", "strangers"},
}


@cache
def tables() -> histories_derived.Tables:
    return histories_derived.sample()


def read(name: str, place: Path, chosen: list[views.View], follow: int = 0) -> None:
    """Opens the views of the history of that name, and holds every sentence against what is recorded."""
    file = histories_derived.build(name, place, None if name in histories_derived.REAL else tables())
    lacking = judge.missing(file)
    assert MISSING.get(name, lacking) == lacking
    results = list(walk.opened(file, place, chosen, follow))
    found = judge.faults(lacking, results)
    measured(f"sentences: {name}: {len(results)} views, {sum(len(one.sentences) for one in results)} sentences, {len(found)} false")
    assert not found, "\n" + "\n".join(map(str, found))


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The walk sets both; they are put back here."""
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(tmp_path / "none.duckdb"))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))


@pytest.mark.parametrize("name", QUICK)
def test_no_screen_says_what_is_not_recorded(name: str, tmp_path: Path) -> None:
    read(name, tmp_path, views.base())


def test_closer_looks_name_the_stage_that_is_recorded(tmp_path: Path) -> None:
    read("no_sql", tmp_path, [one for one in views.every() if "persisted" in one.address or "lab.look" in one.session or "behind" in one.address])


def test_leaks_tell_no_time_where_all_stands_at_one_instant(tmp_path: Path) -> None:
    read("one_instant", tmp_path, [one for one in views.every() if one.screen in ("leaks", "accounts")], 2)


def test_accounts_say_why_they_miss_touches(tmp_path: Path) -> None:
    read("strangers_touches", tmp_path, [one for one in views.base() if one.screen == "accounts"])


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", histories_derived.names())
def test_no_view_says_what_is_not_recorded(name: str, tmp_path: Path) -> None:
    read(name, tmp_path, views.every(), 40)


# The harness itself


def test_every_name_in_the_address_is_walked() -> None:
    files = [path for folder in ("pages", "plumbline/ui") for path in sorted((ROOT / folder).rglob("*.py"))]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    bound = set(re.findall(r'key="([a-z_]+)", bind="query-params"', code))
    read_ = set(re.findall(r'address\.(?:number|tell)\("([a-z_]+)"', code))
    read_ |= set(re.findall(r'query_params(?:\.get|\.get_all)?[\[(]"([a-z_]+)"', code)) | set(
        re.findall(r'address\.(?:number|tell)\("([a-z_]+)"', code)
    )
    assert len(bound) > 20
    assert bound | read_ <= views.KNOWN | set(views.NO_VIEW)


def test_a_page_is_read_as_a_person_reads_it() -> None:
    sentences, links = of_html(
        '<h1 class="pl-headline">Of <strong><bdi>12</bdi></strong> leads <a href="leads?stage=mql">3</a> &amp; more</h1>'
        '<div class="pl-strip"><div role="list"><div class="pl-figure" role="listitem" title="why"><div>Label</div><div>4</div></div></div></div>'
        "<style>.x { display: none }</style>"
    )
    assert sentences == [Sentence("headline", "Of 12 leads 3 & more"), Sentence("strip", "Label 4 {why}")]
    assert links == ["leads?stage=mql"]


@pytest.mark.parametrize(
    ("missing", "text", "is_false"),
    [
        ("touches", "8 leads were never tried", True),
        ("touches", "Whose side 3 follow-up", True),
        ("touches", "None of 12 leads has an attempt on record", False),
        ("owners", "5,679 leads never given to a rep", True),
        ("owners", "No assignment is on record: who has a lead cannot be told", False),
        ("sal", "17 % of 60 leads were accepted", True),
        ("sal", "17 % of 60 leads were won", False),
        ("exits", "0 sent back", True),
        ("exits", "10 sent back", False),
        ("one_instant", "8 a week, before 11", True),
        ("days", "Half are tried within 5 min", True),
        ("days", "Half are tried within 5 days", False),
        ("year_before", "54 % (60 % in the year before)", True),
    ],
)
def test_a_false_sentence_is_found(missing: str, text: str, is_false: bool) -> None:
    result = walk.Opened(views.View("funnel"), (Sentence("headline", text),))
    assert any(fault.rule == missing for fault in judge.faults(frozenset({missing}), [result])) == is_false


def test_what_must_be_said_is_missed() -> None:
    said, silent = (
        walk.Opened(views.View("funnel"), (Sentence("headline", "x"), Sentence("strip", text))) for text in ("SAL is not recorded", "A headline")
    )
    assert not judge.faults(frozenset({"sal"}), [said])
    assert [fault.rule for fault in judge.faults(frozenset({"sal"}), [silent])] == ["unsaid"]


@pytest.mark.parametrize(("text", "is_false"), [("13 of 12 leads", True), ("12 of 13 leads", False), ("9 entered MQL = 4 went on + 4 lost.", True)])
def test_a_part_is_never_larger_than_the_whole(text: str, is_false: bool) -> None:
    result = walk.Opened(views.View("funnel"), (Sentence("title", text),))
    assert bool(judge.faults(frozenset(), [result])) == is_false


def test_a_blank_view_and_an_exception_are_faults() -> None:
    blank = walk.Opened(views.View("funnel"), (Sentence("control", "Source"),))
    failed = walk.Opened(views.View("leaks"), (Sentence("headline", "x"), Sentence("exception", "KeyError: 'x'")))
    assert [fault.rule for fault in judge.faults(frozenset(), [blank, failed])] == ["blank", "exception"]
