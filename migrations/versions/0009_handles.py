"""People by the handles that mentions arrive as

Revision: 0009
After: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only a column: it is empty until the people are read again, which is at start, and older code ignores it."""
    op.add_column("people", sa.Column("handle", sa.String(length=80), nullable=True))
