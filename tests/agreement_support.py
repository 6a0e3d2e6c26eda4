"""Agreements that tests sign, and a history to hold them against."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from plumbline.agreement.model import Agreement
from plumbline.agreement.parse import parse
from plumbline.cli import main
from tests.cli_support import Said

TEXT = """\
name: Q1 2027
effective: 2027-01-04
qualified:
  name: Mid-size
  fit: [{field: employees, at_least: 100}]
acceptance: {within: 14d, share: 0.9}
marketing:
  volume: {leads: 390}
  hand_over: {within: 4h, share: 0.9}
sales:
  decision: {within: 24h, share: 0.9}
"""


def text(effective: str = "2027-01-04", name: str = "Q1 2027", employees: int = 100) -> str:
    return TEXT.replace("2027-01-04", effective).replace("Q1 2027", name).replace("at_least: 100", f"at_least: {employees}")


def agreement(effective: str = "2027-01-04", name: str = "Q1 2027", employees: int = 100) -> Agreement:
    return parse(text(effective, name, employees))


def write(folder: Path, effective: str = "2027-01-04", name: str = "Q1 2027", employees: int = 100) -> Path:
    """The agreement as a file."""
    path = folder / f"agreement-{effective}-{employees}.yaml"
    path.write_text(text(effective, name, employees), encoding="utf-8")
    return path


def run(*words: object) -> Said:
    """`plumbline WORDS` in this process: as tests/cli_support has it, without the seconds that a process of its own takes to begin."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    before = sys.argv
    sys.argv = ["plumbline", *map(str, words)]
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
        status = 0
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        sys.argv = before
    return Said(status, *(one.buffer.getvalue().decode() for one in (out, err)))


def made(*words: object) -> dict:
    """What a command that is taken prints as JSON."""
    said = run("agreement", *words, "--format", "json")
    assert said.status == 0, said.err
    return said.json


def refused(*words: object) -> str:
    """The one line of a command that is refused."""
    return run("agreement", *words, "--format", "json").refusal


def state(number: int, *more: object) -> str:
    return made("show", number, *more)["state"]


def signed(folder: Path, **how: object) -> int:
    """The number of a version that both sides signed."""
    number = simulated(folder, **how)
    made("sign", number, "--side", "marketing", "--by", "Ann")
    made("sign", number, "--side", "sales", "--by", "Bob")
    return number


def simulated(folder: Path, **how: object) -> int:
    number = made("new", write(folder, **how), "--by", "Ann")["id"]
    made("simulate", number)
    return number
