"""A message that only one person of a channel reads

Revision: 0029
After: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new column: older code posts what has one for everybody, as it did before."""
    op.add_column("posts", sa.Column("only_to_id", sa.String(32), nullable=True))
