"""One promise in the week, in words: its target, what came of it, the verdict, the quarter so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from plumbline import wording
from plumbline.agreement.model import Promise
from plumbline.agreement.promises import KINDS, fields_words, limit_words, percent

if TYPE_CHECKING:
    from plumbline.agreement.scorecard import Row
    from plumbline.meeting.week import Judged

STATUS = {"met": "kept", "missed": "broken", "too_early": "too early", "too_few": "too few", "no_data": "no data"}


def target(promise: Promise, fields: Sequence[str], needed: int) -> str:
    """'80 % within 30 minutes of working time', '30 this week, 390 a quarter'. needed: of the week's row."""
    kind = promise.kind
    if kind == "volume":
        return f"{wording.count(needed)} this week, {wording.count(promise.leads)} a quarter"
    share = percent(promise.share) if promise.share is not None else ""
    if kind == "open_leads":
        most = f"at most {wording.count(promise.per_rep)} open leads a rep"
        return most if promise.share == 1 else f"{share} of reps with {most.removesuffix(' a rep')}"
    if kind in ("required_fields", "evidence"):
        return f"{share} with {fields_words(fields)}" if fields else share
    made = wording.listing([wording.plural(n, word) for n, word in ((promise.calls, "call"), (promise.emails, "email")) if n])
    limit = KINDS[kind].limit(promise)
    within = f" within {limit_words(limit, promise.clock)}" if limit else ""
    return f"{share}{f' with {made}' if made else ''}{within}"


def status(one: Judged) -> str:
    """'kept', 'broken', 'too early', 'too few', 'no data'."""
    return STATUS[one.row.status]


def actual(row: Row) -> str:
    """'84 %'; of volume how many came: '31'; an en dash where there is nothing to judge."""
    if row.promise == "volume":
        return wording.ABSENT if row.status == "no_data" else wording.count(row.n)
    return wording.share(row.actual)


def counts(row: Row) -> str:
    """'31 of 37 met'; for volume 'of 30 due'; '' where nothing was due."""
    if row.promise == "volume":
        return "" if row.status == "no_data" else f"of {wording.count(row.needed)} due"
    return f"{wording.count(row.met)} of {wording.count(row.n)} met" if row.n else ""


def why(row: Row) -> str:
    """Why there is no verdict, or what the verdict rests on: a clause; '' where there is nothing to add."""
    if row.why:
        return row.why
    if row.status == "too_early":
        waits = f"; {wording.count(row.too_early)} not due yet" if row.too_early else ""
        return f"the week is not over in the data{waits}"
    if row.status == "no_data":
        return "nothing was due in this week"
    if row.status == "too_few":
        return f"only {wording.count(row.n)} due"
    if row.status == "missed":
        return f"{wording.count(row.short)} short of {wording.count(row.needed)}"
    return f"{wording.count(row.released)} of the met had left or been reached before" if row.released else ""


def quarter(one: Judged) -> str:
    """'Quarter so far: 87 of 102 met, 92 needed: 5 short'; '' where there is nothing to say."""
    row = one.quarter
    if row is None or row.why or not row.n:
        return ""
    if row.promise == "volume":
        short = f"{wording.count(row.short)} short" if row.short else "in hand"
        return f"Quarter so far: {wording.count(row.n)} came, {wording.count(row.needed)} were due: {short}"
    spare = f"{wording.count(row.may_miss)} more of those so far may miss" if row.may_miss else "none to spare"
    left = f"{wording.count(row.short)} short" if row.short else spare
    return f"Quarter so far: {wording.count(row.met)} of {wording.count(row.n)} met, {wording.count(row.needed)} needed: {left}"


def quarter_short(one: Judged, monday: date) -> str:
    """'Q4: 91 of 210', for places without room; '' where there is nothing to say."""
    row = one.quarter
    if not quarter(one) or row is None:
        return ""
    of = row.needed if row.promise == "volume" else row.n
    return f"Q{(monday.month + 2) // 3}: {wording.count(row.met)} of {wording.count(of)}"


def trend_point(row: Row, monday: date) -> str:
    """What a bar of the small picture is: 'week of 9 Nov 2026: 84 % of 37, broken'."""
    told = actual(row) if row.promise == "volume" else f"{wording.share(row.actual)} of {wording.count(row.n)}" if row.n else "nothing due"
    return f"{wording.week(monday)}: {told}, {STATUS[row.status]}"
