"""People ask their team to take their week as hero, or days of it

Revision: 0033
After: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table that older code leaves alone, and a column that it fills with what held before: nobody took a day."""
    op.add_column("hero_weeks", sa.Column("days", sa.JSON(), server_default="{}", nullable=False))
    op.create_table(
        "hero_swaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.String(length=32), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_hero_swaps_team_id_teams"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_hero_swaps_by_id_people"),
        sa.ForeignKeyConstraint(["taken_by_id"], ["people.id"], name="fk_hero_swaps_taken_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_hero_swaps"),
    )
    op.create_index("ix_hero_swaps_next_at", "hero_swaps", ["next_at"])
    is_open = sa.text("taken_by_id IS NULL AND ended_at IS NULL")
    op.create_index(
        "uq_hero_swaps_open",
        "hero_swaps",
        ["team_id", "week_on"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
