"""Team calendars: from a history, from calendars.yaml over it, and back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.clock import time_zone
from plumbline.errors import InputError, SettingError
from plumbline.working_time import (
    ASSUMED_WEEK,
    NO_TEAM,
    Calendar,
    Calendars,
    PartialCalendar,
    calendar_file,
    check_teams,
    difference,
    from_form,
    from_history,
    hours_in_words,
    hours_text,
    in_words,
    load,
    parse,
    path,
    read_hours,
    save,
    to_yaml,
    week_in_words,
)
from plumbline.working_time.holiday_codes import supported
from plumbline.working_time.shifts import merged
from tests.state_support import ANN, log

SAMPLE = Path(__file__).parent.parent / "sample_data" / "history"
NINE_TO_SIX = ((540, 1080),)
EXAMPLE = """
teams:
  Americas: {time_zone: America/New_York, holidays: US, mon: "09:00-18:00", fri: "09:00-12:00 13:00-16:00", sat: closed, 2026-12-24: "09:00-12:00"}
  "": {time_zone: Europe/Berlin}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def _calendars(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(rows, {"team": pl.String, "day": pl.String, "opens": pl.String, "closes": pl.String}, orient="row")


def _reps(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(rows, {"team": pl.String, "time_zone": pl.String}, orient="row")


# From a history


def test_the_sample_has_four_teams_with_hours_and_one_calendar_for_leads_without() -> None:
    calendars = from_history(pl.read_csv(SAMPLE / "calendars.csv"), pl.read_csv(SAMPLE / "reps.csv"), "Europe/Berlin")
    assert calendars.names == (NO_TEAM, "Americas", "Asia Pacific", "Continental Europe", "UK and Ireland")
    assert calendars.of(None) == calendars.of("") == Calendar("Europe/Berlin", ASSUMED_WEEK, is_assumed=True)
    americas = calendars.of("Americas")
    assert (americas.time_zone, americas.week) == ("America/New_York", (NINE_TO_SIX,) * 5 + ((), ()))
    assert not americas.is_assumed and not americas.is_zone_assumed
    assert len(americas.dates) == 14 and americas.hours(date(2026, 7, 3)) == () and americas.hours(date(2026, 7, 2)) == NINE_TO_SIX
    assert in_words(americas, 2026) == "Mon to Fri 09:00 to 18:00, 6 days closed in 2026"


def test_what_the_import_keeps_is_what_is_read(sample_file: Path) -> None:
    """The canonical tables of a real snapshot, not only the CSV files."""
    import duckdb

    with duckdb.connect(str(sample_file), read_only=True) as con:
        tables = [con.sql(f"select * from canonical.{name}").pl() for name in ("calendars", "reps")]
    assert from_history(*tables, "UTC") == from_history(pl.read_csv(SAMPLE / "calendars.csv"), pl.read_csv(SAMPLE / "reps.csv"), "UTC")


def test_the_zone_of_a_team() -> None:
    reps = _reps(
        ("Commonest", "Asia/Tokyo"), ("Commonest", "Europe/Rome"), ("Commonest", "Europe/Rome"),
        ("Tie", "Europe/Rome"), ("Tie", "Asia/Tokyo"),
        ("Bad", "Mars/Phobos"), ("Bad", "Mars/Phobos"), ("Bad", "Asia/Tokyo"),
        ("All bad", "Mars/Phobos"), ("None", None), ("Empty", ""), (None, "Asia/Tokyo"), (None, "Asia/Tokyo"),
        ("Said", "Asia/Tokyo"),
    )  # fmt: skip
    calendars = from_history(_calendars(), reps, "Europe/Paris", parse("teams: {Said: {time_zone: America/Lima}}"))
    zones = {name: (one.time_zone, one.is_zone_assumed) for name, one in calendars.teams}
    assert zones == {
        "": ("Europe/Paris", False),
        "Commonest": ("Europe/Rome", False),
        "Tie": ("Asia/Tokyo", False),
        "Bad": ("Asia/Tokyo", False),
        "All bad": ("Europe/Paris", True),
        "None": ("Europe/Paris", True),
        "Empty": ("Europe/Paris", True),
        "Said": ("America/Lima", False),
    }
    assert calendars.bad_zones == ("Mars/Phobos",)
    assert all(one.is_assumed for _, one in calendars.teams)
    with pytest.raises(InputError, match="no time zone"):
        from_history(_calendars(), reps, "Nowhere")


def test_hours_of_a_team() -> None:
    rows = _calendars(
        ("Nights", "mon", "22:00", "06:00"),
        ("Nights", "tue", "18:00", "24:00"),
        ("Nights", "wed", "00:00", "00:00"),
        ("Nights", "2026-12-24", "09:00", "12:00"),
        ("Dates only", "2026-12-25", None, None),
        ("Closed", "mon", None, None),
        ("Twice", "mon", "13:00", "17:00"),
        ("Twice", "mon", "08:00", "12:00"),
    )
    calendars = from_history(rows, _reps(), "UTC")
    assert calendars.of("Nights").week == (((1320, 1800),), ((1080, 1440),), ((0, 1440),), (), (), (), ())
    assert calendars.of("Nights").dates == ((date(2026, 12, 24), ((540, 720),)),)
    dates_only = calendars.of("Dates only")
    assert dates_only.is_assumed and dates_only.week == ASSUMED_WEEK and dates_only.hours(date(2026, 12, 25)) == ()
    assert not calendars.of("Closed").is_assumed and calendars.of("Closed").week == ((),) * 7
    assert calendars.of("Twice").week[0] == ((480, 720), (780, 1020))
    with pytest.raises(KeyError):
        calendars.of("No such team")


def test_names_that_differ_in_case_are_one_team() -> None:
    calendars = from_history(
        _calendars(("emea", "mon", "08:00", "10:00"), ("STRASSE", "tue", "08:00", "10:00")),
        _reps(("EMEA", "Asia/Tokyo"), ("EMEA", "Asia/Tokyo"), ("Emea", "Europe/Rome"), ("Straße", "Europe/Rome")),
        "UTC",
        parse("teams: {eMEA: {tue: closed}}"),
    )
    assert calendars.names == ("", "EMEA", "Straße")
    assert calendars.of("emea") == Calendar("Asia/Tokyo", (((480, 600),), (), (), (), (), (), ()))
    assert calendars.of("strasse").week[1] == ((480, 600),)


def test_calendars_are_values() -> None:
    made = [from_history(_calendars(("A", "mon", "08:00", "10:00")), _reps(("A", "Asia/Tokyo")), "UTC") for _ in range(2)]
    assert made[0] == made[1] and hash(made[0]) == hash(made[1]) and made[0].of("A") is not made[1].of("A")
    with pytest.raises(ValueError):
        Calendars((("A", Calendar("UTC")),))
    with pytest.raises(ValueError):
        Calendars((("", Calendar("UTC")), ("A", Calendar("UTC")), ("a", Calendar("UTC"))))


# The settings over it


def test_settings_go_over_the_history_day_by_day() -> None:
    history = _calendars(("Americas", "tue", "08:00", "10:00"), ("Americas", "fri", "08:00", "10:00"), ("Americas", "2026-07-03", None, None))
    calendars = from_history(history, _reps(), "UTC", parse(EXAMPLE))
    americas = calendars.of("Americas")
    assert americas.week == (NINE_TO_SIX, ((480, 600),), (), (), ((540, 720), (780, 960)), (), ())
    assert americas.dates == ((date(2026, 7, 3), ()), (date(2026, 12, 24), ((540, 720),)))
    assert americas.hours(date(2026, 12, 25)) == () and americas.hours(date(2026, 12, 24)) == ((540, 720),)  # a Friday of the holidays; a date
    assert americas.holidays_of(2026)[date(2026, 12, 25)] == "Christmas Day"
    assert calendars.of(None) == Calendar("Europe/Berlin", is_assumed=True)


def test_one_weekday_said_of_an_assumed_week_closes_the_others() -> None:
    calendars = from_history(_calendars(), _reps(("A", "UTC"), ("B", "UTC")), "UTC", parse("teams: {A: {mon: 08:00-10:00}, B: {holidays: TH}}"))
    assert calendars.of("A").week == (((480, 600),), (), (), (), (), (), ()) and not calendars.of("A").is_assumed
    assert calendars.of("B").week == ASSUMED_WEEK and calendars.of("B").is_assumed


def test_a_team_that_only_the_settings_know_is_there() -> None:
    assert from_history(_calendars(), _reps(), "UTC", parse("teams: {New: {mon: 08:00-10:00}}")).names == ("", "New")


HOURS = [((540, 1020),), ((480, 720), (780, 1080)), ((1320, 1800),), ((0, 1440),), ()]
SHIFTS = st.sampled_from(HOURS)
WEEK = st.tuples(*[SHIFTS] * 7)
DATES = st.dictionaries(st.dates(date(2025, 12, 20), date(2026, 1, 10)), SHIFTS, max_size=6).map(lambda told: tuple(sorted(told.items())))
CALENDAR = st.builds(
    Calendar,
    st.sampled_from(["UTC", "Asia/Tokyo"]),
    WEEK | st.just(ASSUMED_WEEK),
    DATES,
    st.sampled_from(["", "US", "DE-BY"]),
    st.booleans(),
    st.booleans(),
)


@settings(max_examples=150, deadline=None)
@given(CALENDAR, CALENDAR)
def test_the_difference_makes_of_one_calendar_the_other(base: Calendar, edited: Calendar) -> None:
    said = difference(base, edited)
    made = base.overlaid(said)
    assert (made.time_zone, made.week, made.holidays) == (edited.time_zone, edited.week, edited.holidays)
    days = [date(2025, 12, 1) + timedelta(days=n) for n in range(60)]
    assert [made.hours(day) for day in days] == [edited.hours(day) for day in days]
    assert edited.is_assumed or not made.is_assumed
    assert difference(base, base) == PartialCalendar()


# The file


def test_the_example_is_read() -> None:
    told = parse(EXAMPLE)
    assert told[""] == PartialCalendar("Europe/Berlin")
    assert told["Americas"] == PartialCalendar(
        "America/New_York", (NINE_TO_SIX, None, None, None, ((540, 720), (780, 960)), (), None), ((date(2026, 12, 24), ((540, 720),)),), "US"
    )


def test_little_is_enough() -> None:
    assert parse("") == parse("teams:") == parse("# nothing yet\n") == {}
    assert parse("teams: {A: }") == {"A": PartialCalendar()}
    assert parse("teams: {A: {sat: , holidays: , time_zone: }}") == {"A": PartialCalendar(week=(None,) * 5 + ((), None))}
    assert parse("teams: {A: {holidays: none}, B: {holidays: NO}}") == {"A": PartialCalendar(holidays=""), "B": PartialCalendar(holidays="NO")}
    assert parse("teams: {'  Big   team ': {Mon: 9:00 – 17:30, TUE: '8:00-9:00, 10:00-11:00'}}") == {
        "Big team": PartialCalendar(week=(((540, 1050),), ((480, 540), (600, 660)), None, None, None, None, None))
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("teams: {A: {time_zone: Europe/Berln}}", "c.yaml, team 'A', time_zone: no time zone is called 'Europe/Berln'; did you mean 'Europe/Berlin'"),
        ("teams: {A: {time_zone: 5}}", "c.yaml, team 'A', time_zone: '5' is no name; write a text"),
        ("teams: {A: {holidays: USA}}", "c.yaml, team 'A', holidays: no holidays are known of 'USA'; did you mean 'US'"),
        ("teams: {A: {holidays: UK}}", "c.yaml, team 'A', holidays: no holidays are known of 'UK'; did you mean 'GB'"),
        ("teams: {A: {holidays: Germny}}", "c.yaml, team 'A', holidays: no holidays are known of 'Germny'; did you mean 'DE' (Germany)"),
        ("teams: {A: {holidays: DE-Bayern}}", "c.yaml, team 'A', holidays: no part of DE is called 'Bayern'; did you mean 'DE-BY'"),
        ("teams: {A: {holidays: GB-XX}}", "c.yaml, team 'A', holidays: no part of GB is called 'XX'; use one of GB-ENG, GB-NIR, GB-SCT, GB-WLS"),
        ("teams: {A: {holidays: TH-10}}", "c.yaml, team 'A', holidays: no part of TH has holidays of its own, so not '10'; use TH"),
        ("teams: {A: {holidays: zzzzzzzz}}", "c.yaml, team 'A', holidays: no holidays are known of 'zzzzzzzz'; use a code such as US, GB, DE-BY"),
        ("teams: {A: {monday: closed}}", "c.yaml, team 'A': nothing is called 'monday' here; did you mean 'mon'; a date is written YYYY-MM-DD"),
        ("teams: {A: {2026-13-01: closed}}", "c.yaml, team 'A', 2026-13-01: '2026-13-01' is no date; write YYYY-MM-DD, 1900 to 2199"),
        ("teams: {A: {2026-1-5: closed}}", "c.yaml, team 'A', 2026-1-5: '2026-1-5' is no date; write YYYY-MM-DD, 1900 to 2199"),
        ("teams: {A: {20260105: closed}}", "c.yaml, team 'A', 20260105: '20260105' is no date; write YYYY-MM-DD, 1900 to 2199"),
        ("teams: {A: {9999-12-31: closed}}", "c.yaml, team 'A', 9999-12-31: '9999-12-31' is no date; write YYYY-MM-DD, 1900 to 2199"),
        ("teams: {A: {mon: 25:00-26:00}}", "c.yaml, team 'A', mon: '25:00' is no time of day; write hours such as"),
        ("teams: {A: {mon: 9:60-10:00}}", "c.yaml, team 'A', mon: '9:60' is no time of day; write hours such as"),
        ("teams: {A: {mon: 24:00-06:00}}", "c.yaml, team 'A', mon: 24:00 is the end of a day and no time to open; write hours such as"),
        ("teams: {A: {mon: nine to five}}", "c.yaml, team 'A', mon: 'nine to five' is no opening hours; write hours such as 09:00-17:00"),
        ("teams: {A: {mon: 9-17}}", "c.yaml, team 'A', mon: '9' is no time of day; write hours such as"),
        ("teams: {A: {mon: 9}}", "c.yaml, team 'A', mon: '9' is no opening hours; write hours such as"),
        ("teams: {A: {mon: [closed]}}", "c.yaml, team 'A', mon: \"['closed']\" is no opening hours; write hours such as"),
        ("teams: {A: {mon: closed, Mon: closed}}", "c.yaml, team 'A', Mon: is there twice; keep one"),
        ("teams: {A: {2026-01-05: closed, ' 2026-01-05': closed}}", "c.yaml, team 'A',  2026-01-05: is there twice; keep one"),
        ("teams: {A: {}, ' a ': {}}", "c.yaml, team 'a': is there twice; put both together"),
        ("teams: {A: {}, A: {}}", "c.yaml, line 1: is no YAML (found duplicate key 'A'); mend the file, or remove it"),
        ("teams: {A: open}", "c.yaml, team 'A': should be a mapping of names to values; write time_zone, holidays, weekdays or dates below it"),
        ("teams: [A]", "c.yaml: should be a mapping of names to values; write the name of a team and its calendar on each line below teams:"),
        ("team: {A: {}}", "c.yaml: nothing is called 'team' here; did you mean 'teams'"),
        ("[1]", "c.yaml: should be a mapping of names to values; begin it with teams:"),
        ("teams: {", "c.yaml, line 1: is no YAML ("),
        ("x" * 1_000_001, "c.yaml: is longer than any calendar; check that this is the right file"),
        ("teams: {A: {mon: &a " + "[" * 30 + "]" * 30 + "}}", "c.yaml, line 1: is nested too deeply; mend the file, or remove it"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line(text: str, line: str) -> None:
    with pytest.raises(SettingError) as refusal:
        parse(text, "c.yaml")
    assert str(refusal.value).startswith(" ".join(line.split())) and "\n" not in str(refusal.value)


MINUTE = st.integers(0, 1439)
ANY_SHIFTS = st.lists(st.tuples(MINUTE, MINUTE).map(lambda pair: (pair[0], pair[1] if pair[1] > pair[0] else pair[1] + 1440)), max_size=4).map(merged)
NAME = st.text(st.characters(exclude_categories=["Cs"]), max_size=200).map(lambda name: calendar_file.clean(name) or "")
SAID = st.builds(
    PartialCalendar,
    st.none() | st.sampled_from(["UTC", "America/Argentina/Buenos_Aires", "NZ", "EST"]),
    st.tuples(*[st.none() | ANY_SHIFTS] * 7),
    st.dictionaries(st.dates(date(1900, 1, 1), date(2199, 12, 31)), ANY_SHIFTS, max_size=4).map(lambda told: tuple(sorted(told.items()))),
    st.none() | st.sampled_from(["", "US", "NO", "DE-BY", "GB-SCT"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAME, SAID), max_size=4, unique_by=lambda one: calendar_file.fold(one[0])).map(dict))
def test_what_is_written_is_read_again(told: dict[str, PartialCalendar]) -> None:
    assert parse(to_yaml(told)) == told


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(MINUTE, st.integers(1, 1440)), max_size=6))
def test_merged_shifts_cover_the_same_minutes(told: list[tuple[int, int]]) -> None:
    shifts = [(opens, opens + length) for opens, length in told]
    made = merged(shifts)
    assert {minute for a, b in shifts for minute in range(a, b)} == {minute for a, b in made for minute in range(a, b)}
    assert merged(made) == made and all(0 <= a < 1440 and a < b <= a + 1440 for a, b in made)
    assert read_hours(hours_text(made), "") == made


def test_overlapping_shifts_become_one() -> None:
    assert read_hours("09:00-12:00 11:00-14:00 14:00-15:00 10:00-10:30", "") == ((540, 900),)
    assert read_hours("09:00-09:00 18:00-12:00", "") == ((540, 1980), (1080, 2160))  # together 27 hours, which no shift is


def test_saved_and_read_again(home: Path) -> None:
    assert load() == {}
    told = parse(EXAMPLE)
    assert save(told, ANN) == path() == home / "calendars.yaml"
    assert load() == told
    save({}, ANN)
    assert load() == {} and not [one.name for one in home.iterdir() if not one.name.startswith(("calendars.yaml", "state.db"))]
    assert [row["what"] for row in log()] == ["file changed", "file changed"]


def test_the_file_reads_well(home: Path) -> None:
    save(parse(EXAMPLE), ANN)
    assert path().read_text(encoding="utf-8").splitlines()[1:] == [
        "teams:",
        '  "":',
        "    time_zone: Europe/Berlin",
        '  "Americas":',
        "    time_zone: America/New_York",
        "    holidays: US",
        '    mon: "09:00-18:00"',
        '    fri: "09:00-12:00 13:00-16:00"',
        "    sat: closed",
        '    2026-12-24: "09:00-12:00"',
    ]


def test_refusals_of_the_file(home: Path) -> None:
    home.mkdir()
    path().write_bytes(b"teams: {A: {mon: \xff}}")
    with pytest.raises(SettingError, match=r"calendars\.yaml: is not UTF-8"):
        load()
    path().write_text("\ufeffteams: {A: {mon: closed}}", encoding="utf-8")
    assert load() == {"A": PartialCalendar(week=((), *[None] * 6))}
    path().write_text("teams: {A: {mon: never}}")
    with pytest.raises(SettingError, match=r"home/calendars.yaml, team 'A', mon: 'never'"):
        load()
    path().unlink()
    path().mkdir()
    with pytest.raises(SettingError, match=r"calendars\.yaml"):
        load()
    with pytest.raises(SettingError):
        save({}, ANN)


def test_a_write_that_fails_leaves_the_old_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(parse(EXAMPLE), ANN)
    too_much = {"A": PartialCalendar(dates=tuple((date(1990, 1, 1) + timedelta(days=n), ()) for n in range(101)))}
    monkeypatch.setattr("plumbline.plain_yaml.MOST_NODES", 100)
    with pytest.raises(SettingError, match="longer than any calendar"):
        save(too_much, ANN)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("plumbline.state.files.os.fsync", full)
    with pytest.raises(SettingError, match="No space left"):
        save({}, ANN)
    assert load() == parse(EXAMPLE) and not [one for one in home.iterdir() if one.name.startswith(".")] and len(log()) == 1


def test_every_code_of_the_library_is_taken() -> None:
    codes = list(supported()) + [f"{country}-{part}" for country, parts in supported().items() for part in parts]
    assert len(codes) > 500
    for code in Random(1).sample(codes, 60):
        assert parse(to_yaml({"A": PartialCalendar(holidays=code)}))["A"].holidays == code


# In words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("09:00-18:00", "09:00 to 18:00"),
        ("09:00-12:00 13:00-16:00", "09:00 to 12:00 and 13:00 to 16:00"),
        ("09:00-10:00 11:00-12:00 13:00-16:00", "09:00 to 10:00, 11:00 to 12:00 and 13:00 to 16:00"),
        ("22:00-06:00", "22:00 to 06:00 the next day"),
        ("18:00-24:00", "18:00 to 24:00"),
        ("00:00-24:00", "all day"),
        ("closed", "closed"),
    ],
)
def test_hours_in_words(text: str, said: str) -> None:
    assert hours_in_words(read_hours(text, "")) == said


