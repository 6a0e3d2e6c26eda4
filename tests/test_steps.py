"""Steps from one recorded stage to the next: what leads are called there, what they are judged by. Worked out by hand."""

from __future__ import annotations

import polars as pl

from plumbline import charts
from plumbline.charts.funnel import funnel_bars, funnel_bars_alt
from plumbline.steps import ALL, Steps
from plumbline.ui import funnel_words
from plumbline.ui.lab.can_tell import CanTell
from plumbline.ui.lab.words import _sql_words
from plumbline.ui.sources.sums import Columns
from plumbline.ui.sources.words import a

OLIST = Steps(implied=("sal", "sql", "opportunity"))  # MQLs and won deals alone


def test_every_stage_recorded() -> None:
    assert ALL.begins == ("mql", "sal", "sql", "opportunity")
    assert ALL.names() == charts.LEAK_STEPS
    assert ALL.who(2) == ("accepted lead", "accepted leads", "became an SQL", "became SQLs")
    assert [ALL.window(stage) for stage in ALL.begins] == [14, 45, 45, 180]
    assert (ALL.reached(1), ALL.reached(4), ALL.note()) == ("SALs", "won deals", "")


def test_a_step_over_stages_that_are_only_implied() -> None:
    assert OLIST.begins == ("mql",)
    assert OLIST.names() == {"mql->sal": "MQL → Won"}
    assert OLIST.who(1) == ("lead", "leads", "was won", "were won")
    assert OLIST.window("mql") == 14 + 45 + 45 + 180
    assert (OLIST.noun("sql"), OLIST.noun("sql", 1), OLIST.reached(1)) == ("won deals", "won deal", "won deals")
    assert "MQL → Won by 284 days" in OLIST.note()


def test_one_stage_missing_in_between() -> None:
    without_sal = Steps(implied=("sal",))
    assert without_sal.names() == {"mql->sal": "MQL → SQL", "sql->opportunity": "SQL → Opportunity", "opportunity->won": "Opportunity → Won"}
    assert (without_sal.window("mql"), without_sal.who(1)[3]) == (59, "became SQLs")


def test_no_step_where_nobody_ever_came() -> None:
    never_won = Steps(unrecorded=("won",))
    assert never_won.begins == ("mql", "sal", "sql")
    nothing = Steps(unrecorded=("sal", "sql", "opportunity", "won"))
    assert (nothing.begins, nothing.names(), nothing.note()) == ((), {}, "")
    assert Steps(implied=("opportunity",), unrecorded=("won",)).begins == ("mql", "sal")  # SQL to Opportunity to nothing


def test_columns_and_costs_of_sources() -> None:
    columns = Columns(OLIST)
    assert columns.shown == ("leads", "mqls", "won")
    assert (columns.good, columns.quality, a(columns.one(columns.good))) == ("won", "MQL → Won", "a won deal")
    assert Columns().shown == ("leads", "mqls", "sals", "sqls", "won")
    assert a(Columns().one("sqls")) == "an SQL"
    no_sql = Columns(Steps(unrecorded=("sql", "opportunity", "won")))
    assert (no_sql.shown, no_sql.good, no_sql.quality) == (("leads", "mqls", "sals"), "", "")
    costs = pl.DataFrame({"source": ["x"], "mqls": [3], "sals": [1], "sqls": [0], "won": [0], "spend": [None], "cost_per_sql": [None]})
    assert no_sql.of_table(costs, has_costs=False).columns == ["source", "mqls", "sals"]
    as_sql = Columns(Steps(implied=("sql",)))  # an opportunity stands for it
    assert (as_sql.head("sqls"), as_sql.one("sqls")) == ("Opportunity", "opportunity")


ROWS = [("mql", 40, 20, 14), ("sal", 20, 13, 20), ("sql", 13, 13, 13), ("opportunity", 13, 0, 13), ("won", 0, None, None)]


def stages() -> pl.DataFrame:
    parts = {name: [0] * 5 for name in ("rejected", "recycled", "lost", "open_in_window")}
    names = ("stage", "entered", "reached_next", "mature")
    frame = pl.DataFrame(dict(zip(names, map(list, zip(*ROWS, strict=True)), strict=True)) | parts)
    left = pl.col("entered") - pl.col("reached_next").fill_null(0)
    return frame.with_columns(open_past_window=left, converted=pl.col("reached_next"), conversion=pl.col("reached_next") / pl.col("mature"))


def test_a_stage_never_recorded_is_no_nought_on_the_funnel() -> None:
    rows, missing = stages(), ("won",)
    observed = pl.DataFrame({"stage": [row[0] for row in ROWS], "reached": [row[1] for row in ROWS], "observed": [row[1] for row in ROWS]})
    figures = funnel_words.strip(rows, None, observed, dict.fromkeys(funnel_words.NEXT, 14.0), lambda **_: "", missing=missing)
    assert [(figure.label, figure.unit) for figure in figures][-1] == ("Opportunity → Won", "not recorded")
    shown = [note.text for note in funnel_bars(rows, missing=missing).layout.annotations]
    assert "not recorded" in shown
    assert not [text for text in shown if text.startswith("0 %")]
    assert "0 Won" not in funnel_bars_alt(rows, missing=missing)
    told = funnel_words.as_recorded(rows, (), missing, ("lost",))
    assert told.row(4, named=True)["entered"] is None
    assert (told.row(3, named=True)["entered"], told.row(3, named=True)["open_past_window"]) == (13, None)
    assert told["lost"].null_count() == 5


def test_the_lab_tells_no_month_of_one_instant() -> None:
    said = "".join(getattr(part, "text", part) for part in _sql_words(-3.0, -1.0, CanTell(times=False)))
    assert said == "and loses between 1 and 3 SQLs"
    said = "".join(getattr(part, "text", part) for part in _sql_words(2.0, 2.0, CanTell(sqls="won deals")))
    assert said == "and gains 2 won deals a month"
