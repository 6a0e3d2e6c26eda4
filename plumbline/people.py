"""Who does something: the name that was typed, else the one of the local profile. Two spellings of one name are one person."""

from __future__ import annotations

import getpass
import tomllib
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

from plumbline.errors import InputError
from plumbline.state.audit import Act
from plumbline.text import clean, fold, visible

MOST_NAME = 120  # characters
_SECRETS = Path(".streamlit") / "secrets.toml"


def named(text: str, where: str = "--by") -> str:
    """The name as it is kept. Raises InputError for none, for one that is too long, and for one with control characters."""
    name = clean(text) or ""
    if not key(name):
        raise InputError("a name is needed", where, "say who it is")
    if len(name) > MOST_NAME:
        raise InputError(f"the name is longer than {MOST_NAME} characters", where, "shorten it")
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in name):
        raise InputError("the name holds control characters", where, "type it again")
    return name


def is_same(one: str, other: str) -> bool:
    """Whether two names are one person's: upper and lower case, white space and what is not seen do not count."""
    return key(one) == key(other)


def key(name: str) -> str:
    """What all spellings of a name have in common."""
    return fold(clean(visible(name)) or "")


def profile_name() -> str:
    """The name of the local profile: who is logged in to this machine."""
    try:
        return named(getpass.getuser())
    except (KeyError, OSError, InputError):
        return "nobody known"


def acting(by: str = "", at: datetime | None = None) -> Act:
    """Somebody, now. by: a name that was typed; empty: the local profile. at: naive UTC; None: by this machine's clock."""
    return Act(named(by) if by else profile_name(), at or datetime.now(UTC).replace(tzinfo=None))


def acting_by_name(by: str, at: datetime | None = None) -> Act:
    """The same for what only a person may do whom the app knows. Raises InputError for a typed name where log-in is configured: it proves nothing."""
    if by and is_log_in_configured():
        raise InputError("log-in is configured here, so a name that is typed is nobody's", "--by", "do it on the screen, logged in")
    return acting(by, at)


def is_log_in_configured() -> bool:
    """Whether the app asks for a log-in: Streamlit's secrets have a section [auth], in this folder, the app's or the user's."""
    places = (Path.cwd(), Path(__file__).resolve().parents[1], Path.home())
    for file in {place / _SECRETS for place in places}:
        try:
            if "auth" in tomllib.loads(file.read_text(encoding="utf-8")):
                return True
        except (OSError, RuntimeError):
            continue
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            return True  # secrets that cannot be read may ask for one
    return False
