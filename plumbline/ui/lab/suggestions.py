"""Rules mined from rejections and wins, each with what it would do and one button that adds it to the draft."""

from __future__ import annotations

import streamlit as st

from plumbline import wording
from plumbline.definition import Definition, FieldRule
from plumbline.definition.kinds import said
from plumbline.simulation.conditions import Condition
from plumbline.simulation.rules import Effect, Handed, each_added
from plumbline.simulation.run import Settings
from plumbline.simulation.suggest import FALSE_DISCOVERY, Counts, Mined, Suggestion, mine, suggestions
from plumbline.statistics import MINIMUM_N
from plumbline.ui import data, foretelling, text
from plumbline.ui.lab import can_tell, desk, rule_form
from plumbline.ui.lab.can_tell import EVERYTHING, CanTell
from plumbline.ui.lab.each_rule import arrow
from plumbline.ui.lab.rule_form import PARTS, rule_words

NO_SQLS = "Nothing that leads became after their acceptance is recorded in these data: rejected leads can be held against none that went well."
NO_REJECTIONS = "Leads that sales sent back are not recorded in these data: what they have in common cannot be told. See Past wins instead."
VERDICTS = {
    "held": "It held on the later half.",
    "did_not_hold": "It did not hold on the later half: leave it, or look at the leads first.",
    "too_few": "The later half has too few to say whether it held.",
}


def show(draft: Definition, settings: Settings) -> None:
    """At most six sentences, each with its figures, its verdict, its effect and its button."""
    if not data.history().recorded.has("exit:rejected"):
        text.chart_title("No rule can be learned from what sales sent back")
        text.note(NO_REJECTIONS)
        return
    can = can_tell.of_history()
    if not can.sqls:
        text.chart_title("No rule can be learned from what sales sent back")
        text.note(NO_SQLS)
        return
    snapshot, period = data.content(), Settings(settings.since, settings.until)
    found = _mined(snapshot, period, foretelling.key())
    told = suggestions(found, draft)
    text.chart_title(title(found, told), subtitle(found, can))
    if not told:
        text.note(why_none(found, can))
        return
    before, effects = _added(snapshot, repr(draft), draft, [(one.part, one.made) for one in told], period)
    for place, (one, effect) in enumerate(zip(told, effects, strict=True)):
        _one(draft, place, one, before, effect, can)
    if today := of_today([one.pattern.condition for one in told]):
        text.note(today)


@st.cache_resource(max_entries=10, show_spinner="Looking for rules")
def _mined(snapshot: str, settings: Settings, without: tuple[str, ...]) -> Mined:
    return mine(desk.stage(), settings)


@st.cache_resource(max_entries=20, show_spinner=False)
def _added(snapshot: str, told: str, _draft: Definition, _added: list[tuple[str, object]], settings: Settings) -> tuple[Handed, list[Effect]]:
    return each_added(_draft, _added, desk.stage(), settings)


def _one(draft: Definition, place: int, one: Suggestion, before: Handed, effect: Effect, can: CanTell) -> None:
    key = f"lab.suggestion.{desk.version()}.{place}"
    with st.container(border=True, key=key.replace(".", "-")):
        text.paragraph(claim(one, can))
        text.note(f"Older half: {half(one.older, can)}.")
        text.note(f"Later half: {half(one.later, can)}. {VERDICTS[one.pattern.verdict]}")
        told = "The draft has this rule." if one.is_in_draft else effect_words(before, effect, can)
        text.note([f"{PARTS[one.part]}: ", text.Bold(rule_words(one.made)), f". {told}"])
        if not one.is_in_draft and st.button("Add to the draft", key=f"{key}.add"):
            rule_form.change(draft, one.part, None, one.made)


def title(found: Mined, told: list[Suggestion]) -> str:
    """'2 patterns in what sales sent back; 1 of 2 held on later leads'."""
    if not told:
        return "No rule stands out"
    held = sum(one.pattern.verdict == "held" for one in told)
    verdict = ("it held" if len(told) == 1 else "all held") if held == len(told) else f"{wording.count(held)} of {wording.count(len(told))} held"
    return f"{wording.plural(len(told), 'pattern')} in what sales sent back; {verdict} on later leads"


