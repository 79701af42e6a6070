"""Undo

Revision: 0020
After: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table and a column: older code leaves them alone."""
    op.create_table(
        "undos",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.Column("cards", sa.JSON(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_undos_by_id_people"),
        sa.PrimaryKeyConstraint("key", name="pk_undos"),
    )
    op.create_index("ix_undos_ends_at", "undos", ["ends_at"], unique=False)
    op.add_column("contexts", sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
