"""Figures that tests measure, shown at the end of a run also when the test passes (and from every worker of xdist)."""

from __future__ import annotations

from collections.abc import Iterable

_MARK = "figure: "


def measured(what: object) -> None:
    """Says one figure; `what` is a line or several."""
    print("\n".join(_MARK + line for line in str(what).splitlines()))


def said(captured: Iterable[str]) -> list[str]:
    """The figures among captured standard output."""
    return [line.removeprefix(_MARK) for text in captured for line in text.splitlines() if line.startswith(_MARK)]
