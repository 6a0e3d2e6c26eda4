"""The one colour table: a colour has a meaning, the same on every screen.

Light and dark are both designed. .streamlit/config.toml repeats page, text and categories; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """Hex colours of one mode. Text roles keep 4.5 to 1 against `page` and `panel`, marks 3 to 1 against `page`."""

    page: str
    panel: str
    rule: str
    text: str
    quiet_text: str
    link: str
    reached: str
    lost: str
    lost_tones: tuple[str, str, str]
    on_reached: str
    on_lost: str
    comparison: str
    too_few: str
    marketing: str
    sales: str
    stages: dict[str, str]
    categories: tuple[str, ...]


LIGHT = Palette(
    page="#fcfbf8",
    panel="#f3f1eb",
    rule="#dedbd2",
    text="#1f2523",
    quiet_text="#5c6360",
    link="#0f5e5a",
    reached="#0f5e5a",
    lost="#a5431f",
    lost_tones=("#6b230b", "#a5431f", "#bb5a34"),
    on_reached="#ffffff",
    on_lost="#ffffff",
    comparison="#8b908d",
    too_few="#8b908d",
    marketing="#7a3b8f",
    sales="#946200",
    stages={
        "inquiry": "#5b6f7f",
        "mql": "#3f6a94",
        "sal": "#23739a",
        "sql": "#127a86",
        "opportunity": "#137866",
        "won": "#0f5e5a",
    },
    categories=("#0344a6", "#859822", "#603f5e", "#139fb4", "#6c3935", "#628cef", "#186600", "#3ba085", "#15689f", "#569b57"),
)

DARK = Palette(
    page="#15181a",
    panel="#1e2325",
    rule="#353b3d",
    text="#e9e6df",
    quiet_text="#a3a9a7",
    link="#6cc7bb",
    reached="#4fb5a8",
    lost="#e0835a",
    lost_tones=("#c4693f", "#e0835a", "#f3b99b"),
    on_reached="#0c1f1d",
    on_lost="#2a0f04",
    comparison="#666d6b",
    too_few="#666d6b",
    marketing="#c48be0",
    sales="#d9a83a",
    stages={
        "inquiry": "#93a6b4",
        "mql": "#86aedb",
        "sal": "#69b4da",
        "sql": "#56b9c9",
        "opportunity": "#52b9b0",
        "won": "#4fb5a8",
    },
    categories=("#83b3f2", "#d7dc60", "#db5cae", "#8b9213", "#a7e0fd", "#a48161", "#1c91f7", "#fcd5b3", "#eb9aaf", "#b2bc6a"),
)

PALETTES: dict[Mode, Palette] = {"light": LIGHT, "dark": DARK}


def palette(mode: Mode) -> Palette:
    return PALETTES[mode]


def category(mode: Mode, place: int) -> str:
    """The colour of the place-th series (0, 1, ...); more than six series should have become "other" before."""
    colours = PALETTES[mode].categories
    return colours[place % len(colours)]


def faded(colour: str, opacity: float) -> str:
    """'#rrggbb' as 'rgba(...)'."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
