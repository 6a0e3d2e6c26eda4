"""How the values of a column are written, as far as they show it: patterns of dates that fit them all, and what stands before a fraction."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plumbline.importing import amounts

MOST_SAMPLES = 1000  # different texts of a column
_CLOCK = (
    r"(?:,?[T\s]+(?P<hour>\d{1,2}):\d{2}(?P<second>:\d{2})?(?P<fraction>\.\d+)?(?:\s?(?P<half>[AaPp]\.?[Mm]\.?))?)?"
    r"(?P<zone>\s?(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
)
_NUMBERS = re.compile(rf"(?P<one>\d{{1,4}})(?P<mark>[/.-])(?P<two>\d{{1,2}})(?P=mark)(?P<three>\d{{1,4}}){_CLOCK}")
_NAMED = re.compile(rf"(?P<day>\d{{1,2}})(?P<mark>[ -])(?P<month>[A-Za-z]{{3,9}})(?P=mark)(?P<year>\d{{4}}|\d\d){_CLOCK}")
_AMERICAN = re.compile(rf"(?P<month>[A-Za-z]{{3,9}}) (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}){_CLOCK}")
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(\s?(Z|UTC|[+-]\d\d(:?\d\d)?))?)?")
_OFFSET = re.compile(r":\d\d.*(Z|UTC|[+-]\d\d(:?\d\d)?)$")


def times(texts: Iterable[str]) -> dict[str, object] | None:
    """{patterns, has_zone, sample} of texts that are dates; None where they are none. The pattern "" is ISO 8601; several: each could be meant."""
    dated = [text.strip() for text in texts if any(c.isdigit() for c in text)]
    sets = [patterns for text in dated if (patterns := patterns_of(text))]
    if not dated or len(sets) < max(1, 0.9 * len(dated)):
        return None
    every = list(dict.fromkeys(pattern for patterns in sets for pattern in patterns))
    fitting = [pattern for pattern in every if all(pattern in patterns for patterns in sets)]
    if not fitting:  # several forms beside each other: the one that most have
        most = max(every, key=lambda pattern: sum(pattern in patterns for patterns in sets))
        fitting = [most] if sum(most in patterns for patterns in sets) >= 0.9 * len(sets) else []
    sample = next((text for text in dated if patterns_of(text)), "")
    return {"patterns": fitting, "has_zone": all(_OFFSET.search(text) for text in dated), "sample": sample[:40]}


def patterns_of(text: str) -> list[str]:
    """The patterns by which a text can be read as a date."""
    if _ISO.fullmatch(text):
        return [""]
    if found := _NUMBERS.fullmatch(text):
        return [f"{day}{clock}" for day in _orders(found) if (clock := _clock(found)) is not None]
    for shape, form in ((_NAMED, "%d{mark}{month}{mark}{year}"), (_AMERICAN, "{month} %d{comma} %Y")):
        if (found := shape.fullmatch(text)) and (clock := _clock(found)) is not None:
            parts = found.groupdict()
            months = ["%b", "%B"] if parts["month"].lower() == "may" else ["%b" if len(parts["month"]) == 3 else "%B"]
            year = "%Y" if len(parts["year"]) == 4 else "%y"
            comma = "," if f"{parts['day']}, " in text else ""
            return [form.format(mark=parts.get("mark"), month=month, year=year, comma=comma) + clock for month in months]
    return []


def _orders(found: re.Match) -> list[str]:
    one, mark, two, three = (found[name] for name in ("one", "mark", "two", "three"))
    if len(one) == 4:
        named = [(("%Y", "%m", "%d"), two, three), (("%Y", "%d", "%m"), three, two)][: 1 if int(two) <= 12 else 2]
    elif len(one) <= 2 and len(three) in (2, 4):
        year = "%Y" if len(three) == 4 else "%y"
        named = [(("%d", "%m", year), two, one), (("%m", "%d", year), one, two)]
    else:
        return []
    return [mark.join(parts) for parts, month, day in named if 1 <= int(month) <= 12 and 1 <= int(day) <= 31]


def _clock(found: re.Match) -> str | None:
    """The pattern of the time of day after a date; empty where there is none, None where no pattern says it."""
    parts = found.groupdict()
    if parts["zone"] and not parts["hour"]:
        return None
    if not parts["hour"]:
        return ""
    whole = found.string
    start = whole.index(":", found.start("hour")) - len(parts["hour"])
    before = whole[:start]
    gap = before[len(before.rstrip(" ,T\u202f\u00a0")) :]
    half = parts["half"] or ""
    space = " " if half and re.search(r"\s[AaPp]\.?[Mm]\.?", whole) else ""
    if "." in half or (half and int(parts["hour"]) > 12):
        return None
    zone = "%z" if parts["zone"] and "UTC" not in parts["zone"] else "%Z" if parts["zone"] else ""
    blank = " " if parts["zone"] and parts["zone"][0].isspace() else ""
    clock = f"{'%I' if half else '%H'}:%M{':%S' if parts['second'] else ''}{'.%f' if parts['fraction'] else ''}"
    return f"{gap}{clock}{space}{'%p' if half else ''}{blank}{zone}"


def numbers(texts: Iterable[str]) -> dict[str, str] | None:
    """{mark, open}: what stands before a fraction, and a text that stays open; None where the texts are no amounts."""
    valued = [text for text in texts if any(c.isdigit() for c in text)]
    mark, still = amounts.settled(valued)
    readable = sum(_is_amount(text) for text in valued)
    return {"mark": mark, "open": still} if valued and readable >= 0.9 * len(valued) else None


def _is_amount(text: str) -> bool:
    try:
        return amounts.read(text) is not None
    except amounts.Open:
        return True
