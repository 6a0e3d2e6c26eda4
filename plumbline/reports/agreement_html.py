"""The document of an agreement as one page of HTML: nothing is loaded from anywhere, and it prints on A4 and letter alike."""

from __future__ import annotations

from html import escape

from plumbline.colours import LIGHT
from plumbline.reports.agreement_document import Document, Grid, Section

MARK = '<meta name="generator" content="Plumbline agreement">'
_STYLE = f"""
@page {{ size: A4; margin: 18mm 16mm; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 46rem; color: {LIGHT.text}; background: {LIGHT.page};
  font: 16px/1.5 Georgia, "Noto Serif", "Times New Roman", serif; overflow-wrap: break-word; }}
h1 {{ font-size: 2rem; line-height: 1.2; margin: 0 0 .4rem; }}
h2 {{ font-size: 1.2rem; margin: 2.2rem 0 .5rem; break-after: avoid; }}
p {{ margin: .4rem 0; }}
.state {{ color: {LIGHT.quiet_text}; margin: 0 0 .8rem; }}
table {{ width: 100%; border-collapse: collapse; margin: .5rem 0; font-size: .94rem; }}
th, td {{ text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid {LIGHT.rule}; }}
th {{ font-weight: 600; color: {LIGHT.quiet_text}; }}
tbody th {{ font-weight: normal; color: {LIGHT.text}; }}
tr {{ break-inside: avoid; }}
thead {{ display: table-header-group; }}
td.code {{ font: .8rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; word-break: break-all; }}
@media print {{ body {{ padding: 0; max-width: none; background: none; font-size: 11pt; }} }}
"""


def page(told: Document) -> str:
    """The page. Every text of the agreement is escaped."""
    sections = "\n".join(_section(one) for one in told.sections)
    opening = "\n".join(f"<p>{escape(line)}</p>" for line in told.opening)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
{MARK}
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(told.title)}: agreement between marketing and sales</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{escape(told.title)}</h1>
<p class="state">{escape(told.state)}</p>
{opening}
{sections}
</main>
</body>
</html>
"""


def _section(section: Section) -> str:
    parts = "\n".join(f"<p>{escape(one)}</p>" if isinstance(one, str) else _table(one, section.heading) for one in section.parts)
    return f"<section>\n<h2>{escape(section.heading)}</h2>\n{parts}\n</section>"


def _table(grid: Grid, name: str) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in grid.columns)
    head = f"<thead><tr>{head}</tr></thead>\n" if any(grid.columns) else ""
    rows = "\n".join(f"<tr>{''.join(_cell(grid, n, cell) for n, cell in enumerate(row))}</tr>" for row in grid.rows)
    return f'<table aria-label="{escape(name)}">\n{head}<tbody>\n{rows}\n</tbody>\n</table>'


def _cell(grid: Grid, number: int, cell: str) -> str:
    if not number:
        return f'<th scope="row">{escape(cell)}</th>'
    opening = '<td class="code">' if grid.columns[number] in grid.is_code else "<td>"
    return f"{opening}{escape(cell)}</td>"
