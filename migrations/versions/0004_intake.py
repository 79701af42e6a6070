"""Intake: requests, desks, decisions, bookings and nudges

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only new tables and columns; the two that may not be empty have a default, for the older version's set-up."""
    op.create_table(
        "inbound_events",
        sa.Column("event_id", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name="pk_inbound_events"),
    )
    op.create_index(
        "ix_inbound_events_waiting",
        "inbound_events",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("handled_at IS NULL"),
        postgresql_where=sa.text("handled_at IS NULL"),
    )

    op.create_table(
        "desks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("owns", sa.String(length=300), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("usergroup_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["people.id"], name="fk_desks_lead_id_people"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_desks_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_desks"),
        sa.UniqueConstraint("name_key", name="uq_desks_name_key"),
    )
    op.create_table(
        "desk_members",
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("takes_turns", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_desk_members_desk_id_desks", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_desk_members_person_id_people"),
        sa.PrimaryKeyConstraint("desk_id", "person_id", name="pk_desk_members"),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asker_id", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=11), nullable=True),
        sa.Column("tried", sa.String(length=1000), nullable=True),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("channel_id", sa.String(length=32), nullable=True),
        sa.Column("thread_ts", sa.String(length=32), nullable=True),
        sa.Column("desk_id", sa.Integer(), nullable=True),
        sa.Column("claimer_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("waiting_on", sa.String(length=7), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nudged", sa.Integer(), nullable=False),
        sa.Column("nudge_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returns_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'decided', 'parked', 'done', 'merged', 'withdrawn')", name="ck_requests_state"
        ),
        sa.CheckConstraint(
            "waiting_on IN ('desk', 'claimer', 'asker', 'owner', 'leads', 'nobody')", name="ck_requests_waiting_on"
        ),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 150", name="ck_requests_title_length"),
        sa.ForeignKeyConstraint(["asker_id"], ["people.id"], name="fk_requests_asker_id_people"),
        sa.ForeignKeyConstraint(["claimer_id"], ["people.id"], name="fk_requests_claimer_id_people"),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_requests_desk_id_desks"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["requests.id"], name="fk_requests_merged_into_id_requests"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_requests_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sa.UniqueConstraint("source", name="uq_requests_source"),
    )
    op.create_index("ix_requests_asker_id", "requests", ["asker_id"], unique=False)
    op.create_index("ix_requests_claimer_id", "requests", ["claimer_id"], unique=False)
    op.create_index(
        "ix_requests_live",
        "requests",
        ["desk_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'decided', 'parked')"),
        postgresql_where=sa.text("state IN ('open', 'decided', 'parked')"),
    )
    op.create_index("ix_requests_merged_into_id", "requests", ["merged_into_id"], unique=False)
    op.create_index(
        "ix_requests_nudge_at",
        "requests",
        ["nudge_at"],
        unique=False,
        sqlite_where=sa.text("nudge_at IS NOT NULL"),
        postgresql_where=sa.text("nudge_at IS NOT NULL"),
    )
    op.create_index(
        "ix_requests_returns_at",
        "requests",
        ["returns_at"],
        unique=False,
        sqlite_where=sa.text("returns_at IS NOT NULL"),
        postgresql_where=sa.text("returns_at IS NOT NULL"),
    )
    op.create_index("ix_requests_thread_ts", "requests", ["thread_ts"], unique=False)

    op.create_table(
        "triage_weeks",
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_triage_weeks_desk_id_desks", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_triage_weeks_person_id_people"),
        sa.PrimaryKeyConstraint("desk_id", "week_on", name="pk_triage_weeks"),
    )
    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("is_firm", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("starts_on <= ends_on", name="ck_bookings_in_order"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_bookings_by_id_people"),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_bookings_desk_id_desks"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_bookings_person_id_people"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_bookings_request_id_requests"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_bookings_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_bookings"),
    )
    op.create_index("ix_bookings_desk_id", "bookings", ["desk_id"], unique=False)
    op.create_index(
        "ix_bookings_ends_on",
        "bookings",
        ["ends_on"],
        unique=False,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_index("ix_bookings_person_id", "bookings", ["person_id"], unique=False)
    op.create_index("ix_bookings_request_id", "bookings", ["request_id"], unique=False)
    op.create_index("ix_bookings_team_id", "bookings", ["team_id"], unique=False)

    op.create_table(
        "briefs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=1000), nullable=False),
        sa.Column("audience", sa.String(length=1000), nullable=False),
        sa.Column("smallest", sa.String(length=1000), nullable=False),
        sa.Column("measure", sa.String(length=1000), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_briefs_by_id_people"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_briefs_request_id_requests"),
        sa.PrimaryKeyConstraint("id", name="pk_briefs"),
        sa.UniqueConstraint("request_id", "version", name="uq_briefs_request_id_version"),
    )
    op.create_table(
        "co_askers",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_co_askers_person_id_people"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_co_askers_request_id_requests"),
        sa.PrimaryKeyConstraint("request_id", "person_id", name="pk_co_askers"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("sprints", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("change", sa.String(length=1000), nullable=True),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("mode = 'not_ai' OR due_on IS NOT NULL", name="ck_decisions_has_a_date_or_is_done"),
        sa.CheckConstraint("mode IN ('embed', 'build', 'guidance', 'not_ai', 'not_now')", name="ck_decisions_mode"),
        sa.CheckConstraint("sprints IN (1, 2)", name="ck_decisions_one_or_two_sprints"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_decisions_by_id_people"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_decisions_person_id_people"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_decisions_request_id_requests"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_decisions_team_id_teams"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_request_id", "decisions", ["request_id"], unique=False)
    op.create_index(
        "uq_decisions_one_stands",
        "decisions",
        ["request_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "nudges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("sent_to", sa.String(length=32), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name="ck_nudges_three_at_most"),
        sa.ForeignKeyConstraint(["batch_id"], ["nudges.id"], name="fk_nudges_batch_id_nudges"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_nudges_request_id_requests"),
        sa.PrimaryKeyConstraint("id", name="pk_nudges"),
        sa.UniqueConstraint("request_id", "batch_id", name="uq_nudges_request_id_batch_id"),
    )
    op.create_index("ix_nudges_batch_id", "nudges", ["batch_id"], unique=False)

    op.create_table(
        "outcomes",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("helped", sa.String(length=6), nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=True),
        sa.Column("helped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_use", sa.Boolean(), nullable=True),
        sa.Column("in_use_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_outcomes_request_id_requests"),
        sa.PrimaryKeyConstraint("request_id", name="pk_outcomes"),
    )
    op.create_table(
        "planned_requests",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name="fk_planned_requests_item_id_items", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_planned_requests_request_id_requests"),
        sa.PrimaryKeyConstraint("item_id", name="pk_planned_requests"),
    )
    op.create_index("ix_planned_requests_request_id", "planned_requests", ["request_id"], unique=False)

    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_questions_by_id_people"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_questions_request_id_requests"),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
    )
    op.create_index("ix_questions_request_id", "questions", ["request_id"], unique=False)

    op.create_table(
        "routings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("from_desk_id", sa.Integer(), nullable=False),
        sa.Column("to_desk_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=1000), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_routings_by_id_people"),
        sa.ForeignKeyConstraint(["from_desk_id"], ["desks.id"], name="fk_routings_from_desk_id_desks"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_routings_request_id_requests"),
        sa.ForeignKeyConstraint(["to_desk_id"], ["desks.id"], name="fk_routings_to_desk_id_desks"),
        sa.PrimaryKeyConstraint("id", name="pk_routings"),
    )
    op.create_index("ix_routings_request_id", "routings", ["request_id"], unique=False)

    op.create_table(
        "ticks",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=10), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_ticks_by_id_people"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name="fk_ticks_request_id_requests"),
        sa.PrimaryKeyConstraint("request_id", "line", name="pk_ticks"),
    )
    op.create_table(
        "hand_backs",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=1000), nullable=False),
        sa.Column("docs", sa.String(length=1000), nullable=False),
        sa.Column("measure", sa.String(length=1000), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_hand_backs_by_id_people"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_hand_backs_decision_id_decisions"),
        sa.PrimaryKeyConstraint("decision_id", name="pk_hand_backs"),
    )
    op.add_column(
        "company", sa.Column("intake_prefix", sa.String(length=100), nullable=False, server_default=":speech_balloon:")
    )
    op.add_column(
        "company", sa.Column("intake_emoji", sa.String(length=100), nullable=False, server_default="hedgehog")
    )
    op.add_column("company", sa.Column("swept_channel_id", sa.String(length=32), nullable=True))
    op.add_column("company", sa.Column("swept_ts", sa.String(length=32), nullable=True))
    op.add_column("company", sa.Column("sweep_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("company", sa.Column("intake_archived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("company", sa.Column("pinned_ts", sa.String(length=32), nullable=True))

    op.add_column("posts", sa.Column("thread_ts", sa.String(length=32), nullable=True))
