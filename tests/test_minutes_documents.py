"""The minutes as HTML and PPTX, read back: every word is there, no text is live, nothing is fetched, nothing leaves its box or its slide."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.util import Emu

from plumbline.colours import DARK
from plumbline.errors import InputError
from plumbline.meeting.agenda import MINUTES, STEPS, planned_before
from plumbline.reports import measure, svg
from plumbline.reports import meeting_files as files
from plumbline.reports.minutes import Minutes, NoteLine, from_json, to_json, words
from plumbline.reports.moved import moved
from plumbline.reports.texts import lines, one_line
from plumbline.reports.weekly_html import minutes_of, weekly_html, with_line
from plumbline.reports.weekly_pptx import weekly_pptx
from plumbline.ui.meeting.clock import clock_html, seconds_since
from plumbline.ui.meeting.look import style
from plumbline.ui.meeting.steps import step_html
from tests.figures import measured
from tests.minutes_support import HOSTILE, hostile, usual

AT = datetime(2026, 11, 16, 9)
TAGS = {"html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "div", "span", "p", "strong", "h1", "h2", "h3"}
TAGS |= {"table", "caption", "thead", "tbody", "tr", "th", "td", "ol", "li", "blockquote", "cite", "svg", "rect", "line", "path", "text", "img"}
VOID = {"meta", "img"}


class Read(HTMLParser):
    """The texts, tags and attributes of a page; fails on tags that do not close."""

    def __init__(self, page: bytes | str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.told: list[str] = []
        self.open: list[str] = []
        self.feed(page if isinstance(page, str) else page.decode())
        assert self.open == []

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.told).replace("\xa0", " ").split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.told.append(data)


def plain(text: str) -> str:
    return " ".join(one_line(text).replace("\xa0", " ").split())


def sentences(minutes: Minutes) -> list[str]:
    """Every text that the documents must hold."""
    told = [words(minutes.verdict), minutes.days, *minutes.held, *minutes.behind, *minutes.not_recorded]
    told += [text for one in minutes.promises for text in (one.title, one.target, one.actual, one.counts, one.verdict, one.quarter)]
    for section in (minutes.of_promises, minutes.of_changes, minutes.of_leaks, minutes.of_calls, minutes.of_rejections, minutes.of_wins,
                    minutes.of_actions):  # fmt: skip
        told += [words(section.headline), *section.notes]
    told += [one.sentence for one in minutes.changes]
    told += [text for one in minutes.leaks for text in (one.named, one.lost, one.rates, one.cause, one.side, one.actions)]
    told += [text for one in (*minutes.calls, *minutes.rejections) if one.n for text in (one.name, one.before)]
    told += [text for one in minutes.wins for text in (one.company, one.amount, one.source, one.rep, one.day)]
    told += [text for one in minutes.actions for text in (one.text, one.owner, one.due, one.about)]
    told += [line for note in minutes.notes for line in (note.step, *lines(note.text))]
    return [plain(text) for text in told if text]


@pytest.mark.parametrize("minutes", [usual(), hostile()], ids=["usual", "hostile"])
def test_the_page_holds_every_word_and_nothing_live(minutes: Minutes) -> None:
    page = weekly_html(minutes)
    read = Read(page)
    together = read.text.replace(" .", ".")
    squeezed = re.sub(r"\s", "", together)
    assert [said for said in sentences(minutes) if re.sub(r"\s", "", said) not in squeezed] == []
    assert read.tags <= TAGS
    assert not re.search(rb"https?://|//[a-z]|url\(|@import", page)
    assert [one for one in read.attributes if one[1].startswith("on") or one[1] in ("src", "href", "action")] == []
    assert "<script" not in page.decode().lower()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", page.decode())
    assert ("meta", "http-equiv", "Content-Security-Policy") in read.attributes
    assert len(page) < 250_000


def test_pictures_of_the_page_say_what_they_show() -> None:
    minutes = usual()
    titles = re.findall(r"<svg[^>]*role=\"img\"[^>]*><title>([^<]*)</title>", weekly_html(minutes).decode())
    assert len(titles) == len(minutes.promises)
    assert titles[0].startswith("Acceptance, promised 90")
    assert "week of 9 Nov" in titles[0] and "broken" in titles[0]
    assert svg.trend(replace(minutes.promises[0], trend=())) == ""
    assert DARK.reached in svg.trend(minutes.promises[1], DARK)


@pytest.mark.parametrize("minutes", [usual(), hostile()], ids=["usual", "hostile"])
def test_minutes_are_read_back_from_what_was_frozen(minutes: Minutes) -> None:
    assert from_json(to_json(minutes)) == minutes
    assert minutes_of(weekly_html(minutes)) == minutes
    told = with_line(weekly_html(minutes), 'A later import <b> "came"')
    assert minutes_of(told) == minutes
    assert 'A later import <b> "came"' in Read(told).text
    assert with_line(weekly_html(minutes), "") == weekly_html(minutes)


@pytest.mark.parametrize(
    "frozen", [b"", b"<html>", b"\xff", b'<body data-frozen="{}">', b'<body data-frozen="[1]">', b'<body data-frozen="{&quot;format&quot;:1}">']
)
def test_what_is_no_frozen_minutes_is_refused(frozen: bytes) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        minutes_of(frozen)


def test_what_has_moved_is_one_line() -> None:
    before = usual()
    assert moved(before, before) == ""
    assert "moves none" in moved(before, replace(before, history="two"))
    first = replace(before.promises[6], met=30, counts="30 of 37", status="met", verdict="kept")
    now = replace(before, history="two", promises=(*before.promises[:6], first, *before.promises[7:]), wins=before.wins[:1])
    line = moved(before, now)
    assert "2 figures" in line and "First touch 25 of 37 → 30 of 37 (missed by 5 → kept)" in line and "won deals 4 → 1" in line
    others = replace(now, promises=now.promises[:3])
    assert "by other promises" in moved(before, others)


# Slides


def _texts(shape) -> list[tuple[str, float, float, float, bool]]:
    """(text, points of its font, width and height of its room in points, whether it is bold), of a text box or each cell of a table."""
    if shape.has_text_frame:
        runs = [run for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]
        return [(run.text, run.font.size.pt, Emu(shape.width).pt, Emu(shape.height).pt, bool(run.font.bold)) for run in runs]
    if not shape.has_table:
        return []
    told = []
    for row in shape.table.rows:
        for cell, column in zip(row.cells, shape.table.columns, strict=True):
            for run in (run for paragraph in cell.text_frame.paragraphs for run in paragraph.runs):
                told.append((run.text, run.font.size.pt, Emu(column.width).pt - 8, Emu(row.height).pt - 6, bool(run.font.bold)))
    return told


def _roughly(text: str, size: float) -> float:
    """Another estimate of a text's width: 0.5 em a letter, wide scripts 1 em, capitals 0.68."""
    wide = sum(1.0 if "\u2e80" < c < "\uffa0" else 0.68 if c.isupper() else 0.28 if c in " .,:;'il|" else 0.5 for c in text)
    return wide * size


