"""What Accounts says: its headline, its figures, its rule. Numbers in, parts of sentences out."""

from __future__ import annotations

from collections.abc import Callable

from plumbline import wording
from plumbline.ui.text import Bold, Figure, Link, Part

Href = Callable[..., str]
OVERLAPS = (
    "Dead: handed over, never won, and no pass is worked any more, though somebody there may still be active. Revived: handed over anew after a pass "
    "that had ended. Both overlap with the parts below."
)


def headline(told: dict, days: int, href: Href) -> list[Part]:
    """'505 accounts without an open pass were active in the last 60 days; 71 of them are customers already'. told: accounts/summary."""
    if not told["accounts"]:
        return ["No account was handed over in this period"]
    worth = told["worth"]
    if not worth:
        return ["Of ", Bold(wording.plural(told["accounts"], "account")), f", none without an open pass was active in the last {days} days"]
    was = "was" if worth == 1 else "were"
    number = Link(wording.plural(worth, "account"), href(kind="worth"))
    parts: list[Part] = [number, f" without an open pass {was} active in the last {days} days"]
    if told["worth_customers"]:
        mine = told["worth_customers"]
        parts.append(f"; {wording.count(mine)} of them {'is a customer' if mine == 1 else 'are customers'} already")
    return parts


def strip(told: dict, days: int, href: Href) -> list[Figure]:
    """told: accounts/summary. As of the end of the data: there is no period before to hold it against."""
    n = f"of {wording.count(told['accounts'])}"
    return [
        Figure("Accounts", wording.count(told["accounts"]), n=f"{wording.plural(told['leads'], 'lead')} chosen", href=href(kind=None)),
        Figure(
            "Engaged",
            wording.count(told["engaged"]),
            n=n,
            meaning="Somebody of the account was active in the last 90 days of the data.",
        ),
        Figure("Worth nurturing", wording.count(told["worth"]), n=n, href=href(kind="worth"), meaning=rule(days)),
        Figure(
            "Dead",
            wording.count(told["dead"]),
            n=n,
            href=href(kind="dead"),
            meaning="Handed over and never won, and every pass is over, or open and untouched for over 60 days.",
        ),
        Figure(
            "Revived",
            wording.count(told["revived"]),
            n=n,
            href=href(kind="revived"),
            meaning="A lead of the account was handed over anew after a pass that had ended without a deal.",
        ),
    ]


def rule(days: int) -> str:
    return f"Worth nurturing: no pass is open, and somebody of the account was active in the last {days} days of the data."


def finding(told: dict) -> str:
    """'30 % of 1,235 accounts have no open pass, though somebody is active'; a question where there are few."""
    n = told["accounts"]
    if n < wording.MINIMUM_N:
        return "Who is worked, and who is left lying?"
    if told["worth"] >= told["idle"]:
        return f"{wording.share_of(told['worth'], n)} accounts have no open pass, though somebody is active"
    return f"{wording.share_of(told['idle'], n)} accounts are open and were not touched for over 60 days"


def without_note(told: dict) -> str:
    """What of the chosen leads belongs to no account; '' where all do."""
    missing = told["without_account"]
    if not missing:
        return ""
    return (
        f"{wording.count(missing)} of the {wording.count(told['leads'])} leads chosen belong to no account on record: see them on the Leads screen."
    )