def test_a_week_in_words() -> None:
    nine, late = read_hours("09:00-18:00", ""), read_hours("10:00-20:00", "")
    assert week_in_words((nine,) * 5 + ((), ())) == "Mon to Fri 09:00 to 18:00"
    assert week_in_words((nine, nine, nine, late, nine, (), ())) == "Mon to Wed 09:00 to 18:00, Thu 10:00 to 20:00, Fri 09:00 to 18:00"
    assert week_in_words(((), *(nine,) * 4, late, late)) == "Tue to Fri 09:00 to 18:00, Sat and Sun 10:00 to 20:00"
    assert week_in_words((nine,) * 7) == "every day 09:00 to 18:00"
    assert week_in_words(((),) * 7) == "closed all week"


def test_a_calendar_in_words() -> None:
    nine = (NINE_TO_SIX,) * 5 + ((), ())
    assert in_words(Calendar("UTC", nine), 2026) == "Mon to Fri 09:00 to 18:00"
    assert in_words(Calendar("UTC", is_assumed=True), 2026) == "Mon to Fri 09:00 to 17:00 (assumed: no hours are given)"
    dates = (
        (date(2025, 12, 24), ()),
        (date(2026, 1, 2), ()),
        (date(2026, 1, 3), ()),  # a Saturday, closed anyway
        (date(2026, 1, 5), NINE_TO_SIX),  # as usual
        (date(2026, 1, 10), NINE_TO_SIX),  # a Saturday
    )
    assert in_words(Calendar("UTC", nine, dates[:3]), 2026) == "Mon to Fri 09:00 to 18:00, 1 day closed in 2026"
    assert in_words(Calendar("UTC", nine, dates), 2026) == "Mon to Fri 09:00 to 18:00, 1 day closed and 1 with other hours in 2026"
    assert in_words(Calendar("UTC", nine, dates[3:]), 2026) == "Mon to Fri 09:00 to 18:00, 1 day with other hours in 2026"
    assert in_words(Calendar("UTC", nine, holidays="US"), 2026) == "Mon to Fri 09:00 to 18:00, 11 days closed in 2026"
    differing = Calendar("UTC", nine, ((date(2026, 5, 25), NINE_TO_SIX),), "US").differing(date(2026, 5, 1), date(2026, 7, 3))
    assert differing == {date(2026, 6, 19): ((), "Juneteenth National Independence Day"), date(2026, 7, 3): ((), "Independence Day (observed)")}
    assert time_zone(Calendar("UTC").time_zone)


