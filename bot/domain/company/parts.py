"""The parts of Prickle, and which of them are on. One that is off shows nowhere."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, literal, select
from sqlalchemy.orm import Session

from bot.platform.errors import Refusal
from models.company import Company
from models.desks import Desk


class Part(StrEnum):
    """The parts, in the order of the menu."""

    SPRINTS = "sprints"
    RETROS = "retros"
    TEAMS = "teams"
    ROTA = "rota"
    INTAKE = "intake"
    FEEDBACK = "feedback"
    COMPANY = "company"


ALWAYS = frozenset({Part.SPRINTS, Part.RETROS, Part.TEAMS, Part.COMPANY})
CHOSEN = (Part.ROTA,)  # an admin switches these on
OFF = {Part.ROTA: "The hero rota is off. An admin of this Slack workspace can switch it on in `/prickle setup`."}


def on(session: Session) -> frozenset[Part]:
    """The parts that are on: intake once there is a desk, feedback once there is a key for it, others as an admin chose."""
    return given(*session.execute(_CHOSEN).one())


def given(has_a_desk: bool, has_a_key: bool, chosen: str) -> frozenset[Part]:
    """The same, where it is known already whether there is a desk, and a key, and what an admin chose."""
    found = {Part.INTAKE} if has_a_desk else set()
    return ALWAYS | found | ({Part.FEEDBACK} if has_a_key else set()) | read(chosen)


def read(chosen: str) -> frozenset[Part]:
    """The parts that an admin switched on, as the company's row names them. One of a newer version is left out."""
    return frozenset(part for part in CHOSEN if part.value in chosen.split())


def written(chosen: Iterable[Part]) -> str:
    """The same, as the company's row names them."""
    return " ".join(part.value for part in CHOSEN if part in set(chosen))


def is_chosen(part: Part) -> ColumnElement[bool]:
    """Of a query that reads the company's row: whether an admin switched this part on."""
    return (literal(" ") + Company.parts + literal(" ")).contains(f" {part.value} ")


def is_on(session: Session, part: Part) -> bool:
    """Whether this part is on."""
    return part in on(session)


def require(session: Session, part: Part) -> None:
    """Raise Refusal while this part is off."""
    if not is_on(session, part):
        raise Refusal(OFF[part])


_CHOSEN = select(exists().where(Desk.closed_at.is_(None)), Company.feedback_on, Company.parts).where(Company.id == 1)
