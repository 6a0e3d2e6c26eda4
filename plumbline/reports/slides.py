"""Slides in the house style: titles, texts that stay within their boxes, native tables and charts that people can edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from plumbline.colours import LIGHT
from plumbline.reports.measure import LINE, fitted, wrapped
from plumbline.reports.texts import one_line

WIDE, HIGH = 960.0, 540.0  # points: 13.33 by 7.5 inches
LEFT, RIGHT = 42.0, 42.0
ROOM = WIDE - LEFT - RIGHT
TOP = 104.0  # below the title
BOTTOM = 500.0  # above the foot
SANS, SERIF = "Arial", "Georgia"
_TITLES = ((26, 2), (22, 2), (19, 3), (16, 3))  # size of a title, and how many lines there is room for
_FIRST = ((34, 4), (29, 5), (24, 6), (20, 7))
_SIZES = (18, 16, 14, 13, 12, 11, 10.5)  # of a table's letters
_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's "no style, no grid"
_CELL = 4.0  # points between a cell's edge and its text


@dataclass(frozen=True)
class Box:
    """A place on a slide, in points."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Column:
    """A column of a table. share: of the table's width."""

    title: str
    share: float
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    text: str
    colour: str = LIGHT.text
    is_bold: bool = False


class Deck:
    """A presentation as it grows."""

    def __init__(self, title: str, foot: str, at: datetime) -> None:
        """foot: one line at the foot of every slide. at: naive UTC, when it was made."""
        self._made = Presentation()
        self._made.slide_width, self._made.slide_height = Emu(Pt(WIDE)), Emu(Pt(HIGH))
        about = self._made.core_properties
        about.title, about.author, about.last_modified_by, about.created, about.modified = one_line(title), "Plumbline", "Plumbline", at, at
        self._foot = foot
        self._slide = None

    def bytes(self) -> bytes:
        target = BytesIO()
        self._made.save(target)
        return target.getvalue()

    def slide(self, title: str, is_first: bool = False) -> None:
        """A new slide; its title is a sentence, as large as it can be whole."""
        self._slide = self._made.slides.add_slide(self._made.slide_layouts[5])
        back = self._slide.background.fill
        back.solid()
        back.fore_color.rgb = _colour(LIGHT.page)
        placed = self._slide.shapes.title
        sizes = _FIRST if is_first else _TITLES
        size, lines = next((one for one in sizes if len(wrapped(title, ROOM, one[0], is_serif=True)) <= one[1]), sizes[-1])
        box = Box(LEFT, 26, ROOM, 180 if is_first else 72)
        placed.left, placed.top, placed.width, placed.height = _place(box)
        self._write(placed, box, [Cell(title)], size, lines, SERIF, MSO_ANCHOR.TOP)
        number = len(self._made.slides)
        self.text(Box(LEFT, 510, ROOM - 40, 18), [Cell(self._foot, LIGHT.quiet_text)], 10, 1)
        self.text(Box(WIDE - RIGHT - 40, 510, 40, 18), [Cell(str(number), LIGHT.quiet_text)], 10, 1, PP_ALIGN.RIGHT)

    def text(self, box: Box, cells: Sequence[Cell], size: float, lines_each: int, align: int = PP_ALIGN.LEFT, font: str = SANS) -> None:
        """Paragraphs, each at most so many lines; those that find no room any more are left out, the last one that does says so."""
        shape = self._slide.shapes.add_textbox(*_place(box))
        self._write(shape, box, cells, size, lines_each, font, MSO_ANCHOR.TOP, align)

    def _write(
        self, shape, box: Box, cells: Sequence[Cell], size: float, lines_each: int, font: str, anchor: int, align: int = PP_ALIGN.LEFT
    ) -> None:
        frame = shape.text_frame
        frame.word_wrap = True
        frame.vertical_anchor = anchor
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        for place, (told, cell) in enumerate(_within(box, cells, size, lines_each, font == SERIF)):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            _run(paragraph, told, size, cell, font)
            paragraph.alignment = align
            paragraph.line_spacing = 1.0

    def table(self, box: Box, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], most_lines: int = 3, more: str = "") -> None:
        """A native table, its letters as large as all rows find room. Rows that find none are counted below; more: what they are, 'wins'."""
        whole = sum(column.share for column in columns)
        rooms = [box.width * column.share / whole - 2 * _CELL for column in columns]
        titles = [Cell(column.title, LIGHT.quiet_text, True) for column in columns]
        size, heights = next((told for size in _SIZES if (told := _fits(box, rooms, titles, rows, size, most_lines))), (_SIZES[-1], []))
        head = size * LINE + 2 * _CELL
        if not heights:
            each = next((tall for n in (2, 1) if head + (tall := size * LINE * n + 2 * _CELL) * len(rows) <= box.height), size * LINE * 2 + 2 * _CELL)
            heights = [each] * (len(rows) if head + each * len(rows) <= box.height else max(1, int((box.height - head - 18) / each)))
        shown = list(rows)[: len(heights)]
        tall = head + sum(heights)
        made = self._slide.shapes.add_table(len(shown) + 1, len(columns), *_place(Box(box.x, box.y, box.width, tall))).table
        made._tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN_TABLE
        made.horz_banding = False
        for place, room in enumerate(rooms):
            made.columns[place].width = Emu(Pt(room + 2 * _CELL))
        for number, (height, cells) in enumerate(zip([head, *heights], [titles, *shown], strict=True)):
            made.rows[number].height = Emu(Pt(height))
            lines = round((height - 2 * _CELL) / (size * LINE))
            for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
                _fill(made.cell(number, place), cell, column, rooms[place], size, lines, number == 0)
        if len(shown) < len(rows):
            told = f"and {len(rows) - len(shown)} more {more}, in the minutes as a page"
            self.text(Box(box.x, box.y + tall + 3, box.width, 15), [Cell(told, LIGHT.quiet_text)], 11, 1)

    def lines_chart(self, box: Box, labels: Sequence[str], values: Sequence[float | None], goals: Sequence[float],
                    names: tuple[str, str], is_share: bool, colour: str, told: str) -> None:  # fmt: skip
        """A native chart of two lines: what happened, and what was promised. told: its finding in words, for those who cannot see it."""
        data = CategoryChartData(number_format="0%" if is_share else "0")
        data.categories = [fitted(label, box.width / 4, 1, 10) for label in labels]
        data.add_series(one_line(names[0]), values)
        data.add_series(one_line(names[1]), goals)
        chart = self._chart(XL_CHART_TYPE.LINE_MARKERS, box, data, told)
        top = 1.0 if is_share else max([1.0, *goals, *(value or 0 for value in values)]) * 1.05
        axis = chart.value_axis
        axis.minimum_scale, axis.maximum_scale = 0, top
        axis.major_unit = 0.5 if is_share else max(1, round(top / 2))
        _quiet_axis(axis, "0%" if is_share else "0", has_grid=True)
        _quiet_axis(chart.category_axis)
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        _skip_labels(chart.category_axis, len(labels) - 1)
        happened, promised = chart.plots[0].series
        happened.smooth = promised.smooth = False
        happened.format.line.color.rgb = _colour(colour)
        happened.format.line.width = Pt(2.25)
        happened.marker.style = XL_MARKER_STYLE.CIRCLE
        happened.marker.size = 6
        happened.marker.format.fill.solid()
        happened.marker.format.fill.fore_color.rgb = _colour(colour)
        happened.marker.format.line.color.rgb = _colour(colour)
        promised.format.line.color.rgb = _colour(LIGHT.text)
        promised.format.line.width = Pt(1.25)
        promised.format.line.dash_style = MSO_LINE.DASH
        promised.marker.style = XL_MARKER_STYLE.NONE

    def bar_chart(
        self, box: Box, names: Sequence[str], values: Sequence[float], series: str, colour: str, told: str, size: float = 12,
        number_format: str = "#,##0",
    ) -> None:  # fmt: skip
        """A native chart of bars that lie, the first on top, each with its number."""
        data = CategoryChartData(number_format=number_format)
        room = box.width * 0.4
        data.categories = [fitted(name, room, 1, size) for name in reversed(names)]
        data.add_series(one_line(series), list(reversed(values)))
        chart = self._chart(XL_CHART_TYPE.BAR_CLUSTERED, box, data, told)
        chart.value_axis.minimum_scale = 0
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False
        _quiet_axis(chart.category_axis, size=size)
        plot = chart.plots[0]
        plot.gap_width = 45
        plot.has_data_labels = True
        plot.data_labels.font.size = Pt(size)
        plot.data_labels.font.name = SANS
        plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = number_format, False
        plot.series[0].format.fill.solid()
        plot.series[0].format.fill.fore_color.rgb = _colour(colour)

    def _chart(self, kind: int, box: Box, data: CategoryChartData, told: str):
        placed = self._slide.shapes.add_chart(kind, *_place(box), data)
        placed._element.nvGraphicFramePr.cNvPr.set("descr", one_line(told))
        chart = placed.chart
        chart.has_legend = False
        chart.has_title = False
        chart.font.name, chart.font.size = SANS, Pt(10)
        chart.font.color.rgb = _colour(LIGHT.quiet_text)
        return chart


