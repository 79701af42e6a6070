"""Calendars to subscribe to, and when a team meets to plan

Revision: 0034
After: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables and three columns that older code leaves alone."""
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_subscriptions_person_id_people"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_subscriptions_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("person_id", "team_id", name="uq_subscriptions_person_id_team_id"),
        sa.UniqueConstraint("token_hash", name="uq_subscriptions_token_hash"),
    )
    own = sa.text("team_id IS NULL")
    op.create_index(
        "uq_subscriptions_own", "subscriptions", ["person_id"], unique=True, sqlite_where=own, postgresql_where=own
    )
    op.create_table(
        "event_versions",
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("uid", name="pk_event_versions"),
    )
    op.create_index("ix_event_versions_last_on", "event_versions", ["last_on"], unique=False)
    op.add_column("company", sa.Column("public_url", sa.String(length=200), nullable=True))
    op.add_column("teams", sa.Column("meets_at", sa.Time(), nullable=True))
    op.add_column("teams", sa.Column("meets_link", sa.String(length=500), nullable=True))
