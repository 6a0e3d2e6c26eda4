"""What no sentence may say where a thing is not recorded; and the forms that are allowed all the same, each with its reason.

Patterns are looked for in each sentence of a text, without regard to case. A key is what is missing (judge.missing).
"""

from __future__ import annotations

# Kinds of text that state something; choices of controls and the folded explanation of a measure do not.
SHOWN = ("headline", "heading", "strip", "note", "title", "subtitle", "alt", "chart", "paragraph", "text", "empty", "cell", "columns")

RULES: dict[str, tuple[str, ...]] = {
    "touches": (
        r"never (tried|called|touched|contacted|reached)",
        r"not (yet )?(been )?(tried|called|touched|contacted|reached)",
        r"nobody (has )?(ever )?(tried|called|touched|contacted|reached|waits)",
        r"\buntouched\b",
        r"\buntried\b",
        r"without a touch",
        r"tried too little",
        r"g[ai]ve[n]? up",
        r"follow-up",
        r"promise",
        r"wait(s|ing)? for a (first )?call",
        r"\battempts?\b",
        r"\b0 (touches|calls|emails)\b",
        r"(first|last) (tried|touch|touched|attempt)",
        r"were tried",
        r"\breached,? by\b",
        r"after \d+ (calls|attempts)",
        r"nobody reached",
    ),
    "contacts": (
        r"never (reached|contacted)",
        r"not (yet )?(been )?(reached|contacted)",
        r"nobody (has )?(ever )?(reached|contacted)",
        r"0 % .{0,30}reached",
        r"\b0 .{0,12}reached",
        r"worked,? no answer",
        r"were reached",
        r"reached nobody",
    ),
    "meetings": (r"missed meeting", r"no-show", r"meetings? (was|were) missed", r"\b0 (of \d+ )?meetings"),
    "owners": (
        r"never (been )?(given|handed|assigned)",
        r"not (yet )?(been )?(given|handed|assigned)",
        r"nobody (has|had|was given|got)",
        r"\bno (rep|owner)\b",
        r"without (an owner|a rep)",
        r"were given",
        r"handed over to a rep",
        r"\bper rep\b",
        r"reps? who",
        r"open leads of (a|the) rep",
    ),
    "acts": (
        r"0 acts?\b",
        r"(shows?|showed|shown) no interest",
        r"no interest",
        r"never acted",
        r"low interest",
        r"\bsilent\b",
        r"no sign of interest",
        r"\bhot\b",
        r"engaged",
    ),
    "exits": (
        r"\b(0|none|no)( leads?)? (was|were )?(sent back|recycled|lost|left)\b",
        r"\b0 %.{0,30}(sent back|recycled|\blost\b|left)",
        r"sent back or dropped",
        r"(sent back|recycled|rejected|lost|left)[^.]{0,12} 0( %)?(?![\d.,])",
    ),
    "rejected": (r"\b(0|none|no)( leads?)? (was |were )?(sent back|rejected)\b", r"\b0 %.{0,30}(sent back|rejected)"),
    "recycled": (r"\b(0|none|no)( leads?)? (was |were )?recycled\b", r"\b0 %.{0,30}recycled"),
    "lost": (r"\b0 (was |were )?lost\b", r"\b0 (lost or )?disqualified"),
    "sal": (r"\bSALs?\b", r"\baccept(ed|ance|ances|s|ing)?\b"),
    "sql": (r"\bSQLs?\b", r"sales-qualified"),
    "opportunity": (r"\bopportunit(y|ies)\b",),
    "won": (r"\bwon\b", r"\bwins?\b", r"\bcustomers?\b"),
    "mql": (r"\b0 MQLs?\b", r"became an MQL"),
    "spend": (r"cost[s]? (per|of|a)\b", r"\bspend 0\b", r"\$0\b", r"€0\b"),
    "one_instant": (
        r"\b(per|a|each|every) (week|month|day|hour)\b",
        r"\bweekly\b",
        r"\bby (week|month)\b",
        r"\d (min|h|hours|s)\b",
        r"\bhalf (of .{0,40} )?within\b",
        r"\bhalf (of .{0,60} )?in \d",
        r"\bat once\b",
        r"9 of 10 within",
        r"time in stage",
        r"stay longest",
        r"\bhalf within\b",
        r"\b(in each|by the) (month|week)\b",
        r"\bnext \d+ days\b",
        r"\bover \d+ days\b",
        r"\bperiods? from\b",
        r"held later|set anew",
        r"old enough to compare",
    ),
    "days": (r"(?<![\d:])\d+(\.\d+)? (min|h|s)\b", r"\bat once\b", r"\bhours?\b", r"\bminutes?\b"),
    "year_before": (r"(the )?year before", r"four quarters before", r"own past", r"a year earlier", r"last year"),
}

