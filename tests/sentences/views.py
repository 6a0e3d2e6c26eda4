"""Every view of every screen, as what stands in the address (or in the session) when it is open. Made of the screens' own choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from plumbline.ui import choices
from plumbline.ui.fit_words import FIELD_NAMES
from plumbline.ui.lab import consequences
from plumbline.ui.leaks import forecast, looks
from plumbline.ui.persistence import looks as persistence
from plumbline.ui.persistence import passes
from plumbline.ui.speed import ground
from plumbline.ui.speed import looks as speed

PAGES = {
    "weekly": "pages/meet/weekly.py",
    "quarterly": "pages/meet/quarterly.py",
    "funnel": "pages/explore/funnel.py",
    "leaks": "pages/explore/leaks.py",
    "speed": "pages/explore/speed.py",
    "persistence": "pages/explore/persistence.py",
    "sources": "pages/explore/sources.py",
    "accounts": "pages/explore/accounts.py",
    "leads": "pages/explore/leads.py",
    "definition": "pages/agree/definition.py",
    "agreement": "pages/agree/agreement.py",
    "import": "pages/data/import.py",
}
ALL_TIME = choices.PERIODS["all"]
# Names in the address (and keys of controls) that the views here set, or that links lead to. tests/test_sentences.py holds them against the code.
KNOWN = {
    "period",
    "passes",
    "look",
    "step",
    "by",
    "grain",
    "sight",
    "closer",
    "clock",
    "persisted",
    "goal",
    "view",
    "stage",
    "outcome",
    "scope",
    "kind",
    "dots",
    "ahead",
    "to_come",
    "ahead_by",
    "behind",
    "cell",
    "lead",
    "leak",
    "part",
    "band",
    "due",
    "of",
    "account",
    "mature",
}
# Names that change numbers, never which sentences there are; or that say what was typed or which row is looked at.
NO_VIEW = {
    "q": "what is searched for",
    "account_q": "what is searched for",
    "page": "a further page of a list",
    "from": "chosen days",
    "to": "chosen days",
    "who": "one rep's calls",
    "created": "reached by links",
    "promised_by": "another attribute",
    "rejected_by": "another attribute",
    "compare": "another attribute",
    "cost": "a price",
    "worth": "a price",
    "cap": "a bound",
    "touch": "a promise",
    "within": "another limit",
    "rep_within": "another limit",
    "speed_grain": "weeks or months",
    "bar": "another definition",
    "version": "a version of the store: tests/test_agreement_screen.py reads them",
    "draft": "set by the drafts walked",
    "base": "another draft",
    "span": "weeks",
    "quota": "a number",
    "capacity": "a number",
    "calls": "a promise",
    "emails": "a promise",
    "days": "a promise",
    "percent": "a promise",
    "active": "days",
    "share": "a promise",
    "origin": "the way back",
    "week": "another week",
    "meeting": "meeting mode: tests/test_meeting_screen.py reads it",
    "quarter": "another quarter",
    "against": "another definition",
    "behind_week": "the leads behind a promise in a week",
    "promise": "the leads behind a line of an agreement",
    "source": "a filter",
    "region": "a filter",
}


@dataclass(frozen=True)
class View:
    """A screen with what its address says; `session`: controls that the address does not hold."""

    screen: str
    address: dict[str, str | list[str]] = field(default_factory=dict)
    session: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        told = {**self.address, **self.session}
        told.pop("draft", None)
        said = " · ".join(f"{name} {value if isinstance(value, str) else '/'.join(value)}" for name, value in told.items() if value != ALL_TIME)
        return f"{self.screen} · {said}" if said else self.screen


def base() -> list[View]:
    """Each screen as it opens with all time, and the looks of the Leads screen."""
    found = [View(screen, {"period": ALL_TIME}) for screen in PAGES if screen not in ("weekly", "definition", "agreement", "import")]
    found += [View("weekly"), View("definition"), View("agreement"), View("import")]
    return found + [View("leads", {"period": ALL_TIME, "view": words}) for name, words in choices.VIEWS.items() if name != "list"]


def every() -> list[View]:
    """The base views and every other, each once."""
    found = [*base(), *_explored(), *(View("definition", {}, {"lab.look": name}) for name in consequences.LOOKS)]
    found += [View(screen, {"period": choices.PERIODS["52w"]}) for screen in ("funnel", "leaks", "speed", "persistence", "sources")]
    found += [View(screen, {"period": choices.PERIODS["12w"]}) for screen in ("funnel", "leaks", "sources")]
    found += [View(screen, {"period": ALL_TIME, "passes": choices.PASSES["all"]}) for screen in ("funnel", "persistence")]
    found += [View("sources", {"period": ALL_TIME, "mature": "true"})]
    return list({view.name: view for view in found}.values())


def _explored() -> Iterator[View]:
    def told(screen: str, **address: str) -> View:
        return View(screen, {"period": ALL_TIME, **address})

    for name, look in choices.LOOKS.items():
        steps = choices.STEPS.values() if name in ("trend", "outcomes", "by") else [""]
        yield from (told("funnel", look=look, **({"step": step} if step else {})) for step in steps)
    yield from (told("leaks", sight=words) for words in looks.SIGHTS.values())
    sight = looks.SIGHTS["ahead"]
    yield told("leaks", sight=sight, to_come="Won deals")
    yield told("leaks", sight=sight, ahead=forecast.AHEAD[0], ahead_by=forecast._BY["value"])
    yield from (told("speed", closer=look) for look in speed.LOOKS.values())
    yield told("speed", clock=ground.CLOCKS["open"])
    yield from (told("persistence", persisted=look) for look in persistence.LOOKS.values())
    yield from (told("persistence", persisted=persistence.LOOKS["total"], goal=goal) for goal in ("SQL", "Won"))
    yield from (told("persistence", behind=name) for name in passes.KINDS)
    yield from (told("sources", dots=words) for words in ("Sources", "Campaigns"))
    yield from (told("accounts", kind=words) for words in choices.ACCOUNT_KINDS.values())
    yield told("accounts", scope=choices.ACCOUNT_SCOPES["everyone"])
    yield from (told("leads", stage=words) for words in choices.SHOWN.values())
    yield from (told("leads", outcome=choices.OUTCOMES[name]) for name in ("left", "rejected", "open_past_window"))
    yield from (told("leads", view=choices.VIEWS["fit"], cell=name) for name in FIELD_NAMES)
