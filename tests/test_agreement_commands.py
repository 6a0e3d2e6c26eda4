"""The life of a version by the command line: every step, and every step that is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plumbline.agreement import versions
from tests.agreement_support import TEXT, made, refused, run, signed, simulated, state, text, write
from tests.cli_support import plumbline
from tests.state_support import log

BEFORE = ("--today", "2026-12-01")
UNTRACKED = "fit: [{field: employees, at_least: 100}, {field: country, one_of: [US]}]"


@pytest.fixture(autouse=True)
def here(agreement_folder: Path) -> Path:
    return agreement_folder


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


def test_it_is_the_real_command_line(here: Path) -> None:
    said = plumbline("agreement", "new", write(here), "--by", "Ann", "--format", "json")
    assert json.loads(said.out)["id"] == 1 and said.status == 0
    assert "is no side" in plumbline("agreement", "sign", 1, "--side", "x", "--by", "Ann").refusal
    assert text() == TEXT
