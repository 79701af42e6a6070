"""What rides on the turn

Revision: 0017
After: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# What an older version was about to say in a message of its own, the turn says now.
TELL_OF_TURNS = """
INSERT INTO notices (person_id, what, since)
SELECT DISTINCT channel_id, 'one_turn', {now} FROM posts
WHERE key LIKE 'one_turn:%' AND state = 'due' AND message_ts IS NULL
"""
SAID_BY_THE_TURN = "DELETE FROM posts WHERE key LIKE 'one_turn:%' AND state = 'due' AND message_ts IS NULL"
# Who was asked on Wednesdays: people who said so, and leads who never said anything.
TELL_OF_FEEDBACK = """
INSERT INTO notices (person_id, what, since)
SELECT person_id, 'feedback', {now} FROM feedback_rhythms
WHERE is_wanted = {yes} OR (is_wanted IS NULL AND next_at IS NOT NULL)
"""
# Who said "not now" is left alone for as long as they were told.
STAY_QUIET = "UPDATE feedback_rhythms SET quiet_until = next_at WHERE next_at > {in_ten_days}"

# An older version looks when its own next question is due; a turn may have begun by this version's rhythm.
LOOK_AT_ONCE = "UPDATE teams SET next_at = {now} WHERE next_at IS NOT NULL"
NOBODY_TRIES = "DELETE FROM set_asides WHERE what = 'feedback_rhythm'"


def upgrade() -> None:
    """A table and two columns: older code leaves them alone."""
    op.create_table(
        "notices",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_notices_person_id_people"),
        sa.PrimaryKeyConstraint("person_id", "what", name="pk_notices"),
    )
    op.add_column("feedback_rhythms", sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("aways", sa.Column("said_at", sa.DateTime(timezone=True), nullable=True))
    words = {"now": "CURRENT_TIMESTAMP", "in_ten_days": "CURRENT_TIMESTAMP + INTERVAL '10 days'", "yes": "true"}
    if op.get_bind().dialect.name == "sqlite":
        words = {
            "now": "strftime('%Y-%m-%d %H:%M:%f000', 'now')",
            "in_ten_days": "strftime('%Y-%m-%d %H:%M:%f000', 'now', '+10 days')",
            "yes": "1",
        }
    for statement in (TELL_OF_TURNS, SAID_BY_THE_TURN, TELL_OF_FEEDBACK, STAY_QUIET, LOOK_AT_ONCE, NOBODY_TRIES):
        op.execute(statement.format(**words))
