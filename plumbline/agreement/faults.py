"""What is wrong with an agreement: all of it at once, one line a fault."""

from __future__ import annotations

from collections.abc import Iterable

from plumbline.errors import InputError


class AgreementFaults(InputError):  # noqa: N818 (it is all of them)
    """`lines`: each names the promise and the key, says what is wrong and what would be right; the command line prints them as `error: ...`."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(dict.fromkeys(lines))
        more = len(self.lines) - 1
        super().__init__(self.lines[0] + (f" (and {more} more {'fault' if more == 1 else 'faults'})" if more else ""))
