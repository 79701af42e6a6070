"""Retros: notes, actions and agreements

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every new column has a default, for the older version that still founds teams."""
    op.create_table(
        "retros",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sprint_id", sa.Integer(), nullable=False),
        sa.Column("facilitator_id", sa.String(length=32), nullable=True),
        sa.Column("has_votes", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reveals_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name="fk_retros_closed_by_id_people"),
        sa.ForeignKeyConstraint(["facilitator_id"], ["people.id"], name="fk_retros_facilitator_id_people"),
        sa.ForeignKeyConstraint(["sprint_id"], ["sprints.id"], name="fk_retros_sprint_id_sprints"),
        sa.PrimaryKeyConstraint("id", name="pk_retros"),
        sa.UniqueConstraint("sprint_id", name="uq_retros_sprint_id"),
    )
    op.create_index(
        "ix_retros_closes_at_open",
        "retros",
        ["closes_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_retros_reveals_at_hidden",
        "retros",
        ["reveals_at"],
        unique=False,
        sqlite_where=sa.text("revealed_at IS NULL"),
        postgresql_where=sa.text("revealed_at IS NULL"),
    )

    op.create_table(
        "actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("retro_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("is_improvement", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("kept_in_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("because", sa.String(length=300), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name="ck_actions_state"),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 200", name="ck_actions_text_length"),
        sa.ForeignKeyConstraint(["kept_in_id"], ["retros.id"], name="fk_actions_kept_in_id_retros"),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name="fk_actions_owner_id_people"),
        sa.ForeignKeyConstraint(["retro_id"], ["retros.id"], name="fk_actions_retro_id_retros"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name="fk_actions_settled_by_id_people"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_actions_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
    )
    op.create_index(
        "ix_actions_owner_open",
        "actions",
        ["owner_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_actions_retro_id", "actions", ["retro_id"], unique=False)
    op.create_index(
        "ix_actions_team_open",
        "actions",
        ["team_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )

    op.create_table(
        "agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("retro_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 500", name="ck_agreements_text_length"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_agreements_by_id_people"),
        sa.ForeignKeyConstraint(["retired_by_id"], ["people.id"], name="fk_agreements_retired_by_id_people"),
        sa.ForeignKeyConstraint(["retro_id"], ["retros.id"], name="fk_agreements_retro_id_retros"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_agreements_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_agreements"),
    )
    op.create_index(
        "ix_agreements_team_standing",
        "agreements",
        ["team_id"],
        unique=False,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )

    op.create_table(
        "retro_answers",
        sa.Column("retro_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_retro_answers_person_id_people"),
        sa.ForeignKeyConstraint(["retro_id"], ["retros.id"], name="fk_retro_answers_retro_id_retros"),
        sa.PrimaryKeyConstraint("retro_id", "person_id", name="pk_retro_answers"),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("retro_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("side", sa.String(length=6), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("side IN ('well', 'better', 'puzzle')", name="ck_notes_side"),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 500", name="ck_notes_text_length"),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_notes_author_id_people"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["notes.id"], name="fk_notes_merged_into_id_notes"),
        sa.ForeignKeyConstraint(["page_id"], ["notes.id"], name="fk_notes_page_id_notes"),
        sa.ForeignKeyConstraint(["retro_id"], ["retros.id"], name="fk_notes_retro_id_retros"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.UniqueConstraint("source", name="uq_notes_source"),
    )
    op.create_index("ix_notes_retro_id", "notes", ["retro_id"], unique=False)

    op.create_table(
        "planned_actions",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"], name="fk_planned_actions_action_id_actions"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_planned_actions_item_id_items", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", name="pk_planned_actions"),
    )
    op.create_index("ix_planned_actions_action_id", "planned_actions", ["action_id"], unique=False)

    op.create_table(
        "me_toos",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_me_toos_note_id_notes", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_me_toos_person_id_people"),
        sa.PrimaryKeyConstraint("note_id", "person_id", name="pk_me_toos"),
    )
    op.create_table(
        "votes",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_votes_note_id_notes", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_votes_person_id_people"),
        sa.PrimaryKeyConstraint("note_id", "person_id", name="pk_votes"),
    )
    op.add_column("teams", sa.Column("retro_at", sa.Time(), nullable=False, server_default="10:00:00.000000"))
    op.add_column("teams", sa.Column("retro_emoji", sa.String(length=100), nullable=False, server_default="retro"))
    op.add_column("teams", sa.Column("retro_votes", sa.Boolean(), nullable=False, server_default=sa.false()))
