"""Desks can be closed

Revision: 0014
After: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only a new column: older code takes a closed desk for an open one."""
    op.add_column("desks", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