RULES["owners_of_won"] = (*RULES["owners"], r"\b(rep|team) \S+ (goes|is|does|has|comes)\b", r"reps differ")
RULES["outcome_attribute"] = (r"(status|reason) today",)
# Words that must stand on a screen where something is missing: (screen, pattern).
REQUIRED: dict[str, tuple[tuple[str, str], ...]] = {
    "touches_late": tuple((screen, r"recorded only from") for screen in ("weekly", "leaks", "speed", "persistence")),
    "owners_of_won": (("weekly", r"recorded only of"), ("speed", r"recorded only of"), ("leaks", r"recorded only of")),
    "strangers": tuple(
        (screen, r"of [\d,]+ touches belong to leads that are not here") for screen in ("weekly", "leaks", "speed", "persistence", "accounts")
    ),
    "outcome_attribute": (
        ("leaks", r"(says?|say) how (a|the) leads? ended"),
        ("definition · lab.look wins", r"(says?|say) how (a|the) leads? ended"),
    ),
    "exits": (("funnel", r"not recorded|record no lead"),),
    "sal": (("funnel", r"not recorded"),),
}

_NOT_KNOWN = (
    r"not recorded|not on record|not in these data|no(t|ne)? .{0,60}on record|cannot be (told|judged|measured|known)|can ?not tell"
    r"|holds? no\b"
    r"|is not known|are not known|not told|only implied|no times|no record of|nothing is recorded|recorded nowhere"
)
_OF_OWNERS = (
    (r"nobody has (judged|(ever )?(tried|reached|called))|nobody had reached", "of tries, not of owners"),
    (
        r"handed over (once|\d+ times|anew|and never tried)|never handed over|first handed over|not been handed over",
        "handed over by marketing: an MQL",
    ),
)
ALLOWED: dict[str, tuple[tuple[str, str], ...]] = {
    "all": ((_NOT_KNOWN, "says itself that it is not known"),),
    "touches": (
        (r"nothing is promised|not a promise", "the word in another meaning"),
        (
            r"promises? that your own history can measure|^Promise Kept Proposed",
            "promises that ask for no touch; the others are named",
        ),
        (r"with the outcome no_show", "says which rows would tell"),
    ),
    "owners": _OF_OWNERS,
    "owners_of_won": (*_OF_OWNERS, (r"recorded only of", "says of whom alone")),
    "outcome_attribute": ((r"ended|value of today|not looked at", "says what it is"),),
    "meetings": ((r"with the outcome no_show", "says which rows would tell"),),
    "contacts": ((r"reached (Won|SQL|SAL|Opportunity|MQL)", "a stage, no lead"),),
    "sal": ((r"SAL: sales-accepted lead", "what the word means"), (r"implied", "says that it is implied")),
    "sql": (
        (r"SQL: sales-qualified lead", "what the word means"),
        (r"met the bar for sales-qualified", "a bar of the definition"),
        (r"implied", "says that it is implied"),
    ),
    "one_instant": ((r"amount|table of spend|beside the leads", "of money, which has days of its own"),),
    "opportunity": ((r"implied", "says that it is implied"),),
    "days": (
        (r"\b(24|48) h\b", "whole days"),
        (r"not the hour|are not shown", "says what is not known"),
        (r"days? without a time", "says what is missing"),
    ),
}
