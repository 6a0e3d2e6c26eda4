"""What lies in the store. Instants are texts in UTC (2026-11-14T18:00:00.000000Z), days texts (2026-11-14), whatever the database: a hash of a row
is the same in each. A change here wants a migration (migrations/versions); a test compares both.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

METADATA = MetaData(
    naming_convention={"pk": "pk_%(table_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)


def _text(name: str, **more) -> Column:
    return Column(name, Text, nullable=False, **more)


def _perhaps(name: str, kind: type = Text) -> Column:
    return Column(name, kind, nullable=True)


def _of_version() -> Column:
    return Column("version", ForeignKey("versions.number"), nullable=False)


# One row per change, chained. row_no counts from 1 without a gap; `hash` is of the row and of the hash before (audit.py).
audit_log = Table(
    "audit_log",
    METADATA,
    Column("row_no", Integer, primary_key=True, autoincrement=False),
    _text("changed_at"),
    _text("changed_by"),
    _text("what"),
    _text("details"),  # JSON
    _text("previous"),
    _text("hash"),
)

# Drafts of definitions, from the Definition lab. A name is one draft.
drafts = Table(
    "drafts",
    METADATA,
    Column("draft_id", Integer, primary_key=True),
    _text("name", unique=True),
    _text("yaml"),
    _text("saved_at"),
    _text("saved_by"),
)

# Folders whose files were taken over, each once.
taken_over = Table("taken_over", METADATA, Column("folder", Text, primary_key=True), _text("taken_at"))

# Versions of the agreement. `edition` grows with every change of the text. What `simulated_at` and the columns after it say is frozen together.
versions = Table(
    "versions",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    _text("name"),
    _text("description"),
    _text("yaml"),
    Column("canonical", LargeBinary, nullable=False),
    _text("effective"),  # day
    Column("edition", Integer, nullable=False),
    _text("seal"),
    _text("made_at"),
    _text("made_by"),
    _text("edited_at"),
    _text("edited_by"),
    _perhaps("simulated_at"),
    _perhaps("simulated_by"),
    _perhaps("snapshot"),  # its name
    _perhaps("fingerprint"),  # SHA-256 of the snapshot's file
    _perhaps("product"),  # version of Plumbline
    _perhaps("seed", Integer),
    _perhaps("results", LargeBinary),  # canonical JSON
    _perhaps("of_today"),  # JSON: fields whose changes are not recorded
    _perhaps("published_at"),
    _perhaps("published_by"),
    _perhaps("withdrawn_at"),
    _perhaps("withdrawn_by"),
)

# A signature of one side, of the seal that was seen. left_at: since when the signer no longer holds the role.
signatures = Table(
    "signatures",
    METADATA,
    Column("signature_id", Integer, primary_key=True),
    _of_version(),
    _text("side"),
    _text("signed_by"),
    _text("signed_at"),
    _text("seal"),
    _text("acknowledged"),  # JSON: the fields of today that the signer acknowledged
    _perhaps("left_at"),
    UniqueConstraint("version", "side"),
)

declines = Table(
    "declines",
    METADATA,
    Column("decline_id", Integer, primary_key=True),
    _of_version(),
    _text("side"),
    _text("declined_by"),
    _text("declined_at"),
    _text("why"),
)

endings = Table(
    "endings",
    METADATA,
    Column("ending_id", Integer, primary_key=True),
    _of_version(),
    _text("side"),
    _text("ended_by"),
    _text("ended_at"),
    _text("last_day"),
    _text("why"),
    UniqueConstraint("version", "side"),
)

# What a rep thinks of a version; one per rep and version. rep_key: the rep's name in compared form.
feedback = Table(
    "feedback",
    METADATA,
    Column("feedback_id", Integer, primary_key=True),
    _of_version(),
    _text("rep"),
    _text("rep_key"),
    Column("agrees", Boolean, nullable=False),
    _text("text"),
    _text("rules"),  # JSON: rule -> what is said of it
    _text("given_at"),
    UniqueConstraint("version", "rep_key"),
)

# A meeting about a week, or the review of a quarter: all of its numbers come from `history` (History.content) in `snapshot`. minutes: as they were
# frozen. kind: weekly or quarterly.
meetings = Table(
    "meetings",
    METADATA,
    Column("meeting_id", Integer, primary_key=True),
    _text("week"),  # 2026-W46; of a quarter 2026-Q4
    _text("begun_at"),
    _text("begun_by"),
    _text("snapshot"),
    _text("history"),
    Column("version", ForeignKey("versions.number"), nullable=True),
    _perhaps("closed_at"),
    _perhaps("closed_by"),
    _perhaps("minutes", LargeBinary),
    _text("kind", server_default="weekly"),
)

meeting_notes = Table(
    "meeting_notes",
    METADATA,
    Column("note_id", Integer, primary_key=True),
    Column("meeting", ForeignKey("meetings.meeting_id"), nullable=False),
    _text("step"),
    _text("text"),
    Column("edition", Integer, nullable=False),
    _text("edited_at"),
    _text("edited_by"),
    UniqueConstraint("meeting", "step"),
)

# Who does what by when. about_kind: leak, promise or empty; about_key: which. outcome: empty while it is open, else done or dropped.
actions = Table(
    "actions",
    METADATA,
    Column("action_id", Integer, primary_key=True),
    _text("text"),
    _text("owner"),
    _text("due"),  # day
    _text("about_kind"),
    _text("about_key"),
    _text("opened_week"),
    _text("opened_at"),
    _text("opened_by"),
    Column("edition", Integer, nullable=False),
    _text("outcome"),
    _text("note"),
    _perhaps("settled_on"),  # day
    _perhaps("settled_by"),
)

# Changes that the teams know of ("known: trade fair"): quiet until `value` changes again.
acknowledged_changes = Table(
    "acknowledged_changes",
    METADATA,
    Column("acknowledged_id", Integer, primary_key=True),
    _text("change_key", unique=True),
    _text("value"),  # JSON
    _text("note"),
    _text("acknowledged_at"),
    _text("acknowledged_by"),
)
