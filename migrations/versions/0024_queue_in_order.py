"""The queue in its order

Revision: 0024
After: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_requests_open", ["waiting_since", "id"], "state = 'open'"),
    ("ix_requests_under_way", ["waiting_since", "id"], "state IN ('decided', 'parked')"),
    ("ix_requests_done", ["done_at", "id"], "state = 'done'"),
)


def upgrade() -> None:
    """Only indexes: without them a page of the queue sorts all that waits, is under way, or was ever done."""
    for name, columns, where in INDEXES:
        some = sa.text(where)
        op.create_index(name, "requests", columns, unique=False, sqlite_where=some, postgresql_where=some)
