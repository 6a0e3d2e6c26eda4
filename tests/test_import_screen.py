"""The Import screen without a browser: its words, names, mapping and first look; then the screen itself from files to history and back."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plumbline.errors import InputError
from plumbline.history.snapshots import folder_of, importing, listed
from plumbline.importing import preview
from plumbline.importing.mapped import plan
from plumbline.importing.run import Options
from plumbline.ui.importing import bring_in, first_time, mapping, mapping_form, steps, words
from plumbline.ui.importing.inbox import Inbox, held_bytes, safe_name
from plumbline.ui.importing.job import CancelledError, Job

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LEADS = "lead_id,created_at,source\nA,2026-01-01T09:00:00Z,web\nB,soon,web\nC,2026-01-03T10:00:00Z,![x](http://evil.example/y)\n"
STAGES = "lead_id,stage,occurred_at\nA,mql,2026-01-02\nC,mql,2026-01-03\nC,sal,2026-01-04\nC,hot,2026-01-05\n"
WIDE = "Record ID;Create Date;Original Source;Became a Marketing Qualified Lead Date\n1;13/02/2026;web;14/02/2026\n2;15/02/2026;fair;\n"


# --- names and the inbox ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("leads.csv", "leads.csv"),
        ("../../etc/passwd.csv", "etc_passwd.csv"),
        ("C:\\exports\\leads.CSV", "C__exports_leads.csv"),
        ("/etc/shadow", "etc_shadow"),
        ("..", "file"),
        ("", "file"),
        (".hidden.csv", "hidden.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("evil\u202evsc.csv", "evilvsc.csv"),
        ("ลูกค้า 리드.csv", "ลูกค้า 리드.csv"),
        ("x" * 400 + ".csv", "x" * 120 + ".csv"),
    ],
)
def test_names_stay_in_their_folder(told: str, expected: str) -> None:
    assert safe_name(told) == expected


def test_inbox_keeps_files_private_and_removes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    inbox = Inbox()
    path = inbox.take("../leads.csv", BytesIO(b"a\n"))
    assert path.is_relative_to(tmp_path / "uploads")
    assert path.read_bytes() == b"a\n"
    assert inbox.shown(path.name) == "../leads.csv"
    assert inbox.folder.stat().st_mode & 0o077 == 0
    inbox.take("../leads.csv", BytesIO(b"b\n"))
    assert inbox.replaced == ["../leads.csv"]
    folder = inbox.folder
    del inbox
    assert not folder.exists()


# --- the first look ---------------------------------------------------------------------------------------------------


def test_first_look_is_taken_in_a_child(tmp_path: Path) -> None:
    (tmp_path / "wide.csv").write_text(WIDE)
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "utf16.csv").write_bytes("a,b\n1,2\n".encode("utf-16"))
    wide, empty, utf16 = preview.look([tmp_path / "wide.csv", tmp_path / "empty.csv", tmp_path / "utf16.csv"])
    assert isinstance(wide, preview.Look)
    assert (wide.delimiter, wide.records, wide.header[0]) == (";", 2, "Record ID")
    assert wide.labels["Original Source"] == ["web", "fair"]
    assert wide.days_only == ("Create Date", "Became a Marketing Qualified Lead Date")
    assert isinstance(empty, InputError)
    assert "empty" in empty.what
    assert isinstance(utf16, InputError)
    assert words.in_screen_words(utf16)[2] == "Choose the encoding under Options (utf-16)"


def test_a_file_over_which_the_child_ends_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abc":
        (tmp_path / f"{name}.csv").write_text("x,y\n1,2\n")
    asked = []

    def child(order: dict) -> list:
        asked.append([Path(path).name for path in order["paths"]])
        return [] if asked[-1][0] == "b.csv" else [preview.Look(("x",), [], 1, ",", {}, ())]

    monkeypatch.setattr(preview, "_in_child", child)
    found = preview.look([tmp_path / f"{name}.csv" for name in "abc"])
    assert [type(one).__name__ for one in found] == ["Look", "InputError", "Look"]
    assert asked == [["a.csv", "b.csv", "c.csv"], ["c.csv"]]


# --- mapping: form and text are one thing -----------------------------------------------------------------------------


def look_at(text: str, folder: Path, name: str) -> preview.Look:
    (folder / name).write_text(text)
    return preview.look_here(folder / name, folder)


def test_a_guessed_mapping_is_one_the_importer_takes(tmp_path: Path) -> None:
    form = mapping.guessed({"Contacts.csv": look_at(WIDE, tmp_path, "Contacts.csv")}, "UTC")
    file = form.files[0]
    assert file.table == "leads"
    assert dict(file.columns) == {"lead_id": "Record ID", "created_at": "Create Date", "source": "Original Source"}
    assert dict(file.stage_dates) == {"mql": "Became a Marketing Qualified Lead Date"}
    form = mapping.Form(form.files, "UTC", "%d/%m/%Y")
    (tmp_path / "m.yaml").write_text(mapping.text_of(form))
    made = plan([tmp_path], tmp_path / "m.yaml")
    assert [feed.table for feed in made.sources[0].feeds] == ["leads", "stage_changes"]
    assert words.days_without_times(made, {"Contacts.csv": ("Create Date",)}) == {"leads": ["created_at"]}


def test_form_and_text_say_the_same(tmp_path: Path) -> None:
    history = "Lead ID,Field / Event,New Value,Edit Date\n1,Status,Qualified,2026-01-01\n1,Status,Junk,2026-01-02\n1,Status,Odd: #1,2026-01-03\n"
    looks = {"a: b.csv": look_at(WIDE, tmp_path, "a: b.csv"), "Stage history.csv": look_at(history, tmp_path, "h.csv")}
    form = mapping.guessed(looks, "Europe/Berlin")
    assert form.files[1].labels == {"Qualified": "sql", "Junk": "disqualified"}
    assert mapping.read(mapping.text_of(form)) == form


@pytest.mark.parametrize("name", ["dubai.yaml", "olist.yaml"])
def test_a_text_that_says_more_is_not_forced_into_the_form(name: str) -> None:
    assert mapping.read((ROOT / "sample_data" / "mappings" / name).read_text()) is None


@pytest.mark.parametrize(
    "text", ["", "files:", "[1, 2]", "files: [{file: x, tables: 3}]", "a: b: c", "files: [{file: x, tables: {leads: {lead_id: [1]}}}]"]
)
def test_a_text_that_is_no_mapping_gives_no_form(text: str) -> None:
    assert mapping.read(text) is None


# --- words ------------------------------------------------------------------------------------------------------------


def test_words_of_an_account() -> None:
    rejects = [{"table": "leads", "file": "leads.csv", "line": n, "column": "created_at", "reason": f"x{n} is no ISO 8601 time"} for n in (3, 4)]
    rejects.append(
        {"table": "stage_changes", "file": "s.csv", "line": 9, "column": "stage", "reason": "hot is no stage that Plumbline knows (inquiry, mql)"}
    )
    groups = words.grouped(rejects)
    assert groups["rows"].to_list() == [2, 1]
    assert groups["reason"].to_list() == ["the value is no ISO 8601 time", "the value is no stage that Plumbline knows"]
    assert groups["first"][0] == "leads.csv, line 3: x3 is no ISO 8601 time"
    tables = {"leads": {"seen": 80_000, "kept": 79_998, "rejected": 2}, "stage_changes": {"seen": 211, "kept": 210, "rejected": 1}}
    said = "".join(getattr(part, "text", part) for part in words.headline(6000, "14 Nov 2026", tables, words.because(groups)))
    assert said == (
        "The history holds 6,000 leads up to 14 Nov 2026; the last import rejected 3 of 80,211 rows, most because the value is no ISO 8601 time."
    )
    frame = words.account(tables)
    assert (frame["seen"] == frame["kept"] + frame["rejected"]).all()
    missing = words.cannot_be_shown(tables, {"stage_changes": ["occurred_at"]})
    assert any("speed to lead" in line for line in missing)
    assert missing[-1] == "Changes of stage: occurred_at holds days without a time of day, so hours cannot be told."


# --- jobs -------------------------------------------------------------------------------------------------------------


def test_a_cancelled_import_changes_nothing(tmp_path: Path) -> None:
    history = tmp_path / "h.duckdb"
    job = Job("canonical", [first_time.SAMPLE], history, Options(), NOW)
    job.cancel()
    began = time.monotonic()
    job.start().wait(30)
    assert isinstance(job.refusal, CancelledError)
    assert time.monotonic() - began < 20
    assert not history.exists()
    assert [path.name for path in folder_of(history).iterdir()] == ["lock"]


def test_a_cancelled_import_says_that_it_ends_at_the_next_step(tmp_path: Path) -> None:
    job = Job("canonical", [first_time.SAMPLE], tmp_path / "h.duckdb", Options(), NOW)
    job.step, job.share = "reading leads.csv", 0.25
    assert steps.told(job) == "25 % · reading leads.csv"
    job.cancel()
    assert steps.told(job) == "Cancelling: it takes hold at the next step, after this one: reading leads.csv"


def test_the_first_reasons_stand_in_the_open_and_the_rest_behind() -> None:
    def screen() -> None:
        from plumbline.ui.importing import account

        rejects = [{"table": "leads", "file": "l.csv", "line": n, "column": f"c{n % 9}", "reason": "odd"} for n in range(20)]
        account.show({"leads": {"seen": 20, "kept": 0, "rejected": 20}}, rejects, [f"note {n}" for n in range(8)], ["a", "b"], key="k")

    at = AppTest.from_function(screen, default_timeout=60).run()
    assert not at.exception
    frames = [frame.value for frame in at.dataframe if "first" in frame.value.columns]
    assert [frame.height if hasattr(frame, "height") else len(frame) for frame in frames] == [5, 9]
    assert [one.label for one in at.expander] == ["Each of these rows", "3 more to know", "What cannot be shown with these files (2)"]


def test_one_sum_for_the_uploads_of_all_viewers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))
    monkeypatch.setenv("PLUMBLINE_UPLOADS_MB", "1")
    first, second = Inbox(), Inbox()
    first.take("a.csv", BytesIO(b"x" * 600_000))
    with pytest.raises(InputError, match="all viewers together would be over 1 MiB"):
        second.take("b.csv", BytesIO(b"x" * 600_000))
    assert held_bytes() == 600_000 and second.paths() == []
    first.take("a.csv", BytesIO(b"y" * 900_000))  # in place of the one before: only the difference counts
    first.remove("a.csv")
    second.take("b.csv", BytesIO(b"x" * 600_000))


@pytest.mark.parametrize(
    ("headers", "is_passed_on"),
    [
        ({}, False),
        ({"Host": "localhost:8501"}, False),
        ({"Host": "[::1]:8501"}, False),
        ({"Host": "127.0.0.1"}, False),
        ({"Host": "plumbline.example"}, True),
        ({"Host": "localhost:8501", "X-Forwarded-For": "10.0.0.9"}, True),
        ({"Host": "localhost:8501", "x-forwarded-proto": "https"}, True),
        ({"Host": "localhost:8501", "Forwarded": "for=10.0.0.9"}, True),
        ({"Host": "localhost:8501", "Via": "1.1 proxy"}, True),
    ],
)
def test_a_folder_of_the_machine_is_offered_only_to_who_sits_at_it(headers: dict[str, str], is_passed_on: bool) -> None:
    assert bring_in.is_passed_on(headers) == is_passed_on


# --- the screen -------------------------------------------------------------------------------------------------------


@pytest.fixture
def screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(tmp_path / "h.duckdb"))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    at.switch_page("pages/data/import.py").run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    return "\n".join(str(element.value) for element in at.html)


def bring(at: AppTest, **files: str) -> None:
    for name, content in files.items():
        at.file_uploader[0].upload(f"{name}.csv", content.encode())
    at.run()
    assert not at.exception


def test_from_files_to_history(screen: AppTest, tmp_path: Path) -> None:
    at = screen
    history = tmp_path / "h.duckdb"
    assert "There is no history here yet" in said(at)
    assert at.dataframe[0].value["File"].to_list()[0] == "leads.csv"
    bring(at, leads=LEADS, stage_changes=STAGES)
    assert "First rows of" in said(at)
    at.button(key="import.check").click().run()
    assert not at.exception
    assert not history.exists()
    assert "5</bdi></strong> of 7 rows can be kept" in said(at)
    assert "speed to lead" in said(at)
    folded = [one.label for one in at.expander]
    assert "First rows of the chosen file" in folded
    assert any(label.startswith("What cannot be shown with these files (") for label in folded)
    account = next(frame.value for frame in at.dataframe if "seen" in frame.value.columns)
    assert (account["seen"] == account["kept"] + account["rejected"]).all()
    at.button(key="import.go").click().run()
    assert not at.exception
    assert "The history now holds" in said(at)
    assert listed(history)[0]["rejects_total"] == 2
    assert not list((tmp_path / "home" / "uploads").glob("*/files/*"))
    assert "http://evil" not in "".join(element.value for element in at.markdown)
    at.button(key="import.more").click().run()
    with importing(history):
        bring(at, leads=LEADS.replace("soon", "2026-01-02"), stage_changes=STAGES)
        at.button(key="import.check").click().run()
        at.button(key="import.go").click().run()
    assert "Another import of this history is running" in said(at)
    assert len(listed(history)) == 1


def test_other_csv_by_the_form(screen: AppTest) -> None:
    at = screen
    at.segmented_control(key="import.preset").set_value("csv").run()
    bring(at, Contacts=WIDE)
    at.button(key="import.check").click().run()
    assert "13/02/2026" in said(at)  # refused: it could be read two ways, and says no zone
    version = at.session_state["import.flow"].mapping_version
    at.selectbox(key=f"import.map.{version}.format").select("31/03/2026").run()
    at.selectbox(key=f"import.map.{version}.zone").select("UTC").run()
    assert "date_format: '%d/%m/%Y'" in at.session_state["import.flow"].mapping
    at.button(key="import.check").click().run()
    assert not at.exception
    assert "All <strong><bdi>3 rows</bdi></strong> can be kept" in said(at)
    at.segmented_control(key="import.map.view").set_value("Text").run()
    text = at.text_area[0]
    assert "Record ID" in text.value
    text.set_value(text.value.replace("source: Original Source", "source: No Such")).run()
    at.button(key="import.check").click().run()
    assert "No Such" in said(at)
    assert not at.exception


def test_whatever_a_mapping_brings_about_is_one_line_and_a_way_on(screen: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise TypeError("unhashable type: 'list'")

    at = screen
    at.segmented_control(key="import.preset").set_value("csv").run()
    monkeypatch.setattr(mapping_form, "show", fails)
    bring(at, Contacts=WIDE)
    assert "A defect of Plumbline ended the reading of files" in said(at) and "TypeError" in said(at)
    assert "Traceback" in next((tmp_path / "home" / "logs").iterdir()).read_text(encoding="utf-8")
    at.button(key="import.broke").click().run()
    assert not at.exception and "defect" not in said(at)
