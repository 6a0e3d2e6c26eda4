"""What the four fields say: their names, the advice, the figures, how they were judged. Pure: figures in, parts of text out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plumbline import wording
from plumbline.definition import Definition
from plumbline.definition.kinds import said, shown
from plumbline.simulation.fit_interest import HOT_DAYS, Field, Share, Standing
from plumbline.simulation.outcomes import MQL_DAYS, SAL_DAYS
from plumbline.statistics import MINIMUM_N
from plumbline.ui.text import Bold, Figure, Part

FIELD_NAMES = {"hot": "Fits, and shows interest", "nurture": "Fits, no interest now", "ask": "Shows interest, does not fit yet", "leave": "Neither"}

FIT_ALONE = {"nurture": "Fits", "leave": "Does not fit"}  # where acts of leads are not recorded, so that nobody shows interest

HOW = (
    "Fit is high when every rule of “who it is” holds, no exclusion on a field matches, the fields give at least half of the points that"
    " fields can give, and the criteria on fields hold in the proportion that the definition asks of all its criteria.",
    "Interest is high when no exclusion on an act matches and at least one of these is so: every rule of “what it did” holds now; acts give"
    " at least half of the threshold, faded to the end of the data; the criteria on acts hold in proportion.",
)


def how_counted(acceptance: bool = True, sql: str = "SQL") -> str:
    """What the counts and the shares are of. acceptance: SALs are recorded; sql: what stands for an SQL, '' where nothing does."""
    outcomes = [*([f"accepted within {MQL_DAYS} days"] if acceptance else []), *([f"{sql} within {MQL_DAYS + SAL_DAYS} days"] if sql else [])]
    told = "Counts are of all leads at the end of the data."
    if not outcomes:
        return told
    return (
        f"{told} The shares are of leads that stood in the field at the moment they were first handed over: {', '.join(outcomes)}, of those old "
        "enough; intervals are Wilson's, 95 %."
    )


def headline(fields: Mapping[str, Field], asks_interest: bool = True, has_tries: bool = True) -> list[Part]:
    """'31 leads of 5,943 fit and show interest now; nobody has ever tried to reach 12 of them'"""
    hot, total = fields["hot"], sum(one.leads for one in fields.values())
    if not total:
        return ["No lead has these attributes."]
    if not asks_interest:
        fits = fields["nurture"].leads
        return [Bold(wording.plural(fits, "lead")), f" of {wording.count(total)} {'fits' if fits == 1 else 'fit'}; who shows interest is not asked"]
    if not hot.leads:
        return ["None of ", Bold(wording.plural(total, "lead")), " fits and shows interest now"]
    parts: list[Part] = [
        Bold(wording.plural(hot.leads, "lead")),
        f" of {wording.count(total)} {'fits and shows' if hot.leads == 1 else 'fit and show'} interest now; ",
    ]
    if not has_tries:
        return [*parts, "whom anybody called is not recorded"]
    if not hot.never_tried:
        return [*parts, "each was tried by a person before"]
    if hot.leads == 1:
        return [*parts, "nobody has ever tried to reach it"]
    return [*parts, "nobody has ever tried to reach ", Bold(wording.count(hot.never_tried)), " of them"]


def why_none_is_hot(now: Standing) -> str:
    """The reason why nobody is hot, as a clause."""
    if not now.asks_interest:
        return "this definition asks nothing about what leads do"
    if not now.is_interested.any():
        return "nobody shows interest now, by this definition"
    return f"of those who show interest, nobody did in the last {HOT_DAYS} days and still waits for a call"


def fit_alone(fields: Mapping[str, Field]) -> list[Part]:
    """Where acts of leads are not recorded: '60 of 120 leads fit; who shows interest is not recorded'."""
    fits, total = fields["nurture"].leads + fields["hot"].leads, sum(one.leads for one in fields.values())
    if not total:
        return ["No lead has these attributes."]
    return [Bold(wording.count(fits)), f" of {wording.plural(total, 'lead')} {'fits' if fits == 1 else 'fit'}; who shows interest is not recorded"]


def figures(field: Field, stages: Sequence[str] = ("sal", "sql")) -> list[Figure]:
    """Leads now, and the shares of those who stood there when they were handed over. stages: those with events of their own."""
    handed = "Of leads that stood in this field when they were first handed over, and are old enough to tell."
    aside = f"{wording.count(field.never_handed_over)} never handed over"
    return [
        Figure("Leads now", wording.count(field.leads), n=aside, meaning="Leads that stand in this field at the end of the data."),
        *([_share("Were accepted", field.accepted, handed)] if "sal" in stages else []),
        *([_share("Became SQL", field.sql, handed)] if "sql" in stages else []),
    ]


def _share(label: str, share: Share, meaning: str) -> Figure:
    if share.n < MINIMUM_N:
        return Figure(label, wording.ABSENT, n=f"{wording.TOO_FEW} (n {wording.count(share.n)})", meaning=meaning)
    between = f"{wording.share(share.low).removesuffix(' %')} to {wording.share(share.high)}"
    return Figure(label, wording.share(share.k / share.n), n=f"of {wording.count(share.n)}, {between}", meaning=meaning)


def advice(name: str, field: Field, missing: Mapping[str, int], has_tries: bool = True) -> list[Part]:
    """One sentence: what to do with the leads of a field. `missing`: field -> leads of "ask" of whom it is not known."""
    if not field.leads:
        return ["Nobody stands here."]
    if name == "hot":
        untried = (
            f", first the {wording.count(field.never_tried)} whom nobody has ever tried" if has_tries and 0 < field.never_tried < field.leads else ""
        )
        return [Bold("Call today"), f"{untried}."]
    if name == "nurture":
        return [Bold("Nurture"), ": the right ones, but nothing lately says that they want to talk."]
    if name == "ask":
        known = {one: n for one, n in missing.items() if n}
        if not known:
            return [Bold("Leave them to marketing"), ": all that fit asks is known of them, and it does not fit."]
        most = sorted(known, key=lambda one: -known[one])[:3]
        listed = wording.listing([said(one) for one in most])
        return [
            Bold(f"Ask for {listed}"),
            f": not known of {wording.count(field.lacking)} of them, who may fit after all. Leave the others to marketing.",
        ]
    return [Bold("Leave them"), " in the newsletter: nothing of what the definition asks speaks for a call now."]


def doubts(fields: Mapping[str, Field]) -> list[str]:
    """Whether the outcomes bear the advice out: where the best and the last field cannot be told apart, it says so."""
    best, last = fields["hot"], fields["leave"]
    told = [(one, other) for one, other in ((best.accepted, last.accepted), (best.sql, last.sql)) if min(one.n, other.n) >= MINIMUM_N]
    if told and all(one.low <= other.high for one, other in told):
        return [
            "By their outcomes, leads that fit and show interest did no better than those that do neither: this definition does not tell them apart, "
            "and the advice below rests on its rules alone."
        ]
    return []


def how_judged(definition: Definition, now: Standing) -> list[str]:
    """What high means by this definition, in a line; and what it does not ask."""
    told = []
    if not now.asks_fit:
        told.append("This definition asks nothing about who a lead is: every lead counts as fitting, unless an exclusion matches.")
    if not now.asks_interest:
        told.append("This definition asks nothing about what leads do: no lead counts as interested. Choose another under “Judged by”.")
    if now.asks_fit and now.asks_interest:
        half = (
            f"acts give at least {shown(definition.threshold / 2)} points now (half of the threshold)"
            if definition.threshold and definition.threshold > 0
            else ""
        )
        ways = [way for way in ("every rule on acts holds now" if definition.behaviour else "", half) if way]
        told.append(
            "Fits: every rule on fields holds, with at least half of the points that fields can give. Interest: "
            f"{' or '.join(ways) or 'the criteria on acts hold'}. Barred leads are in neither."
        )
    return told
