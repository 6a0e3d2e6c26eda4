"""Clean, compared and search forms of texts, and the rule by which SQL gives most of the last."""

from __future__ import annotations

import re
import unicodedata

import duckdb
import polars as pl
import pytest

from plumbline.text import LOWER_IS_SEARCH_FORM, clean, common_form, search_form

EVERY = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]


@pytest.fixture(scope="module")
def plain() -> list[str]:
    """Every character that the rule takes."""
    con = duckdb.connect()
    con.register("every", pl.DataFrame({"letter": EVERY}))
    chosen = "select letter from every where regexp_full_match(letter, $rule)"
    found = [row[0] for row in con.execute(chosen, {"rule": LOWER_IS_SEARCH_FORM}).fetchall()]
    con.close()
    return found


def _lowered(texts: list[str]) -> list[str]:
    con = duckdb.connect()
    con.register("texts", pl.DataFrame({"n": range(len(texts)), "text": texts}))
    found = [row[0] for row in con.execute("select lower(strip_accents(text)) from texts order by n").fetchall()]
    con.close()
    return found


def test_the_rule_takes_most_writing_and_leaves_what_folds_otherwise(plain: list[str]) -> None:
    assert len(plain) > 30_000
    assert set("azAZ09.@-ÄöüéÅñşžĆΑωЖя中文한글€") <= set(plain)
    assert not set("ßµſςŉİıŁøæひが’–„\u212a\u0301\u00a0\t\u3000\u200a\ufb01") & set(plain)
    assert re.fullmatch(LOWER_IS_SEARCH_FORM, "Müller und Söhne")
    for unclean in ("", " Ä", "Ä ", "Ä  Ö", "Ä\tÖ", "Ä\u00a0Ö", "Cafe\u0301"):
        assert not re.fullmatch(LOWER_IS_SEARCH_FORM, unclean), unclean


def test_sql_gives_each_such_letter_its_search_form(plain: list[str]) -> None:
    for around in ("{}", "a{}b", "{0}{0}", "x {} y"):
        texts = [around.format(letter) for letter in plain]
        assert [clean(text) for text in texts] == texts
        assert _lowered(texts) == [search_form(text) for text in texts]


def test_no_such_letter_joins_another(plain: list[str]) -> None:
    """In NFC by itself, no mark, and never the second half of a composed letter: so a text is folded letter by letter."""
    seconds = {parts[-1] for letter in EVERY if len(parts := unicodedata.normalize("NFD", letter)) > 1}
    for letter in plain:
        for form in (letter, search_form(letter)):
            assert unicodedata.normalize("NFC", form) == form
            assert len(form) == 1
            assert unicodedata.combining(form) == 0
            assert form not in seconds, hex(ord(letter))


def test_the_rule_is_the_same_in_python_and_in_sql(plain: list[str]) -> None:
    assert [letter for letter in EVERY if re.fullmatch(LOWER_IS_SEARCH_FORM, letter)] == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Closed Won", "closed\u00a0 won "),
        ("Gagné", "GAGNE\u0301"),
        ("Straße", "STRASSE"),
        ("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
        ("ﬁt\u3000lead", "Fit Lead"),
        ("A\u030a", "å"),
    ],
)
def test_spellings_of_one_text_have_one_form(one: str, other: str) -> None:
    assert common_form(one) == common_form(other)
    assert common_form(common_form(one)) == common_form(one)


def test_other_texts_have_other_forms_and_a_missing_one_has_none() -> None:
    assert len({common_form(text) for text in ("Gagné", "Gagne", "Closed Won", "ClosedWon", "resume", "résumé")}) == 6
    assert [common_form(text) for text in (None, "", " \u00a0\t")] == ["", "", ""]
