"""Who is of another organization, whose weekend is their own, and which teams were closed

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only new columns: code of the version before runs on them too."""
    op.add_column("company", sa.Column("workspace_id", sa.String(length=32), nullable=True))
    op.add_column("people", sa.Column("is_stranger", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("people", sa.Column("called", sa.String(length=200), nullable=True))
    op.add_column("people", sa.Column("called_key", sa.String(length=240), nullable=True))
    op.create_index("ix_people_called_key", "people", ["called_key"], unique=False)
    op.add_column("people", sa.Column("full_name", sa.String(length=200), nullable=True))
    op.add_column("people", sa.Column("handle", sa.String(length=100), nullable=True))
    op.add_column("people", sa.Column("weekend", sa.String(length=7), nullable=True))
    op.add_column("teams", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    # SQLite takes a foreign key only with its column, and Alembic adds the two one after the other.
    reference = "CONSTRAINT fk_teams_merged_into_id_teams REFERENCES teams (id)"
    op.execute(f"ALTER TABLE teams ADD COLUMN merged_into_id INTEGER {reference}")
    # Nobody was asked so far from which organization they are: each is looked at again, at the start or when they act.
    op.execute("UPDATE people SET synced_at = NULL")