def test_a_team_that_no_rep_has_is_refused_naming_those_that_there_are() -> None:
    said = {"Amercias": PartialCalendar(), "": PartialCalendar()}
    with pytest.raises(SettingError) as refusal:
        check_teams(said, ["", "Americas", "Asia Pacific"])
    assert refusal.value.one_line == "calendars.yaml: no rep is in a team called 'Amercias'; the teams are Americas and Asia Pacific"
    check_teams(said, ["americas"], kept=["amercias"])
    check_teams({"AMERICAS": PartialCalendar()}, ["", "Americas"])
    with pytest.raises(SettingError, match="for all leads"):
        check_teams(said, [""])


def test_a_form_says_only_what_differs_from_the_history() -> None:
    base = Calendar("UTC", ASSUMED_WEEK, is_assumed=True, is_zone_assumed=True)
    usual = [hours_text(day) for day in ASSUMED_WEEK]
    assert from_form(base, base, "UTC", usual, "", "A") == PartialCalendar()
    told = from_form(base, base, "Europe/Berlin", [*usual[:4], "09:00-12:00", "", "closed"], "DE-BY", "A")
    assert (told.time_zone, told.holidays, told.week[4], told.week[5]) == ("Europe/Berlin", "DE-BY", ((540, 720),), ())
    assert parse(to_yaml({"A": told})) == {"A": told}
    again = from_form(base, base.overlaid(told), "UTC", usual, "none", "A")
    assert base.overlaid(again).week == ASSUMED_WEEK
    for zone, hours, holidays, where in (
        ("Europe/Berln", usual, "", "time zone"),
        ("UTC", ["9 to 5", *usual[1:]], "", "Monday"),
        ("UTC", usual, "Atlantis", "holidays"),
    ):
        with pytest.raises(SettingError) as refusal:
            from_form(base, base, zone, hours, holidays, "A")
        assert f"team 'A', {where}" in refusal.value.one_line
