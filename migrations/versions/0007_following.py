"""Following: who reads about which team on Fridays, who supports one, and context

Revision: 0007
After: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only new tables: code of the version before runs on it too."""
    op.create_table(
        "follows",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("supports", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_follows_person_id_people"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_follows_team_id_teams"),
        sa.PrimaryKeyConstraint("person_id", "team_id", name="pk_follows"),
    )
    op.create_index("ix_follows_team_id", "follows", ["team_id"], unique=False)
    op.create_table(
        "followers",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_followers_person_id_people"),
        sa.PrimaryKeyConstraint("person_id", name="pk_followers"),
    )
    op.create_index("ix_followers_next_at", "followers", ["next_at"], unique=False)
    op.create_table(
        "contexts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('customer', 'metric', 'team', 'goal', 'note')", name="ck_contexts_kind"),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 500", name="ck_contexts_text_length"),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_contexts_author_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_contexts"),
        sa.UniqueConstraint("source", name="uq_contexts_source"),
    )
    op.create_index("ix_contexts_at", "contexts", ["at"], unique=False)
