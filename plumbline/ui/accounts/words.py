"""What Accounts says: its headline, its figures, its rule. Numbers in, parts of sentences out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plumbline import wording
from plumbline.ui.text import Bold, Figure, Link, Part

Href = Callable[..., str]
_NONE = "–"


@dataclass(frozen=True)
class Known:
    """What the history records of this: without touches nobody can say what lies untouched, without acts not who is active, without exits not who
    came back, without won deals not who is a customer; where all stands at one instant (no times) none of these but the last."""

    touches: bool = True
    acts: bool = True
    exits: bool = True
    won: bool = True
    times: bool = True

    @classmethod
    def of(cls, has: Callable[[str], bool], times: bool) -> Known:
        """has: whether a thing is recorded."""
        return cls(*(has(thing) and times for thing in ("touches", "activities", "exits")), has("stage:won"), times)

    @property
    def dead(self) -> bool:
        return self.touches and self.won

    def notes(self, why: Callable[[str], str]) -> list[str]:
        """What cannot be told, each a sentence. why: thing -> why it is not recorded, as a sentence without its full stop."""
        if not self.times:
            return [f"{why('times')} Which accounts are worked, engaged, worth nurturing, dead or revived cannot be told."]
        said = []
        if not self.touches:
            said.append(f"{why('touches')}: which accounts are worked, lie untouched or are dead cannot be told.")
        elif not self.won:
            said.append(f"{why('stage:won')}: which accounts are customers, and which are dead, cannot be told.")
        if not self.acts:
            said.append(f"{why('activities')}: who is engaged, and which accounts are worth nurturing, cannot be told.")
        if not self.exits:
            said.append(f"{why('exits')}: which accounts were revived cannot be told.")
        return said

    def parts(self, told: dict) -> list[tuple[str, int]]:
        """The parts that add up to all accounts, as far as they can be told apart. told: accounts/summary."""
        first = [("worked", told["worked"]), ("idle", told["idle"])] if self.touches else [("open", told["open"])]
        closed = told["accounts"] - told["open"]
        return first + ([("worth", told["worth"]), ("quiet", told["quiet"])] if self.acts else [("closed", closed)])

    @property
    def hidden(self) -> tuple[str, ...]:
        """The kinds of accounts that cannot be listed."""
        told = {"worked": self.touches, "idle": self.touches, "dead": self.dead, "worth": self.acts, "quiet": self.acts, "revived": self.exits}
        return tuple(name for name, is_known in told.items() if not is_known)


def overlaps(known: Known) -> str:
    """What the figures mean that are no parts of the strip; '' where there is none of them."""
    dead = "Dead: handed over, never won, and no pass is worked any more, though somebody there may still be active. " if known.dead else ""
    revived = "Revived: handed over anew after a pass that had ended. " if known.exits else ""
    return f"{dead}{revived}{'Both overlap' if dead and revived else 'They overlap'} with the parts below." if dead or revived else ""


def headline(told: dict, days: int, href: Href, known: Known = Known()) -> list[Part]:
    """'505 accounts without an open pass were active in the last 60 days; 71 of them are customers already'. told: accounts/summary."""
    if not told["accounts"]:
        return ["These leads belong to no account" if told["leads"] else "No account was handed over in this period"]
    every = Bold(wording.plural(told["accounts"], "account"))
    if not known.acts:
        return ["Of ", every, f", {wording.count(told['open'])} {'has' if told['open'] == 1 else 'have'} an open pass"]
    worth = told["worth"]
    if not worth:
        return ["Of ", every, f", none without an open pass was active in the last {days} days"]
    was = "was" if worth == 1 else "were"
    number = Link(wording.plural(worth, "account"), href(kind="worth"))
    parts: list[Part] = [number, f" without an open pass {was} active in the last {days} days"]
    if told["worth_customers"]:
        mine = told["worth_customers"]
        parts.append(f"; {wording.count(mine)} of them {'is a customer' if mine == 1 else 'are customers'} already")
    return parts


def strip(told: dict, days: int, href: Href, known: Known = Known()) -> list[Figure]:
    """told: accounts/summary. As of the end of the data: there is no period before to hold it against."""
    n = f"of {wording.count(told['accounts'])}"

    def figure(label: str, name: str, is_known: bool, meaning: str, kind: str = "") -> Figure:
        if not is_known:
            return Figure(label, _NONE, n="not recorded")
        return Figure(label, wording.count(told[name]), n=n, meaning=meaning, href=href(kind=kind) if kind else "")

    return [
        Figure("Accounts", wording.count(told["accounts"]), n=f"{wording.plural(told['leads'], 'lead')} chosen", href=href(kind=None)),
        figure("Engaged", "engaged", known.acts, "Somebody of the account was active in the last 90 days of the data."),
        figure("Worth nurturing", "worth", known.acts, rule(days), "worth"),
        figure("Dead", "dead", known.dead, "Handed over and never won, and every pass is over, or open and untouched for over 60 days.", "dead"),
        figure(
            "Revived", "revived", known.exits, "A lead of the account was handed over anew after a pass that had ended without a deal.", "revived"
        ),
    ]


def rule(days: int) -> str:
    return f"Worth nurturing: no pass is open, and somebody of the account was active in the last {days} days of the data."


def formula(days: int, known: Known = Known()) -> str:
    """How the figures are made that the history can tell."""
    told = [
        (True, "An account is listed when the filters choose one of its leads; its figures are of all its leads."),
        (known.acts, "Engaged: an act in the last 90 days of the data."),
        (known.dead, "Dead: handed over, never won, and every pass over, or open and untouched for over 60 days."),
        (known.exits, "Revived: a pass opened after one that had ended without a deal."),
        (known.acts, rule(days)),
    ]
    return " ".join(said for is_known, said in told if is_known)


def teams_note(teams: tuple[str, ...]) -> str:
    """Of teams that record no touches: their accounts stand as untouched, which says nothing."""
    which = f"Team {teams[0]} records" if len(teams) == 1 else f"Teams {wording.listing(list(teams))} record"
    return f"{which} no touches: whether their accounts are worked or lie untouched cannot be told."


def finding(told: dict, known: Known = Known()) -> str:
    """'30 % of 1,235 accounts have no open pass, though somebody is active'; a question where there are few."""
    n = told["accounts"]
    if not known.touches:
        return f"{wording.share_of(told['open'], n)} accounts have an open pass" if n >= wording.MINIMUM_N else "Which accounts have an open pass?"
    if n < wording.MINIMUM_N:
        return "Who is worked, and who is left lying?"
    if not known.acts:
        return f"{wording.share_of(told['idle'], n)} accounts are open and were not touched for over 60 days"
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
