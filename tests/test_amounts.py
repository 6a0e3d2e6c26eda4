"""Amounts as people write them: what one text says, what a column settles, and what is asked."""

from __future__ import annotations

import math
import random

import polars as pl
import pytest

from plumbline.errors import InputError
from plumbline.importing import amounts
from plumbline.importing.amounts import Open, read
from tests.test_import_mapping import HEAD, LEADS, Desk, desk

__all__ = ["desk"]

DEALS = "deals: {deal_id: Id, lead_id: Id, amount: Amount, currency: {value: EUR}}"

SURE = {
    "$22,700.00": 22700, "$1,77,000.00 ": 177000, "€ 2.900,00": 2900, "$115.00K": 115000,
    "1 234,50": 1234.5, "1\u202f234\u00a0567": 1234567,
    "1'234.50": 1234.5, "1’234’567": 1234567, "(1,234.50)": -1234.5, "5-": -5, "\u22127,5": -7.5, "1.234.567": 1234567, "12,5": 12.5,
    "0.125": 0.125, "1234.567": 1234.567, "USD 5": 5, "5 EUR": 5, "AED 1,000.50": 1000.5, "Rs. 1,00,000": 100000, "₹1.5 lakh": 150000,
    "2,5 Mio": 2500000, "R$ 1.234,56": 1234.56, "CHF 1'200.50": 1200.5, "kr 1 200,50": 1200.5, "-$3.00": -3, "$ -3.00": -3, "5k": 5000,
    "3 mln.": 3000000,
    "1e5": 100000, "1.5E+3": 1500, "+7": 7, ".5": 0.5, "0": 0, "1 Crore": 10000000, "2bn": 2000000000, "1,2345": 1.2345,
}  # fmt: skip
NONE = ["", " ", "abc", "K", "$", "12%", "1,2,3", "1.2.3", "1,23,45", "12 34", "--5", "1.234,5.6", "(5", "½", "٣", "1_000", "nan", "inf", "1e999",
        "0x10",
        "5 5", "$5$5", "1 234 56", "5 apples", "2026-01-01", "10:30", "1" * 61]  # fmt: skip


@pytest.mark.parametrize("text", SURE)
def test_an_amount_that_leaves_no_doubt_is_read(text: str) -> None:
    assert read(text) == SURE[text]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert [read(text, decimal) for decimal in ("", ".", ",")] == [None] * 3


@pytest.mark.parametrize("text", ["1.200", "1,200", "$1,200", "12.345 EUR", "(1.200)", "1,200K"])
def test_what_could_be_read_two_ways_is_open_until_it_is_said(text: str) -> None:
    with pytest.raises(Open):
        read(text)
    point, comma = amounts.readings(text)
    assert {abs(point / comma), abs(comma / point)} == {1000, 0.001}


@pytest.mark.parametrize(("text", "decimal"), [("12.50", ","), ("12,50", "."), ("1.234,5", "."), ("1,234.5", ","), ("1.5e3", ",")])
def test_a_text_that_contradicts_what_was_said_is_none(text: str, decimal: str) -> None:
    assert read(text, decimal) is None


def written(number: float, mark: str, group: str, draw: random.Random) -> str:
    whole, fraction = f"{abs(number):.2f}".split(".")
    groups = []
    while whole:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    text = group.join(groups) + mark + fraction
    text = draw.choice(["{}", "${}", "{} €", "EUR {}", "US$ {}", "{} kr", "£{}"]).format(text)
    return (f"({text})" if draw.random() < 0.5 else f"-{text}") if number < 0 else text


@pytest.mark.parametrize(("mark", "group"), [(".", ","), (",", "."), (",", " "), (".", "'"), (",", "\u00a0"), (".", "")])
def test_amounts_written_by_any_custom_are_read_back(mark: str, group: str) -> None:
    draw = random.Random(7)
    for _ in range(500):
        number = round(draw.choice([-1, 1]) * 10 ** draw.uniform(-1, 8), 2)
        text = written(number, mark, group, draw)
        assert read(text) == number == read(text, mark), text


def test_no_text_breaks_the_reader() -> None:
    draw = random.Random(3)
    for _ in range(20_000):
        text = "".join(draw.choices("0123456789.,' \u00a0$€KMkm()-+eE%aRs\u2212", k=draw.randint(0, 14)))
        for decimal in ("", ".", ","):
            try:
                number = read(text, decimal)
            except Open:
                assert not decimal
                continue
            assert number is None or math.isfinite(number)


@pytest.mark.parametrize(
    ("texts", "mark", "still"),
    [
        (["1.200", "3.75"], ".", "1.200"),
        (["1.200", "3,75"], ",", "1.200"),
        (["1.200", "1.200.000"], ",", "1.200"),
        (["1,200", "1,77,000"], ".", "1,200"),
        (["1.200", "7"], "", "1.200"),
        (["1.200", "3.75", "3,75"], "", "1.200"),
        (["1 200", "7"], "", ""),
        (["$5K", "12%"], "", ""),
    ],
)
def test_a_column_settles_what_its_texts_leave_open(texts: list[str], mark: str, still: str) -> None:
    assert amounts.settled(texts) == (mark, still)


