"""The minutes of a quarterly review as one HTML file that stands alone: the same value and the same words as the screen."""

from __future__ import annotations

from plumbline import wording
from plumbline.meeting.quarter import Draft, Opinion, Quarter, Reviewed, Signed
from plumbline.meeting.record import Record
from plumbline.reports.minutes import Run
from plumbline.reports.page import page, paragraphs, runs, table
from plumbline.reports.texts import escaped, lines
from plumbline.words import decided, foretold, quarter_parts
from plumbline.words import quarterly as words
from plumbline.words.parts import Bold, Part

_MARKS = {"met": ("kept", "●"), "missed": ("missed", "▾"), "too_few": ("open", "○"), "too_early": ("open", "·"), "no_data": ("open", "–")}


def minutes(quarter: Quarter, record: Record, head: str) -> bytes:
    """The file. head: of the log of changes as it was when the minutes were written. The same values give the same bytes."""
    body = _head(quarter, record) + "<main>" + _decided(record)
    for version in quarter.signed:
        body += _version(version)
    if quarter.volume:
        title, note = quarter_parts.volume_title(quarter), quarter_parts.volume_note(quarter)
        body += f"<section><h2>{escaped(title)}</h2>{paragraphs([note])}{_volume(quarter)}</section>"
    body += _rejections(quarter) + _drafts(quarter) + "</main>" + _foot(quarter, head)
    return page(f"Quarterly review {quarter.span.title} · Plumbline", body).encode()


def _runs(parts: list[Part]) -> list[Run]:
    return [Run(one if isinstance(one, str) else one.text, isinstance(one, Bold)) for one in parts]


def _head(quarter: Quarter, record: Record) -> str:
    at = wording.instant(record.closed_at, quarter.time_zone)
    held = f"Begun by {record.begun_by}, closed by {record.closed_by} on {at}. Names are as they were typed: no log-in vouches for them."
    figures = " · ".join(f"{one.label}: {one.value} {one.n}" for one in words.strip(quarter))
    return (
        f'<header><div class="over"><span>Quarterly review · {escaped(quarter.span.title)}</span><span>Plumbline</span></div>'
        f"<h1>{runs(_runs(words.headline(quarter)))}</h1>{paragraphs([figures, held])}</header>"
    )


def _decided(record: Record) -> str:
    told = "".join(f'<p dir="auto">{escaped(line)}</p>' for text in decided.decided_lines(record) for line in lines(text))
    return f"<section><h2>What was decided</h2>{told}</section>"


def _version(version: Signed) -> str:
    said = [] if version.foretold else [f"Whether what was foretold came cannot be told: {version.why_not_foretold}."]
    return (
        f"<section><h2>{escaped(words.version_title(version))}</h2>{paragraphs([words.version_note(version)])}"
        f'<p class="lead">{escaped(words.weeks_title(version))}</p>{_weeks(version)}{_questions(version)}{_foretold(version)}'
        f"{paragraphs(said)}{_opinion(version.opinion, f'version {version.number}')}</section>"
    )


def _weeks(version: Signed) -> str:
    """A row per promise, a mark per week; each mark has its words."""
    if not version.promises or not version.promises[0].cells:
        return ""
    heads = "".join(f'<th scope="col" class="num">{cell.monday.day}<br>{cell.monday:%b}</th>' for cell in version.promises[0].cells)
    rows = "".join(f'<tr><th scope="row" class="{escaped(one.side)}">{escaped(one.title)}</th>{_marks(one)}</tr>' for one in version.promises)
    key = "● kept, ▾ broken, ○ too few to say, · too early to say, – nothing was due; weeks by their Monday."
    return f'<table class="grid"><thead><tr><th></th>{heads}</tr></thead><tbody>{rows}</tbody></table>{paragraphs([key])}'


def _marks(one: Reviewed) -> str:
    told = []
    for cell in one.cells:
        css, mark = _MARKS[cell.status]
        figure = ""
        if cell.row is not None and cell.status in ("met", "missed", "too_few"):
            figure = wording.count(cell.row.n) if one.is_volume else wording.share(cell.row.actual)
        told.append(f'<td class="num {css}" title="{escaped(words.cell(cell, one))}">{mark}<br>{escaped(figure)}</td>')
    return "".join(told)


