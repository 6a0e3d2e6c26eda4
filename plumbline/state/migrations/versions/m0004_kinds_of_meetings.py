"""Meetings of two kinds: those about a week, and reviews of a quarter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    op.add_column("meetings", sa.Column("kind", sa.Text, nullable=False, server_default="weekly"))
