"""One turn a sprint

Revision: 0015
After: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Who had chosen what is gone reads once what takes its place. A team without a lead has nobody to tell.
TELL = """
INSERT INTO posts (key, channel_id, text, blocks, state, wanted, attempts, due_at, expires_at, created_at)
SELECT 'one_turn:' || teams.id, memberships.person_id, {text}, '[]', 'due', 1, 0, {now}, {later}, {now}
FROM teams JOIN memberships ON memberships.team_id = teams.id AND memberships.is_lead
WHERE teams.checks_midway OR teams.retro_votes OR teams.retro_at <> {ten}
"""
WORDS = (
    "The passage from one sprint to the next is one conversation now: on a sprint''s last working day everybody gets one "
    "message, with their marks, their notes for the retro and their plan in one form. The notes are revealed once all "
    "have answered, so there is no time to choose for it any more. Marks are not asked for halfway, and *Me too* takes "
    "the place of votes. `/sprint rhythm` shows when your team is asked."
)


def upgrade() -> None:
    """New columns: older code asks as it did, and leaves them empty."""
    op.add_column("teams", sa.Column("turn_days", sa.Integer(), server_default="0", nullable=False))
    op.add_column("teams", sa.Column("turn_at", sa.Time(), server_default="10:00:00.000000", nullable=False))
    op.add_column("teams", sa.Column("remind_at", sa.Time(), server_default="09:00:00.000000", nullable=False))
    op.add_column("sprints", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sprints", sa.Column("gathers_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sprints", sa.Column("gathered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sprints", sa.Column("settles_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sprints", sa.Column("finalized_for_id", sa.String(length=32), nullable=True))
    op.create_index(
        "ix_sprints_gathers_at",
        "sprints",
        ["gathers_at"],
        unique=False,
        sqlite_where=sa.text("gathers_at IS NOT NULL"),
        postgresql_where=sa.text("gathers_at IS NOT NULL"),
    )
    op.add_column("posts", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("actions", sa.Column("wants_taker", sa.Boolean(), server_default=sa.false(), nullable=False))
    # What a team chose for planning is when its turn comes.
    op.execute("UPDATE teams SET turn_at = planning_at")
    now, later, ten = "CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP + INTERVAL '7 days'", "TIME '10:00'"
    if op.get_bind().dialect.name == "sqlite":
        now, later = "strftime('%Y-%m-%d %H:%M:%f000', 'now')", "strftime('%Y-%m-%d %H:%M:%f000', 'now', '+7 days')"
        ten = "'10:00:00.000000'"
    op.execute(TELL.format(text=f"'{WORDS}'", now=now, later=later, ten=ten))
