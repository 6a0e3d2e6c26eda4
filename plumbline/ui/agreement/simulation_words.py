"""The frozen simulation of a version in plain words: what signatures bind. Pure: its results in, sentences out."""

from __future__ import annotations

from datetime import date
from typing import Any

from plumbline import wording
from plumbline.agreement.model import Agreement
from plumbline.definition.kinds import said
from plumbline.ui.lab.can_tell import EVERYTHING, CanTell
from plumbline.ui.lab.words import known_range
from plumbline.words.parts import Bold, Part

Told = dict[str, Any]


def period(told: Told) -> str:
    """'52 weeks, 15 Sep 2025 to 13 Sep 2026'."""
    since, until = (date.fromisoformat(told["period"][name]) for name in ("since", "until"))
    return f"{wording.plural(told['summary']['period']['weeks'], 'week')}, {wording.period(since, until)}"


def sentences(told: Told, agreement: Agreement, can: CanTell = EVERYTHING) -> list[list[Part]]:
    """How many qualify, what sales did with them, the volume against the promise, the load, what nobody can know."""
    summary = told["summary"]
    return [one for one in (_volume(summary, agreement, can), _outcome(summary, can), _load(summary, can), *_unknown(told, can)) if one]


def _volume(summary: Told, agreement: Agreement, can: CanTell) -> list[Part]:
    now, before = summary["qualified"]["definition"], summary["qualified"]["baseline"]
    weeks = max(1, summary["period"]["weeks"])
    parts: list[Part] = [Bold(wording.plural(now, "lead")), " would have qualified"]
    if can.times:
        parts.append(f", {wording.decimal(now / weeks)} a week")
    parts.append(f"; {wording.count(before)} became an MQL in that time.")
    volume = agreement.promise("volume")
    if volume is None or summary["quota"] is None:
        return [*parts, " No volume is promised."]
    promised = summary["quota"]["period"]
    chance = summary["quota"]["p_met"]
    enough = "enough for" if now >= promised else "short of"
    parts += [f" That is {enough} the promised ", Bold(wording.count(volume.leads)), f" a quarter ({wording.count(promised)} in such a period)"]
    if 0.005 <= chance <= 0.995 and now >= promised:
        parts.append(f", though by chance alone {wording.share(1 - chance)} of such periods would fall short of it")
    elif 0.005 <= chance <= 0.995:
        parts.append(f", though by chance alone {wording.share(chance)} of such periods would reach it")
    return [*parts, "."]


def _outcome(summary: Told, can: CanTell) -> list[Part]:
    accepted, sqls = summary["acceptance"]["definition"], summary["sql_rate"]["definition"]
    if not can.acceptance and not can.sqls:
        return ["What became of them is not recorded."]
    if not accepted["n"]:
        return ["What sales made of them cannot be told: none of them has a known outcome."]
    parts: list[Part] = []
    if can.acceptance:
        before = summary["acceptance"]["baseline"]
        parts += ["Sales accepted ", Bold(wording.share(accepted["rate"])), f" of {wording.count(accepted['n'])} whose outcome is known ("]
        parts += [f"{wording.share(accepted['low'])} to {wording.share(accepted['high'])}, with 95 % confidence)"]
        parts.append(f"; {wording.share(before['rate'])} of all that were handed over" if before["n"] else "")
    if can.sqls and sqls["n"]:
        parts += ["; " if parts else "", Bold(wording.share(sqls["rate"])), f" {can.became}"]
    return [*parts, "."]


def _load(summary: Told, can: CanTell) -> list[Part]:
    load = summary["load"]["definition"]
    if not load or not can.load:
        return []
    mean, busy = (wording.decimal(load[name]) for name in ("per_rep_per_week_mean", "per_rep_per_week_p95"))
    reps = wording.plural(summary["load"]["reps"], "rep")
    return [f"Shared among {reps}, each would have had ", Bold(f"{mean} new leads a week"), f", and {busy} in a busy one."]


def _unknown(told: Told, can: CanTell) -> list[list[Part]]:
    """What nobody can know, each a sentence."""
    summary = told["summary"]
    lines: list[list[Part]] = []
    unknown = summary["bounds"]["unknown"]
    if unknown:
        line: list[Part] = [f"Nobody knows what would have become of {wording.count(unknown)} of them: they were never offered to sales."]
        if can.acceptance and summary["acceptance"]["definition"]["n"]:
            low, high = (wording.share(end) for end in known_range(summary, "acceptance"))
            line.append(f" With them, acceptance lies between {low} and {high}.")
        lines.append(line)
    late = summary["decided_before"]
    if late["n"]:
        lines.append([f"{wording.count(late['n'])} were accepted or gone before they met the definition, and count in no share."])
    if not told["period"]["is_mature"]:
        lines.append(["The history is too young for a whole judgement: some leads had no time yet to become an SQL."])
    if told["of_today"]:
        fields = wording.listing([said(name) for name in told["of_today"]])
        lines.append([f"Changes of {fields} were not recorded: their values of today stand in for what was known then."])
    return lines
