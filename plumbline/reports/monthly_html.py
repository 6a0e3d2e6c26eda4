"""The bulletin of a month as one HTML file."""

from __future__ import annotations

from plumbline import wording
from plumbline.colours import LIGHT
from plumbline.reports import svg
from plumbline.reports.bulletin import Bulletin, KeptLine, PluggedLine
from plumbline.reports.minutes import Section
from plumbline.reports.page import page, paragraphs, runs, table
from plumbline.reports.texts import escaped
from plumbline.reports.weekly_html import SIDES


def monthly_html(made: Bulletin) -> bytes:
    """The file."""
    sample = '<span class="tag">Sample data</span>' if made.is_sample else ""
    head = (
        f'<header><div class="over"><span>Bulletin for marketing and sales · {escaped(made.title)}</span><span>Plumbline {sample}</span></div>'
        f"<h1>{runs(made.headline)}</h1></header>"
    )
    foot = f"<footer>{paragraphs(made.behind)}</footer>"
    return page(f"Bulletin {made.title} · Plumbline", f"{head}<main>{_wins(made)}{_kept(made)}{_plugged(made)}</main>{foot}").encode()


def _opening(title: str, section: Section) -> str:
    return f'<section><h2>{escaped(title)}</h2><p class="lead">{runs(section.headline)}</p>{paragraphs(section.notes)}'


def _wins(made: Bulletin) -> str:
    rows = [(one.company, one.amount, one.source, one.rep, one.day) for one in made.wins]
    weeks = f"<div><h3>Won, week by week</h3>{svg.bars(made.by_week, LIGHT.reached)}</div>" if made.wins else ""
    sources = f"<div><h3>Where they came from</h3>{svg.bars(made.by_source, LIGHT.marketing)}</div>" if made.by_source else ""
    named = table(("Won", "Amount", "Source", "Rep", "Day"), rows, numbers=(1,)) if rows else ""
    return f'{_opening("What we won", made.of_wins)}<div class="sides">{weeks}{sources}</div>{named}</section>'


def _kept(made: Bulletin) -> str:
    sides = "".join(_side(made, side) for side in SIDES if made.of_side(side))
    key = '<p class="quiet">One mark a week. Solid: kept. Crossed: broken. Hollow: too few, or nothing to judge.</p>' if sides else ""
    return f"{_opening('Promises kept', made.of_kept)}{sides}{key}</section>"


def _side(made: Bulletin, side: str) -> str:
    rows = "".join(_promise(one) for one in made.of_side(side))
    return f'<div class="side side-{side}"><h3 class="{side}">{SIDES[side]}</h3><table class="grid"><tbody>{rows}</tbody></table></div>'


def _promise(one: KeptLine) -> str:
    marks = "".join(f'<td class="week">{_mark(point.status, point.label)}</td>' for point in one.weeks)
    told = f"{one.kept} of {one.judged}" if one.judged else wording.ABSENT
    return f'<tr><th scope="row">{escaped(one.title)}<div class="quiet">{escaped(one.target)}</div></th>{marks}<td class="num">{told}</td></tr>'


def _mark(status: str, label: str) -> str:
    told = {"met": "kept", "missed": "broken"}.get(status, "not judged")
    box = f'x="2" y="2" width="16" height="16" fill="{LIGHT.reached if status == "met" else "none"}"'
    edge = {"met": LIGHT.reached, "missed": LIGHT.lost}.get(status, LIGHT.too_few)
    cross = f'<path d="M5 5 L15 15 M15 5 L5 15" stroke="{LIGHT.lost}" stroke-width="2.4"/>' if status == "missed" else ""
    return (
        f'<svg class="mark" viewBox="0 0 20 20" role="img"><title>{escaped(f"week of {label}: {told}")}</title>'
        f'<rect {box} stroke="{edge}" stroke-width="1.4"/>{cross}</svg><span class="quiet">{escaped(label)}</span>'
    )


def _plugged(made: Bulletin) -> str:
    rows = "".join(_action(one) for one in made.plugged)
    gone = f"<h3>Leaks that went down</h3>{paragraphs(made.gone, '')}" if made.gone else ""
    return f"{_opening('What was plugged', made.of_plugged)}{rows}{gone}</section>"


def _action(one: PluggedLine) -> str:
    picture = _shares(one) if one.shares else ""
    return (
        f'<div class="promise"><div><div class="name" dir="auto">{escaped(one.text)}</div>'
        f'<div class="line" dir="auto">{escaped(" · ".join(part for part in (one.owner, one.about) if part))}</div>'
        f'<div dir="auto">{escaped(one.helped)}</div></div><div>{picture}</div></div>'
    )


def _shares(one: PluggedLine) -> str:
    """Bars of the share before and since, of the action's group and of all others."""
    names = ("before", "since", "others before", "others since")
    rows = ""
    for place, (name, share) in enumerate(zip(names, one.shares, strict=False)):
        colour = LIGHT.reached if place == 1 else LIGHT.comparison
        y = place * 17
        rows += (
            f'<text x="0" y="{y + 12}" font-size="11" fill="{LIGHT.quiet_text}">{name}</text>'
            f'<rect x="82" y="{y + 3}" width="{(share or 0) * 110:.1f}" height="11" fill="{colour}"/>'
            f'<text x="{86 + (share or 0) * 110:.1f}" y="{y + 12}" font-size="11" fill="{LIGHT.text}">{escaped(wording.share(share))}</text>'
        )
    told = "; ".join(f"{name} {wording.share(share)}" for name, share in zip(names, one.shares, strict=False))
    return f'<svg class="trend" viewBox="0 0 240 {17 * len(one.shares)}" role="img"><title>{escaped(told)}</title>{rows}</svg>'
