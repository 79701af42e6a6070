"""What keeps a screen as fast in a large company as in a small one

Revision: 0023
After: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Indexes, a column, and a default for what this version does not write any more: older code still does."""
    _partial_index("ix_decisions_person_id_standing", "decisions", "person_id", where="ended_at IS NULL")
    for column, who in (("claimer_id", "claimer"), ("asker_id", "asker"), ("desk_id", "desk"), ("id", "leads")):
        _partial_index(f"ix_requests_waiting_on_{who}", "requests", column, "waiting_on", where=f"waiting_on = '{who}'")
    op.create_index("ix_co_askers_person_id", "co_askers", ["person_id"], unique=False)
    op.add_column("requests", sa.Column("retitled_at", sa.DateTime(timezone=True), nullable=True))
    _partial_index("ix_requests_retitled_at", "requests", "retitled_at", where="retitled_at IS NOT NULL")
    with op.batch_alter_table("answers") as answers:
        answers.alter_column("edited_at", existing_type=sa.DateTime(timezone=True), server_default=sa.func.now())


def _partial_index(name: str, table: str, *columns: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=False, sqlite_where=condition, postgresql_where=condition)
