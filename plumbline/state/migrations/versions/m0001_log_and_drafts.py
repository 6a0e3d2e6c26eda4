"""The log of changes, and the drafts of definitions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("row_no", sa.Integer, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("changed_at", "changed_by", "what", "details", "previous", "hash")),
        sa.PrimaryKeyConstraint("row_no", name="pk_audit_log"),
    )
    op.create_table(
        "drafts",
        sa.Column("draft_id", sa.Integer),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "yaml", "saved_at", "saved_by")),
        sa.PrimaryKeyConstraint("draft_id", name="pk_drafts"),
        sa.UniqueConstraint("name", name="uq_drafts_name"),
    )
    op.create_table(
        "taken_over",
        sa.Column("folder", sa.Text),
        sa.Column("taken_at", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("folder", name="pk_taken_over"),
    )
