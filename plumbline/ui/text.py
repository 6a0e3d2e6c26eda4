"""The only ways in which a page puts text that came from data on the screen.

Everything is escaped and goes through st.html with a handful of our own tags: never Markdown, so a name like
`![x](http://elsewhere/y)` or `<img src=...>` is shown as it stands and fetches nothing.
The `..._html` functions are pure and tested; the others draw.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from plumbline import wording
from plumbline.words.parts import Bold, Link, Part

_PERCENT = re.compile(r"(?<=\d) %")  # a figure and its sign stay on one line
_AMOUNT = re.compile(r"(?<=\d) (?=(?:k|M|bn)(?!\w))")  # $277 k stays on one line


@dataclass(frozen=True)
class Figure:
    """One figure of the verdict strip. All texts are ready for people (wording.*).

    change: against the period before, e.g. '+3 points'; n: e.g. 'of 388'; is_broken: a promise is broken, which colours the value
    and puts `broken_word` beside it; href: the leads behind it; meaning: one line on hover.
    """

    label: str
    value: str
    unit: str = ""
    change: str = ""
    n: str = ""
    is_broken: bool = False
    broken_word: str = "missed"
    href: str = ""
    meaning: str = ""


def safe_href(href: str) -> str:
    """`href`, escaped for an attribute. ValueError unless it stays within the app: no scheme, no host, no script."""
    plain = href.strip()
    head = plain.split("?", 1)[0].split("#", 1)[0]
    if plain != href or not plain or ":" in head or "\\" in plain or "//" in head or any(ord(c) < 33 or ord(c) == 127 for c in plain):
        raise ValueError(f"not a link within the app: {href!r}")
    return html.escape(plain, quote=True)


def _shown(text: object) -> str:
    """Escaped, white space folded, no control characters; what changes the direction of writing cannot reach beyond it."""
    line = " ".join("".join(c if c.isprintable() or c.isspace() or c in "\u200c\u200d" else " " for c in str(text)).split(" "))
    return html.escape(_AMOUNT.sub("\u00a0", _PERCENT.sub("\u00a0%", line)), quote=True)


def _part(part: Part) -> str:
    if isinstance(part, Bold):
        return f"<strong><bdi>{_shown(part.text)}</bdi></strong>"
    if isinstance(part, Link):
        return f'<a href="{safe_href(part.href)}" target="_self"><bdi>{_shown(part.text)}</bdi></a>'
    return _shown(part)


def _parts(parts: Part | Sequence[Part]) -> str:
    return _part(parts) if isinstance(parts, str | Bold | Link) else "".join(_part(part) for part in parts)


def headline_html(parts: Part | Sequence[Part]) -> str:
    return f'<h1 class="pl-headline">{_parts(parts)}</h1>'


def headline(parts: Part | Sequence[Part]) -> None:
    """The one sentence at the top: plain strings, Bold numbers, Links. Spaces are the caller's."""
    st.html(headline_html(parts))


def subheading(parts: Part | Sequence[Part]) -> None:
    """A second-level heading within a page, for the tables and lists below the picture."""
    st.html(f'<h2 class="pl-sub">{_parts(parts)}</h2>')


def note_html(parts: Part | Sequence[Part]) -> str:
    return f'<p class="pl-note">{_parts(parts)}</p>'


def note(parts: Part | Sequence[Part]) -> None:
    """A quiet line: a caveat, a count of what is left out."""
    st.html(note_html(parts))


def amiss_html(parts: Part | Sequence[Part]) -> str:
    """What is amiss in the field above it, and what to do."""
    return f'<p class="pl-amiss" role="status">{_parts(parts)}</p>'


def amiss(parts: Part | Sequence[Part]) -> None:
    """What is amiss in the field above, and what to do."""
    st.html(amiss_html(parts))


def paragraph(parts: Part | Sequence[Part]) -> None:
    """Running text at reading size."""
    st.html(f'<p class="pl-text">{_parts(parts)}</p>')


