"""How far the numbers of frozen minutes have moved since: one line."""

from __future__ import annotations

from plumbline import wording
from plumbline.reports.minutes import Minutes, PromiseLine

_MOST = 3  # promises that the line names


def moved(frozen: Minutes, now: Minutes) -> str:
    """One sentence; '' where both are of one history. now: the same week, made afresh."""
    if frozen.history == now.history:
        return ""
    before = {one.kind: one for one in frozen.promises}
    told = [_promise(before[one.kind], one) for one in now.promises if one.kind in before]
    changed = [one for one in told if one]
    figures = {one.name: one for one in frozen.changes}
    changed += [f"{one.name} {figures[one.name].now} → {one.now}" for one in now.changes if one.name in figures and figures[one.name].now != one.now]
    if len(frozen.wins) != len(now.wins):
        changed.append(f"won deals {wording.count(len(frozen.wins))} → {wording.count(len(now.wins))}")
    if [one.kind for one in now.promises] != list(before):
        changed.append("the week is judged by other promises now")
    if not changed:
        return "A later import came since these minutes were closed; it moves none of their figures."
    more = f"; and {wording.count(len(changed) - _MOST)} more" if len(changed) > _MOST else ""
    return f"A later import has moved {wording.plural(len(changed), 'figure')} since these minutes were closed: {'; '.join(changed[:_MOST])}{more}."


def _promise(was: PromiseLine, is_now: PromiseLine) -> str:
    if (was.n, was.met, was.status) == (is_now.n, is_now.met, is_now.status):
        return ""
    verdict = f" ({was.verdict} → {is_now.verdict})" if was.status != is_now.status else ""
    return f"{was.title} {was.counts} → {is_now.counts}{verdict}"
