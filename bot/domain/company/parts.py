"""The parts of Prickle, and which of them are on. One that is off shows nowhere."""

from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.company import Company
from models.desks import Desk


class Part(StrEnum):
    """The parts, in the order of the menu."""

    SPRINTS = "sprints"
    RETROS = "retros"
    TEAMS = "teams"
    INTAKE = "intake"
    FEEDBACK = "feedback"
    COMPANY = "company"


ALWAYS = frozenset({Part.SPRINTS, Part.RETROS, Part.TEAMS, Part.COMPANY})


def on(session: Session) -> frozenset[Part]:
    """The parts that are on: intake once there is a desk, and feedback once the bot was started with a key for it."""
    return given(*session.execute(_CHOSEN).one())


def given(has_a_desk: bool, has_a_key: bool) -> frozenset[Part]:
    """The same, where it is known already whether there is a desk, and a key."""
    return ALWAYS | ({Part.INTAKE} if has_a_desk else set()) | ({Part.FEEDBACK} if has_a_key else set())


_CHOSEN = select(exists().where(Desk.closed_at.is_(None)), Company.feedback_on).where(Company.id == 1)
