"""A search finds a name however it is typed: without accents, with dotted or dotless i, in another case. It may find too much, never too little."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator

import pytest

from plumbline.history.connection import History
from plumbline.metrics import run
from plumbline.text import common_form, search_form
from tests.importing_support import build_history, write_table

NAMES = {
    "A": "İstanbul Tekstil", "B": "ISTANBUL Lojistik", "C": "Café Crème", "D": "Straße & Söhne", "E": "Ørsted Łódź",
    "F": "Bœuf Æsir",
    "G": "Ὀδυσσεύς", "H": "الأُفُق للتقنية", "I": "O’Neill—Sons", "J": "ﬁnance ＡＢＣ",
    "K": "Ёлка", "L": "서울 소프트", "M": "ガ工業", "N": "Diyarbakır",
}  # fmt: skip


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    place = tmp_path_factory.mktemp("search")
    rows = "\n".join(f'{lead},2026-01-01T09:00:00Z,"{name}",acc-{lead},x' for lead, name in NAMES.items())
    write_table(place / "in", "leads", f"lead_id,created_at,company,account_id,source\n{rows}")
    write_table(place / "in", "stage_changes", "lead_id,stage,occurred_at\n" + "\n".join(f"{lead},mql,2026-01-02T09:00:00Z" for lead in NAMES))
    opened = build_history(place / "in", place / "h.duckdb", data_through="2026-03-01")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        *((word, "AB") for word in ("istanbul", "ISTANBUL", "İSTANBUL", "ıstanbul", "i\u0307stanbul", " Istanbul ")),
        *((word, "C") for word in ("cafe creme", "CAFÉ", "cafe\u0301", "crème")),
        *((word, "D") for word in ("strasse", "STRASSE", "straße", "sohne", "SÖHNE", "STRAẞE")),
        *((word, "E") for word in ("orsted", "ØRSTED", "lodz", "Łódź", "ŁÓDŹ")),
        *((word, "F") for word in ("boeuf", "BŒUF", "aesir", "æsir")),
        *((word, "G") for word in ("οδυσσευς", "ὈΔΥΣΣΕΎΣ", "οδυσσεύσ")),
        *((word, "H") for word in ("الأفق", "الافق")),
        *((word, "I") for word in ("o'neill", "O’NEILL", "neill-sons")),
        *((word, "J") for word in ("finance", "ﬁnance", "abc", "ＡＢＣ")),
        *((word, "K") for word in ("елка", "ЁЛКА")),
        *((word, "L") for word in ("서울", "서울 소프트", unicodedata.normalize("NFD", "서울"))),
        *((word, "M") for word in ("ガ", "ｶﾞ", "ガ工業")),
        *((word, "N") for word in ("diyarbakir", "DİYARBAKIR", "DIYARBAKIR", "diyarbakır")),
    ],
)
def test_a_name_is_found_however_it_is_typed(history: History, typed: str, leads: str) -> None:
    assert sorted(run(history, "leads/everyone", None, {"search": typed})["lead_id"]) == list(leads)
    assert sorted(run(history, "leads/behind", None, {"search": typed})["lead_id"]) == list(leads)
    assert sorted(run(history, "accounts/list", None, {"search": typed})["account_id"]) == [f"acc-{lead}" for lead in leads]


def test_what_is_stored_is_the_form_of_what_is_typed(history: History) -> None:
    rows = history.query("select lead_id, company, search_text, concat_ws(' ', lead_id, company, account_id) as told from leads").to_dicts()
    assert len(rows) == len(NAMES)
    for row in rows:
        assert row["search_text"] == search_form(row["told"])


def test_a_part_of_a_name_in_any_spelling_is_a_part_of_its_search_form() -> None:
    """A thousand made-up names: whatever is the same text as a part of the name by words, is found."""
    letters = "aäAÅâıİiIłøßéÉœæçşğñzžŽ09 '’-–ỳὈδςΣЖйی한글中文"
    rng = random.Random(20261201)
    for _ in range(1000):
        words = ["".join(rng.choices(letters.replace(" ", ""), k=rng.randint(1, 6))) for _ in range(3)]
        name, part = " ".join(words), rng.choice(words)
        for typed in (part, part.upper(), part.lower(), unicodedata.normalize("NFD", part), f" {part}\u00a0", common_form(part)):
            if search_form(typed):
                assert search_form(typed) in search_form(name), (name, typed)
        assert search_form(search_form(name)) == search_form(name)


def test_values_are_still_grouped_by_case_alone() -> None:
    assert common_form("İstanbul") != common_form("Istanbul")
    assert common_form("Café") != common_form("Cafe")
