"""Points below an item

Revision: 0025
After: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column that older code leaves alone. What was typed below an item before stays its note."""
    op.add_column("items", sa.Column("points", sa.Text(), server_default="", nullable=False))
