"""The document of an agreement as a Word document, with headings and tables of Word's own."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import docx as python_docx
from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.shared import Pt

from plumbline.reports.agreement_document import Document, Grid

MARK = "Plumbline agreement"


def docx(told: Document, at: datetime) -> bytes:
    """The file. at: when it is written (naive UTC)."""
    word = python_docx.Document()
    properties = word.core_properties
    properties.title, properties.author, properties.comments = told.title, "Plumbline", MARK
    properties.created = properties.modified = at
    word.styles["Normal"].font.size = Pt(10.5)
    word.add_heading(told.title, 0)
    for line in (told.state, *told.opening):
        word.add_paragraph(line)
    for section in told.sections:
        word.add_heading(section.heading, 1)
        for part in section.parts:
            if isinstance(part, str):
                word.add_paragraph(part)
            else:
                _table(word, part)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _table(word: Word, grid: Grid) -> None:
    has_head = any(grid.columns)
    table = word.add_table(int(has_head), len(grid.columns), "Table Grid")
    if has_head:
        for cell, column in zip(table.rows[0].cells, grid.columns, strict=True):
            cell.paragraphs[0].add_run(column).bold = True
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # repeated on every page
    for row in grid.rows:
        for number, (cell, told) in enumerate(zip(table.add_row().cells, row, strict=True)):
            run = cell.paragraphs[0].add_run(told)
            if number and grid.columns[number] in grid.is_code:
                run.font.size, run.font.name = Pt(8), "Consolas"
    word.add_paragraph()


def is_ours(path: Path) -> bool:
    """Whether Plumbline wrote the document that lies there."""
    try:
        with ZipFile(path) as file, file.open("docProps/core.xml") as told:
            return MARK.encode() in told.read(65_536)
    except (BadZipFile, OSError, KeyError, ValueError):
        return False
