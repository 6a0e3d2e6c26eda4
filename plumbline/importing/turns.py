"""One queue for what is read of files: imports and checks one after the other, first looks one after the other, for all sessions of the server."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_TICK_SECONDS = 0.2
Waiting = Callable[[int], None]


class Turns:
    """A queue. Who comes first goes first; the others learn how many stand before them, and may leave by raising."""

    def __init__(self) -> None:
        self._order: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, waiting: Waiting = lambda before: None) -> Iterator[None]:
        """Waits for the turn and holds it. waiting: told every while how many go before; what it raises ends the wait."""
        ticket = object()
        with self._changed:
            self._order.append(ticket)
        try:
            while before := self._before(ticket):
                waiting(before)
                with self._changed:
                    self._changed.wait_for(lambda: self._order[0] is ticket, _TICK_SECONDS)
            yield
        finally:
            with self._changed:
                self._order.remove(ticket)
                self._changed.notify_all()

    def _before(self, ticket: object) -> int:
        with self._changed:
            return self._order.index(ticket)


IMPORTS = Turns()  # imports, checks and migrations
LOOKS = Turns()  # first looks: short, so that nobody waits for an import to see what a file holds
