"""One version for people, line by line."""

from __future__ import annotations

from datetime import date

from plumbline import wording
from plumbline.agreement.frozen import headline
from plumbline.agreement.review import review_day
from plumbline.agreement.version import SIDES, Version
from plumbline.agreement.words import told


def overview(version: Version, today: date) -> list[dict[str, str]]:
    """Rows of `what` and `is`."""
    rows = [
        ("agreement", f"{version.number}: {version.name}"),
        *([("description", version.description)] if version.description else []),
        ("state", version.state(today).replace("_", " ")),
        ("in force from", wording.day(version.effective)),
        *([("in force until", wording.day(last))] if (last := version.last_day) else []),
        ("review due", wording.day(review_day(version.effective))),
        ("edition", f"{version.edition}, by {version.edited_by}"),
        ("seal", version.seal),
    ]
    for side in SIDES:
        found = version.signature(side)
        gone = "; no longer holds the role" if found and found.left_at else ""
        rows.append((f"signed for {side}", f"{found.by}, {_moment(found.at)}{gone}" if found else "not yet"))
    if version.published_at:
        rows.append(("published", f"{version.published_by}, {_moment(version.published_at)}"))
    if version.withdrawn_at:
        rows.append(("withdrawn", f"{version.withdrawn_by}, {_moment(version.withdrawn_at)}"))
    rows += [(f"declined for {one.side}", f"{one.by}, {_moment(one.at)}: {one.why}") for one in version.declines]
    rows += [(f"ended for {one.side}", f"{one.by}, {_moment(one.at)}, last day {one.last_day}: {one.why}") for one in version.endings]
    if version.frozen:
        frozen = version.frozen
        rows.append(("simulated", f"{frozen.by}, {_moment(frozen.at)}, snapshot {frozen.snapshot}, Plumbline {frozen.product}, seed {frozen.seed}"))
        rows += [(f"  {name}", figure) for name, figure in headline(frozen.told()).items()]
    rows += [(line.kind.replace("_", " "), f"{line.sentence} ({line.measured})") for line in told(version.agreement())]
    return [{"what": what, "is": said} for what, said in rows]


def _moment(text: str) -> str:
    return f"{text[:16].replace('T', ' ')} UTC"
