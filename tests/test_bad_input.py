"""What a user can get wrong: each is refused by the real command line in one line, and the history stays as it was, byte for byte."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from plumbline.cli import main
from plumbline.errors import HistoryError
from plumbline.filters import Filters
from plumbline.history.connection import History
from plumbline.history.schema import FORMAT
from plumbline.importing import run as importing
from plumbline.importing.job import run_job
from plumbline.importing.run import Options, import_files
from plumbline.metrics import run
from tests.cli_support import ROOT, Said, plumbline, twin
from tests.figures import measured

LEADS = "lead_id,created_at,source\nL1,2026-01-01T00:00:00Z,web\nL2,2026-01-02T00:00:00Z,ads\n"
CHANGES = "lead_id,stage,occurred_at\nL1,mql,2026-01-03T00:00:00Z\nL1,sal,2026-01-05T00:00:00Z\nL2,mql,2026-01-04T00:00:00Z\n"
MAPPING = """time_zone: UTC
files:
  - file: leads.csv
    tables:
      leads: {lead_id: Id, created_at: Created}
      stage_changes: {lead_id: Id, stage: {column: Status, labels: {Good: mql, Bad: rejected}}, occurred_at: Changed}
"""
WIDE = "Id,Created,Status,Changed\nL1,2026-01-01,Good,2026-01-02\nL2,2026-01-01,Bad,2026-01-03\n"


def folder(place: Path, **files: str | bytes) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (place / name.replace("__", ".")).write_bytes(content.encode() if isinstance(content, str) else content)
    return place


def state(history: Path) -> dict[str, str]:
    """Everything on disk that belongs to a history: names, and hashes of contents."""
    found = {history.name: os.readlink(history)}
    for path in sorted(history.with_name(history.name + ".snapshots").rglob("*")):
        if path.is_file() and path.name != "lock":
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("history")
    made = place / "h.duckdb"
    import_files("canonical", [folder(place / "in", leads__csv=LEADS, stage_changes__csv=CHANGES)], made, Options())
    return made


def _xlsx() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


def canonical(**files: str | bytes) -> Callable[[Path], list]:
    return lambda place: ["import", "canonical", folder(place / "in", **files)]


def mapped(mapping: str, data: str | bytes = WIDE, *more: str) -> Callable[[Path], list]:
    return lambda place: ["import", "csv", folder(place / "in", leads__csv=data), "--mapping", folder(place, map__yaml=mapping) / "map.yaml", *more]


def changed(old: str, new: str) -> Callable[[Path], list]:
    assert old in MAPPING
    return mapped(MAPPING.replace(old, new))


def words(*arguments: str) -> Callable[[Path], list]:
    return lambda place: list(arguments)


# name: (what is run in a folder of its own, what the one line says)
REFUSED: dict[str, tuple[Callable[[Path], list], str]] = {
    "missing required column": (canonical(leads__csv="lead_id,source\nL1,web\n"), "required column 'created_at' is missing"),
    "required column in another case": (canonical(leads__csv="Lead ID,created_at\nL1,2026-01-01\n"), "rename its column 'Lead ID'"),
    "cp1252": (
        canonical(leads__csv=LEADS.encode() + b"L3,2026-01-01,M\xfcnchen\n"),
        "leads.csv, line 4: not valid UTF-8; name the file's encoding with --encoding",
    ),
    "utf-16 with a mark": (canonical(leads__csv=LEADS.encode("utf-16")), "--encoding utf-16"),
    "utf-16 without a mark": (canonical(leads__csv=LEADS.encode("utf-16-le")), "leads.csv, line 1: holds a NUL byte"),
    "NUL bytes": (canonical(leads__csv=LEADS.encode() + b"L3,2026-01-01,\0\n"), "leads.csv, line 4: holds a NUL byte"),
    "every row ragged": (
        canonical(leads__csv="lead_id,created_at,source\nL1,2026-01-01\nL2,2026-01-01,web,x\n"),
        "leads.csv, line 2: has fewer fields",
    ),
    "file quoted twice": (canonical(leads__csv="".join(f'"{line}"\n' for line in LEADS.splitlines())), "quoted twice"),
    "semicolons": (canonical(leads__csv=LEADS.replace(",", ";")), "semicolons"),
    "tabs": (canonical(leads__csv=LEADS.replace(",", "\t")), "tabs"),
    "unclosed quote": (
        canonical(leads__csv=LEADS + 'L3,2026-01-01,"web\nL4,2026-01-01,ads\n'),
        "leads.csv, line 4: the quote opened here is never closed",
    ),
    "two columns of one name": (canonical(leads__csv="lead_id,created_at,lead_id\nL1,2026-01-01,L1\n"), "two columns are called 'lead_id'"),
    "column without a name": (canonical(leads__csv="lead_id,created_at,\nL1,2026-01-01,L1\n"), "column 3 has no name"),
    "xlsx": (canonical(leads__csv=_xlsx()), "is a ZIP or Excel file"),
    "gz": (canonical(leads__csv=gzip.compress(LEADS.encode())), "is a gzip file"),
    "pdf": (canonical(leads__csv=b"%PDF-1.7\n%\xe2\xe3"), "is a PDF"),
    "png": (canonical(leads__csv=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "leads.csv"),
    "random bytes": (canonical(leads__csv=random.Random(1).randbytes(5000)), "leads.csv"),
    "garbage called parquet": (canonical(leads__parquet=b"PAR1 no, not really PAR1"), "is no Parquet file"),
    "empty file": (canonical(leads__csv=b""), "the file is empty"),
    "blank file": (canonical(leads__csv=b"\xef\xbb\xbf\n \n\n"), "leads.csv"),
    "header only": (canonical(leads__csv="lead_id,created_at\n"), "holds no lead"),
    "empty folder": (canonical(), "holds no .csv and no .parquet"),
    "no such file": (words("import", "canonical", "/no/such/folder"), "there is no such file or folder"),
    "a folder with only unknown names": (canonical(contacts__csv=LEADS), "there is no table of the history"),
    "a file of an unknown name": (
        lambda place: ["import", "canonical", folder(place / "in", contacts__csv=LEADS) / "contacts.csv"],
        "not named after a table",
    ),
    "no leads": (canonical(touches__csv="lead_id,channel,occurred_at\n"), "there is no leads.csv"),
    "times that are none": (
        canonical(leads__csv="lead_id,created_at\nL1,1/2/2026\n"),
        "leads.csv, line 2, column created_at: 1/2/2026 is no ISO 8601 time",
    ),
    "unknown encoding": (lambda place: [*canonical(leads__csv=LEADS)(place), "--encoding", "klingon"], "no encoding is called 'klingon'"),
    "a codec that is no encoding": (lambda place: [*canonical(leads__csv=LEADS)(place), "--encoding", "hex"], "no encoding is called 'hex'"),
    "unknown time zone": (lambda place: [*canonical(leads__csv=LEADS)(place), "--time-zone", "Mars/Phobos"], "no time zone is called 'Mars/Phobos'"),
    "end that is no time": (lambda place: [*canonical(leads__csv=LEADS)(place), "--data-through", "soon"], "'soon' is no ISO 8601 time"),
    "append of nothing readable": (
        lambda place: ["import", "canonical", folder(place / "in", touches__csv="lead_id,channel,occurred_at\nL1,fax,2026-01-01\n"), "--append"],
        "fax",
    ),
    "append in another currency": (
        lambda place: [
            "import",
            "canonical",
            folder(place / "in", touches__csv="lead_id,channel,occurred_at\n"),
            "--append",
            "--time-zone",
            "Nowhere",
        ],
        "no time zone is called 'Nowhere'",
    ),
    "unknown preset": (words("import", "pipedrive", "/tmp"), "there is no preset 'pipedrive'"),
    "csv without a mapping": (words("import", "csv", "/tmp"), "needs a mapping"),
    "canonical with a mapping": (lambda place: [*canonical(leads__csv=LEADS)(place), "--mapping", "x.yaml"], "need no mapping"),
    "mapping not there": (words("import", "csv", "/tmp", "--mapping", "/no/map.yaml"), "No such file"),
    "mapping is a folder": (words("import", "csv", "/tmp", "--mapping", "/tmp"), "directory"),
    "mapping: no YAML": (mapped("files: [a: b: c"), "map.yaml, line 1: is no YAML"),
    "mapping: not UTF-8": (lambda place: ["import", "csv", "/tmp", "--mapping", folder(place, map__yaml=b"a: \xff\xfe") / "map.yaml"], "map.yaml"),
    "mapping: a list": (mapped("- a"), "should be a mapping"),
    "mapping: a key twice": (mapped("files: []\nfiles: []\n"), "map.yaml, line 2"),
    "mapping: nested without end": (mapped("[" * 5000), "map.yaml"),
    "mapping: unknown key": (changed("time_zone", "timezone"), "map.yaml, line 1: does not know 'timezone'; did you mean 'time_zone'"),
    "mapping: unknown key of a cell": (changed("labels", "lables"), "did you mean 'labels'"),
    "mapping: unknown table": (changed("stage_changes:", "stage_change:"), "there is no table 'stage_change'; did you mean 'stage_changes'"),
    "mapping: unknown stage": (changed("Good: mql", "Good: mlq"), "there is no stage 'mlq'; did you mean 'mql'"),
    "mapping: unknown column of ours": (changed("occurred_at", "ocurred_at"), "did you mean 'occurred_at'"),
    "mapping: unknown column of the file": (changed("created_at: Created", "created_at: Creatd"), "did the export call it 'Created'"),
    "mapping: unknown column in when": (changed("occurred_at: Changed", "occurred_at: Changed, when: {Nope: 1}"), "there is no column 'Nope'"),
    "mapping: required left out": (changed(", created_at: Created", ""), "gives no created_at"),
    "mapping: constant lead": (changed("leads: {lead_id: Id", "leads: {lead_id: {value: L1}"), "should be a column of the file"),
    "mapping: neither column nor value": (changed("{column: Status, ", "{"), "needs either a column or a value"),
    "mapping: no time zone": (changed("time_zone: UTC\n", ""), "says no time zone; add time_zone to map.yaml"),
    "mapping: unknown time zone": (changed("UTC", "Mars/Phobos"), "no time zone is called 'Mars/Phobos'"),
    "mapping: ambiguous days": (
        mapped(MAPPING, WIDE.replace("2026-01-01", "01/02/2026")),
        "leads.csv, line 2, column Created: '01/02/2026' could be day/month or month/day; add date_format to map.yaml, for example '%m/%d/%Y'",
    ),
    "mapping: two-digit years": (mapped(MAPPING, WIDE.replace("2026-01-01", "20-10-16")), "for example '%d-%m-%y'"),
    "mapping: year first": (mapped(MAPPING, WIDE.replace("2026-01-01", "2026/10/16")), "for example '%Y/%m/%d'"),
    "mapping: American times": (mapped(MAPPING, WIDE.replace("2026-01-01", "7/16/2026 9:00 AM")), "for example '%m/%d/%Y %I:%M %p'"),
    "mapping: pattern that is none": (mapped(f'date_format: "%Q"\n{MAPPING}'), "is no pattern of a date"),
    "mapping: file not given": (changed("file: leads.csv", "file: Lead.csv"), "the file 'Lead.csv' was not given"),
    "mapping: file outside the folder": (changed("file: leads.csv", "file: ../leads.csv"), "was not given"),
    "mapping: delimiter": (changed("file: leads.csv", "file: leads.csv\n    delimiter: ';;'"), "cannot separate fields"),
    "mapping: wrong delimiter": (changed("file: leads.csv", "file: leads.csv\n    delimiter: ';'"), "commas"),
    "mapping: no labels fit": (mapped(MAPPING, WIDE.replace("Good", "Fine").replace("Bad", "Fine")), "the label Fine is not mapped"),
    "unknown metric": (words("metric", "funnel/stage"), "there is no metric 'funnel/stage'; did you mean funnel/stages"),
    "unknown parameter": (words("metric", "funnel/stages", "--param", "mql=3"), "funnel/stages takes no parameter 'mql'"),
    "parameter without a value": (words("metric", "funnel/stages", "--param", "mql_days"), "is not of the form name=value"),
    "parameter that is no number": (words("metric", "funnel/stages", "--param", "mql_days=nan"), "'nan' is no number"),
    "parameter out of range": (words("metric", "funnel/stages", "--param", "mql_days=-1"), "'-1' is no number"),
    "parameter of no choice": (words("metric", "funnel/flow", "--param", "grain=year"), "'year'"),
    "since that is no day": (words("metric", "funnel/stages", "--since", "yesterday"), "'yesterday' is no day"),
    "since before time began": (words("metric", "funnel/stages", "--since", "0001-01-01"), "'0001-01-01' is no day"),
    "unknown segment": (words("metric", "funnel/stages", "--segment", "sorce=web"), "did you mean 'source'"),
    "segment without a value": (words("metric", "funnel/stages", "--segment", "source"), "is not of the form name=value"),
    "unknown episodes": (words("metric", "funnel/stages", "--episodes", "last"), "'last' is neither first nor all"),
    "roll back to unknown": (words("imports", "--roll-back", "2020"), "no snapshot is called '2020'"),
    "roll back outside": (words("imports", "--roll-back", "../../etc/passwd"), "no snapshot is called"),
}


REALLY = tuple(REFUSED)[::10]  # through a process of their own in the ordinary run too; the others then in this one, and all in the long run


@pytest.fixture
def own(history: Path, tmp_path: Path) -> Path:
    return twin(history, tmp_path)


def _in_this_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> Said:
    """The command line without the cost of two new processes. Only refusals are caught, so that a traceback is one here too."""
    monkeypatch.setattr(importing, "_supervise", lambda job, progress: run_job(job).__dict__)
    monkeypatch.setattr(sys, "argv", ["plumbline", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    return Said(ended.value.code, told.out, told.err)


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in REALLY])
def test_is_refused_in_one_line_and_nothing_changes(
    own: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(own)
    said = _in_this_process(monkeypatch, capsys, *REFUSED[name][0](tmp_path), "--history", own)
    assert REFUSED[name][1] in said.refusal
    assert state(own) == before


@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name in REALLY else pytest.mark.long) for name in REFUSED])
def test_the_real_command_line_refuses_in_one_line_and_nothing_changes(own: Path, tmp_path: Path, name: str) -> None:
    before = state(own)
    assert REFUSED[name][1] in plumbline(*REFUSED[name][0](tmp_path), "--history", own).refusal
    assert state(own) == before


# the history itself


@pytest.mark.parametrize("command", [("metric", "funnel/stages"), ("import", "canonical", "sample")])
def test_a_history_that_is_a_folder_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    place = folder(tmp_path / "in", leads__csv=LEADS)
    (tmp_path / "h.duckdb").mkdir()
    arguments = [place if word == "sample" else word for word in command]
    assert "is a folder" in plumbline(*arguments, "--history", tmp_path / "h.duckdb").refusal
    assert sorted(path.name for path in tmp_path.iterdir()) == ["h.duckdb", "in"]


def test_no_history_is_refused(tmp_path: Path) -> None:
    assert "there is no history here yet" in plumbline("metric", "funnel/stages", "--history", tmp_path / "none.duckdb").refusal


def _foreign(path: Path, *statements: str) -> None:
    con = duckdb.connect(str(path))
    for statement in statements:
        con.execute(statement)
    con.close()


def _garbage(path: Path) -> None:
    path.write_bytes(random.Random(2).randbytes(20_000))


FOREIGN = {
    "garbage": (_garbage, "cannot be read as a history"),
    "empty": (lambda path: path.write_bytes(b""), "history"),
    "another DuckDB file": (lambda path: _foreign(path, "create table t (a int)"), "no history of Plumbline"),
    "another format": (lambda path: _foreign(path, "create table about (format int)", "insert into about values (0)"), "has format 0"),
    "about without a format": (lambda path: _foreign(path, "create table about (a int)"), "cannot be read as a history"),
    "about alone": (
        lambda path: _foreign(path, "create table about (format int)", f"insert into about values ({FORMAT})"),
        "cannot be read as a history",
    ),
    "a table named to run a statement": (
        lambda path: _foreign(
            path,
            "create table about (format int)",
            f"insert into about values ({FORMAT})",
            f"create table \"v as select 1; copy (select 1) to '{path}.taken'; --\" (a int)",
        ),
        "cannot be read as a history",
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_that_is_no_history_is_refused(tmp_path: Path, name: str) -> None:
    make, line = FOREIGN[name]
    make(tmp_path / "h.duckdb")
    with pytest.raises(HistoryError, match=line):
        History(tmp_path / "h.duckdb")
    assert [path.name for path in tmp_path.iterdir()] == ["h.duckdb"]


def test_an_append_to_a_file_that_is_no_history_is_refused(tmp_path: Path) -> None:
    place = folder(tmp_path / "in", leads__csv=LEADS)
    _foreign(tmp_path / "h.duckdb", "create table t (a int)")
    before = (tmp_path / "h.duckdb").read_bytes()
    with pytest.raises(HistoryError, match="no history of Plumbline"):
        import_files("canonical", [place], tmp_path / "h.duckdb", Options(append=True))
    assert (tmp_path / "h.duckdb").read_bytes() == before


def test_importing_the_same_files_mends_a_damaged_history(tmp_path: Path) -> None:
    place = folder(tmp_path / "in", leads__csv=LEADS, stage_changes__csv=CHANGES)
    history = tmp_path / "h.duckdb"
    import_files("canonical", [place], history, Options())
    content = bytearray(history.read_bytes())
    content[len(content) // 2] ^= 0x40
    Path(os.path.realpath(history)).write_bytes(content)
    with pytest.raises(HistoryError, match="damaged"):
        History(history)
    assert import_files("canonical", [place], history, Options()).is_new
    History(history).close()


_LOOK = """
import json, sys
from pathlib import Path
from plumbline.errors import PlumblineError
from plumbline.history.connection import History
from plumbline.metrics import run

for line in sys.stdin:
    try:
        opened = History(Path(line.strip()))
        said = [run(opened, name).rows() for name in ("funnel/stages", "funnel/cohorts", "funnel/breakdown", "funnel/flow")]
        said.append(opened.query("select * from leads").rows())
        opened.close()
    except PlumblineError as refusal:
        said = "refused"
    print(json.dumps(said, default=str), flush=True)
"""


def _damaged_copies(history: Path, place: Path, number: int, seed: int) -> list[Path]:
    """Copies, half as whole histories and half as bare files, each with one byte flipped or its tail cut off."""
    draw = random.Random(seed)
    original = Path(os.path.realpath(history))
    content = original.read_bytes()
    copies = []
    for index in range(number):
        damaged = bytearray(content)
        if index % 5 == 4:
            damaged = damaged[: draw.randrange(len(content))]
        else:
            damaged[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        own = place / str(index)
        own.mkdir()
        if index % 2:
            path = own / "h.duckdb"
            path.write_bytes(damaged)
        else:
            path = twin(history, own)
            snapshot = Path(os.path.realpath(path))
            snapshot.unlink()
            snapshot.write_bytes(damaged)
        copies.append(path)
    return copies


def _silent(history: Path, place: Path, number: int, seed: int) -> tuple[int, int, int]:
    """(refused, identical, silently different or crashed) of so many damaged copies."""
    copies = _damaged_copies(history, place, number, seed)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    names = "\n".join(str(path) for path in [history, *copies])
    done = subprocess.run([sys.executable, "-c", _LOOK], input=names, capture_output=True, text=True, env=environment, timeout=600, check=False)
    lines = done.stdout.splitlines()
    assert len(lines) == number + 1, done.stderr[-2000:]
    refused = lines[1:].count('"refused"')
    identical = lines[1:].count(lines[0])
    return refused, identical, number - refused - identical


def test_no_damaged_copy_is_read_silently(history: Path, tmp_path: Path) -> None:
    refused, identical, silent = _silent(history, tmp_path, 30, 1)
    measured(f"30 damaged copies: {refused} refused, {identical} with identical results, {silent} silent")
    assert silent == 0


@pytest.mark.long
def test_no_damaged_copy_of_many_is_read_silently(history: Path, tmp_path: Path) -> None:
    refused, identical, silent = _silent(history, tmp_path, 300, 2)
    measured(f"300 damaged copies: {refused} refused, {identical} with identical results, {silent} silent")
    assert silent == 0


# texts that would be SQL if anything ran them

PAYLOADS = [
    "'; drop table leads; --", "' or '1'='1", "'' or 1=1 --", '" or ""="', "x'; attach '/tmp/pwn.db'; --", "'); delete from episodes; --",
    "'||(select 1)||'", "$v0", "$since", "$1", "?", ":name", "%s", "{0}", "\\'; drop", "\\", "\\\\", "'", '"', "''", '""', "`", ";", "--",
    "/*", "*/", "/* */ union select 1", "' union select * from about --", "1; select 1", "null", "true", "robert'); drop table leads;--",
    "' and (select count(*) from leads) > 0 --", "'; copy (select 1) to '/tmp/pwn'; --", "'; install httpfs; --",
    "'; set enable_external_access = true; --", "'; pragma database_list; --", "read_csv('/etc/passwd')", "'; call pragma_version(); --",
    "e'\\x27'", "chr(39)", "U&'\\0027'", "％27", "＇ or 1=1", "ʼ or 1=1", "%27 or 1=1", "&#39;", "<script>alert(1)</script>", "${7*7}",
    "{{7*7}}", "=cmd|' /C calc'!A0", "@SUM(1)", "../../etc/passwd", "a,b", 'a"b', "$$; drop table leads; $$", "$tag$x$tag$", "; shutdown",
    "Robert 'Bob' O''Neil",
]  # fmt: skip


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> History:
    """One lead a payload, with the payload as its id, the value of its source, the name of an attribute, of a column of an event, and of a rep."""
    place = tmp_path_factory.mktemp("payloads")
    names = ",".join(_cell(text) for text in PAYLOADS)
    leads = f"lead_id,created_at,source,{names}\n" + "".join(
        f"{_cell(text)},2026-01-01,{_cell(text)},{','.join(['yes' if other == text else 'no' for other in PAYLOADS])}\n" for text in PAYLOADS
    )
    changes = "lead_id,stage,occurred_at,reason\n" + "".join(f"{_cell(text)},mql,2026-01-02,{_cell(text)}\n" for text in PAYLOADS)
    touches = f"lead_id,channel,occurred_at,rep_id,{names}\n" + "".join(f"{_cell(text)},call,2026-01-02,{_cell(text)},{names}\n" for text in PAYLOADS)
    assignments = "lead_id,rep_id,occurred_at\n" + "".join(f"{_cell(text)},{_cell(text)},2026-01-02\n" for text in PAYLOADS)
    stages = folder(place / "in", leads__csv=leads, stage_changes__csv=changes, touches__csv=touches, assignments__csv=assignments)
    outcome = import_files("canonical", [stages], place / 'it\'s "the"; history.duckdb', Options())
    assert (outcome.rejects, outcome.tables["leads"]["kept"]) == ([], len(PAYLOADS))
    opened = History(place / 'it\'s "the"; history.duckdb')
    yield opened
    opened.close()


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_payload_is_a_text_like_any_other(plain: History, text: str) -> None:
    for segments in ({"source": (text,)}, {text: ("yes",)}, {"rep": (text,)}):
        assert run(plain, "funnel/stages", Filters(segments=segments)).rows()[0][1] == 1, segments
    assert run(plain, "funnel/stages", Filters(segments={"region": (text,)} if "region" in plain.fields else {"team": (text,)})).rows()[0][1] == 0
    rows = run(plain, "funnel/breakdown", Filters(), {"by": text}).to_dicts()
    assert sorted((row["value"], row["entered"]) for row in rows if row["stage"] == "mql") == [("no", len(PAYLOADS) - 1), ("yes", 1)]
    assert plain.query("select count(*) as n from leads where lead_id = $text", {"text": text})["n"][0] == 1


@pytest.mark.parametrize("text", PAYLOADS[::6])
def test_a_payload_on_the_command_line_is_a_text(
    plain: History, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answered(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["plumbline", *arguments, f"--history={plain.path}", "--format=json"])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code, said.out, said.err

    status, out, _ = answered("metric", "funnel/stages", f"--source={text}")
    assert (status, json.loads(out)[0]["entered"]) == (0, 1)
    status, out, err = answered("metric", "funnel/flow", f"--param=grain={text}")
    assert (status, out, err.count("\n")) == (1, "", 1)
    status, out, err = answered("metric", text if not text.startswith("-") else f" {text}")
    assert (status, out, err.count("\n")) == (1, "", 1)


@pytest.mark.parametrize("text", PAYLOADS[::4])
def test_a_payload_as_a_stage_is_a_reject(tmp_path: Path, text: str) -> None:
    from tests.importing_support import build_file

    place = folder(tmp_path / "in", leads__csv=LEADS, stage_changes__csv=f"{CHANGES}L1,{_cell(text)},2026-01-04\n")
    outcome = build_file(place, tmp_path / "h.duckdb")
    assert [(reject["line"], reject["column"]) for reject in outcome.rejects] == [(5, "stage")]


@pytest.mark.parametrize("text", PAYLOADS[::4])
def test_a_payload_in_a_mapping_is_a_text(tmp_path: Path, text: str) -> None:
    from plumbline.importing.job import Job, run_job
    from plumbline.importing.run import make_plan
    from tests.importing_support import NOW

    name = f"{text.replace('/', '_')[:40]}.csv"
    place = folder(tmp_path / "in")
    (place / name).write_text(f"Id,{_cell(text)}\nL1,{_cell(text)}\nL2,other\n", encoding="utf-8")
    mapping = {
        "time_zone": "UTC",
        "missing": [f"{text} "],
        "files": [
            {
                "file": name,
                "tables": {
                    "leads": {
                        "lead_id": "Id",
                        "created_at": {"value": "2026-01-01"},
                        text: {"column": text, "labels": {text: "yes"}},
                        f"{text} const": {"value": text},
                    },
                    "stage_changes": {
                        "lead_id": "Id",
                        "stage": {"column": text, "labels": {text: "mql"}},
                        "occurred_at": {"value": "2026-01-02"},
                        "when": {text: [text]},
                    },
                },
            }
        ],
    }
    mapping["missing"] = ["nothing"]
    (tmp_path / "map.yaml").write_text(json.dumps(mapping), encoding="utf-8")
    plan = make_plan("csv", [place], Options(mapping=tmp_path / "map.yaml"))
    workspace = folder(tmp_path / "workspace")
    outcome = run_job(Job(plan, workspace, tmp_path / "h.duckdb", "test", NOW, threads=1))
    assert outcome.tables["stage_changes"] == {"seen": 1, "kept": 1, "rejected": 0}
    assert [reject["line"] for reject in outcome.rejects] == [3]
    history = History(tmp_path / "h.duckdb")
    assert (
        run(
            history, "funnel/stages", Filters(segments={" ".join(text.split()) if " ".join(text.split()) in history.fields else text: ("yes",)})
        ).rows()[0][1]
        == 1
    )
    history.close()
