"""A team's rota of heroes, and the parts that an admin switches on

Revision: 0032
After: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables that older code leaves alone, and columns that it fills with what held before: no rota."""
    op.add_column("company", sa.Column("parts", sa.String(length=200), server_default="", nullable=False))
    op.add_column("hero_weeks", sa.Column("by_rota", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "rotas",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("started_by_id", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_rotas_team_id_teams"),
        sa.ForeignKeyConstraint(["started_by_id"], ["people.id"], name="fk_rotas_started_by_id_people"),
        sa.PrimaryKeyConstraint("team_id", name="pk_rotas"),
    )
    op.create_index("ix_rotas_next_at", "rotas", ["next_at"])
    op.create_table(
        "hero_turns",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("served", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_hero_turns_team_id_teams"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_hero_turns_person_id_people"),
        sa.PrimaryKeyConstraint("team_id", "week_on", name="pk_hero_turns"),
    )
