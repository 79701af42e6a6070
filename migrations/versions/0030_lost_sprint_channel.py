"""Why nothing can be posted in the company's sprint channel, and where cards of ours stand

Revision: 0030
After: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new column and an index: older code posts in that channel as it did before."""
    op.add_column("company", sa.Column("sprint_lost", sa.String(length=8), nullable=True))
    stands = sa.text("card IS NOT NULL AND message_ts IS NOT NULL")
    op.create_index(
        "ix_posts_places", "posts", ["posted_in_id"], unique=False, sqlite_where=stands, postgresql_where=stands
    )
