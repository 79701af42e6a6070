"""Requests made before there was an intake channel or a desk."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.company import company
from bot.domain.desks import desks
from bot.domain.intake import requests, waiting_on
from models.intake.requests import Request


def post_cards(session: Session, *, now: datetime) -> None:
    """Post the cards of the requests made before there was an intake channel."""
    channel_id = company.current(session).intake_channel_id
    if channel_id is None:
        return
    for request in session.scalars(select(Request).where(Request.channel_id.is_(None)).order_by(Request.id)):
        request.channel_id = channel_id
        requests.draw(session, request, now=now)


def give_to_first_desk(session: Session, *, now: datetime) -> None:
    """Give the first desk the requests made before there was one."""
    desk = desks.first(session)
    if desk is None:
        return
    without_desk = select(Request.id).where(Request.desk_id.is_(None), Request.state.in_(requests.LIVE))
    for request_id in session.scalars(without_desk.order_by(Request.id)).all():
        request = requests.locked(session, request_id)
        request.desk_id = desk.id
        session.flush()
        waiting_on.look_ahead(session, request, now=now)
        requests.redraw(session, request, now=now)
