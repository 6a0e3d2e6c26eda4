"""Weekly meetings: what was noted, what was agreed to do, which changes are known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("meeting_id", sa.Integer),
        *_texts("week", "begun_at", "begun_by", "snapshot", "history"),
        sa.Column("version", sa.Integer),
        *_perhaps("closed_at", "closed_by"),
        sa.Column("minutes", sa.LargeBinary),
        sa.PrimaryKeyConstraint("meeting_id", name="pk_meetings"),
        sa.ForeignKeyConstraint(["version"], ["versions.number"], name="fk_meetings_version"),
    )
    op.create_table(
        "meeting_notes",
        sa.Column("note_id", sa.Integer),
        sa.Column("meeting", sa.Integer, nullable=False),
        *_texts("step", "text"),
        sa.Column("edition", sa.Integer, nullable=False),
        *_texts("edited_at", "edited_by"),
        sa.PrimaryKeyConstraint("note_id", name="pk_meeting_notes"),
        sa.ForeignKeyConstraint(["meeting"], ["meetings.meeting_id"], name="fk_meeting_notes_meeting"),
        sa.UniqueConstraint("meeting", "step", name="uq_meeting_notes_meeting_step"),
    )
    op.create_table(
        "actions",
        sa.Column("action_id", sa.Integer),
        *_texts("text", "owner", "due", "about_kind", "about_key", "opened_week", "opened_at", "opened_by"),
        sa.Column("edition", sa.Integer, nullable=False),
        *_texts("outcome", "note"),
        *_perhaps("settled_on", "settled_by"),
        sa.PrimaryKeyConstraint("action_id", name="pk_actions"),
    )
    op.create_table(
        "acknowledged_changes",
        sa.Column("acknowledged_id", sa.Integer),
        *_texts("change_key", "value", "note", "acknowledged_at", "acknowledged_by"),
        sa.PrimaryKeyConstraint("acknowledged_id", name="pk_acknowledged_changes"),
        sa.UniqueConstraint("change_key", name="uq_acknowledged_changes_change_key"),
    )


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _perhaps(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text) for name in names]