@pytest.mark.parametrize("minutes", [usual(), hostile()], ids=["usual", "hostile"])
def test_slides_hold_native_tables_and_charts_and_nothing_overflows(minutes: Minutes) -> None:
    deck = Presentation(BytesIO(weekly_pptx(minutes, AT)))
    assert 6 <= len(deck.slides) <= 8
    assert deck.core_properties.author == "Plumbline"
    smallest = 99.0
    for slide in deck.slides:
        assert slide.shapes.title.text_frame.text.strip()
        for shape in slide.shapes:
            assert min(shape.left, shape.top) >= 0
            assert shape.left + shape.width <= deck.slide_width and shape.top + shape.height <= deck.slide_height, (shape.name, slide.slide_id)
            for text, size, room, height, is_bold in _texts(shape):
                smallest = min(smallest, size)
                assert not re.search("[\x00-\x1f\u202a-\u202e]", text)
                needed = len(measure.wrapped(text, room, size, is_bold)) * size * 1.2
                assert needed <= height + 1, (text, size, room, height)
                assert _roughly(text, size) <= (int(height / (size * 1.2)) + 0.5) * room
    assert smallest >= 10
    if minutes == usual():
        titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
        assert titles[0] == words(minutes.verdict)
        assert titles[4] == words(minutes.of_leaks.headline)
    measured(f"slides of the minutes: {len(deck.slides)}, smallest letters {smallest} pt")


def test_charts_of_slides_hold_the_numbers() -> None:
    minutes = usual()
    deck = Presentation(BytesIO(weekly_pptx(minutes, AT)))
    charts = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    trends, bars = charts[:6], charts[6:]
    worst = sorted(minutes.promises, key=lambda one: (one.status != "missed", one.status != "met"))[:6]
    for shape, promise in zip(trends, worst, strict=True):
        happened, promised = shape.chart.plots[0].series
        assert list(happened.values) == [point.value for point in promise.trend]
        assert list(promised.values) == [point.goal for point in promise.trend]
        assert shape._element.nvGraphicFramePr.cNvPr.get("descr") == one_line(svg.alt(promise))
    assert [list(shape.chart.plots[0].series[0].values) for shape in bars] == [
        [one.n for one in reversed(told)] for told in (minutes.calls, minutes.rejections)
    ]
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert len(tables[0].rows) == len(minutes.promises) + 1


def test_long_lists_are_counted_not_squeezed_out() -> None:
    before = usual()
    many = replace(
        before, wins=before.wins * 20, actions=before.actions * 12, promises=before.promises * 3, notes=(NoteLine("Leaks", "word " * 800),) * 9
    )
    deck = Presentation(BytesIO(weekly_pptx(many, AT)))
    told = " ".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)
    assert re.search(r"and \d+ more won deals", told) and re.search(r"and \d+ more actions", told) and re.search(r"and \d+ more(?! )", told)
    for slide in deck.slides:
        assert all(shape.top + shape.height <= deck.slide_height for shape in slide.shapes)


def test_a_week_of_which_nothing_is_recorded_has_its_documents() -> None:
    sixteen = replace(usual(), promises=(*usual().promises, *usual().promises[:7]))
    tables = [shape.table for shape in Presentation(BytesIO(weekly_pptx(sixteen, AT))).slides[1].shapes if shape.has_table]
    assert len(tables[0].rows) == 17
    empty = replace(usual(), promises=(), changes=(), leaks=(), calls=(), rejections=(), wins=(), actions=(), notes=())
    assert "None." in " ".join(
        shape.text_frame.text for slide in Presentation(BytesIO(weekly_pptx(empty, AT))).slides for shape in slide.shapes if shape.has_text_frame
    )
    assert Read(weekly_html(empty)).text


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine (libreoffice-impress)")
def test_libreoffice_draws_as_many_pages_as_there_are_slides(tmp_path: Path) -> None:
    (tmp_path / "m.pptx").write_bytes(weekly_pptx(hostile(), AT))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/office",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "m.pptx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / "m.pdf").read_bytes())) == 8


# Measuring and files


def test_shortened_texts_fit() -> None:
    for text in ("a", "word " * 60, "x" * 400, "株式会社" * 40, "A very long name of a company with & and <tags>", ""):
        for room, most, size in ((60, 1, 12), (200, 2, 18), (20, 3, 10.5)):
            told = measure.fitted(text, room, most, size)
            assert len(measure.wrapped(told, room, size)) <= most
            assert told == one_line(text) or told.endswith("…")
    assert measure.width("WWWW", 10) > measure.width("iiii", 10)


def test_documents_replace_their_own_kind_alone(tmp_path: Path) -> None:
    page, deck = weekly_html(usual()), weekly_pptx(usual(), AT)
    for name, content in (("m.html", page), ("m.pptx", deck)):
        files.write(tmp_path / name, content)
        files.write(tmp_path / name, content)
        assert (tmp_path / name).read_bytes() == content
        (tmp_path / f"theirs-{name}").write_bytes(b"somebody's own")
        with pytest.raises(InputError, match="did not write it"):
            files.write(tmp_path / f"theirs-{name}", content)
        assert (tmp_path / f"theirs-{name}").read_bytes() == b"somebody's own"
    other = Presentation()
    other.save(tmp_path / "other.pptx")
    with pytest.raises(InputError, match="did not write it"):
        files.write(tmp_path / "other.pptx", deck)
    for name in ("m.pdf", "m", "folder/m.html"):
        with pytest.raises(InputError):
            files.refuse(tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.html", "m.pptx", "other.pptx", "theirs-m.html", "theirs-m.pptx"]


# Meeting mode draws from the same value


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("step", [one.key for one in STEPS])
def test_steps_show_the_words_of_the_minutes_escaped(step: str, mode: str) -> None:
    read = Read(step_html(step, hostile(), mode))
    assert read.tags <= TAGS
    assert "<script>alert(1)</script>" in read.text
    assert HOSTILE.split(" ")[0] in read.text
    assert not re.search("[\u202a-\u202e\x07]", read.text)


def test_the_agenda_shares_thirty_minutes_and_the_clock_says_so() -> None:
    assert MINUTES == 30 and len(STEPS) == 6
    assert planned_before("leaks") == 12
    told = clock_html("leaks", 754)
    assert "Step 3 of 6, Leaks: planned until minute 19 of 30; 12 minutes used" in told
    assert told.count("animation-delay: -754s") == 2
    assert seconds_since("2026-11-16T09:00:00.000000Z", datetime(2026, 11, 16, 9, 12, 34, 9)) == 754
    assert seconds_since("2026-11-16T09:00:00.000000Z", datetime(2026, 11, 16, 8)) == 0
    for mode in ("light", "dark"):
        assert "<" not in style(mode)