def _questions(version: Signed) -> str:
    rows = [
        (one.title, words.target(one), f"{words.over_the_quarter(one)}; {words.weeks_kept(one)}", words.question(one), words.because(one))
        for one in version.promises
    ]
    return table(("Promise", "Promised", "Over the quarter", "The record speaks for", "Because"), rows, "Raise, keep, loosen or drop?")


def _foretold(version: Signed) -> str:
    told = version.foretold
    if told is None:
        return ""
    rows = [
        (words.FORETOLD[one.key][1], foretold.signed(one), foretold.came(one), foretold.beside(one), foretold.VERDICTS[one.verdict])
        for one in told.figures
    ]
    caption = f"{foretold.title(told)} ({wording.period(told.since, told.until)})"
    return table(("Figure", "Signed", "Came", "Beside it", "So"), rows, caption) + paragraphs(foretold.not_known(told))


def _volume(quarter: Quarter) -> str:
    rows, came, target = [], 0, 0.0
    for week in quarter.volume:
        came, target = came + (week.came or 0), target + (week.target or 0.0)
        promised = wording.ABSENT if week.target is None else wording.decimal(week.target)
        told = wording.ABSENT if week.came is None else f"{wording.count(week.came)}{'' if week.is_over else ' (not over)'}"
        so_far = wording.ABSENT if week.came is None else wording.count(came)
        rows.append((wording.day(week.monday), promised, told, wording.decimal(target), so_far))
    return table(("Week of", "Promised", "Came", "Promised so far", "Came so far"), rows, numbers=(1, 2, 3, 4))


def _rejections(quarter: Quarter) -> str:
    told = f"<section><h2>{escaped(quarter_parts.rejections_title(quarter))}</h2>"
    found = quarter.rejections
    for one in found.barring:
        rows = []
        for rule in one.rules:
            counts = (f"{wording.count(k)} of {wording.count(n)}" for k, n in ((rule.caught, found.rejected), (rule.lost, found.accepted)))
            rows.append((rule.rule, *counts, wording.count(rule.sqls), rule.speaks))
        heads = ("Rule", "Of those sent back", "Of those accepted and kept", "Of these, SQLs", "So the rule")
        told += table(heads, rows, quarter_parts.barring_title(one, quarter), numbers=(1, 2, 3))
    return f"{told}</section>"


def _opinion(said: Opinion, about: str) -> str:
    rows = [(quarter_parts.rule_name(rule), one.rep, one.text) for rule, several in said.rules for one in several]
    rows += [("What is a qualified lead to you?", f"{one.rep} ({'agrees' if agrees else 'disagrees'})", one.text) for agrees, one in said.words]
    title = quarter_parts.opinion_title(said, about)
    return table(("About", "Rep", "In their words"), rows, title) if rows else paragraphs([f"{title}."])


def _drafts(quarter: Quarter) -> str:
    told = "".join(_draft(one) for one in quarter.drafts)
    coming = [
        f"Version {number}, “{name}”, is published and in force from {wording.day(begins)} on: its weeks come later."
        for number, name, begins in quarter.coming
    ]
    return f"<section><h2>{escaped(quarter_parts.drafts_title(quarter))}</h2>{paragraphs(coming)}{told}</section>"


def _draft(one: Draft) -> str:
    changes = "".join(f'<li dir="auto">{escaped(change.sentence)}{f" ({escaped(effect)})" if effect else ""}</li>' for change, effect in one.changes)
    figures = [(quarter_parts.FIGURES.get(name, name), quarter_parts.draft_figure(name, said)) for name, said in one.figures.items()]
    return (
        f"<h3>{escaped(quarter_parts.barring_name(one))}</h3>{paragraphs([quarter_parts.draft_note(one)])}"
        + (table(("As simulated", ""), figures) if figures else "")
        + (f"<ul>{changes}</ul>" if changes else "")
        + (_opinion(one.opinion, f"draft {one.number}") if one.opinion.n else "")
    )


def _foot(quarter: Quarter, head: str) -> str:
    through = f"Data through {wording.instant(quarter.data_through, quarter.time_zone)}; nothing after it is known."
    log = f"Head of the log of changes: {head}. A log that was written anew does not hold it."
    return f"<footer>{paragraphs([*quarter.not_recorded, through, log])}</footer>"
