"""What people write in the intake channel, line by line

Revision: 0022
After: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

# The messages of open requests can be edited and deleted from now on as well.
LINES_OF_OPEN_REQUESTS = """
INSERT INTO lines (channel_id, ts, person_id, request_id, words, heard_ts, at)
SELECT channel_id, thread_ts, asker_id, id, text, thread_ts, created_at FROM requests
WHERE state = 'open' AND thread_ts IS NOT NULL AND source = 'message:' || channel_id || ':' || thread_ts
"""


def upgrade() -> None:
    """A table and six columns: older code leaves them alone."""
    op.add_column("requests", sa.Column("is_doubtful", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("requests", sa.Column("later_words", sa.Text(), nullable=True))
    op.add_column("requests", sa.Column("message_gone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("requests", sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True))
    # SQLite takes a foreign key only with its column, and Alembic adds the two one after the other.
    for name in ("dismissed_by_id", "brought_by_id"):
        reference = f"CONSTRAINT fk_requests_{name}_people REFERENCES people (id)"
        op.execute(f"ALTER TABLE requests ADD COLUMN {name} VARCHAR(32) {reference}")
    op.create_table(
        "lines",
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.Column("thread_ts", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("heard_ts", sa.String(length=32), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_lines_request_id_requests"),
        sa.PrimaryKeyConstraint("channel_id", "ts", name="pk_lines"),
    )
    op.create_index("ix_lines_request_id", "lines", ["request_id"], unique=False)
    idle = sa.text("request_id IS NULL")
    op.create_index("ix_lines_idle", "lines", ["at"], unique=False, sqlite_where=idle, postgresql_where=idle)
    op.execute(LINES_OF_OPEN_REQUESTS)
