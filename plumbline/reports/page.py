"""One HTML page that stands alone: no script, nothing fetched, light, for the screen and for A4 and Letter paper."""

from __future__ import annotations

import html
from collections.abc import Sequence

from plumbline.colours import LIGHT
from plumbline.reports.minutes import Run
from plumbline.reports.texts import escaped

_SERIF = '"Source Serif 4", "Source Serif", "Noto Serif", Georgia, "Times New Roman", serif'
_SANS = '"Source Sans 3", "Source Sans", "Noto Sans", "Segoe UI", Helvetica, Arial, sans-serif'

FROZEN = "data-frozen"  # the attribute of the body that a program reads back
STYLE = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; padding: 2.2rem 2rem 3rem; max-width: 66rem; background: {LIGHT.page}; color: {LIGHT.text}; font: 15px/1.5 {_SANS};
  font-variant-numeric: lining-nums; overflow-wrap: anywhere; }}
h1, h2, .figure, .lead {{ font-family: {_SERIF}; }}
header {{ border-bottom: 2px solid {LIGHT.text}; padding-bottom: 0.5rem; }}
.over {{ display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; color: {LIGHT.quiet_text}; font-size: 0.9rem; }}
h1 {{ font-size: 1.85rem; line-height: 1.22; font-weight: 400; margin: 0.35rem 0 0.2rem; text-wrap: pretty; }}
h1 strong, .lead strong {{ font-weight: 650; }}
h2 {{ font-size: 1.3rem; line-height: 1.3; font-weight: 600; margin: 2rem 0 0.1rem; padding-top: 0.7rem; border-top: 1px solid {LIGHT.rule}; }}
main > section:first-child > h2 {{ border-top: 0; margin-top: 1rem; padding-top: 0; }}
h3 {{ font-size: 0.95rem; font-weight: 700; margin: 0.9rem 0 0.3rem; }}
p {{ margin: 0.15rem 0; max-width: 52rem; }}
.lead {{ font-size: 1.12rem; line-height: 1.4; }}
.quiet, .quiet td {{ color: {LIGHT.quiet_text}; font-size: 0.88rem; }}
.tag {{ border: 1px solid {LIGHT.quiet_text}; border-radius: 0.2rem; padding: 0 0.35rem; white-space: nowrap; }}
.sides {{ display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; }}
.marketing {{ color: {LIGHT.marketing}; }} .sales {{ color: {LIGHT.sales}; }}
.side-marketing {{ border-top: 4px solid {LIGHT.marketing}; }} .side-sales {{ border-top: 4px solid {LIGHT.sales}; }}
.side-both {{ border-top: 4px solid {LIGHT.text}; }}
.side {{ margin-top: 0.9rem; }}
.side > h3 {{ margin: 0.35rem 0 0.1rem; font-size: 1.02rem; }}
.promise {{ display: grid; grid-template-columns: minmax(0, 1fr) 12.5rem; gap: 0 1rem; padding: 0.5rem 0 0.55rem; border-top: 1px solid {LIGHT.rule};
  break-inside: avoid; }}
.promise .name {{ font-weight: 650; }}
.promise .line {{ font-size: 0.88rem; color: {LIGHT.quiet_text}; }}
.whole {{ display: inline-block; }}
.figure {{ font-size: 1.45rem; font-weight: 600; white-space: nowrap; margin-right: 0.35rem; }}
.verdict {{ font-weight: 650; }}
.kept {{ color: {LIGHT.reached}; }} .missed {{ color: {LIGHT.lost}; }} .open {{ color: {LIGHT.quiet_text}; }}
.trend {{ width: 100%; height: auto; display: block; }}
table {{ border-collapse: collapse; width: 100%; font-size: 0.93rem; margin: 0.4rem 0; }}
caption {{ text-align: left; font-weight: 700; padding: 0.5rem 0 0.15rem; }}
th, td {{ text-align: left; vertical-align: top; padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid {LIGHT.rule}; font-weight: 400; }}
thead th {{ overflow-wrap: normal; white-space: nowrap; color: {LIGHT.quiet_text}; font-size: 0.84rem; border-bottom: 1px solid {LIGHT.text}; }}
tr {{ break-inside: avoid; }}
.num {{ text-align: right; font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }}
.bars {{ max-width: 46rem; break-inside: avoid; }} .bars th {{ width: 15rem; }} .bars .num {{ width: 4rem; }} .bars .bar {{ width: 14rem; }}
.bars svg {{ width: 100%; height: 0.7rem; display: block; margin-top: 0.35rem; }}
ol.leaks {{ list-style: none; margin: 0.4rem 0; padding: 0; counter-reset: leak; }}
ol.leaks li {{ counter-increment: leak; display: grid; grid-template-columns: 1.6rem minmax(0, 1fr) auto; gap: 0 0.8rem; padding: 0.45rem 0;
  border-bottom: 1px solid {LIGHT.rule}; break-inside: avoid; }}
