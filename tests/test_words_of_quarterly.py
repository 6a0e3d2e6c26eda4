"""Every sentence of the quarterly review, read aloud from values made by hand; and its minutes, which say the same and fetch nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from plumbline.agreement.diff_rules import Change
from plumbline.agreement.model import Agreement, Promise, Within
from plumbline.agreement.scorecard import Row
from plumbline.definition import Definition, FieldRule
from plumbline.meeting.quarter import (
    Advice,
    BarredBy,
    Barring,
    Cell,
    Draft,
    Foreseen,
    Foretold,
    Opinion,
    Quarter,
    Rejections,
    Reviewed,
    Said,
    Signed,
    VolumeWeek,
)  # fmt: skip
from plumbline.meeting.quarters import parse
from plumbline.meeting.record import Record
from plumbline.reports.quarterly_html import minutes
from plumbline.words import decided, foretold, quarter_parts
from plumbline.words import quarterly as words
from plumbline.words.parts import plain

HOSTILE = "<img src=http://elsewhere.example/x onerror=alert(1)>\u202e"
Q4 = parse("2026-Q4")
TOUCH = Promise("first_touch", Decimal("0.9"), Within(30, "m"), "working")
VOLUME = Promise("volume", leads=390)


def cells(*statuses: str, promise: Promise = TOUCH) -> tuple[Cell, ...]:
    met = {"met": 37, "missed": 20, "too_few": 3, "no_data": 0, "too_early": 4}
    told = []
    for week, status in zip(Q4.weeks, statuses, strict=False):
        n = {"too_few": 4, "no_data": 0}.get(status, 40)
        row = Row("sales", promise.kind, 0.9, met[status] / n if n else None, n, met[status], n - met[status], 0, 0, 36, 16, status)
        told.append(Cell(week.monday, row))
    return tuple(told)


def reviewed(advice: Advice, *statuses: str, **more: object) -> Reviewed:
    told = Reviewed(TOUCH, "sales", "First touch", "Sales tries a lead.", (), cells(*statuses), 400, 333, 360, 0.9, 0.79, 0.87, advice)
    return replace(told, **more)


VOLUME_KEPT = Reviewed(
    VOLUME, "marketing", "Qualified leads", "Marketing brings leads.", (), cells("met", "missed", promise=VOLUME), 57, 57, 61, 60.6, None, None,
    Advice("keep", "volume_mixed"),
)  # fmt: skip
FIGURES = (
    Foreseen("acceptance", 0.5, 0.47, 0.52, 0.42, 0.36, 0.48, 301, 0.41, 388, "below"),
    Foreseen("sql_rate", 0.27, 0.25, 0.3, 0.23, 0.18, 0.29, 236, 0.24, 314, "near"),
    Foreseen("volume", 41.4, 36.4, 46.4, 40.9, None, None, 12, 23.0, 12, "inside"),
    Foreseen("load", 1.5, 1.3, 1.7, 1.1, None, None, 12, 0.9, 12, "below"),
)
FORETOLD = Foretold(
    date(2026, 10, 5), date(2027, 1, 1), FIGURES, 388, 301, 218, 900, 2152, (0.29, 0.71), ("email", "company_name"),
    (date(2025, 9, 15), date(2026, 9, 13)), True, 2.0, 3, 12,
)  # fmt: skip
AGREEMENT = Agreement("Mid-size", date(2026, 10, 5), Definition("Mid-size", fit=(FieldRule("employees", "at_least", 50),)), (TOUCH, VOLUME))
OPINION = Opinion(2, 1, ((False, Said("Dana Reyes", "A date.")),), (("first_touch", (Said("Dana Reyes", "An hour."), Said("Mei", "Half."))),))
SIGNED = Signed(
    1, "Mid-size", AGREEMENT, date(2026, 10, 5), None, date(2027, 1, 5), {"marketing": "Ann", "sales": "Bob"}, (), 13, 0,
    (reviewed(Advice("keep", "mixed"), *["met", "missed"] * 6), VOLUME_KEPT), FORETOLD, OPINION,
)  # fmt: skip
BIGGER = Change("qualified.fit.employees", "changed", "50", "200", "employees: 50 → 200")
DRAFT = Draft(
    3, "Larger", date(2027, 1, 4), "simulated", 1, ((BIGGER, "12 leads fewer"),),
    15, {"period": "2025-09-15 to 2026-09-13", "qualified leads a week": "20.4"}, (), OPINION,
)  # fmt: skip
BARRING = Barring(
    3, "Larger", True, BarredBy("The whole definition", 57, 105, 59, "no better than chance"),
    (BarredBy("Employees is 200 or more", 56, 99, 54, "no better than chance"),),
)  # fmt: skip
QUARTER = Quarter(
    Q4, True, True, datetime(2027, 1, 14, 18, 0), "UTC", (SIGNED,), 13, 0,
    (VolumeWeek(date(2026, 10, 5), 29.5, 27, True), VolumeWeek(date(2026, 10, 12), 29.5, 33, True), VolumeWeek(date(2026, 10, 19), None, 30, True)),
    Rejections(94, 188, (("wrong_target", 31), ("unstated", 14)), (BARRING,)), (DRAFT,), (), date(2027, 4, 5),
)  # fmt: skip


def headline(quarter: Quarter) -> str:
    return plain(words.headline(quarter))


def with_promises(*promises: Reviewed, **more: object) -> Quarter:
    return replace(QUARTER, signed=(replace(SIGNED, promises=promises, **more),))


KEPT, BROKEN = reviewed(Advice("raise", "room", 0.95, 12), *["met"] * 12), reviewed(Advice("loosen", "broken", 0.5, 9), *["missed"] * 12)


def test_the_headline_of_each_state() -> None:
    assert headline(with_promises(KEPT, BROKEN)) == (
        "In Q4 2026, 1 of 2 promises was kept in nearly every week and 1 was broken in nearly every one; acceptance and the load of reps came"
        " otherwise than foretold"
    )
    assert headline(replace(with_promises(KEPT), is_over=False)).startswith(
        "In Q4 2026 so far, 1 of 1 promise was kept in nearly every week and none was broken in nearly every one"
    )
    few = reviewed(Advice("too_few", "weeks"), "met")
    assert headline(with_promises(few, weeks_over=3)) == (
        "Only 3 weeks of Q4 2026 are over under version 1: too early to say whether it did what it was signed for"
    )
    assert headline(with_promises(few, weeks_over=1)).startswith("Only 1 week of Q4 2026 is over")
    assert headline(with_promises(few, weeks_over=0)).startswith("No week of Q4 2026 is over")
    assert headline(with_promises(few)) == "Too little was due in Q4 2026 to say of any promise whether it was kept"
    nothing = replace(QUARTER, signed=(), drafts=())
    assert headline(nothing) == "Nothing was signed and published for Q4 2026, so there is nothing to hold what happened against"
    assert headline(replace(nothing, drafts=(DRAFT,))).endswith("; 1 draft is on the table")
    assert headline(replace(nothing, has_data=False)) == "Q4 2026 had not begun by the end of the data"


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        (("inside", "inside", "near", "inside"), "; what was foretold came"),
        (("inside", "too_early", "inside", "inside"), "; what can be judged of the prediction came"),
        (("too_early",) * 4, "; what was foretold is too early to judge"),
        (("inside", "above", "inside", "inside"), "; the SQL rate came otherwise than foretold"),
    ],
)
def test_the_headline_says_whether_what_was_foretold_came(verdicts: tuple[str, ...], told: str) -> None:
    figures = tuple(replace(one, verdict=verdict) for one, verdict in zip(FIGURES, verdicts, strict=True))
    assert headline(with_promises(KEPT, foretold=replace(FORETOLD, figures=figures))).endswith(told)


def test_the_strip() -> None:
    assert [(one.label, one.value, one.n, one.is_broken) for one in words.strip(QUARTER)] == [
        ("Weeks judged", "13", "of 13 that begin in the quarter", False),
        ("Qualified leads", "60", "of 59 promised for 2 weeks", False),
        ("Sent back", "94", "of 282 leads that sales decided", False),
        ("Reps who agree", "2 of 3", "with “Mid-size”", False),
    ]
    acceptance = reviewed(Advice("keep", "mixed"), "met", promise=Promise("acceptance", Decimal("0.9"), Within(14, "d")))
    (one,) = [one for one in words.strip(with_promises(acceptance)) if one.label == "Accepted in time"]
    assert (one.value, one.n, one.is_broken) == ("83 %", "of 400; 90 % promised", True)
    assert words.strip(replace(QUARTER, signed=(), volume=(), rejections=Rejections(0, 0, (), ()))) == []


def test_a_version_and_its_signers() -> None:
    assert words.version_title(SIGNED) == "Version 1, “Mid-size”: in force from 5 Oct 2026 on"
    assert words.version_title(replace(SIGNED, last=date(2026, 12, 31))).endswith("in force from 5 Oct 2026 to 31 Dec 2026")
    assert words.version_note(SIGNED) == (
        "Signed by Ann for marketing and Bob for sales; judges 13 weeks of the quarter that are over; to be looked at again on 5 Jan 2027."
    )
    gone = replace(SIGNED, has_left=("sales",), weeks_over=1, weeks_to_come=2)
    assert (
        "; whoever signed for sales no longer holds the role; judges 1 week of the quarter that is over, and 2 that are not;"
        in words.version_note(gone)
    )


@pytest.mark.parametrize(
    ("advice", "statuses", "question", "because"),
    [
        (Advice("raise", "room", 0.95, 12), ["met"] * 12, "Raise to 95 %",
         "Kept in 12 of 12 weeks, with room to spare: 95 % would have been kept in 12."),
        (Advice("keep", "no_room", 0.95, 4), ["met"] * 12, "Keep",
         "Kept in 12 of 12 weeks; 95 % would have been kept in 4, and the quarter does not show it beyond chance."),
        (Advice("keep", "at_the_top"), ["met"] * 12, "Keep", "Kept in 12 of 12 weeks; no higher share can be promised."),
        (Advice("loosen", "broken", 0.5, 9), ["missed"] * 12, "Loosen, or act",
         "Kept in 0 of 12 weeks, and short over the quarter beyond chance; 50 % would have been kept in 9."),
        (Advice("loosen", "broken"), ["missed"] * 12, "Loosen, or act", "Kept in 0 of 12 weeks, and short over the quarter beyond chance."),
        (Advice("keep", "short_by_chance"), ["missed"] * 12, "Keep",
         "Kept in 0 of 12 weeks, but over the quarter it is short by no more than chance."),
        (Advice("keep", "short"), ["met", "missed"] * 6, "Keep",
         "Kept in 6 of 12 weeks, and short over the quarter beyond chance: find out why before the promise is moved."),
        (Advice("keep", "mixed"), ["met", "missed"] * 6, "Keep",
         "Kept in 6 of 12 weeks: neither so often that it could be raised, nor so seldom that it must be loosened."),
        (Advice("too_few", "weeks"), ["met"], "Too few to say", "1 week can be judged; nothing is advised under 4."),
        (Advice("too_few", "items"), ["met"] * 5, "Too few to say", "400 in the whole quarter; nothing is advised under 30."),
    ],
)  # fmt: skip
def test_each_question_has_its_evidence(advice: Advice, statuses: list[str], question: str, because: str) -> None:
    one = reviewed(advice, *statuses)
    assert (words.question(one), words.because(one)) == (question, because)


@pytest.mark.parametrize(
    ("because", "told"),
    [
        ("volume_room", "Kept in 1 of 2 weeks, and 57 leads came where 61 were promised."),
        ("volume_kept", "Kept in 1 of 2 weeks; 57 leads came where 61 were promised, less than a tenth more."),
        ("volume_broken", "Kept in 1 of 2 weeks, and 57 leads came where 61 were promised."),
        ("volume_mixed", "Kept in 1 of 2 weeks; 57 leads came where 61 were promised."),
    ],
)
def test_the_evidence_of_a_number(because: str, told: str) -> None:
    assert words.because(replace(VOLUME_KEPT, advice=Advice("keep", because))) == told


def test_one_promise_over_the_quarter() -> None:
    one = reviewed(Advice("keep", "mixed"), "met", "missed")
    assert (words.target(one), words.over_the_quarter(one), words.weeks_kept(one)) == (
        "90 % within 30 minutes of working time", "333 of 400, 83 % (79 to 87 %)", "kept in 1 of 2 weeks",
    )  # fmt: skip
    assert (words.target(VOLUME_KEPT), words.over_the_quarter(VOLUME_KEPT)) == ("390 a quarter", "57 of 61 leads")
    unmeasured = reviewed(Advice("drop", "not_measured"), "no_data", why="cannot be measured: touches are not recorded", n=0)
    assert (words.over_the_quarter(unmeasured), words.weeks_kept(unmeasured)) == ("not measured", "no week to judge")
    assert (words.question(unmeasured), words.because(unmeasured)) == ("Drop", "It cannot be measured: touches are not recorded.")
    assert words.over_the_quarter(replace(one, n=0, met=0, low=None, high=None)) == "nothing was due"
    assert words.between(0.004, 0.2) == "under 1 % to 20 %" and words.between(0.9, 0.998) == "90 % to over 99 %"


def test_cells_in_words() -> None:
    one = reviewed(Advice("keep", "mixed"), "met", "missed", "too_few", "no_data", "too_early")
    assert [words.cell(cell, one) for cell in one.cells] == [
        "Mon 5 - Sun 11 Oct: 37 of 40, 93 %: kept",
        "Mon 12 - Sun 18 Oct: 20 of 40, 50 %: broken",
        "Mon 19 - Sun 25 Oct: 3 of 4, 75 %: too few to say",
        "Mon 26 Oct - Sun 1 Nov: nothing was due",
        "Mon 2 - Sun 8 Nov: too early to say",
    ]
    assert words.cell(Cell(date(2026, 12, 28), None), one) == "Mon 28 Dec 2026 - Sun 3 Jan 2027: too early to say"
    assert words.cell(VOLUME_KEPT.cells[0], VOLUME_KEPT) == "Mon 5 - Sun 11 Oct: 40 of 36 leads: kept"


def test_the_title_over_the_weeks() -> None:
    worst = replace(BROKEN, title="Decision")
    assert words.weeks_title(replace(SIGNED, promises=(KEPT, worst))) == "“Decision” was kept in 0 of 12 weeks, “First touch” in 12 of 12"
    assert words.weeks_title(replace(SIGNED, promises=(KEPT, KEPT))) == "Every promise was kept in every week that can be judged"
    assert words.weeks_title(replace(SIGNED, promises=(worst, BROKEN))) == "Every promise was kept in 0 of 12 weeks"
    assert words.weeks_title(replace(SIGNED, promises=(worst,))) == "“Decision” was kept in 0 of 12 weeks"
    assert words.weeks_title(replace(SIGNED, promises=())) == "No week can be judged yet"


def test_the_prediction_beside_what_came() -> None:
    assert [foretold.sentence(one) for one in FIGURES] == [
        "Accepted in time: 50 % (47 to 52 %) was signed, 42 % of 301 (36 to 48 %) came; below it.",
        "Became SQL in time: 27 % (25 to 30 %) was signed, 23 % of 236 (18 to 29 %) came; outside it, by no more than chance.",
        "Qualified leads a week: 41.4 (36.4 to 46.4) was signed, 40.9 in 12 weeks came; inside the interval that was signed.",
        "New leads a rep and week: 1.5 (1.3 to 1.7) was signed, 1.1 in 12 weeks came; below it.",
    ]
    assert [foretold.beside(one) for one in FIGURES] == [
        "41 % of all 388 handed over", "24 % of all 314 handed over", "23 of them handed over", "0.9 of them met the definition",
    ]  # fmt: skip
    early = replace(FIGURES[0], verdict="too_early", n=12)
    assert foretold.sentence(early) == "Accepted in time: 50 % (47 to 52 %) was signed; too early to say (12 leads old enough)."
    assert foretold.sentence(replace(FIGURES[2], verdict="too_early", n=3)).endswith("was signed; too early to say (3 whole weeks).")
    assert foretold.sentence(replace(FIGURES[0], verdict="not_told", said=None)) == (
        "Accepted in time: – was signed; too little was simulated to foretell it."
    )
    assert foretold.title(FORETOLD) == "Acceptance and the load of reps lay below what was signed"
    above = replace(FIGURES[1], verdict="above")
    assert (
        foretold.title(replace(FORETOLD, figures=(FIGURES[0], above)))
        == "The SQL rate lay above what was signed, acceptance lay below what was signed"
    )
    assert foretold.title(replace(FORETOLD, figures=(FIGURES[2],))) == "What can be judged of the prediction came as it was signed"
    assert foretold.title(replace(FORETOLD, figures=(early,))) == "Too early to say whether what was foretold came"


def test_what_the_prediction_could_not_know() -> None:
    assert foretold.not_known(FORETOLD) == [
        "The simulation replayed 15 Sep 2025 to 13 Sep 2026, with reps working as they did then: what they changed since, it could not know.",
        "900 of its 2,152 leads had never been offered to sales: whatever became of them, acceptance lay between 29 % and 71 %.",
        "218 leads that met the definition since have not become an MQL by the end of the data: nobody was asked to accept them.",
        "A busy week was foretold to hold 2 new leads a rep; 3 of 12 weeks held more.",
        "Changes of email and company name are not recorded: the replay took their values of today, as both signers acknowledged.",
    ]
    bare = replace(FORETOLD, unknown=0, without_pass=1, busy=None, of_today=(), is_mature=False)
    assert foretold.not_known(bare)[1:] == [
        "1 lead that met the definition since has not become an MQL by the end of the data: nobody was asked to accept them.",
        "Its leads were too young to be judged in full when it was signed.",
    ]


def test_volume_rejections_feedback_and_drafts() -> None:
    parts = quarter_parts
    assert parts.volume_title(QUARTER) == "60 qualified leads came by 18 Oct 2026 where 59 were promised: 1 more"
    assert parts.volume_note(QUARTER).endswith(" For 1 week no number was promised.")
    fewer = replace(QUARTER, volume=(VolumeWeek(date(2026, 10, 5), 29.5, 27, True),))
    assert parts.volume_title(fewer) == "27 qualified leads came by 11 Oct 2026 where 30 were promised: 3 short"
    assert parts.volume_title(replace(QUARTER, volume=())) == "No number of leads was promised"
    assert parts.volume_title(replace(QUARTER, volume=(VolumeWeek(date(2026, 10, 5), 29.5, 2, False),))) == "No week of the quarter is over yet"
    assert parts.rejections_title(QUARTER) == "94 of 282 leads that sales decided were sent back: wrong target 31, no reason given 14"
    assert parts.rejections_title(replace(QUARTER, rejections=Rejections(0, 0, (), ()))) == (
        "No lead that opened in the quarter has been accepted or sent back yet"
    )
    assert (
        parts.rejections_title(replace(QUARTER, rejections=Rejections(0, 0, (), (), "rejections are not recorded"))) == "Rejections are not recorded"
    )
    assert parts.barring_title(BARRING, QUARTER) == (
        "Draft 3, “Larger”, would have barred 57 of the 94 sent back, and 105 of the 188 accepted and kept, of whom 59 became SQLs"
    )
    assert parts.opinion_title(OPINION, "version 1") == "2 of 3 reps agree with version 1"
    assert parts.opinion_title(Opinion(1, 0), "draft 3") == "1 of 1 rep agrees with draft 3"
    assert parts.opinion_title(Opinion(), "draft 3") == "No rep has said what they think of draft 3"
    assert (parts.rule_name("first_touch"), parts.rule_name("employees is 50 or more")) == ("First touch", "Employees is 50 or more")
    assert parts.drafts_title(QUARTER) == "1 draft is on the table" and parts.drafts_title(replace(QUARTER, drafts=())) == "No draft is on the table"
    assert parts.draft_note(DRAFT) == (
        "Would be in force from 4 Jan 2027; simulated, signed by nobody. Against version 1; 15 parts of the agreement do not change."
    )
    assert parts.draft_note(replace(DRAFT, state="signed", signed=("sales",), against=None)) == (
        "Would be in force from 4 Jan 2027; signed for sales. There is no version in force to compare it with."
    )
    assert parts.draft_figure("period", "2025-09-15 to 2026-09-13") == "15 Sep 2025 to 13 Sep 2026"


RECORD = Record(
    "2026-Q4", "Ann", "2027-01-14T09:00:00.000000Z", "Bob", datetime(2027, 1, 14, 10, 0),
    ((1, "required_fields", "raise"), (1, "decision", "loosen"), (1, "first_touch", "loosen")), "Within an hour.\n\nFrom January on.",
    date(2027, 4, 5),
)  # fmt: skip


def test_what_was_decided() -> None:
    assert decided.decided_lines(RECORD) == [
        "Version 1: raise “Required fields”; loosen “Decision” and “First touch”.", "Within an hour.", "From January on.", "Next review: 5 Apr 2027.",
    ]  # fmt: skip
    assert decided.decided_lines(replace(RECORD, decided=(), note="")) == ["Nothing was decided.", "Next review: 5 Apr 2027."]


# The minutes


def text_of(html: bytes) -> str:
    body = re.sub(r"<style>.*?</style>", "", html.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).replace("&#x27;", "'").replace("\u00a0", " ")


def test_minutes_say_what_the_screen_says() -> None:
    told = text_of(minutes(QUARTER, RECORD, "ab" * 32))
    said = [
        *(sentence for line in decided.decided_lines(RECORD) for sentence in line.splitlines()), words.version_title(SIGNED),
        words.weeks_title(SIGNED), *(words.because(one) for one in SIGNED.promises), *(words.over_the_quarter(one) for one in SIGNED.promises),
        foretold.title(FORETOLD), *(foretold.signed(one) for one in FIGURES), *foretold.not_known(FORETOLD), quarter_parts.volume_title(QUARTER),
        quarter_parts.rejections_title(QUARTER), quarter_parts.barring_title(BARRING, QUARTER), quarter_parts.draft_note(DRAFT), "An hour.",
        "12 leads fewer", "ab" * 32, "closed by Bob on 14 Jan 2027, 10:00 UTC", "Data through 14 Jan 2027, 18:00 UTC",
    ]  # fmt: skip
    assert [one for one in said if one not in told] == []
    assert plain(words.headline(QUARTER)).replace(" ", "") in told.replace(" ", "")


def test_minutes_are_the_same_each_time_and_stand_alone() -> None:
    html = minutes(QUARTER, RECORD, "ab" * 32)
    assert html == minutes(QUARTER, RECORD, "ab" * 32)
    assert not re.search(rb"<script|<link|src=|href=|url\(|@import|javascript:", html)
    assert b"default-src 'none'" in html


def test_minutes_escape_whatever_people_wrote() -> None:
    said = Opinion(1, 0, ((True, Said(HOSTILE, HOSTILE)),), ((HOSTILE, (Said(HOSTILE, HOSTILE),)),))
    version = replace(SIGNED, name=HOSTILE, signers={"marketing": HOSTILE, "sales": "Bob"}, opinion=said)
    draft = replace(DRAFT, name=HOSTILE, opinion=said, changes=((Change("name", "changed", "", HOSTILE, HOSTILE), HOSTILE),))
    quarter = replace(QUARTER, signed=(version,), drafts=(draft,), coming=((4, HOSTILE, date(2027, 4, 1)),))
    html = minutes(quarter, replace(RECORD, note=HOSTILE, begun_by=HOSTILE, closed_by=HOSTILE), HOSTILE).decode()
    assert "<img" not in html and "\u202e" not in html and html.count("&lt;img src=http://elsewhere.example/x") >= 10
