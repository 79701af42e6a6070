"""What a plan item was made from, an action or a request: an item stands for one of a kind, its first, and takes it along."""

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.intake.requests import PlannedRequest
from models.retros import PlannedAction
from models.sprints import UNFINISHED, Item

MadeFrom = PlannedAction | PlannedRequest


def in_plans(made_from: InstrumentedAttribute[int], person_id: str, sprint_id: int | None) -> Select[int]:
    """The ids behind this column that stand in an item of this sprint, or in one of this person's that is unfinished."""
    again = aliased(Item)
    goes_on = and_(Item.owner_id == person_id, Item.mark.in_(UNFINISHED), again.id.is_(None))
    return (
        select(made_from)
        .join(Item)
        .outerjoin(again, again.carried_from_id == Item.id)
        .where(Item.dropped_at.is_(None), or_(Item.sprint_id == sprint_id, goes_on))
    )


def note(session: Session, made_from: MadeFrom) -> None:
    """Write down what an item was made from, unless it stands for something of that kind already."""
    session.flush()
    if session.get(type(made_from), made_from.item_id) is None:
        session.add(made_from)
