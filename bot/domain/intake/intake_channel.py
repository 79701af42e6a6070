"""The intake channel is chosen, lost and found again: what then happens, and who is told."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.company import company
from bot.domain.desks import rota_card
from bot.domain.intake import early_requests, requests
from bot.domain.intake.requests import LIVE
from bot.domain.outbox import home_refresh, posts
from bot.domain.retros import boards
from bot.domain.teams import channels
from bot.domain.teams.channels import Trouble
from models.company import Company
from models.intake.requests import Request
from models.outbox import Post
from models.teams import Lost


def lose(session: Session, channel_id: str, lost: Lost, *, now: datetime) -> Trouble | None:
    """Nothing can be posted in the intake channel any more, or nothing may: requests are kept, and nobody sees them.

    None when somebody was told already.
    """
    settings = session.get_one(Company, 1, with_for_update=True, populate_existing=True)
    if settings.intake_channel_id != channel_id or settings.intake_archived_at is not None:
        return None
    settings.intake_archived_at, settings.intake_lost = now, lost
    home_refresh.touch(session, company.admins(session), now=now)
    person_id = company.responsible(session)
    key = f"lost-intake:{channel_id}:{now:%Y%m%d%H%M%S%f}"
    return Trouble(key, person_id, channel_id, lost=lost) if person_id is not None else None


def find(session: Session, channel_id: str, *, is_ours: bool, now: datetime) -> None:
    """Note that the intake channel can be posted in again: the posts that failed are sent.

    If somebody removed us and we are not back (`is_ours`), the channel stays lost.
    """
    settings = session.get_one(Company, 1, with_for_update=True, populate_existing=True)
    if settings.intake_channel_id != channel_id or settings.intake_archived_at is None:
        return
    if settings.intake_lost == Lost.REMOVED and not is_ours:
        return
    settings.intake_archived_at = settings.intake_lost = None
    settings.sweep_at = now  # who unarchives a channel does not bring us back into it
    home_refresh.touch(session, company.admins(session), now=now)
    posts.draw_refused(session, channel_id, now=now)
    rota_card.show(session, now=now)
    posts.say_again(session, channel_id, now=now)


def refused(session: Session, post: Post, error: str, *, now: datetime) -> Trouble | None:
    """Slack refused a post with this error. None when nobody is to be told, or was told already."""
    lost = channels.LOSSES.get(error)
    if lost is None:
        return None
    channel_id = post.channel_id
    if channel_id != company.current(session).intake_channel_id:
        _move(session, channel_id, now)
    return lose(session, channel_id, lost, now=now)


def chosen(session: Session, before: str | None, *, now: datetime) -> None:
    """The company has chosen its intake channel, which was `before`.

    Who talks about a request goes on doing so where they are. Only from a channel that is lost requests move to the new one.
    """
    early_requests.post_cards(session, now=now)
    settings = company.current(session)
    if before in (None, settings.intake_channel_id):
        return
    if settings.intake_archived_at is not None:
        _move(session, before or "", now)
        home_refresh.touch(session, company.admins(session), now=now)
    settings.intake_archived_at = settings.intake_lost = None


def lost_thread(session: Session, post: Post, *, now: datetime) -> None:
    """Somebody deleted the message above a post. If it became a request, that goes on below its own card."""
    if post.thread_ts is None:
        return
    of_it = select(Request).where(Request.channel_id == post.channel_id, Request.thread_ts == post.thread_ts)
    request = session.scalar(of_it.with_for_update())
    card = posts.card_of(session, requests.CARD, request.id) if request is not None else None
    if request is not None and card is not None:
        request.thread_ts = None
        posts.stand_alone(session, card, post.thread_ts, post)
        requests.redraw(session, request, now=now)


def _move(session: Session, channel_id: str, now: datetime) -> None:
    new_id = company.current(session).intake_channel_id
    live = select(Request).where(Request.state.in_(LIVE), Request.channel_id == channel_id).order_by(Request.id)
    for request in session.scalars(live.with_for_update()).all() if new_id is not None else []:
        if request.thread_ts is not None:
            request.link = request.link or boards.permalink(session, channel_id, request.thread_ts)
        request.channel_id, request.thread_ts = new_id, None
        session.flush()
        requests.draw(session, request, now=now)
