"""The queue: the requests that go on, by how long each has waited

Revision: 0010
After: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only an index: without it a page of the queue sorts all that goes on."""
    live = sa.text("state IN ('open', 'decided', 'parked')")
    op.create_index(
        "ix_requests_queue",
        "requests",
        ["waiting_since", "id"],
        unique=False,
        sqlite_where=live,
        postgresql_where=live,
    )
