"""The life of a version by the command line: every step, and every step that is refused."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path

import pytest

from plumbline.agreement import versions
from tests.agreement_support import TEXT, made, refused, run, signed, simulated, state, text, write
from tests.cli_support import plumbline
from tests.state_support import log
from tests.test_command_lines import VALUES

BEFORE = ("--today", "2026-12-01")
UNTRACKED = "fit: [{field: employees, at_least: 100}, {field: country, one_of: [US]}]"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("agreements") / "h.duckdb"
    assert run("sample", "--leads", 700, "--seed", 3, "--history", path).status == 0
    return path


@pytest.fixture(autouse=True)
def here(history: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(history))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PLUMBLINE_STATE", "")
    return tmp_path


def test_the_whole_way(here: Path) -> None:
    file = write(here)
    assert made("check", file)["promises"] == 4
    draft = made("new", file, "--by", "Ann")
    assert list(draft) == ["id", "number", "seal"] and state(draft["id"]) == "draft"
    simulation = made("simulate", draft["id"])
    assert simulation["seal"] != draft["seal"] and state(draft["id"]) == "simulated" and simulation["signatures_taken"] == []
    one = made("sign", draft["id"], "--side", "marketing", "--by", "Ann", "--seal", simulation["seal"])
    assert one["state"] == "signed" and [(mark["side"], mark["by"]) for mark in one["signatures"]] == [("marketing", "Ann")]
    both = made("sign", draft["id"], "--side", "sales", "--by", "Bob")
    assert both["state"] == "signed"
    told = made("publish", draft["id"], *BEFORE)
    assert list(told) == ["id", "number", "name", "state", "effective", "seal", "signatures"]
    assert (told["state"], told["effective"], told["name"], told["seal"]) == ("published", "2027-01-04", "Q1 2027", simulation["seal"])
    assert list(told["signatures"][0]) == ["side", "by", "signed_at"]
    assert [row["what"].removeprefix("agreement ") for row in log()] == ["drafted", "simulated", "signed", "signed", "published"]
    assert made("list") == [made("show", draft["id"])]
    said = run("agreement", "show", draft["id"])
    assert "2027" in said.out and "signed for sales" in said.out and simulation["seal"] in said.out.replace("\n", "")


def test_every_fault_is_a_line(here: Path) -> None:
    file = here / "bad.yaml"
    file.write_text(TEXT.replace("share: 0.9}\nmarketing", "share: 9}\nmarketing").replace("{leads: 390}", "{leads: 1.5}"), encoding="utf-8")
    said = run("agreement", "check", file)
    assert said.status == 1 and said.out == "" and len(said.err.splitlines()) == 2
    assert all(line.startswith("error: bad.yaml, ") for line in said.err.splitlines())
    file.write_text(TEXT.replace("employees", "no_such_field"), encoding="utf-8")
    for words in (("check", file), ("new", file)):
        said = run("agreement", *words)
        assert said.status == 1 and "no_such_field" in said.err and said.out == ""
    assert made("list") == []
    assert "No such file" in refused("check", here / "nothing.yaml")


def test_not_simulated_is_not_signed(here: Path) -> None:
    number = made("new", write(here))["id"]
    assert "not simulated" in refused("sign", number, "--side", "sales", "--by", "Bob")
    assert "not signed for marketing and sales" in refused("publish", number, *BEFORE)


def test_signatures_are_of_two_persons_and_of_the_seal_that_was_seen(here: Path) -> None:
    number = simulated(here)
    seal = made("show", number)["seal"]
    assert "another seal" in refused("sign", number, "--side", "sales", "--by", "Bob", "--seal", "0" * 64)
    assert "another seal" in refused("sign", number, "--side", "sales", "--by", "Bob", "--seal", seal[:12])
    assert "is no side" in refused("sign", number, "--side", "both", "--by", "Bob")
    assert "a name is needed" in refused("sign", number, "--side", "sales", "--by", " \u200b ")
    made("sign", number, "--side", "marketing", "--by", "Jürgen  Groß")
    for same in ("Jürgen Groß", " JÜRGEN GROSS ", "Ju\u0308rgen\u00a0Groß", "Jür\u200bgen Groß"):
        assert "nobody signs for both sides" in refused("sign", number, "--side", "sales", "--by", same), same
    assert "is signed for marketing already" in refused("sign", number, "--side", "marketing", "--by", "Cid")
    assert "not signed for sales" in refused("publish", number, *BEFORE)
    assert len(made("show", number)["signatures"]) == 1


def test_simulating_again_takes_the_signatures_away_and_says_so(here: Path) -> None:
    number = signed(here)
    said = run("agreement", "simulate", number, "--format", "json")
    assert "took away the signature of Ann for marketing and signature of Bob for sales" in said.err
    assert said.json["signatures_taken"] == [{"side": "marketing", "by": "Ann"}, {"side": "sales", "by": "Bob"}]
    assert state(number) == "simulated" and made("show", number)["signatures"] == []


def test_values_of_today_are_acknowledged_by_each(here: Path) -> None:
    file = here / "today.yaml"
    file.write_text(TEXT.replace("fit: [{field: employees, at_least: 100}]", UNTRACKED), encoding="utf-8")
    number = made("new", file)["id"]
    said = run("agreement", "simulate", number, "--format", "json")
    assert said.json["of_today"] == ["country"] and "country" in said.err and "--acknowledge-today" in said.err
    assert "country" in refused("sign", number, "--side", "sales", "--by", "Bob")
    made("sign", number, "--side", "sales", "--by", "Bob", "--acknowledge-today")
    assert "--acknowledge-today" in refused("sign", number, "--side", "marketing", "--by", "Ann")
    made("sign", number, "--side", "marketing", "--by", "Ann", "--acknowledge-today")
    assert versions.version(number).signatures[0].acknowledged == ("country",)


def test_publishing_wants_a_day_to_come(here: Path) -> None:
    number = signed(here)
    assert "which is past" in refused("publish", number, "--today", "2027-01-05")
    assert made("publish", number, "--today", "2027-01-04")["state"] == "published"


def test_a_published_version_is_left_as_it_is(here: Path) -> None:
    number = signed(here)
    made("publish", number, *BEFORE)
    before = made("show", number)
    for words in (
        ("publish", number, *BEFORE),
        ("simulate", number),
        ("withdraw", number),
        ("sign", number, "--side", "sales", "--by", "Cid"),
        ("decline", number, "--side", "sales", "--by", "Cid", "--why", "no"),
    ):
        assert "is published" in refused(*words), words
    assert made("show", number) == before


def test_no_version_begins_before_or_with_the_one_published_last(here: Path) -> None:
    waiting = simulated(here, effective="2027-01-02", employees=70)
    ready = signed(here, effective="2027-01-03", employees=60)
    number = signed(here)
    made("publish", number, *BEFORE)
    for day in ("2027-01-04", "2026-12-28"):
        file = write(here, day, employees=50)
        for words in (("check", file), ("new", file)):
            assert f"begins on {day}" in refused(*words) and "2027-01-04" in refused(*words)
    for words in (
        ("simulate", waiting),
        ("sign", waiting, "--side", "sales", "--by", "Bob"),
        ("publish", ready, *BEFORE),
        ("edit", waiting, write(here, "2027-01-01", employees=20), "--edition", 1),
    ):
        assert "and agreement 3, which is published, on 2027-01-04" in refused(*words), words
    assert made("withdraw", waiting)["state"] == "withdrawn"


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


def test_a_declined_or_withdrawn_draft_takes_nothing_more(here: Path) -> None:
    number = simulated(here)
    assert "a reason is needed" in refused("decline", number, "--side", "sales", "--by", "Bob", "--why", " ")
    assert made("decline", number, "--side", "sales", "--by", "Bob", "--why", "too wide")["state"] == "declined"
    assert versions.version(number).declines[0].why == "too wide" and "too wide" in run("agreement", "show", number).out
    other = simulated(here, employees=50)
    assert made("withdraw", other)["state"] == "withdrawn"
    for draft, how in ((number, "declined"), (other, "withdrawn")):
        for words in (
            ("sign", draft, "--side", "marketing", "--by", "Ann"),
            ("simulate", draft),
            ("publish", draft, *BEFORE),
            ("withdraw", draft),
            ("decline", draft, "--side", "marketing", "--by", "Ann", "--why", "no"),
        ):
            assert f"is {how}" in refused(*words), words


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


def test_what_is_not_there(here: Path) -> None:
    for words in (("show", 9), ("simulate", 9), ("publish", 9), ("withdraw", 9), ("export", 9, "--to", here / "x.html")):
        assert "there is no agreement 9" in refused(*words)
    assert run("agreement", "show", "x").status == 2 and not (here / "home" / "state.db").exists()


def test_a_typed_name_is_refused_where_log_in_is_configured(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = simulated(here)
    monkeypatch.chdir(here)
    (here / ".streamlit").mkdir()
    (here / ".streamlit" / "secrets.toml").write_text('[auth]\nclient_id = "x"\n')
    for words in (
        ("sign", number, "--side", "sales", "--by", "Bob"),
        ("decline", number, "--side", "sales", "--by", "Bob", "--why", "x"),
        ("new", write(here, employees=5), "--by", "Bob"),
    ):
        assert "log-in is configured" in refused(*words)
    assert made("withdraw", number)["state"] == "withdrawn"


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
        said_by_check = [row["detail"] for row in run("check", "--format", "json").json if not row["ok"]]
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


def test_it_is_the_real_command_line(here: Path) -> None:
    said = plumbline("agreement", "new", write(here), "--by", "Ann", "--format", "json")
    assert json.loads(said.out)["id"] == 1 and said.status == 0
    assert "is no side" in plumbline("agreement", "sign", 1, "--side", "x", "--by", "Ann").refusal
    assert text() == TEXT
