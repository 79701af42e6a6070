"""Heroes by week

Revision: 0016
After: 0015
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SPRINTS = sa.table(
    "sprints",
    sa.column("team_id", sa.Integer),
    sa.column("starts_on", sa.Date),
    sa.column("ends_on", sa.Date),
    sa.column("hero_id", sa.String),
    sa.column("closed_at", sa.DateTime(timezone=True)),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
SEATS = sa.table("memberships", sa.column("team_id", sa.Integer), sa.column("person_id", sa.String))


def upgrade() -> None:
    """A new table, with the one hero of each sprint in each of its weeks. `sprints.hero_id` stays, for older code.

    In a sprint that is still open, somebody who has left the team is hero no more.
    """
    weeks = op.create_table(
        "hero_weeks",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_hero_weeks_person_id_people"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_hero_weeks_team_id_teams"),
        sa.PrimaryKeyConstraint("team_id", "week_on", name="pk_hero_weeks"),
    )
    op.create_index("ix_hero_weeks_person_id", "hero_weeks", ["person_id"], unique=False)
    sits_there = sa.exists().where(SEATS.c.team_id == SPRINTS.c.team_id, SEATS.c.person_id == SPRINTS.c.hero_id)
    query = sa.select(SPRINTS).where(SPRINTS.c.hero_id.is_not(None), SPRINTS.c.closed_at.is_not(None) | sits_there)
    rows = {
        (sprint.team_id, sprint.starts_on + timedelta(weeks=number)): sprint
        for sprint in op.get_bind().execute(query.order_by(SPRINTS.c.starts_on))
        for number in range(1 + (sprint.ends_on - sprint.starts_on).days // 7)
    }
    op.bulk_insert(
        weeks,
        [
            {"team_id": team_id, "week_on": week_on, "person_id": each.hero_id, "entered_at": each.created_at}
            for (team_id, week_on), each in rows.items()
        ],
    )
