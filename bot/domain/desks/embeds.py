"""Which engineer of a desk is with which team, as the plans of both say it. Nobody becomes a member of a second team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.calendar import cadence, wording
from models.desks import Desk
from models.intake.bookings import Booking

MOST_SPRINTS = 2  # of the host, which an embed takes


class Sprint(Protocol):
    """What has to be known of a sprint: a whole row, or these columns of it."""

    @property
    def id(self) -> int: ...

    @property
    def team_id(self) -> int: ...

    @property
    def starts_on(self) -> date: ...

    @property
    def ends_on(self) -> date: ...


@dataclass(frozen=True)
class Embed:
    """An engineer is with a team from one day of a sprint to another; `whole` when that is all of the sprint.

    It is the `first` to the `last` of the host's sprints, `of` which there are one or two.
    """

    booking: Booking
    starts_on: date
    ends_on: date
    whole: bool
    first: int
    last: int
    of: int


def of_sprint(session: Session, sprint: Sprint) -> list[Embed]:
    """The engineers who are with this sprint's team, and those of the team's desk who are with another team, the earliest first."""
    return of_sprints(session, [sprint])[sprint.id]


def of_sprints(session: Session, sprints: Iterable[Sprint]) -> dict[int, list[Embed]]:
    """The same for several sprints, by their ids, in one query."""
    by_id = {sprint.id: sprint for sprint in sprints}
    team_ids = {sprint.team_id for sprint in by_id.values()}
    desks = select(Desk.id).where(Desk.team_id.in_(team_ids))
    first = min((sprint.starts_on for sprint in by_id.values()), default=date.max)
    last = max((sprint.ends_on for sprint in by_id.values()), default=date.min)
    found = _firm(session, or_(Booking.team_id.in_(team_ids), Booking.desk_id.in_(desks)), first, last)
    return {
        sprint.id: [
            embed
            for booking in found
            if sprint.team_id in (booking.team_id, booking.desk.team_id)
            and (embed := within(booking, sprint.starts_on, sprint.ends_on))
        ]
        for sprint in by_id.values()
    }


def of_person(session: Session, person_id: str, first: date, last: date) -> list[Embed]:
    """The teams that this person is with in these days, the earliest first."""
    found = _firm(session, Booking.person_id == person_id, first, last)
    return [embed for booking in found if (embed := within(booking, first, last))]


def within(booking: Booking, first: date, last: date) -> Embed | None:
    """What of a booking lies in these days, if anything does."""
    starts_on, ends_on = max(first, booking.starts_on), min(last, last_day(booking))
    if starts_on > ends_on:
        return None
    length = timedelta(weeks=booking.team.sprint_weeks)
    of = min((booking.ends_on - booking.starts_on) // length + 1, MOST_SPRINTS)
    return Embed(
        booking=booking,
        starts_on=starts_on,
        ends_on=ends_on,
        whole=(starts_on, ends_on) == (first, last),
        first=min((starts_on - booking.starts_on) // length + 1, of),
        last=min((ends_on - booking.starts_on) // length + 1, of),
        of=of,
    )


def last_day(booking: Booking) -> date:
    """The last day of a booking: where it was released meanwhile, that day, which may be before its first one."""
    if booking.released_at is None:
        return booking.ends_on
    return min(booking.ends_on, cadence.local_date(booking.released_at, booking.team.zone))


def _firm(session: Session, whose: ColumnElement[bool], first: date, last: date) -> list[Booking]:
    query = (
        select(Booking)
        .where(whose, Booking.is_firm, Booking.starts_on <= last, Booking.ends_on >= first)
        .order_by(Booking.starts_on, Booking.id)
        .options(joinedload(Booking.person), joinedload(Booking.desk), joinedload(Booking.team))
    )
    return list(session.scalars(query))


# --- in words ---------------------------------------------------------------------------------------------------


def hosted(embed: Embed) -> str:
    """On the host's plan: `Ada, of PostHog AI, 2 of 2`."""
    return _joined(f"{embed.booking.person.name}, of {embed.booking.desk.name}", part(embed))


def lent(embed: Embed) -> str:
    """On the plan of the desk's team: `Ada is with Replay, 1 of 2`, with its days where that is not the whole sprint."""
    return _joined(f"{embed.booking.person.name} is with {embed.booking.team.name}", _days(embed), part(embed))


def yours(embed: Embed) -> str:
    """To the engineer: `You are with Replay this sprint (1 of 2)`."""
    when = "this sprint" if embed.whole else _days(embed)
    often = f" ({part(embed)})" if part(embed) else ""
    return f"You are with {embed.booking.team.name} {when}{often}"


def part(embed: Embed) -> str:
    """Which of the host's sprints it is: `2 of 2`, `1–2 of 2`; nothing where there is only one."""
    if embed.of == 1:
        return ""
    which = str(embed.first) if embed.first == embed.last else f"{embed.first}–{embed.last}"
    return f"{which} of {embed.of}"


def _days(embed: Embed) -> str:
    return "" if embed.whole else wording.days(embed.starts_on, embed.ends_on)


def _joined(*parts: str) -> str:
    return ", ".join(each for each in parts if each)
