"""Feedback: given, asked for, and in rounds

Revision: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only new tables."""
    op.create_table(
        "feedback_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("asker_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["people.id"], name="fk_feedback_asks_asker_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_asks"),
        sa.UniqueConstraint("source", name="uq_feedback_asks_source"),
    )
    op.create_index("ix_feedback_asks_asker_id", "feedback_asks", ["asker_id"], unique=False)
    op.create_table(
        "feedback_rhythms",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_feedback_rhythms_person_id_people"),
        sa.PrimaryKeyConstraint("person_id", name="pk_feedback_rhythms"),
    )
    op.create_index("ix_feedback_rhythms_next_at", "feedback_rhythms", ["next_at"], unique=False)
    op.create_table(
        "feedback_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("started_by_id", sa.String(length=32), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["started_by_id"], ["people.id"], name="fk_feedback_rounds_started_by_id_people"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_feedback_rounds_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback_rounds"),
    )
    op.create_index(
        "ix_feedback_rounds_ends_at",
        "feedback_rounds",
        ["ends_at"],
        unique=False,
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_index(
        "uq_feedback_rounds_running",
        "feedback_rounds",
        ["team_id"],
        unique=True,
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("giver_id", sa.String(length=32), nullable=False),
        sa.Column("receiver_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thanked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared_in_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint("giver_id <> receiver_id", name="ck_feedback_not_to_oneself"),
        sa.ForeignKeyConstraint(["ask_id"], ["feedback_asks.id"], name="fk_feedback_ask_id_feedback_asks"),
        sa.ForeignKeyConstraint(["giver_id"], ["people.id"], name="fk_feedback_giver_id_people"),
        sa.ForeignKeyConstraint(["receiver_id"], ["people.id"], name="fk_feedback_receiver_id_people"),
        sa.ForeignKeyConstraint(["round_id"], ["feedback_rounds.id"], name="fk_feedback_round_id_feedback_rounds"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("ask_id", "giver_id", name="uq_feedback_ask_id_giver_id"),
        sa.UniqueConstraint("round_id", "giver_id", "receiver_id", name="uq_feedback_round_id_giver_id_receiver_id"),
        sa.UniqueConstraint("source", name="uq_feedback_source"),
    )
    op.create_index("ix_feedback_giver_id", "feedback", ["giver_id", "id"], unique=False)
    op.create_index("ix_feedback_receiver_id", "feedback", ["receiver_id", "id"], unique=False)
    op.create_index(
        "ix_feedback_untold",
        "feedback",
        ["delivered_at"],
        unique=False,
        sqlite_where=sa.text("told_at IS NULL AND delivered_at IS NOT NULL"),
        postgresql_where=sa.text("told_at IS NULL AND delivered_at IS NOT NULL"),
    )
    op.create_table(
        "feedback_asked",
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["ask_id"], ["feedback_asks.id"], name="fk_feedback_asked_ask_id_feedback_asks"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_feedback_asked_person_id_people"),
        sa.PrimaryKeyConstraint("ask_id", "person_id", name="pk_feedback_asked"),
    )
    op.create_table(
        "feedback_seats",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_feedback_seats_person_id_people"),
        sa.ForeignKeyConstraint(
            ["round_id"], ["feedback_rounds.id"], name="fk_feedback_seats_round_id_feedback_rounds"
        ),
        sa.PrimaryKeyConstraint("round_id", "person_id", name="pk_feedback_seats"),
    )
    op.create_table(
        "feedback_plus_ones",
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_feedback_plus_ones_feedback_id_feedback"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_feedback_plus_ones_person_id_people"),
        sa.PrimaryKeyConstraint("feedback_id", "person_id", name="pk_feedback_plus_ones"),
    )
