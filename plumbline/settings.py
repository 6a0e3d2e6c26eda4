"""Every setting, in one table: name, default, help. The environment variable is PLUMBLINE_<NAME>.

Read once per call, never cached: a test or a schedule may change the environment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from plumbline.errors import SettingError

_MOST_DIGITS = 15


@dataclass(frozen=True)
class Setting:
    name: str
    default: str | int
    help: str

    @property
    def variable(self) -> str:
        return f"PLUMBLINE_{self.name.upper()}"

    def value(self) -> str | int:
        text = os.environ.get(self.variable, "")
        if text == "":
            return self.default
        if isinstance(self.default, int):
            if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and (int(text) > 0 or self.default == 0)):
                raise SettingError(f"{text[:40]!r} is not a whole number above 0", self.variable, "set a number or unset it")
            return int(text)
        return text


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting(
            "home",
            "",
            "Folder of the default history, the app's own store (`state.db`), team calendars (`calendars.yaml`), words for reasons"
            " (`reasons.yaml`), attributes allowed though they tell how leads ended (`attributes.yaml`), and caches."
            " Empty: the platform's folder for user data.",
        ),
        Setting("history", "", "The history file that commands and the app open. Empty: history.duckdb in the home folder."),
        Setting(
            "state",
            "",
            "Where the app keeps drafts, agreements, meetings and the log of changes: a URL such as postgresql://USER@HOST/DATABASE, for teams whose"
            " app runs on several machines. Empty: the file state.db in the home folder.",
        ),
        Setting(
            "today",
            "",
            "The day that the screens take for today, written as 2027-01-04: for rehearsals and tests. What is signed carries the true instant all"
            " the same. Empty: by the clock, in the organisation's zone.",
        ),
        Setting("keep_snapshots", 10, "How many snapshots of a history stay on disk; older ones are pruned after an import."),
        Setting(
            "import_memory_mb",
            0,
            "Memory that the processes which read files may take together, in MiB: three quarters for the import or check that runs, one for the"
            " first look at files. 0: 70 % of the machine's memory, or of the container's.",
        ),
        Setting("import_cpu_seconds", 7200, "Processor time that one import may take before it is stopped, in seconds."),
        Setting("import_wall_seconds", 3600, "Time on the clock that one import may take before it is stopped, in seconds."),
        Setting("upload_mb", 500, "Largest file that the Import screen accepts, in MiB."),
        Setting(
            "uploads_memory_mb",
            1000,
            "Memory that uploads of all viewers may take while they are on the way to the disk, in MiB; at least the largest file.",
        ),
        Setting("uploads_mb", 4000, "Size of all files together that wait on the Import screen, of all viewers, on disk, in MiB."),
        Setting("query_seconds", 60, "Time on the clock that one query of a screen may take before it is interrupted, in seconds."),
    )
}


def setting(name: str) -> str | int:
    """The value in force of the setting `name`."""
    return SETTINGS[name].value()


def home() -> Path:
    """The folder of everything Plumbline keeps that nobody named."""
    return Path(os.path.expanduser(str(setting("home")) or platformdirs.user_data_dir("plumbline", appauthor=False)))


def default_history() -> Path:
    """The history that is opened when no `--history` is given."""
    return Path(os.path.expanduser(str(setting("history")))) if setting("history") else home() / "history.duckdb"
