"""Notes of up to 1,000 characters

Revision: 0028
After: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Older code goes on writing shorter ones. No foreign key is enforced here, so nothing that hangs on a note goes."""
    with op.batch_alter_table("notes") as notes:
        notes.drop_constraint("ck_notes_text_length", type_="check")
        notes.alter_column(
            "text", existing_type=sa.String(length=500), type_=sa.String(length=1_000), existing_nullable=False
        )
        notes.create_check_constraint("ck_notes_text_length", "length(text) BETWEEN 1 AND 1000")