def _fits(
    box: Box, rooms: Sequence[float], titles: Sequence[Cell], rows: Sequence[Sequence[Cell]], size: float, most_lines: int
) -> tuple[float, list[float]] | None:
    """(size, the height of each row) where each title is whole in one line, each cell in at most so many, and all rows find room; None where not."""
    if any(len(wrapped(cell.text, room, size, True)) > 1 for cell, room in zip(titles, rooms, strict=True)):
        return None
    heights = []
    for row in rows:
        lines = max(len(wrapped(cell.text, room, size, cell.is_bold)) for cell, room in zip(row, rooms, strict=True))
        if lines > most_lines:
            return None
        heights.append(size * LINE * max(1, lines) + 2 * _CELL)
    return (size, heights) if sum(heights) + size * LINE + 2 * _CELL <= box.height else None


def _fill(made, cell: Cell, column: Column, room: float, size: float, lines: int, is_head: bool) -> None:
    made.margin_left = made.margin_right = Pt(_CELL)
    made.margin_top = made.margin_bottom = Pt(_CELL - 1)
    made.vertical_anchor = MSO_ANCHOR.TOP
    paragraph = made.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if column.is_number else PP_ALIGN.LEFT
    _run(paragraph, fitted(cell.text, room, lines, size, cell.is_bold), size, cell, SANS)
    _line_below(made, LIGHT.text if is_head else LIGHT.rule)


def _within(box: Box, cells: Sequence[Cell], size: float, lines_each: int, is_serif: bool) -> list[tuple[str, Cell]]:
    """The paragraphs that find room, each shortened to its lines; where some find none, the last line says how many."""
    room = max(1, int((box.height + 0.5) / (size * LINE)))
    told: list[tuple[str, Cell]] = []
    for place, cell in enumerate(cells):
        left = room - sum(len(wrapped(text, box.width, size, one.is_bold, is_serif)) for text, one in told)
        is_last = place == len(cells) - 1
        if left < (1 if is_last else 2) and not (is_last and left):
            rest = len(cells) - place
            if left < 1:
                told.pop()
                rest += 1
            told.append((f"and {rest} more", Cell("", LIGHT.quiet_text)))
            break
        told.append((fitted(cell.text, box.width, min(lines_each, left if is_last else left - 1), size, cell.is_bold, is_serif), cell))
    return told


def _skip_labels(axis, every: int) -> None:
    """Shows the first label and every so-many-th after it."""
    skip = axis._element.makeelement(qn("c:tickLblSkip"), {"val": str(max(1, every))})
    axis._element.find(qn("c:lblOffset")).addnext(skip)


def _quiet_axis(axis, number_format: str = "", has_grid: bool = False, size: float = 10) -> None:
    axis.has_major_gridlines = has_grid
    if has_grid:
        axis.major_gridlines.format.line.color.rgb = _colour(LIGHT.rule)
        axis.major_gridlines.format.line.width = Pt(0.75)
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.color.rgb = _colour(LIGHT.rule)
    axis.tick_labels.font.size = Pt(size)
    axis.tick_labels.font.name = SANS
    axis.tick_labels.font.color.rgb = _colour(LIGHT.quiet_text if size <= 10 else LIGHT.text)
    if number_format:
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = number_format, False


def _run(paragraph, text: str, size: float, cell: Cell, font: str) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.name, run.font.bold = Pt(size), font, cell.is_bold
    run.font.color.rgb = _colour(cell.colour)


def _line_below(cell, colour: str) -> None:
    properties = cell._tc.get_or_add_tcPr()
    line = properties.makeelement(qn("a:lnB"), {"w": "9525", "cap": "flat", "cmpd": "sng"})
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": colour.lstrip("#")}))
    line.append(fill)
    properties.insert(0, line)


def _colour(told: str) -> RGBColor:
    return RGBColor.from_string(told.lstrip("#").upper())


def _place(box: Box) -> tuple[Emu, Emu, Emu, Emu]:
    return tuple(Emu(Pt(value)) for value in (box.x, box.y, box.width, box.height))
