"""Public holidays by code, from the `holidays` library: a country (US) or a part of one (DE-BY). Those observed on another day are in too.

The library is imported when a code is first met: it loads the modules of all countries, which takes a second or two.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from plumbline.definition.parse import nearest
from plumbline.errors import SettingError

if TYPE_CHECKING:
    from holidays import HolidayBase

_ALSO = {"UK": "GB", "England": "GB-ENG", "Scotland": "GB-SCT", "Wales": "GB-WLS", "Northern Ireland": "GB-NIR"}


@lru_cache(maxsize=4096)
def days_off(code: str, year: int) -> tuple[tuple[date, str], ...]:
    """Day and name, in English where the library has it, of the public holidays of a year, in order; of years it does not know none."""
    from holidays import country_holidays

    country, _, part = code.partition("-")
    language = "en_US" if "en_US" in _of(code).supported_languages else None
    return tuple(sorted(country_holidays(country, subdiv=part or None, years=year, expand=False, language=language).items()))


def check(code: str, where: str) -> str:
    """The code, if the library knows it. Raises SettingError with the nearest that it does know."""
    country, _, part = code.partition("-")
    parts = supported().get(country)
    if parts is None:
        raise SettingError(f"no holidays are known of {code[:40]!r}", where, _nearest_country(code))
    if "-" in code and part not in parts:
        if not parts:
            raise SettingError(f"no part of {country} has holidays of its own, so not {part[:40]!r}", where, f"use {country}")
        raise SettingError(f"no part of {country} is called {part[:40]!r}", where, _nearest_part(country, part, parts))
    return code


@cache
def supported() -> dict[str, tuple[str, ...]]:
    """Countries (two letters) and their parts that have holidays of their own."""
    from holidays.utils import list_supported_countries

    return {country: tuple(parts) for country, parts in sorted(list_supported_countries(include_aliases=False).items())}


@lru_cache(maxsize=256)
def _of(code: str) -> HolidayBase:
    from holidays import country_holidays

    country, _, part = code.partition("-")
    return country_holidays(country, subdiv=part or None)


def _nearest_part(country: str, told: str, parts: tuple[str, ...]) -> str:
    """By code or by name: Bayern is DE-BY."""
    named = {**dict(_of(country).subdivisions_aliases), **{part: part for part in parts}}
    exact = {name.casefold(): part for name, part in named.items()}.get(told.casefold())
    return f"did you mean '{country}-{exact}'" if exact else f"use one of {', '.join(f'{country}-{part}' for part in parts[:20])}"


def _nearest_country(told: str) -> str:
    """By two letters, three letters or name: Germany and DEU are DE."""
    from holidays.registry import COUNTRIES

    known = dict(_ALSO)
    for name, (_, short, *longer) in COUNTRIES.items():
        known |= {name.replace("_", " ").title(): short, **dict.fromkeys((short, *longer), short)}
    exact = {name.casefold(): short for name, short in known.items()}.get(told.casefold())
    if exact:
        return f"did you mean {exact!r}"
    to_do = nearest(told, known)
    near = next(((name, short) for name, short in known.items() if to_do == f"did you mean {name!r}"), None)
    return f"did you mean {near[1]!r} ({near[0]})" if near else "use a code such as US, GB, DE-BY"
