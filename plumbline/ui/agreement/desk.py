"""What the Agreement screen works on: the versions of the store as they are now, the day of today, who acts, and what the address asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from plumbline import people
from plumbline.agreement.version import OPEN, Version
from plumbline.agreement.versions import all_versions, version_in_force
from plumbline.identity import Identity
from plumbline.state.audit import Act
from plumbline.ui import address, clock, data

_DONE, _REFUSALS = "agreement.done", "agreement.refusals"


@dataclass(frozen=True)
class Desk:
    """`versions` by number; `today` in the organisation's zone, which is `zone`."""

    versions: tuple[Version, ...]
    today: date
    zone: str

    @property
    def in_force(self) -> Version | None:
        return version_in_force(self.today, list(self.versions))

    @property
    def to_come(self) -> Version | None:
        """The next version that is published and not yet in force."""
        coming = [one for one in self._agreed if one.effective > self.today]
        return min(coming, key=lambda one: one.effective, default=None)

    @property
    def open(self) -> tuple[Version, ...]:
        """Drafts that may still be signed, the latest first."""
        return tuple(one for one in reversed(self.versions) if one.state(self.today) in OPEN)

    @property
    def last_published(self) -> Version | None:
        return max(self._agreed, key=lambda one: one.effective, default=None)

    @property
    def _agreed(self) -> list[Version]:
        """Those that were, are or will be in force."""
        return [one for one in self.versions if one.published_at and not one.is_called_off]

    def numbered(self, number: int) -> Version | None:
        return next((one for one in self.versions if one.number == number), None)

    def before(self, version: Version) -> Version | None:
        """What a version is held against: the one in force when it begins, or now; else the one published last before it, else the one before it."""
        others = [one for one in self.versions if one.number != version.number]
        earlier = [one for one in self._agreed if one.number != version.number and one.effective < version.effective]
        if earlier:
            return max(earlier, key=lambda one: one.effective)
        return max((one for one in others if one.number < version.number), key=lambda one: one.number, default=None)


def read() -> Desk:
    """The store as it is now. Raises StateError, SettingError, HistoryError."""
    return Desk(tuple(all_versions()), clock.today(), data.history().about.time_zone)


def asked() -> int:
    """The number of the version that the address asks for; 0: none."""
    return address.number("version", 1, 10**9, 0)


def act_of(who: Identity) -> Act:
    """What is done in somebody's name, now. Raises InputError where log-in is configured and this name was only typed."""
    return people.acting(who.name, clock.now()) if who.is_verified else people.acting_by_name(who.name, clock.now())


def flash(text: str) -> None:
    """What was just done, told once, at the next run."""
    st.session_state[_DONE] = text


def told_once() -> str:
    return st.session_state.pop(_DONE, "")


def refuse(button: str, sentence: str) -> None:
    """A refusal of the store, which stands beside its button until something is done."""
    st.session_state[_REFUSALS] = {button: sentence}


def refusal(button: str) -> str:
    """The refusal that belongs beside a button; '' where there is none."""
    return st.session_state.get(_REFUSALS, {}).get(button, "")


def forget_refusal(button: str = "") -> None:
    """Something was done: what was refused before it is old. button: only of this one."""
    if not button or refusal(button):
        st.session_state.pop(_REFUSALS, None)


def open_version(number: int, look: str = "") -> None:
    """Writes into the address which version is opened, and how it is looked at; 0: none."""
    address.tell("version", str(number) if number else "")
    address.tell("look", look)
