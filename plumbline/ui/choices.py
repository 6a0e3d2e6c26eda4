"""The choices that stand in the URL: for each, our name and the words shown. Streamlit writes the words into the URL."""

from __future__ import annotations

from plumbline import wording
from plumbline.steps import NEXT

PERIODS = {"4w": "Last 4 weeks", "12w": "Last 12 weeks", "26w": "Last 26 weeks", "52w": "Last 52 weeks", "all": "All time", "custom": "Chosen days"}
PASSES = {"first": "First pass", "all": "All passes"}
SHOWN = {
    **{stage: f"Entered {wording.stage_short(stage)}" for stage in ("mql", "sal", "sql", "opportunity", "won")},
    "everyone": "Everyone, also never handed over",
}
VIEWS = {"list": "List", "call": "Call list", "fit": "Fit and interest", "hot": "Hot leads", "prequalified": "Prequalified"}
OUTCOMES = {
    "": "Any outcome",
    "advanced": "Reached the next stage",
    "converted": "Reached the next stage in time",
    "left": "Sent back, recycled or lost",
    "rejected": "Sent back by sales",
    "recycled": "Recycled to marketing",
    "lost": "Disqualified or lost",
    "open_in_window": "Still in window",
    "open_past_window": "Past window",
    "mature": "Old enough to tell",
}
ACCOUNT_KINDS = {
    "": "All accounts",
    "worth": "Worth nurturing",
    "worked": "Open and worked",
    "idle": "Open, untouched over 60 days",
    "quiet": "No open pass, silent",
    "open": "With an open pass",
    "closed": "Without an open pass",
    "dead": "Dead",
    "revived": "Revived",
}
ACCOUNT_SCOPES = {"handed_over": "Handed over", "everyone": "Everyone, also never handed over"}
LOOKS = {
    "trend": "Trend",
    "outcomes": "Outcomes over time",
    "time": "Time in stage",
    "by": "By segment",
    "activity": "Activity",
    "inquiries": "Inquiry to MQL",
}
STEPS = {stage: f"{wording.stage_short(stage)} → {wording.stage_short(following)}" for stage, following in NEXT.items()}
GRAINS = {"week": "Weeks", "month": "Months"}

IN_URL = {"period": PERIODS, "passes": PASSES, "view": VIEWS, "stage": SHOWN, "outcome": OUTCOMES, "look": LOOKS, "step": STEPS, "grain": GRAINS}
IN_URL |= {"kind": ACCOUNT_KINDS, "scope": ACCOUNT_SCOPES}


def in_url(name: str, value: object) -> str:
    """The text that stands for `value` of the choice `name` in the URL."""
    return str(IN_URL.get(name, {}).get(value, value))
