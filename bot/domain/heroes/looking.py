"""Which rotas the clock is to look at: those whose next week begins, and those of teams in which something changed."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from bot.domain.company import parts
from bot.domain.company.parts import Part
from bot.domain.outbox import set_asides
from bot.domain.outbox.set_asides import What
from models.company import Company
from models.heroes import Rota
from models.teams import Membership

AT_ONCE = 20  # teams in one transaction, of a dozen queries each


def again(session: Session, team_ids: Collection[int], *, now: datetime) -> None:
    """Something changed in these teams: have their rotas looked at."""
    session.execute(update(Rota).where(Rota.team_id.in_(team_ids)).values(next_at=now))


def again_for(session: Session, person_ids: Collection[str], *, now: datetime) -> None:
    """Something changed for these people, who perhaps went away or came back: the same of their teams."""
    theirs = select(Membership.team_id).where(Membership.person_id.in_(person_ids))
    session.execute(
        update(Rota).where(Rota.team_id.in_(theirs)).values(next_at=now).execution_options(synchronize_session=False)
    )


def again_everywhere(session: Session, *, now: datetime) -> None:
    """Something changed for the whole company: the same of every team."""
    session.execute(update(Rota).values(next_at=now))


def due(session: Session, *, now: datetime) -> Sequence[int]:
    """Some of the teams whose rotas are to be looked at."""
    query = select(Rota.team_id).where(Rota.next_at <= now, set_asides.not_aside(What.ROTA, Rota.team_id, now))
    return session.scalars(query.order_by(Rota.team_id).limit(AT_ONCE)).all()


def runs(session: Session, team_id: int) -> bool:
    """Whether a rota says who is hero in this team."""
    return bool(session.scalar(select(exists().where(Rota.team_id == team_id) & IS_ON).where(Company.id == 1)))


IS_ON = parts.is_chosen(Part.ROTA)
