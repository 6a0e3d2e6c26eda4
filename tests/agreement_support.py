"""Agreements that tests sign, and a history to hold them against."""

from __future__ import annotations

from pathlib import Path

from plumbline.agreement.model import Agreement
from plumbline.agreement.parse import parse

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
