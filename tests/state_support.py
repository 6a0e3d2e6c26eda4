"""What tests of the app's own store share."""

from __future__ import annotations

from datetime import datetime

from plumbline.state import audit
from plumbline.state.audit import Act
from plumbline.state.opening import reading

ANN = Act("Ann", datetime(2026, 11, 14, 9, 30))
BOB = Act("Bob", datetime(2026, 11, 14, 10, 0))


def log() -> list[dict[str, object]]:
    """The rows of the audit log."""
    with reading() as connection:
        return audit.rows(connection)
