"""What a mapping's conditions and labels did in a file: how many records they left out, and which of their texts no record has."""

from __future__ import annotations

from difflib import get_close_matches

from plumbline.importing.convert import meets
from plumbline.importing.feed import Feed
from plumbline.importing.statement import Statement, common, forms
from plumbline.importing.values import FALSE_WORDS, TRUE_WORDS
from plumbline.text import common_form

_LOOKED_AT = 300  # different texts of a column, the most frequent first, among which the nearest is looked for
_LISTED = 3


def left_out(con, raw: str, header: dict[str, str], feed: Feed) -> tuple[int, int]:
    """How many records `when` leaves out, and of how many."""
    if not feed.when:
        return 0, 0
    statement = Statement(header)
    counted = con.execute(f"select count(*) filter (where not ({meets(statement, feed)})), count(*) from {raw}", statement.values)
    return counted.fetchall()[0]


def lines(con, raw: str, header: dict[str, str], feed: Feed) -> list[str]:
    """A line for every text of `when` and of the labels that no record has, with the nearest that one has; none for a file without records."""
    if not con.execute(f"select 1 from {raw} limit 1").fetchall():
        return []
    found = []
    for condition in feed.when:
        found += _absent(con, raw, header, condition.column, condition.values, feed.entry)
    if feed.when and not found and left_out(con, raw, header, feed)[0] == con.execute(f"select count(*) from {raw}").fetchall()[0][0]:
        found.append(f"{feed.entry}: no row meets all of its conditions together ({', '.join(one.column for one in feed.when)})")
    for name, cell in feed.cells.items():
        if cell.labels:
            found += _absent(con, raw, header, cell.column, tuple(cell.labels), f"{feed.entry}.{name}")
    return found


def _absent(con, raw: str, header: dict[str, str], column: str, texts: tuple[str, ...], place: str) -> list[str]:
    text = f"coalesce({header[column]}::varchar, '')"
    counted = f"select distinct {common(text)} from {raw} where list_contains($forms, {common(text)})"
    there = {form for (form,) in con.execute(counted, {"forms": forms(texts)}).fetchall()}
    absent = [one for one in dict.fromkeys(texts) if common_form(one) not in there]
    if not absent:
        return []
    most = f"select {text}, count(*) from {raw} where {text} <> '' group by 1 order by 2 desc, 1 limit {_LOOKED_AT}"
    known = [one for one, _ in con.execute(most).fetchall()]
    said, others = [], []
    for one in absent:
        near = _nearest(one, known)
        if near:
            said.append(f"{place}: no row has {column} = {_short(one)}; did you mean {_short(near)}")
        else:
            others.append(_short(one) or "(empty)")
    if others:
        has = ", ".join(_short(one) for one in known[:_LISTED])
        said.append(f"{place}: no row has {column} = {', '.join(others[:12])}; the most frequent there: {has or 'only empty cells'}")
    return said


def _nearest(text: str, known: list[str]) -> str:
    """The text among `known` that `text` most likely stands for: yes for true, else the most alike."""
    by_form = {common_form(one): one for one in reversed(known)}
    for words in (TRUE_WORDS, FALSE_WORDS):
        if common_form(text) in words and (same := next((by_form[word] for word in words if word in by_form), "")):
            return same
    near = get_close_matches(common_form(text), list(by_form), 1, 0.7)
    return by_form[near[0]] if near else ""


def _short(text: str) -> str:
    return " ".join(text.split())[:60]
