"""The first tables

Revision: 0001
After: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All of the first slice, and the one company that there is."""
    op.create_table(
        "paces",
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", name="pk_paces"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("is_deactivated", sa.Boolean(), nullable=False),
        sa.Column("synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("card", sa.String(length=30), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_in_id", sa.String(length=32), nullable=True),
        sa.Column("message_ts", sa.String(length=32), nullable=True),
        sa.Column("error", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('due', 'sent', 'refused', 'expired')", name="ck_posts_state"),
        sa.CheckConstraint("(card IS NULL) = (subject_id IS NULL)", name="ck_posts_a_card_has_a_subject"),
        sa.ForeignKeyConstraint(["thread_id"], ["posts.id"], name="fk_posts_thread_id_posts"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("key", name="uq_posts_key"),
    )
    op.create_index(
        "ix_posts_due",
        "posts",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )
    op.create_index(
        "ix_posts_queue",
        "posts",
        ["channel_id", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'due'"),
        postgresql_where=sa.text("state = 'due'"),
    )

    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("area", sa.String(length=200), nullable=False),
        sa.Column("customer_kind", sa.String(length=8), nullable=False),
        sa.Column("customer", sa.String(length=200), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("sprint_weeks", sa.Integer(), nullable=False),
        sa.Column("anchor_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("customer_kind IN ('internal', 'external')", name="ck_teams_customer_kind"),
        sa.CheckConstraint("sprint_weeks IN (1, 2)", name="ck_teams_one_or_two_weeks"),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sa.UniqueConstraint("channel_id", name="uq_teams_channel_id"),
        sa.UniqueConstraint("name_key", name="uq_teams_name_key"),
    )
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sprint_channel_id", sa.String(length=32), nullable=True),
        sa.Column("intake_channel_id", sa.String(length=32), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("set_up_by_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint("id = 1", name="ck_company_only_one"),
        sa.ForeignKeyConstraint(["set_up_by_id"], ["people.id"], name="fk_company_set_up_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_company"),
    )
    op.create_table(
        "memberships",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("seat BETWEEN 1 AND 6", name="ck_memberships_six_seats"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_memberships_person_id_people"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_memberships_team_id_teams"),
        sa.PrimaryKeyConstraint("person_id", name="pk_memberships"),
        sa.UniqueConstraint("team_id", "seat", name="uq_memberships_team_id_seat"),
    )
    op.create_index(
        "uq_memberships_one_lead",
        "memberships",
        ["team_id"],
        unique=True,
        sqlite_where=sa.text("is_lead"),
        postgresql_where=sa.text("is_lead"),
    )

    op.create_table(
        "moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("from_team_id", sa.Integer(), nullable=True),
        sa.Column("to_team_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_team_id IS NOT NULL OR to_team_id IS NOT NULL", name="ck_moves_somewhere"),
        sa.ForeignKeyConstraint(["from_team_id"], ["teams.id"], name="fk_moves_from_team_id_teams"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_moves_person_id_people"),
        sa.ForeignKeyConstraint(["to_team_id"], ["teams.id"], name="fk_moves_to_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_moves"),
    )
    op.create_index("ix_moves_person_id", "moves", ["person_id"], unique=False)

    op.create_table(
        "sprints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("impacted", sa.Text(), nullable=False),
        sa.Column("hero_id", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("finalized_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finalized_by_id", sa.String(length=32), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name="ck_sprints_starts_before_it_ends"),
        sa.ForeignKeyConstraint(["finalized_by_id"], ["people.id"], name="fk_sprints_finalized_by_id_people"),
        sa.ForeignKeyConstraint(["hero_id"], ["people.id"], name="fk_sprints_hero_id_people"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_sprints_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_sprints"),
        sa.UniqueConstraint("team_id", "starts_on", name="uq_sprints_team_id_starts_on"),
    )
    op.create_index(
        "ix_sprints_over_at_open",
        "sprints",
        ["over_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )

    op.create_table(
        "absences",
        sa.Column("sprint_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name="ck_absences_starts_before_it_ends"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_absences_person_id_people"),
        sa.ForeignKeyConstraint(["sprint_id"], ["sprints.id"], name="fk_absences_sprint_id_sprints"),
        sa.PrimaryKeyConstraint("sprint_id", "person_id", name="pk_absences"),
    )
    op.create_table(
        "answers",
        sa.Column("sprint_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_answers_person_id_people"),
        sa.ForeignKeyConstraint(["sprint_id"], ["sprints.id"], name="fk_answers_sprint_id_sprints"),
        sa.PrimaryKeyConstraint("sprint_id", "person_id", name="pk_answers"),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sprint_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_changes_by_id_people"),
        sa.ForeignKeyConstraint(["sprint_id"], ["sprints.id"], name="fk_changes_sprint_id_sprints"),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_index("ix_changes_sprint_id", "changes", ["sprint_id"], unique=False)

    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sprint_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("priority", sa.String(length=4), nullable=False),
        sa.Column("mark", sa.String(length=11), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("carried", sa.Integer(), nullable=False),
        sa.Column("carried_from_id", sa.Integer(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("mark IN ('not_started', 'in_progress', 'finished', 'wont_finish')", name="ck_items_mark"),
        sa.CheckConstraint("priority IN ('high', 'side')", name="ck_items_priority"),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 200", name="ck_items_title_length"),
        sa.ForeignKeyConstraint(["carried_from_id"], ["items.id"], name="fk_items_carried_from_id_items"),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name="fk_items_owner_id_people"),
        sa.ForeignKeyConstraint(["sprint_id"], ["sprints.id"], name="fk_items_sprint_id_sprints"),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("carried_from_id", name="uq_items_carried_from_id"),
    )
    op.create_index("ix_items_owner", "items", ["owner_id", "sprint_id"], unique=False)
    op.create_index("ix_items_sprint", "items", ["sprint_id"], unique=False)

    op.execute("INSERT INTO company (id, zone) VALUES (1, 'UTC')")
