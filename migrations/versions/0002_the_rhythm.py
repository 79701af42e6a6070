"""The rhythm: a team's cadence, who is away, and the company's page

Revision: 0002
After: 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A constant, since SQLite adds no column whose default is the present; it is in the past, so that every team is looked
# at soon. What an older version founds meanwhile gets it too.
LONG_AGO = "2026-01-01 00:00:00"


def upgrade() -> None:
    """Every new column has a default, for the older version that still founds teams and begins sprints."""
    op.add_column("company", sa.Column("weekend", sa.String(length=7), nullable=False, server_default="56"))
    op.add_column("company", sa.Column("workspace_url", sa.String(length=255), nullable=True))

    op.add_column("people", sa.Column("country", sa.String(length=10), nullable=True))

    _add_to_teams("planning_days", sa.Integer(), "2", "planning_days BETWEEN 1 AND 5")
    for name, at in (
        ("planning", "10:00"),
        ("reminder", "10:00"),
        ("lead", "14:00"),
        ("nudge", "09:30"),
        ("marks", "14:00"),
    ):
        _add_to_teams(f"{name}_at", sa.Time(), f"{at}:00.000000")
    _add_to_teams("checks_midway", sa.Boolean(), sa.false())
    for column in (
        sa.Column("country", sa.String(length=10), nullable=True),
        sa.Column("cadence_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True, server_default=LONG_AGO),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("paused_because", sa.String(length=200), nullable=True),
        sa.Column(
            "channel_lost",
            sa.String(length=8),
            sa.CheckConstraint("channel_lost IN ('archived', 'removed')", name="channel_lost"),
            nullable=True,
        ),
    ):
        op.add_column("teams", column)
    op.execute("UPDATE teams SET cadence_since = CURRENT_TIMESTAMP")
    op.create_index("ix_teams_next_at", "teams", ["next_at"], unique=False)

    op.add_column("sprints", sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE sprints SET closes_at = over_at")
    op.create_index(
        "ix_sprints_closes_at_open",
        "sprints",
        ["closes_at"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )

    op.create_index("ix_posts_subject", "posts", ["subject_id", "card"], unique=False)
    # What the outbox looks for all the time, found without walking through all that is due.
    for name, looked_for, condition in (
        ("edits", "due_at", "message_ts IS NOT NULL"),
        ("stale", "expires_at", "message_ts IS NULL"),
        ("replies", "thread_id", "thread_id IS NOT NULL"),
    ):
        due = sa.text(f"state = 'due' AND {condition}")
        op.create_index(f"ix_posts_{name}", "posts", [looked_for], unique=False, sqlite_where=due, postgresql_where=due)

    op.create_table(
        "aways",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=6), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ignored", sa.Boolean(), nullable=False),
        sa.CheckConstraint("source IN ('said', 'status')", name="source"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_aways_person_id_people"),
        sa.PrimaryKeyConstraint("person_id", "source", name="pk_aways"),
    )
    op.create_index("ix_aways_next_at", "aways", ["next_at"], unique=False)
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
        sa.UniqueConstraint("starts_on", "part", name="uq_pages_starts_on_part"),
    )


def _add_to_teams(name: str, kind: sa.types.TypeEngine[Any], default: object, check: str | None = None) -> None:
    constraints = [sa.CheckConstraint(check, name=name)] if check else []
    op.add_column("teams", sa.Column(name, kind, *constraints, nullable=False, server_default=default))  # type: ignore[arg-type]
