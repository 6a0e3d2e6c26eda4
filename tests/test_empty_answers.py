"""Leaks, Sources and Accounts: every empty answer in every look says its reason and has a way on, and the way leads to an answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from plumbline.ui import choices
from plumbline.ui.leaks import looks
from tests import histories_derived
from tests.figures import measured
from tests.sentences import reading, views, walk

ROOT = Path(__file__).resolve().parents[1]
_BLOCK = re.compile(r'<div class="pl-empty".*?</div>', re.DOTALL)
ALL_TIME = choices.PERIODS["all"]
Address = dict[str, str | list[str]]

LOOKS: list[tuple[str, Address]] = [
    *(("leaks", {"sight": words}) for words in looks.SIGHTS.values()),
    ("leaks", {"leak": "mql->sal|source=nobody", "part": "mql->sal|no_show"}),
    *(("sources", {"dots": words}) for words in ("Sources", "Campaigns")),
    ("sources", {"of": "nobody"}),
    ("sources", {"created": "nobody"}),
    *(("accounts", {"kind": words} if words != "All accounts" else {}) for words in choices.ACCOUNT_KINDS.values()),
    ("accounts", {"scope": choices.ACCOUNT_SCOPES["everyone"]}),
    ("accounts", {"account": "nobody"}),
]
NEVER: Address = {"period": choices.PERIODS["custom"], "from": "2018-01-01", "to": "2018-02-01"}


@cache
def tables() -> histories_derived.Tables:
    return histories_derived.sample()


@cache
def groups() -> pl.DataFrame:
    """source, region, campaign: how many leads of the sample became an MQL."""
    handed = tables()["stage_changes"].filter(pl.col("stage") == "mql").select("lead_id").unique()
    return (
        tables()["leads"]
        .join(handed, on="lead_id")
        .group_by("source", "region", "campaign")
        .len("n")
        .drop_nulls()
        .sort("n", "source", "region", "campaign")
    )


def nobody() -> Address:
    """A source and a campaign that never meet, each of which has leads."""
    rows = groups()
    there = set(rows.select("source", "region", "campaign").rows())
    found = next(
        (source, region, campaign)
        for source in rows["source"].unique().sort()
        for region in rows["region"].unique().sort()
        for campaign in rows["campaign"].unique().sort()
        if (source, region, campaign) not in there
    )
    return {"period": ALL_TIME, **dict(zip(("source", "region", "campaign"), found, strict=True))}


def hardly_anybody() -> Address:
    row = groups().row(0, named=True)
    return {"period": choices.PERIODS["52w"], **{name: row[name] for name in ("source", "region", "campaign")}}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(tmp_path / "none.duckdb"))
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path))


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    place = tmp_path_factory.mktemp("histories")
    return cache(lambda name: histories_derived.build(name, place, tables()))


def opened(history: Path, screen: str, address: Address, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("PLUMBLINE_HISTORY", str(history))
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.switch_page(views.PAGES[screen])
    for name, value in address.items():
        page.query_params[name] = value
    return page.run()


def empties(page: AppTest) -> list[str]:
    """The empty states of a page, as html."""
    return [block for node in page.get("html") for block in _BLOCK.findall(node.proto.body)]


def faults(page: AppTest) -> list[str]:
    """What is amiss: an exception, no answer at all, an empty state without its reason or without a way on."""
    told = [f"{one.proto.type}: {one.proto.message}" for one in page.exception]
    sentences, _ = reading.of_page(page)
    if walk.Opened(views.View("leaks"), tuple(sentences)).is_blank:
        told.append("blank")
    for block in empties(page):
        said = [re.sub(r"<[^>]+>", "", part).strip() for part in re.findall(r"<p[^>]*>(.*?)</p>", block, re.DOTALL)]
        if len(said) < 2 or not said[1] or "<a " not in block:
            told.append(" | ".join(said))
    return told


FEWER = [one for one in LOOKS if one[1].get("kind") is None and "nobody" not in one[1].values()]
CASES: list[tuple[str, Callable[[], Address], list[tuple[str, Address]]]] = [
    ("sample", lambda: NEVER, LOOKS),
    ("sample", nobody, LOOKS),
    ("sample", hardly_anybody, LOOKS),
    ("no_touches", lambda: {"period": ALL_TIME}, FEWER),
    ("no_exits", lambda: {"period": choices.PERIODS["52w"]}, FEWER),
    ("one_instant", lambda: {"period": choices.PERIODS["52w"]}, FEWER),
    ("only_implied", lambda: {"period": choices.PERIODS["26w"]}, FEWER),
    ("no_mql", lambda: {"period": ALL_TIME}, FEWER),
]


@pytest.mark.parametrize(("name", "filters", "tried"), CASES, ids=[f"{name}-{n}" for n, (name, _, _) in enumerate(CASES)])
def test_every_empty_answer_has_a_reason_and_a_way_on(
    name: str,
    filters: Callable[[], Address],
    tried: list[tuple[str, Address]],
    histories: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, n = [], 0
    for screen, look in tried:
        page = opened(histories(name), screen, {**filters(), **look}, monkeypatch)
        n += len(empties(page))
        found += [f"{screen} {look}: {one}" for one in faults(page)]
    measured(f"empty answers: {name}: {n} in {len(tried)} looks")
    assert n, "no answer was empty: the filter leaves too much"
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("filters", [lambda: NEVER, nobody], ids=["period", "attributes"])
@pytest.mark.parametrize("screen", ["leaks", "sources", "accounts"])
def test_the_way_on_leads_to_an_answer(
    screen: str, filters: Callable[[], Address], histories: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A click on the last way (all filters dropped, or the only one) opens the screen with leads."""
    page = opened(histories("sample"), screen, filters(), monkeypatch)
    (block,) = empties(page)
    assert "These filters together leave none." in block
    way = urlsplit(re.findall(r'<a [^>]*href="([^"]+)"', block)[-1].replace("&amp;", "&"))
    assert way.path == screen
    address: Address = {name: values if len(values) > 1 else values[0] for name, values in parse_qs(way.query).items()}
    after = opened(histories("sample"), screen, address, monkeypatch)
    assert not [one for one in empties(after) if "These filters together" in one]
    assert not faults(after)
