"""Why a channel is lost: shared with another company, gone or private; and what is pinned in a channel before

Revision: 0013
After: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only new columns: SQLite widens no constraint in place, so `channel_trouble` takes the place of `channel_lost`."""
    op.add_column("teams", sa.Column("channel_trouble", sa.String(length=8), nullable=True))
    op.execute("UPDATE teams SET channel_trouble = channel_lost")
    op.add_column("company", sa.Column("intake_lost", sa.String(length=8), nullable=True))
    op.add_column("company", sa.Column("unpin_channel_id", sa.String(length=32), nullable=True))
    op.add_column("company", sa.Column("unpin_ts", sa.String(length=32), nullable=True))
    op.execute("UPDATE company SET intake_lost = 'archived' WHERE intake_archived_at IS NOT NULL")
