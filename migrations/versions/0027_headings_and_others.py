"""The heading that an item stands under, and who does it with its owner

Revision: 0027
After: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns that older code leaves alone."""
    op.add_column("items", sa.Column("heading", sa.String(120), server_default="", nullable=False))
    op.add_column("items", sa.Column("others", sa.Text(), server_default="", nullable=False))
