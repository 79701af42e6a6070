"""A desk's capacity: its engineers and its coming sprints, and where each of them is in each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.domain.calendar.cadence import Dates
from bot.domain.company import company
from bot.domain.desks import desks, embeds
from bot.domain.intake import free_windows, reserved
from bot.domain.outbox import prompt_posts
from bot.platform.errors import Refusal
from models.desks import Desk
from models.intake.bookings import Booking
from models.outbox import Card

CARD = Card.CAPACITY  # in the DM of who asked for the picture, and from there in the intake channel
SPRINTS = 6
FRESH = timedelta(minutes=10)  # who asked has turned to something else by then


class CellKind(StrEnum):
    """Where an engineer is instead of at their desk. The first one that there is gives a cell its look."""

    WITH = "with"
    HELD = "held"
    AWAY = "away"


@dataclass(frozen=True)
class Stay:
    """An engineer is with a team, held for one or away, from one day of a sprint to another.

    `whole` when that is all of the sprint; `part` is which of the host's sprints it is, in words.
    """

    kind: CellKind
    starts_on: date
    ends_on: date
    whole: bool
    team_name: str = ""
    part: str = ""


@dataclass(frozen=True)
class Cell:
    """One engineer in one sprint of the desk; without a stay they are free."""

    dates: Dates
    stays: Sequence[Stay]


@dataclass(frozen=True)
class Row:
    """One engineer, with a cell for each sprint."""

    person_id: str
    name: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Capacity:
    """The sprints of a desk's team from the running one on, and its engineers in them, by name. `desks` are all there are."""

    desk_id: int
    desk_name: str
    desks: Sequence[Desk]
    sprints: Sequence[Dates]
    rows: Sequence[Row]


def grid(session: Session, desk_id: int | None, now: datetime, sprints: int = SPRINTS) -> Capacity:
    """The capacity of this desk, or of the first one: so many sprints of its team, whose rhythm its engineers follow.

    Costs the same few queries for every desk. Raises Refusal while there is none.
    """
    found = desks.all(session)
    desk = next((each for each in found if each.id == desk_id), next(iter(found), None))
    if desk is None:
        raise Refusal(desks.NO_DESK)
    columns = free_windows.coming(session, desk.team, now, sprints)
    first, last = columns[0].starts_on, columns[-1].ends_on
    engineers = desks.people(session, desk.id)
    ids = [person.id for person in engineers]
    off = free_windows.days_off(session, ids, desk.team.zone, first, last)
    booked: dict[str, list[Booking]] = defaultdict(list)
    for each in reserved.live(session, Booking.person_id.in_(ids), first, last, now):
        booked[each.person_id].append(each)
    rows = [
        Row(person.id, person.name, [_cell(dates, booked[person.id], off[person.id]) for dates in columns])
        for person in engineers
    ]
    return Capacity(desk.id, desk.name, found, columns, rows)


def ask(session: Session, desk_id: int, *, by: str, now: datetime) -> None:
    """Have the same posted as a picture, in the DM of who asked."""
    _post(session, f"{CARD}:{desk_id}:{by}:{now.isoformat()}", desk_id, by, now)


def share(session: Session, desk_id: int, pressed_in: str, *, by: str, now: datetime) -> None:
    """Have the picture posted in the intake channel, once for the message `pressed_in`.

    Raises Refusal unless `by` is at this desk, and where nothing can be posted there.
    """
    desks.require_at(session, desks.get(session, desk_id), by, to="share who is free")
    settings = company.current(session)
    if settings.intake_channel_id is None or settings.intake_archived_at is not None:
        raise Refusal("Nothing can be posted in the intake channel at the moment. A Slack admin was told why.")
    _post(session, f"{CARD}:{desk_id}:shared:{pressed_in}", desk_id, settings.intake_channel_id, now)


def _post(session: Session, key: str, desk_id: int, place: str, now: datetime) -> None:
    prompt_posts.ask(session, key, CARD, desk_id, place, due_at=now, expires_at=now + FRESH, now=now)


def _cell(dates: Dates, booked: Sequence[Booking], off: Sequence[tuple[date, date]]) -> Cell:
    stays = [stay for each in booked if (stay := _stay(each, dates))]
    for first, last in off:
        starts_on, ends_on = max(first, dates.starts_on), min(last, dates.ends_on)
        if starts_on <= ends_on:
            whole = (starts_on, ends_on) == (dates.starts_on, dates.ends_on)
            stays.append(Stay(CellKind.AWAY, starts_on, ends_on, whole))
    return Cell(dates, sorted(stays, key=lambda stay: (list(CellKind).index(stay.kind), stay.starts_on)))


def _stay(booking: Booking, dates: Dates) -> Stay | None:
    embed = embeds.within(booking, dates.starts_on, dates.ends_on)
    if embed is None:
        return None
    kind = CellKind.WITH if booking.is_firm else CellKind.HELD
    return Stay(kind, embed.starts_on, embed.ends_on, embed.whole, booking.team.name, embeds.part(embed))