# --- in an import -----------------------------------------------------------------------------------------------------


def deals_of(desk: Desk, texts: list[str], tables: str = DEALS, head: str = HEAD) -> list[float | None]:
    lines = "".join(f'L{number},2026-01-01,"{text}"\n' for number, text in enumerate(texts))
    desk.imported(f"Id,Created,Amount\n{lines}", f"{LEADS}\n{tables}", head)
    return [amount for (amount,) in desk.history().query("select amount from deals order by deal_id").rows()]


def test_amounts_of_several_customs_in_one_column_are_read(desk: Desk) -> None:
    assert deals_of(desk, ["$22,700.00", "$1,77,000.00 ", "€ 2.900,00", "$115.00K", "12", ""]) == [22700, 177000, 2900, 115000, 12, None]


def test_an_amount_that_the_column_settles_is_read(desk: Desk) -> None:
    assert deals_of(desk, ["1.200", "99,50", "7"]) == [1200, 99.5, 7]
    assert deals_of(desk, ["1.200", "99.50", "7"]) == [1.2, 99.5, 7]
    assert deals_of(desk, ["1,200", "1,234,567"]) == [1200, 1234567]


@pytest.mark.parametrize("texts", [["1.200", "7"], ["1,200"], ["1.200", "3.75", "3,75"]])
def test_an_amount_that_stays_open_is_asked_about(desk: Desk, texts: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        deals_of(desk, texts)
    assert f"data.csv, column Amount: {texts[0]!r} could be " in refused.value.one_line
    assert 'add decimal: "." (or ",") to map.yaml' in refused.value.one_line


@pytest.mark.parametrize("where", ["mapping", "file", "cell"])
def test_the_mapping_says_what_stands_before_the_fraction(desk: Desk, where: str) -> None:
    head = (
        'decimal: ","\n' + HEAD if where == "mapping" else HEAD.replace("    tables:", '    decimal: ","\n    tables:') if where == "file" else HEAD
    )
    tables = DEALS.replace("amount: Amount", 'amount: {column: Amount, decimal: ","}') if where == "cell" else DEALS
    assert deals_of(desk, ["1.200", "7"], tables, head) == [1200, 7]
    assert deals_of(desk, ["1.200", "7"], tables.replace('","', "comma"), head.replace('","', "comma")) == [1200, 7]


def test_an_amount_against_what_was_said_is_a_reject(desk: Desk) -> None:
    outcome = desk.imported('Id,Created,Amount\nL1,2026-01-01,"1.200,50"\nL2,2026-01-01,12.50\n', f"{LEADS}\n{DEALS}", 'decimal: ","\n' + HEAD)
    assert [(r["line"], r["column"], r["reason"]) for r in outcome.rejects] == [(3, "amount", "12.50 is no number")]


def test_what_could_not_separate_a_fraction_is_refused(desk: Desk) -> None:
    with pytest.raises(InputError, match=r"map\.yaml, line 1, decimal: ';' does not separate a fraction"):
        deals_of(desk, ["1"], head='decimal: ";"\n' + HEAD)


def test_an_attribute_is_an_amount_where_its_cell_says_so(desk: Desk) -> None:
    tables = 'leads: {lead_id: Id, created_at: Created, annual_revenue: {column: Revenue, decimal: "."}, note: Revenue}'
    desk.imported('Id,Created,Revenue\nL1,2026-01-01,"$22,700.00"\nL2,2026-01-01,about 5\nL3,2026-01-01,1.25\n', tables)
    rows = desk.history().query("select lead_id, a0, a1 from history.canonical.leads order by 1").rows()
    assert rows == [("L1", "22700", "$22,700.00"), ("L2", "about 5", "about 5"), ("L3", "1.25", "1.25")]


def test_missing_words_and_types_of_a_parquet_file_are_no_amounts(desk: Desk) -> None:
    assert deals_of(desk, ["n/a", "5,5", "N/A"], head="missing: [N/A]\n" + HEAD) == [None, 5.5, None]
    frame = pl.DataFrame({"Id": ["L0", "L1"], "Created": ["2026-01-01"] * 2, "Amount": [1.2, 7.0]})
    desk.imported(frame, f"{LEADS}\n{DEALS}")
    assert [row[0] for row in desk.history().query("select amount from deals order by deal_id").rows()] == [1.2, 7]


def test_a_table_of_numbers_of_which_none_can_be_read_is_refused(desk: Desk) -> None:
    with pytest.raises(InputError) as refused:
        deals_of(desk, ["much", "more"])
    assert "much is no number (no row of deals could be kept: 2 seen, all rejected)" in refused.value.one_line
