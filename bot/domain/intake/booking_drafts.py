"""What the form for a booking starts from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.calendar.cadence import Dates
from bot.domain.desks import desks
from bot.domain.intake import bookings, free_windows, requests, reserved, sides
from bot.domain.intake.bookings import Wish
from bot.domain.intake.free_windows import Window
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.intake.bookings import Booking
from models.intake.requests import Request
from models.teams import Team


@dataclass(frozen=True)
class BookingDraft:
    """What the form for a hold shows: who can be held, the next free windows, and what is chosen or proposed of them.

    `window` is None until a host is chosen, and `held` is who is held for the request already.
    """

    request: Request
    engineers: Sequence[Person]
    engineer: Person
    host: Team | None
    sprints: int
    free: Sequence[Dates]
    window: Window | None
    held: Booking | None


def draft(session: Session, request_id: int, wish: Wish, *, by: str, now: datetime) -> BookingDraft:
    """What the form for a hold shows. Raises Refusal for somebody at no desk, and for a request that is not open."""
    request = requests.load(session, request_id)
    sides.require_answerer(session, request, by, to="hold somebody for it")
    bookings.require_open(request)
    desk = request.desk or next(iter(desks.at_a_desk(session, by)))
    able = desks.people(session, desk.id)
    held = reserved.held_for(session, request.id, now)
    engineer = _picked(able, wish.engineer_id, held.person_id if held else None, by)
    host_id = wish.host_id or (held.team_id if held else request.team_id)
    host = teams.get(session, host_id) if host_id is not None and host_id != desk.team_id else None
    found = free_windows.free(session, engineer.id, host, wish.sprints, now, free_windows.PROPOSED) if host else []
    chosen = next((dates for dates in found if dates.starts_on == wish.starts_on), next(iter(found), None))
    window = free_windows.window_at(session, engineer.id, host, chosen, now) if host and chosen else None
    return BookingDraft(request, able, engineer, host, wish.sprints, found, window, held)


def _picked(able: Sequence[Person], *wanted: str | None) -> Person:
    """The first wanted person who is available, else anybody who is."""
    by_id = {person.id: person for person in able}
    if not by_id:
        raise Refusal("Nobody answers at this desk yet. `/reach-out setup` says who does.")
    return next((by_id[each] for each in wanted if each is not None and each in by_id), able[0])
