"""Everything that can go wrong in a way a user can mend.

    PlumblineError            one line: what, where, what to do
    ├── InputError            a file that was brought in, or an option that was typed
    ├── HistoryError          the history file: absent, damaged, of another format, busy
    ├── MetricError           an unknown metric, a parameter it does not take
    ├── StateError            the app's own store: not to be reached or written, damaged, of a newer version
    └── SettingError          a setting or the environment

The command line prints `error: <message>` and exits 1; the app shows the same line in one place.
Anything that is not a PlumblineError is a defect of Plumbline and is shown as such.
"""

from __future__ import annotations


class PlumblineError(Exception):
    """A refusal. `what` happened, `where` (file, line, column, option), what `to_do`: each one clause, no full stop."""

    def __init__(self, what: str, where: str = "", to_do: str = "") -> None:
        self.what, self.where, self.to_do = (" ".join(str(part).split()) for part in (what, where, to_do))
        super().__init__(self.one_line)

    @property
    def one_line(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line}; {self.to_do}" if self.to_do else line

    def __str__(self) -> str:
        return self.one_line


class InputError(PlumblineError):
    """A file that was brought in, or an option that was typed."""


class HistoryError(PlumblineError):
    """The history file: absent, damaged, of another format, busy."""


class MetricError(PlumblineError):
    """An unknown metric, or a parameter that it does not take."""


class StateError(PlumblineError):
    """The app's own store: not to be reached or written, damaged, of a newer version."""


class SettingError(PlumblineError):
    """A setting, or the environment the app runs in."""
