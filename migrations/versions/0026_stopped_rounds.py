"""Rounds of feedback can be stopped

Revision: 0026
After: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new column: to older code a round that was stopped is over, which it is."""
    op.add_column("feedback_rounds", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
