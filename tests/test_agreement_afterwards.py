"""What follows on a signature, by the command line: successors, endings, signers who left, edits, corrections, damage."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from plumbline.agreement import versions
from plumbline.agreement.verify import verify
from tests.agreement_support import made, refused, run, signed, simulated, state, write
from tests.state_support import log
from tests.test_command_lines import VALUES

BEFORE = ("--today", "2026-12-01")
UNTRACKED = "fit: [{field: employees, at_least: 100}, {field: country, one_of: [US]}]"


@pytest.fixture(autouse=True)
def here(agreement_folder: Path) -> Path:
    return agreement_folder


def test_the_next_one_supersedes_on_its_first_day(here: Path) -> None:
    first, second = signed(here), signed(here, effective="2027-04-05", employees=50)
    made("publish", first, *BEFORE)
    made("publish", second, "--today", "2027-03-01")
    assert state(first, "--today", "2027-04-04") == "published" and state(first, "--today", "2027-04-05") == "superseded"
    assert state(second, "--today", "2027-04-05") == "published"
    rules = [versions.in_force(versions.date.fromisoformat(day)) for day in ("2027-01-03", "2027-01-04", "2027-04-04", "2027-04-05", "2030-01-01")]
    assert [one and one.qualified.fit[0].value for one in rules] == [None, 100, 100, 50, 50]
    said = refused("end", first, "--side", "sales", "--by", "Bob", "--last-day", "2027-04-05", "--why", "x", *BEFORE)
    assert "the next version begins on 2027-04-05" in said


def test_both_sides_end_it_together(here: Path) -> None:
    number = signed(here)

    def end(side: str, by: str, day: str = "2027-02-26", today: str = "2027-02-01") -> tuple[object, ...]:
        return ("end", number, "--side", side, "--by", by, "--last-day", day, "--why", "new owners", "--today", today)

    assert "only a published one is ended" in refused(*end("sales", "Bob"))
    made("publish", number, *BEFORE)
    assert "is past" in refused(*end("sales", "Bob", "2027-01-31"))
    assert made(*end("sales", "Bob"))["state"] == "published"
    assert "signed for sales already" in refused(*end("sales", "Cid"))
    assert "nobody speaks for both sides" in refused(*end("marketing", "BOB"))
    assert "Bob named 2027-02-26" in refused(*end("marketing", "Ann", "2027-02-27"))
    assert made(*end("marketing", "Ann"))["state"] == "ended"
    assert "is ended" in refused(*end("marketing", "Ann"))
    days = [versions.version_in_force(versions.date.fromisoformat(day)) is not None for day in ("2027-02-26", "2027-02-27", "2027-03-01")]
    assert days == [True, False, False]


def test_a_version_that_is_called_off_before_its_first_day_supersedes_nothing(here: Path) -> None:
    first, second = signed(here), signed(here, effective="2027-04-05", employees=50)
    made("publish", first, *BEFORE)
    made("publish", second, *BEFORE)
    for side, by in (("sales", "Bob"), ("marketing", "Ann")):
        made("end", second, "--side", side, "--by", by, "--last-day", "2027-03-01", "--why", "no longer wanted", *BEFORE)
    assert [state(number, "--today", "2027-05-01") for number in (first, second)] == ["published", "ended"]
    assert versions.version_in_force(versions.date(2027, 5, 1)).number == first


def test_an_ended_version_is_superseded_where_the_next_begins_before_its_last_day(here: Path) -> None:
    first, second = signed(here), signed(here, effective="2027-02-01", employees=50)
    made("publish", first, *BEFORE)
    for side, by in (("sales", "Bob"), ("marketing", "Ann")):
        made("end", first, "--side", side, "--by", by, "--last-day", "2027-03-01", "--why", "new owners", *BEFORE)
    made("publish", second, *BEFORE)
    assert [state(first, "--today", day) for day in ("2027-01-31", "2027-02-01")] == ["ended", "superseded"]
    in_force = [versions.version_in_force(versions.date(2027, 1, 31)), versions.version_in_force(versions.date(2027, 2, 1))]
    assert [one.number for one in in_force] == [first, second]


def test_an_ending_of_one_side_alone_lapses(here: Path) -> None:
    number = signed(here)
    made("publish", number, *BEFORE)
    made("end", number, "--side", "sales", "--by", "Bob", "--last-day", "2027-02-01", "--why", "x", "--today", "2027-01-15")
    made("end", number, "--side", "marketing", "--by", "Ann", "--last-day", "2027-03-01", "--why", "y", "--today", "2027-02-02")
    assert [(one.side, one.last_day.isoformat()) for one in versions.version(number).endings] == [("marketing", "2027-03-01")]
    made("end", number, "--side", "sales", "--by", "Bob", "--last-day", "2027-03-01", "--why", "y", "--today", "2027-02-03")
    assert state(number) == "ended" and run("check", "--format", "json").json[-1]["ok"]


def test_a_signer_who_left_is_replaced(here: Path) -> None:
    number = signed(here)
    assert [one["state"] for one in made("left", "bob")] == ["needs_attention"]
    assert "Bob, who signed for sales, no longer holds the role" in refused("publish", number, *BEFORE)
    assert "signed for marketing already" in refused("sign", number, "--side", "marketing", "--by", "Cid")
    assert made("sign", number, "--side", "sales", "--by", "Cid")["state"] == "signed"
    made("publish", number, *BEFORE)
    assert [one["state"] for one in made("left", "Ann", "--side", "marketing")] == ["published"]
    assert "no longer holds the role" in run("agreement", "show", number).out


def test_edits(here: Path) -> None:
    number = simulated(here)
    changed = write(here, employees=200)
    told = made("edit", number, changed, "--edition", 1, "--by", "Ann")
    assert told["id"] == number and told["edition"] == 2 and state(number) == "draft"
    said = refused("edit", number, write(here, employees=300), "--edition", 1, "--by", "Bob")
    assert "Ann changed it at" in said and "employees" in said and "200" in said and "300" in said
    made("simulate", number)
    made("sign", number, "--side", "sales", "--by", "Bob")
    before = made("show", number)
    other = run("agreement", "edit", number, write(here, employees=300), "--edition", 2, "--format", "json")
    assert other.json["id"] == number + 1 and f"agreement {number} stays as it is" in other.err
    assert made("show", number) == before and made("show", number + 1)["signatures"] == []


def test_names_are_corrected_without_new_signatures(here: Path) -> None:
    number = signed(here)
    seal = made("show", number)["seal"]
    told = made("correct", number, "--name", "First quarter: 2027", "--description", "As agreed\nin December")
    assert (told["name"], told["state"], told["seal"], len(told["signatures"])) == ("First quarter: 2027", "signed", seal, 2)
    renamed = made("edit", number, write(here, name="Q1"), "--edition", 2)
    assert renamed["id"] == number and made("show", number)["name"] == "Q1" and state(number) == "signed"
    assert [row["what"] for row in log()].count("agreement corrected") == 2
    assert all(row["ok"] for row in run("check", "--format", "json").json if row["name"] in ("store", "store file", "audit log", "agreements"))


def test_differences_in_words(here: Path) -> None:
    one, two = simulated(here), simulated(here, employees=200, effective="2027-04-05")
    rows = made("diff", one, two)
    assert any("100" in row["change"] and "200" in row["change"] for row in rows)
    effect = next(row["effect"] for row in rows if "employees" in row["path"])
    assert effect.startswith("without it, ") and "lead" in effect
    assert made("diff", one, one) == [] and made("diff", write(here), write(here, employees=7))
    assert "there is no agreement 77" in refused("diff", one, 77)


def test_a_damaged_version_is_found(here: Path) -> None:
    number = signed(here)
    for statement, said in (
        ("update versions set yaml = replace(yaml, '100', '101')", "the text is not what was sealed"),
        ("update versions set results = cast(replace(cast(results as text), '0', '1') as blob)", "the seal is not that of the text"),
        ("update versions set snapshot = 'other'", "simulation in the store and in the log of changes differ"),
        ("update versions set edited_by = 'Zoe'", "latest edit in the store and in the log of changes differ"),
        ("update signatures set left_at = 'x' where side = 'sales'", "signatures in the store and in the log of changes differ"),
        ("update versions set seed = seed + 1", "the seal is not that of the text"),
        ("update signatures set signed_by = 'Zoe' where side = 'sales'", "signatures in the store and in the log of changes differ"),
        ("delete from signatures where side = 'sales'", "signatures in the store and in the log of changes differ"),
        ("update versions set published_at = '2026-12-01T00:00:00.000000Z', published_by = 'x'", "publishing in the store and in the log"),
    ):
        before = {path: path.read_bytes() for path in (here / "home").iterdir() if path.is_file()}
        connection = sqlite3.connect(here / "home" / "state.db")
        connection.execute(statement)
        connection.commit()
        connection.close()
        said_by_check = verify()
        assert any(said in line and f"agreement {number}" in line for line in said_by_check), (statement, said_by_check)
        for path, content in before.items():
            path.write_bytes(content)
    assert all(row["ok"] for row in run("check", "--format", "json").json if row["name"] in ("store", "store file", "audit log", "agreements"))


def test_absurd_lines_end_in_one_line(here: Path) -> None:
    number = simulated(here)
    draw = random.Random(8)
    own = (str(number), "marketing", "sales", str(here / "x.html"), str(write(here)), "2027-01-04")
    options = (
        "--side",
        "--by",
        "--seal",
        "--why",
        "--last-day",
        "--today",
        "--to",
        "--edition",
        "--name",
        "--format",
        "--history",
        "--nothing",
        "--",
    )
    names = "check new edit correct simulate reproduce sign publish show list diff export withdraw decline end"
    for _ in range(150):
        values = (*VALUES, *own, *own, *own)
        line = [draw.choice(names.split()), *(draw.choice(values) for _ in range(draw.randrange(3)))]
        for _ in range(draw.randrange(4)):
            line += [draw.choice(options), draw.choice(values)]
        said = run("agreement", *line)
        assert "Traceback" not in said.err and "defect" not in said.err, (line, said.err)
        assert said.status in (0, 1, 2), line
        if said.status == 1:
            assert said.err.startswith("error: ") and said.out == "", (line, said.err)
