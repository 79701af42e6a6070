"""Feedback on plans

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table: older code that deletes an item leaves what was said about it."""
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("sprint_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.String(length=32), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("answer", sa.String(length=7), nullable=True),
        sa.Column("because", sa.String(length=300), nullable=True),
        sa.Column("answered_by_id", sa.String(length=32), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 1000", name="ck_comments_text_length"),
        sa.CheckConstraint("answer IN ('changed', 'kept')", name="ck_comments_answer"),
        sa.CheckConstraint("(title IS NULL) = (owner_id IS NULL)", name="ck_comments_an_item_has_an_owner"),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="ck_comments_answered_at_some_time"),
        sa.CheckConstraint(
            "answer IS NULL OR (answer = 'kept') = (because IS NOT NULL)", name="ck_comments_kept_because"
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name="fk_comments_answered_by_id_people"),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name="fk_comments_author_id_people"),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_comments_item_id_items", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name="fk_comments_owner_id_people"),
        sa.ForeignKeyConstraint(["sprint_id"], ["sprints.id"], name="fk_comments_sprint_id_sprints"),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.UniqueConstraint("source", name="uq_comments_source"),
    )
    op.create_index("ix_comments_item_id", "comments", ["item_id"], unique=False)
    op.create_index(
        "ix_comments_sprint_open",
        "comments",
        ["sprint_id"],
        unique=False,
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )
