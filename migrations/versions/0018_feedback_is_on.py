"""Feedback is on

Revision: 0018
After: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column that older code leaves alone: each start of this version writes it."""
    op.add_column("company", sa.Column("feedback_on", sa.Boolean(), server_default=sa.false(), nullable=False))