def subtitle(found: Mined, can: CanTell = EVERYTHING) -> str:
    if not found.looked_at:
        return f"What rejected leads have in common that {can.sqls} have not, as known when they were handed over."
    return (
        f"What rejected leads have in common that {can.sqls} have not, as known when they were handed over: found on the older half "
        f"({wording.plural(found.rejections, 'rejection')}, {wording.plural(found.sqls, can.sql, can.sqls)}), judged again on the later half. "
        f"{wording.count(found.looked_at)} conditions looked at, at most {wording.share(FALSE_DISCOVERY)} of those told are expected to be chance."
    )


def of_today(conditions: list[Condition]) -> str:
    """A caveat on the fields whose changes were not recorded; empty where there is none."""
    names = dict.fromkeys(said(one.rule.field) for one in conditions if one.is_today and isinstance(one.rule, FieldRule))
    return f"Value of today: changes of {wording.listing(list(names))} were not recorded, so they may have been filled in later." if names else ""


def why_none(found: Mined, can: CanTell = EVERYTHING) -> str:
    if min(found.rejections, found.sqls) < MINIMUM_N:
        return (
            f"The older half of the period has {wording.plural(found.rejections, 'rejection')} and {wording.plural(found.sqls, can.sql, can.sqls)}: "
            f"under {MINIMUM_N} of either is too few to learn from. Judge the draft on a longer period."
        )
    return f"No condition is clearly more frequent among rejected leads than among {can.sqls}, or the other way round."


def claim(one: Suggestion, can: CanTell = EVERYTHING) -> list[text.Part]:
    """'Leads under 50 employees: 41 % of all rejections, 3 % of SQLs': of the later half where it can be judged, else of the older."""
    counts = one.older if one.pattern.verdict == "too_few" else one.later
    told = f"{wording.share(counts.of_rejections)} of all rejections, {wording.share(counts.of_sqls)} of {can.sqls}"
    return [text.Bold(one.who[:1].upper() + one.who[1:]), f": {told}."]


def half(counts: Counts, can: CanTell = EVERYTHING) -> str:
    """'41 % (29 to 50 %) of 74 rejections, 3 % (1 to 9 %) of 103 SQLs; 28 % (19 to 41 %) of 60 accepted, 51 % (...) of 360 others'."""
    low_high = counts.intervals()
    told = [
        _share(counts.rejected, counts.rejections, low_high["of_rejections"], "rejections"),
        _share(counts.sql, counts.sqls, low_high["of_sqls"], can.sqls),
        _share(counts.accepted, counts.judged, low_high["acceptance"], "accepted"),
        _share(counts.others_accepted, counts.others, low_high["others"], "others"),
    ]
    return f"{told[0]}, {told[1]}" + (f"; {told[2]}, against {told[3]}" if can.acceptance else "")


def _share(k: int, n: int, interval: tuple[float, float] | None, what: str) -> str:
    if n < MINIMUM_N or interval is None:
        return f"{wording.TOO_FEW} of {wording.count(n)} {what}"
    return f"{wording.share(k / n)} ({wording.share(interval[0]).removesuffix(' %')} to {wording.share(interval[1])}) of {wording.count(n)} {what}"


def effect_words(before: Handed, effect: Effect, can: CanTell = EVERYTHING) -> str:
    """'With it: 795 → 718 leads, accepted 47 % → 49 %, SQLs a month 31.3 → 30'."""
    after = effect.after
    if not effect.changes:
        return "Added to the draft it changes nothing in this period."
    told = f"With it: {arrow(wording.count(before.leads), wording.count(after.leads))} leads"
    if can.acceptance and min(before.judged, after.judged) >= MINIMUM_N:
        told += f", accepted {arrow(wording.share(before.acceptance), wording.share(after.acceptance))}"
    if not can.times:
        return f"{told}."
    return f"{told}, {can.sqls} a month {arrow(wording.decimal(before.sqls_per_month), wording.decimal(after.sqls_per_month))}."
