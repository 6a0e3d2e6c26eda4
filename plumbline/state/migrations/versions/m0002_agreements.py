"""Versions of the agreement: signatures, declines, endings, what reps think of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    op.create_table(
        "versions",
        sa.Column("number", sa.Integer, autoincrement=False),
        *_texts("name", "description", "yaml"),
        sa.Column("canonical", sa.LargeBinary, nullable=False),
        *_texts("effective"),
        sa.Column("edition", sa.Integer, nullable=False),
        *_texts("seal", "made_at", "made_by", "edited_at", "edited_by"),
        *_perhaps("simulated_at", "simulated_by", "snapshot", "fingerprint", "product"),
        sa.Column("seed", sa.Integer),
        sa.Column("results", sa.LargeBinary),
        *_perhaps("of_today", "published_at", "published_by", "withdrawn_at", "withdrawn_by"),
        sa.PrimaryKeyConstraint("number", name="pk_versions"),
    )
    _of_version("signatures", "signature_id", *_texts("side", "signed_by", "signed_at", "seal", "acknowledged"), *_perhaps("left_at"), unique="side")
    _of_version("declines", "decline_id", *_texts("side", "declined_by", "declined_at", "why"))
    _of_version("endings", "ending_id", *_texts("side", "ended_by", "ended_at", "last_day", "why"), unique="side")
    _of_version(
        "feedback",
        "feedback_id",
        *_texts("rep", "rep_key"),
        sa.Column("agrees", sa.Boolean, nullable=False),
        *_texts("text", "rules", "given_at"),
        unique="rep_key",
    )


def _texts(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _perhaps(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text) for name in names]


def _of_version(name: str, key: str, *columns: sa.Column, unique: str = "") -> None:
    op.create_table(
        name,
        sa.Column(key, sa.Integer),
        sa.Column("version", sa.Integer, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["version"], ["versions.number"], name=f"fk_{name}_version"),
        *([sa.UniqueConstraint("version", unique, name=f"uq_{name}_version_{unique}")] if unique else []),
    )
