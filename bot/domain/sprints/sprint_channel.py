"""The company's sprint channel is lost and found again: what then happens, and who is told."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.company import company
from bot.domain.outbox import home_refresh, posts
from bot.domain.teams import channels
from bot.domain.teams.channels import Trouble
from models.company import Company
from models.teams import Lost


def lose(session: Session, channel_id: str, lost: Lost, *, now: datetime) -> Trouble | None:
    """Nothing can be posted in the sprint channel any more, or nothing may. None when somebody was told already."""
    settings = _locked(session)
    if settings.sprint_channel_id != channel_id or settings.sprint_lost is not None:
        return None
    settings.sprint_lost = lost
    home_refresh.touch(session, company.admins(session), now=now)
    person_id = company.responsible(session)
    key = f"lost-sprints:{channel_id}:{now:%Y%m%d%H%M%S%f}"
    return Trouble(key, person_id, channel_id, lost=lost) if person_id is not None else None


def refused(session: Session, channel_id: str, error: str, *, now: datetime) -> Trouble | None:
    """Slack refused a post with this error. None when nobody is to be told, or was told already."""
    lost = channels.LOSSES.get(error)
    return lose(session, channel_id, lost, now=now) if lost is not None else None


def find(session: Session, channel_id: str, *, is_ours: bool, now: datetime) -> None:
    """The sprint channel can be posted in again: the cards that Slack refused are drawn.

    Where somebody removed us, and we are not back (`is_ours`), it stays lost.
    """
    settings = _locked(session)
    if settings.sprint_channel_id != channel_id or settings.sprint_lost is None:
        return
    if settings.sprint_lost == Lost.REMOVED and not is_ours:
        return
    settings.sprint_lost = None
    home_refresh.touch(session, company.admins(session), now=now)
    posts.draw_refused(session, channel_id, now=now)


def chosen(session: Session, before: str | None, *, now: datetime) -> None:
    """The company has chosen its sprint channel, which was `before`."""
    settings = company.current(session)
    if settings.sprint_channel_id != before:
        settings.sprint_lost = None
        home_refresh.touch(session, company.admins(session), now=now)


def _locked(session: Session) -> Company:
    return session.get_one(Company, 1, with_for_update=True, populate_existing=True)
