"""The form of a mapping takes real exports: forms found by values, columns by other names, one log for two tables, deals and owners in a wide row."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path

import pytest

from plumbline.history.connection import History
from plumbline.importing import found_forms, preview
from plumbline.importing.job import Job, run_job
from plumbline.importing.run import Options, make_plan
from plumbline.ui.importing import mapping
from plumbline.ui.importing.form import AN_ACT
from plumbline.ui.importing.form_problems import problems
from tests.importing_support import NOW

CONTACTS = """"Record ID","First Name","E-Mail","Lead Source","Create Date","Became a Marketing Qualified Lead Date",\
"Became a Sales Qualified Lead Date","Became a Customer Date","Lost Date","Contact owner","Close reason","Amount"
1,Ann,a@x.example,web,13/01/2026 10:00,14/01/2026 10:00,15/01/2026 09:00,20/01/2026 12:00,,Bob,,"$1,200.50"
2,Cy,c@x.example,ads,14/01/2026 11:00,15/01/2026 12:00,,,18/01/2026 12:00,Eve,no budget,
3,Di,d@x.example,ads,15/01/2026 11:00,,,,,,,
"""
LOG = """Lead Id,Type,Activity Date,Call outcome,Owner
1,Phone Call,14/01/2026 10:00,No Answer,Bob
1,Email,14/01/2026 11:00,,Bob
2,Webinar,15/01/2026 12:00,,
2,Opened email,15/01/2026 12:10,,
2,Fax,16/01/2026 12:10,,Eve
"""
REPORT = """Lead ID,Field / Event,Old Value,New Value,Edit Date,Edited By
1,Status,,Working - Contacted,7/1/2026 9:00 AM,Bob
1,Status,Working - Contacted,Closed - Not Converted,7/2/2026 9:00 PM,Bob
"""


def looked(folder: Path, **files: str) -> dict[str, preview.Look]:
    found = {}
    for name, content in files.items():
        path = folder / f"{name.replace('_', ' ')}.csv"
        path.write_text(content, encoding="utf-8")
        found[path.name] = preview.look_here(path, folder)
    return found


def imported(folder: Path, form: mapping.Form) -> tuple:
    """The outcome and the history of a form, by the importer itself."""
    (folder / "m.yaml").write_text(mapping.text_of(form), encoding="utf-8")
    plan = make_plan("csv", [folder], Options(mapping=folder / "m.yaml"))
    (folder / "work").mkdir(exist_ok=True)
    outcome = run_job(Job(plan, folder / "work", folder / "h.duckdb", "test", NOW, threads=1))
    return outcome, History(folder / "h.duckdb")


# --- how values are written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "patterns", "has_zone"),
    [
        (["2026-01-01", "2026-02-03 10:00"], [""], False),
        (["2023-02-07T20:47:49.000+0000", "2026-01-01T00:00:00Z"], [""], True),
        (["13/02/2026", "01/02/2026"], ["%d/%m/%Y"], False),
        (["02/13/2026", "01/02/2026"], ["%m/%d/%Y"], False),
        (["01/02/2026", "03/04/2026"], ["%d/%m/%Y", "%m/%d/%Y"], False),
        (["7/13/2026 9:00 AM", "12/31/2026 11:59 PM"], ["%m/%d/%Y %I:%M %p"], False),
        (["14.06.2026 09:20", "1.6.2026 23:59"], ["%d.%m.%Y %H:%M"], False),
        (["20-10-16", "21-10-16"], ["%d-%m-%y"], False),
        (["2026/1/5", "2026/12/31"], ["%Y/%m/%d"], False),
        (["Jan 5, 2026 10:00", "May 6, 2026 10:00"], ["%b %d, %Y %H:%M"], False),
        (["12 March 2026", "1 May 2026"], ["%d %B %Y"], False),
        (["5-Mar-26"], ["%d-%b-%y"], False),
        (["13/02/2026 10:00 +02:00"], ["%d/%m/%Y %H:%M %z"], True),
        (["1/13/2026, 10:00:05 PM"], ["%m/%d/%Y, %I:%M:%S %p"], False),
        (["N/A", "2026-01-01", "-"], [""], False),
    ],
)
def test_the_form_of_dates_is_found_from_values(texts: list[str], patterns: list[str], has_zone: bool) -> None:
    found = found_forms.times(texts)
    assert (found["patterns"], found["has_zone"]) == (patterns, has_zone)


@pytest.mark.parametrize("texts", [[], ["abc"], ["10:30"], ["1.2.3"], ["5", "12"], ["+1 555 0100"], ["99/99/2026"], ["3.5", "1.200"]])
def test_what_is_no_date_has_no_form(texts: list[str]) -> None:
    assert found_forms.times(texts) is None


def test_a_found_pattern_reads_the_texts_it_was_found_from() -> None:
    draw = random.Random(5)
    for pattern in ("%d/%m/%Y", "%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M:%S", "%d-%b-%Y", "%B %d, %Y", "%Y/%m/%d %H:%M", "%d/%m/%y %H:%M"):
        instants = [datetime(2026, draw.randint(1, 12), draw.randint(13, 28), draw.randint(0, 23), draw.randint(0, 59)) for _ in range(60)]
        texts = [instant.strftime(pattern) for instant in instants]
        assert found_forms.times(texts)["patterns"] == [pattern]
        assert [datetime.strptime(text, pattern) for text in texts] == [datetime.strptime(instant.strftime(pattern), pattern) for instant in instants]


def test_no_text_breaks_the_finding_of_forms() -> None:
    draw = random.Random(2)
    for _ in range(5_000):
        texts = ["".join(draw.choices("0123456789/.-: TZAPM+JanMay,", k=draw.randint(0, 16))) for _ in range(3)]
        found_forms.times(texts)
        found_forms.numbers(texts)


# --- real exports -----------------------------------------------------------------------------------------------------


def test_a_wide_export_of_contacts_comes_in_as_it_is(tmp_path: Path) -> None:
    looks = looked(tmp_path, hubspot_crm_exports_all_contacts=CONTACTS)
    form = mapping.guessed(looks, "Europe/Berlin")
    file = form.files[0]
    assert file.table == "leads"
    assert dict(file.columns) == {"lead_id": "Record ID", "created_at": "Create Date", "source": "Lead Source", "email": "E-Mail"}
    assert (file.owner, file.reason, file.amount) == ("Contact owner", "Close reason", "Amount")
    assert list(file.stage_dates) == ["mql", "sql", "won", "lost"]
    assert set(file.formats.values()) == {"%d/%m/%Y %H:%M"}
    assert problems(form, looks) == {}
    assert mapping.read(mapping.text_of(form)) == form
    outcome, history = imported(tmp_path, form)
    assert outcome.rejects == [] and {name: count["kept"] for name, count in outcome.tables.items()} == {
        "leads": 3, "stage_changes": 5, "assignments": 2, "deals": 1,
    }  # fmt: skip
    assert history.query("select amount, is_won, closed_at from deals").rows() == [(1200.5, True, datetime(2026, 1, 20, 11))]
    assert history.query("select reason from history.canonical.stage_changes where stage = 'lost'").rows() == [("no budget",)]
    history.close()


def test_one_log_feeds_touches_and_acts(tmp_path: Path) -> None:
    looks = looked(tmp_path, contacts=CONTACTS, activity_log=LOG)
    form = mapping.guessed(looks, "UTC")
    log = form.files[1]
    assert log.table == "touches" and dict(log.outcomes) == {"No Answer": "no_answer"}
    assert dict(log.labels) == {"Phone Call": "call", "Email": "email", "Webinar": AN_ACT, "Opened email": AN_ACT}
    assert problems(form, looks) == {("activity log.csv", "labels"): "Not mapped yet: Fax."}
    assert mapping.read(mapping.text_of(form)) == form
    settled = mapping.Form((form.files[0], mapping.FileForm(**{**vars(log), "labels": {**log.labels, "Fax": None}})), "UTC")
    assert problems(settled, looks) == {} and mapping.problem(mapping.text_of(settled)) is None
    assert mapping.read(mapping.text_of(settled)) == settled
    outcome, history = imported(tmp_path, settled)
    assert outcome.rejects == []
    assert (outcome.tables["touches"]["kept"], outcome.tables["activities"]["kept"]) == (2, 2)
    assert history.query("select channel, outcome from history.canonical.touches order by 1").rows() == [("call", "no_answer"), ("email", None)]
    assert history.query("select activity from history.canonical.activities order by 1").rows() == [("Opened email",), ("Webinar",)]
    assert any("left out on purpose" in line for line in outcome.warnings)
    history.close()


def test_what_is_amiss_is_said_beside_each_field_all_at_once(tmp_path: Path) -> None:
    amounts = "Deal ID,Lead ID,Amount,Close Date\nD1,1,1.200,01/02/2026\nD2,2,,03/04/2026\n"
    looks = looked(tmp_path, LeadHistory_report=REPORT, deals=amounts)
    form = mapping.guessed(looks)
    assert [file.table for file in form.files] == ["stage_changes", "deals"]
    assert problems(form, looks) == {
        ("LeadHistory report.csv", "occurred_at"): "7/1/2026 9:00 AM could be day/month or month/day: choose above how dates are written.",
        ("deals.csv", "closed_at"): "01/02/2026 could be day/month or month/day: choose above how dates are written.",
        ("deals.csv", "amount"): "1.200 could be 1,200 or 1.2: choose above how fractions are written.",
        ("", "time_zone"): "No zone is said in Edit Date and 1 other column: choose the one in which they were written.",
    }
    wrong = mapping.Form((mapping.FileForm("deals.csv", "deals", columns={"deal_id": "Nope", "closed_at": "Amount"}),))
    assert problems(wrong, looks) == {
        ("deals.csv", "lead_id"): "Needed: choose its column.",
        ("deals.csv", "deal_id"): "The file has no column “Nope”.",
        ("deals.csv", "closed_at"): "Holds no dates that can be read (1.200).",
    }


def test_labels_that_mean_nothing_are_left_out_on_purpose(tmp_path: Path) -> None:
    history = "Lead,Stage,Changed\n1,Qualified,2026-01-01\n1,Note,2026-01-02\n"
    looks = looked(tmp_path, contacts=CONTACTS, stage_history=history)
    form = mapping.guessed(looks, "UTC")
    stages = mapping.FileForm(**{**vars(form.files[1]), "labels": {"Qualified": "sql", "Note": None}})
    form = mapping.Form((form.files[0], stages), "UTC")
    assert mapping.problem(mapping.text_of(form)) is None and mapping.read(mapping.text_of(form)) == form
    outcome, opened = imported(tmp_path, form)
    opened.close()
    assert outcome.rejects == []
    assert "rows of stage history.csv left out on purpose (when): stage_changes[1] 1 of 2" in outcome.warnings


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("leadid,createddate", {"lead_id": "leadid", "created_at": "createddate"}),
        ("Lead Id,Created On,Company / Account,Title,No. of Employees", {"lead_id": "Lead Id", "created_at": "Created On", "job_title": "Title",
                                                                         "employees": "No. of Employees"}),
        ("LEAD_ID,CREATE_DATE,E-Mail,Phone Number,Country/Region", {"lead_id": "LEAD_ID", "created_at": "CREATE_DATE", "email": "E-Mail",
                                                                     "phone": "Phone Number", "country": "Country/Region"}),
    ],
)  # fmt: skip
def test_headers_are_found_in_other_words(header: str, wanted: dict[str, str], tmp_path: Path) -> None:
    looks = looked(tmp_path, leads=f"{header}\n" + ",".join("1" for _ in header.split(",")) + "\n")
    assert wanted.items() <= dict(mapping.guessed(looks).files[0].columns).items()