ol.leaks li::before {{ content: counter(leak); color: {LIGHT.quiet_text}; text-align: right; }}
ol.leaks .named {{ font-weight: 650; }}
ol.leaks .lost {{ text-align: right; font-weight: 650; color: {LIGHT.lost}; white-space: nowrap; }}
blockquote {{ margin: 0.5rem 0 0; padding: 0.2rem 0 0.2rem 0.9rem; border-left: 3px solid {LIGHT.text}; max-width: 52rem; break-inside: avoid; }}
blockquote cite {{ display: block; font-style: normal; color: {LIGHT.quiet_text}; font-size: 0.84rem; }}
.moved {{ border: 1px solid {LIGHT.text}; padding: 0.5rem 0.8rem; margin: 0.9rem 0 0; }}
.grid {{ table-layout: fixed; }} .grid th {{ width: 46%; }} .grid td, .grid th {{ padding-right: 0.5rem; }}
.mark {{ width: 1.15rem; height: 1.15rem; display: block; }}
footer {{ margin-top: 2.4rem; border-top: 2px solid {LIGHT.text}; padding-top: 0.5rem; }}
footer p {{ font-size: 0.84rem; color: {LIGHT.quiet_text}; max-width: none; }}
@media (max-width: 48rem) {{ .sides {{ grid-template-columns: 1fr; }} }}
@page {{ margin: 14mm 13mm; }}
@media print {{
  body {{ padding: 0; max-width: none; background: #fff; font-size: 9.5pt; line-height: 1.38; print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }}
  h1 {{ font-size: 17pt; }} h2 {{ break-after: avoid; margin-top: 0.8rem; padding-top: 0.4rem; font-size: 13pt; }}
  h3, caption {{ break-after: avoid; }}
  .sides {{ gap: 0 1.2rem; }} .promise {{ grid-template-columns: minmax(0, 1fr) 8.5rem; gap: 0 0.6rem; }}
  thead {{ display: table-header-group; }} .lead {{ font-size: 11pt; break-after: avoid; }}
  th, td {{ padding-top: 0.18rem; padding-bottom: 0.18rem; }} footer {{ margin-top: 1.2rem; break-inside: avoid; }} footer p {{ font-size: 8.5pt; }}
}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"


def page(title: str, body: str, data: str = "") -> str:
    """The whole file. body: HTML of ours, all data in it escaped. data: what a program reads back, out of sight in an attribute."""
    kept = f' {FROZEN}="{html.escape(data, quote=True)}"' if data else ""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="generator" content="Plumbline">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body{kept}>\n{body}\n</body>\n</html>\n"
    )


def runs(told: Sequence[Run]) -> str:
    """A sentence, its bold pieces set apart. Spaces at the edges of pieces stay."""
    return "".join(f"<strong>{_piece(run.text)}</strong>" if run.is_bold else _piece(run.text) for run in told)


def _piece(text: str) -> str:
    before, after = (" " if text[:1].isspace() else ""), (" " if text[-1:].isspace() else "")
    core = escaped(text)
    return f"{before}{core}{after}" if core else before


def paragraphs(told: Sequence[str], css: str = "quiet") -> str:
    return "".join(f'<p class="{css}" dir="auto">{escaped(line)}</p>' for line in told if line)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "", numbers: Sequence[int] = ()) -> str:
    """A table of texts. numbers: places of the columns that hold figures."""
    told = f"<caption>{escaped(caption)}</caption>" if caption else ""
    top = "".join(f'<th scope="col"{_of_number(place, numbers)}>{escaped(name)}</th>' for place, name in enumerate(head))
    body = "".join(
        "<tr>" + "".join(f'<td dir="auto"{_of_number(place, numbers)}>{escaped(cell)}</td>' for place, cell in enumerate(row)) + "</tr>"
        for row in rows
    )
    return f"<table>{told}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _of_number(place: int, numbers: Sequence[int]) -> str:
    return ' class="num"' if place in numbers else ""
