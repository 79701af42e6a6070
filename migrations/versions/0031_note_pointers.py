"""Several people point at the message that a note was made from

Revision: 0031
After: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table that older code leaves alone: it still makes a note for each person."""
    op.create_table(
        "note_pointers",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_note_pointers_note_id_notes", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_note_pointers_person_id_people"),
        sa.PrimaryKeyConstraint("note_id", "person_id", name="pk_note_pointers"),
    )
