"""Rounds of feedback can be stopped

Revision: 0024
After: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new column: to older code a round that was stopped is over, which it is."""
    op.add_column("feedback_rounds", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
