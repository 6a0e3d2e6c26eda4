"""The document of an agreement: what it says, in every kind of file; nothing foreign is overwritten, no text of it is markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest

from plumbline.agreement import signing, versions
from plumbline.agreement.canonical import canonical
from plumbline.agreement.parse import parse
from plumbline.agreement.version import Frozen, Version
from plumbline.agreement.write import to_yaml
from plumbline.errors import InputError
from plumbline.reports import files
from plumbline.reports.agreement_document import LEVEL, document
from tests.agreement_support import TEXT
from tests.state_support import ANN, BOB

TODAY = date(2026, 12, 1)
HEAD = "ab" * 32
_MORE = {
    "  name: Mid-size\n": "  name: Mid-size\n  required_fields: [email, company]\n",
    "acceptance:": "  exclude: [{field: is_competitor, is: true}]\nacceptance:",
    "  hand_over:": "  required_fields: {share: 0.95, fields: [email, phone]}\n  hand_over:",
}
FULL = TEXT + "  evidence: {fields: [need], share: 0.9}\n"
for _was, _becomes in _MORE.items():
    FULL = FULL.replace(_was, _becomes)
RESULTS = (
    b'{"period":{"since":"2025-09-15","until":"2026-09-14"},"rules":[{"accepted":1,"joins":1234,"judged":2,"leads":9,"leaves":0,"part":"fit","place":0,'
    b'"sqls":1}],"summary":{"acceptance":{"definition":{"k":9,"n":10,"rate":0.9}},"load":{"definition":{"per_rep_per_week_p95":2.5}},'
    b'"period":{"weeks":52},"qualified":{"definition":104},"quota":{"p_met":0.25},"sql_rate":{"definition":{"k":0,"n":0,"rate":null}}},'
    b'"time_zone":"UTC"}'
)


@pytest.fixture
def version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Version:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    return signed(FULL)


def signed(text: str, by: str = "Bob") -> Version:
    made = versions.new(parse(text), ANN)
    frozen = Frozen(ANN.at_text, "Ann", "20261201T-abc", "f" * 64, "0.1.0", 7, RESULTS, ("country",))
    signing.freeze(made.number, frozen, 1, TODAY, ANN)
    seal = versions.version(made.number).seal
    signing.sign(made.number, "marketing", seal, TODAY, ANN, acknowledges_today=True)
    return signing.sign(made.number, "sales", seal, TODAY, replace(BOB, by=by), acknowledges_today=True)


class Read(HTMLParser):
    """The texts and the tags of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def words_of(path: Path) -> str:
    if path.suffix == ".html":
        return " ".join(" ".join(Read(path.read_text(encoding="utf-8")).texts).split())
    word = docx.Document(str(path))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return " ".join([paragraph.text for paragraph in word.paragraphs] + cells)


@pytest.mark.parametrize("kind", [".html", ".docx"])
def test_the_document_says_it_all(version: Version, tmp_path: Path, kind: str) -> None:
    files.export(version, tmp_path / f"a{kind}", TODAY, HEAD, ANN)
    said = words_of(tmp_path / f"a{kind}")
    for told in (
        *("Q1 2027", "4 Jan 2027", "Required information", "email", "before it qualifies and at the hand-over", "when it becomes an SQL"),
        *("Who qualifies, and who never does", "A lead never qualifies while", "What marketing promises", "What sales promises", "measured by"),
        *("Marketing brings 390 qualified leads a quarter", "the chance that the volume is met: 25 %", "2 a week"),
        *("What the simulation showed", "90 % (9 of 10)", "nobody to judge", "+1,234", "4 Apr 2027", "raise, keep, loosen or drop"),
        *(
            "Ann",
            "Bob",
            "2026-11-14 09:30 UTC",
            LEVEL,
            version.seal,
            HEAD,
            "20261201T-abc",
            "f" * 64,
            "country are not recorded",
            "Written on 1 Dec 2026",
        ),
    ):
        assert told in said, told


def test_a_page_loads_nothing_and_a_word_document_has_real_headings_and_tables(version: Version, tmp_path: Path) -> None:
    files.export(version, tmp_path / "a.html", TODAY, HEAD, ANN)
    files.export(version, tmp_path / "a.docx", TODAY, HEAD, ANN)
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert not [tag for tag, _ in Read(text).tags if tag in ("script", "link", "img", "iframe", "a")]
    assert not re.search(r"https?://|url\(|@import", text) and "@media print" in text
    word = docx.Document(str(tmp_path / "a.docx"))
    headings = [paragraph.text for paragraph in word.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == [one.heading for one in document(version, TODAY, HEAD).sections] and len(word.tables) >= 8
    assert (word.core_properties.title, word.core_properties.author) == ("Q1 2027", "Plumbline")


def test_the_text_is_read_again_and_the_data_contract_is_one(version: Version, tmp_path: Path) -> None:
    files.export(version, tmp_path / "a.yaml", TODAY, HEAD, ANN)
    files.export(version, tmp_path / "a.odcs.yaml", TODAY, HEAD, ANN)
    again = parse((tmp_path / "a.yaml").read_text(encoding="utf-8"))
    assert canonical(again) == version.canonical and to_yaml(again) == version.yaml
    contract = (tmp_path / "a.odcs.yaml").read_text(encoding="utf-8")
    assert "kind: DataContract" in contract and version.seal in contract


@pytest.mark.parametrize("kind", files.KINDS)
def test_a_foreign_file_is_left_alone_and_our_own_is_replaced(version: Version, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"a{kind}"
    for mine in ("mine", "notes\n# Plumbline agreement"):
        target.write_text(mine)
        with pytest.raises(InputError, match="did not write it"):
            files.export(version, target, TODAY, HEAD, ANN)
        assert target.read_text() == mine
    target.unlink()
    first = files.export(version, target, TODAY, HEAD, ANN)
    assert files.export(version, target, TODAY, HEAD, ANN) == first == target.stat().st_size
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_refusals(version: Version, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no kind of file"):
        files.export(version, tmp_path / "a.pdf", TODAY, HEAD, ANN)
    with pytest.raises(InputError, match="No such file"):
        files.export(version, tmp_path / "none" / "a.html", TODAY, HEAD, ANN)
    with pytest.raises(InputError, match="is a folder"):
        (tmp_path / "b.html").mkdir()
        files.export(version, tmp_path / "b.html", TODAY, HEAD, ANN)


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "</title><img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "a\u202eb\u0007",
        "=cmd|' /C calc'!A0",
        "{{7*7}}",
    ],
)
def test_no_text_is_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evil: str) -> None:
    monkeypatch.setenv("PLUMBLINE_HOME", str(tmp_path / "home"))
    quoted = '"' + evil.replace("\\", "\\\\").replace('"', '\\"').replace("\u0007", "\\a") + '"'
    text = FULL.replace("name: Q1 2027", f"name: {quoted}\ndescription: {quoted}").replace("fields: [need]", f"fields: [{quoted}]")
    version = signed(text, by=evil.replace("\u0007", "")[:100])
    for kind in (".html", ".docx"):
        files.export(version, tmp_path / f"a{kind}", TODAY, HEAD, ANN)
    page = Read((tmp_path / "a.html").read_text(encoding="utf-8"))
    known = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "section", "table", "thead", "tbody", "tr", "th", "td"}
    assert {tag for tag, _ in page.tags} <= known
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert "\u202e" not in (tmp_path / "a.html").read_text(encoding="utf-8")
    docx.Document(str(tmp_path / "a.docx"))