def reading_sentence_html(parts: Part | Sequence[Part]) -> str:
    return f'<p class="pl-reading">{_parts(parts)}</p>'


def reading_sentence(parts: Part | Sequence[Part]) -> None:
    """What the filters say, said back: 'Leads handed over in the last 12 weeks · all sources · EMEA · first pass'."""
    st.html(reading_sentence_html(parts))


def figure_strip_html(figures: Sequence[Figure]) -> str:
    cells = []
    for figure in figures:
        value = f'<span class="pl-value">{_shown(figure.value)}</span>'
        if figure.href:
            value = f'<a class="pl-plain" href="{safe_href(figure.href)}" target="_self">{value}</a>'
        unit = f' <span class="pl-unit">{_shown(figure.unit)}</span>' if figure.unit else ""
        flag = f' <span class="pl-flag">{_shown(figure.broken_word)}</span>' if figure.is_broken else ""
        under = " · ".join(f'<span class="{name}">{_shown(text)}</span>' for name, text in (("pl-change", figure.change), ("pl-n", figure.n)) if text)
        title = f' title="{_shown(figure.meaning)}"' if figure.meaning else ""
        broken = " pl-broken" if figure.is_broken else ""
        cells.append(
            f'<div class="pl-figure{broken}" role="listitem"{title}><div class="pl-label">{_shown(figure.label)}</div>'
            f'<div class="pl-line">{value}{unit}{flag}</div><div class="pl-under">{under or "&nbsp;"}</div></div>'
        )
    return f'<div class="pl-strip"><div class="pl-cells" role="list">{"".join(cells)}</div></div>'


def figure_strip(figures: Sequence[Figure]) -> None:
    """The verdict strip: three to five figures."""
    st.html(figure_strip_html(figures))


def chart_title_html(title: Part | Sequence[Part], subtitle: Part | Sequence[Part] = "") -> str:
    below = f'<p class="pl-subtitle">{_parts(subtitle)}</p>' if subtitle else ""
    return f'<h2 class="pl-title">{_parts(title)}</h2>{below}'


def chart_title(title: Part | Sequence[Part], subtitle: Part | Sequence[Part] = "") -> None:
    """A finding or a question over a chart; below it the measure, unit and n."""
    st.html(chart_title_html(title, subtitle))


def empty_state_html(looked_for: str, why: str, widen: Part | Sequence[Part] | None = None) -> str:
    way = f'<p class="pl-widen">{_parts(widen)}</p>' if widen else ""
    return f'<div class="pl-empty" role="status"><p class="pl-looked">{_shown(looked_for)}</p><p>{_shown(why)}</p>{way}</div>'


def empty_state(looked_for: str, why: str, widen: Part | Sequence[Part] | None = None) -> None:
    """Nothing found is an answer: what was looked for, why there may be none, one click to widen."""
    st.html(empty_state_html(looked_for, why, widen))


def sample_badge_html(import_href: str) -> str:
    return (
        '<p class="pl-badge"><span>Sample data</span> made up for looking around. '
        f'<a href="{safe_href(import_href)}" target="_self">Bring in your own</a></p>'
    )


def sample_badge(import_href: str = "import") -> None:
    """A quiet badge that says the history is made up and points to Import."""
    st.html(sample_badge_html(import_href))


def data_through_html(data_through: datetime | None, zone: str = "UTC", more: str = "") -> str:
    text = f"Data through {wording.instant(data_through, zone)}" if data_through else "No history yet"
    return f'<p class="pl-through">{_shown(text)}{" · " + _shown(more) if more else ""}</p>'


def data_through_line(data_through: datetime | None, zone: str = "UTC", more: str = "") -> None:
    """'Data through 14 Nov 2026, 18:00 UTC', on every screen. data_through: naive UTC; zone: the viewer's; more: e.g. the snapshot."""
    st.html(data_through_html(data_through, zone, more))
