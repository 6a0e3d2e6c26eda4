"""The hostile histories of random_histories.py with campaigns and spend: odd spellings, months and days, ends within a month."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, timedelta
from random import Random
from zoneinfo import ZoneInfo

from .funnel import Filters
from .history import History
from .random_histories import ALIKE, MISSING, random_history

CAMPAIGNS = [["Spring", "SPRING", "spring "], ["Caf\u00e9 Tour", "Cafe\u0301 Tour", "CAF\u00c9 TOUR"], ["Größe", "GRÖSSE", "größe"], ["brand"]]
AMOUNTS = ["0", "0.01", "100", "99.99", "1234.5", "-20", "1e3", "333333.33", "7"]


def random_spend_history(seed: int) -> History:
    """The same history for the same seed; a few have 500 leads, the others up to a hundred."""
    rng = Random(f"spend of {seed}")
    history = random_history(seed, 500 if seed % 25 == 0 else rng.randint(5, 100))
    told = rng.sample(CAMPAIGNS, rng.randint(1, len(CAMPAIGNS)))
    has_campaigns = rng.random() < 0.85
    for row in history.tables["leads"]:
        if has_campaigns:
            row["campaign"] = rng.choice(MISSING) if rng.random() < 0.2 else rng.choice(rng.choice(told))
    for row in history.tables["lead_changes"] if has_campaigns else []:
        if rng.random() < 0.3:
            row["field"] = "campaign"
            row["value"], row["old_value"] = (rng.choice([*MISSING, *rng.choice(told)]) for _ in range(2))
    spend = [] if rng.random() < 0.05 else _spend(rng, history, told)
    return History(history.tables | {"spend": spend}, history.data_through, history.time_zone)


def _spend(rng: Random, history: History, told: list[list[str]]) -> list[dict]:
    last = history.data_through.replace(tzinfo=UTC).astimezone(ZoneInfo(history.time_zone)).date()
    spellings = [*rng.sample(ALIKE, rng.randint(1, 4)), ["television", "Television"]]
    rows = []
    for forms in spellings:
        kind = rng.choice(["months", "firsts", "firsts", "days", "days", "mixed"])
        splits = rng.choice([0, 0.5, 1])
        for _ in range(rng.choice([1, 3, 12, 40])):
            day = last + timedelta(days=rng.choice([rng.randint(-420, 40), rng.randint(-40, 2), 0, 1, -1, -last.day, 1 - last.day]))
            written = {
                "months": f"{day:%Y-%m}",
                "firsts": day.replace(day=1).isoformat(),
                "days": day.isoformat(),
                "mixed": rng.choice([f"{day:%Y-%m}", day.replace(day=1).isoformat(), day.isoformat()]),
            }[kind]
            form = rng.choice(forms)
            rows.append(
                {
                    "date": written,
                    "source": unicodedata.normalize(rng.choice(["NFC", "NFD"]), form),
                    "campaign": rng.choice(rng.choice(told)) if rng.random() < splits else rng.choice(MISSING),
                    "amount": rng.choice(AMOUNTS),
                }
            )
    rng.shuffle(rows)
    return rows


def random_spend_questions(seed: int, history: History) -> list[Filters]:
    """Nothing asked; a period that cuts months; by source, by campaign, by both, or by what spend does not know."""
    rng = Random(f"questions about spend of {seed}")
    last = history.data_through.replace(tzinfo=UTC).astimezone(ZoneInfo(history.time_zone)).date()

    def some_day() -> date:
        day = last + timedelta(days=rng.choice([0, 1, 2, -1, -rng.randint(0, 60), -rng.randint(0, 400)]))
        return rng.choice([day, day.replace(day=1), (day.replace(day=1) - timedelta(days=1))])

    def period(filters: Filters) -> Filters:
        if rng.random() < 0.6:
            filters.since = some_day()
        if rng.random() < 0.6:
            filters.until = some_day()
        filters.passes = rng.choice(["first", "all"])
        return filters

    def forms(lists: list[list[str]]) -> list[str | None]:
        return [rng.choice([*rng.choice(lists), None]) for _ in range(rng.randint(1, 3))]

    sources, campaigns = [*ALIKE, ["television"]], CAMPAIGNS
    return [
        Filters(passes=rng.choice(["first", "all"])),
        period(Filters()),
        period(Filters()),
        period(Filters(segments={"source": forms(sources)})),
        period(Filters(segments={"campaign": forms(campaigns)})),
        period(Filters(segments={"source": forms(sources), "campaign": forms(campaigns)})),
        period(Filters(segments={"industry": forms(ALIKE)} | ({"source": forms(sources)} if rng.random() < 0.4 else {}))),
    ]
