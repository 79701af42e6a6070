"""A team that takes a break from sprints: nobody of it is asked anything until it goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.wording import a_day
from bot.domain.outbox import posts, set_asides
from bot.domain.outbox.posts import Message
from bot.domain.outbox.set_asides import What
from bot.domain.sprints import cards, pages, sprints
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.teams import Team

REASON_LENGTH = 200
EARLIEST_ZONE = timedelta(hours=14)  # where a day is over first, UTC+14


@dataclass(frozen=True)
class Pause:
    """The form of `/small-team pause`: the last day of the pause, or None for one that the lead ends, and why."""

    team_id: int
    until: date | None
    because: str


def require_running(team: Team, by: str) -> None:
    """Raise Refusal unless this person leads the team, and for one that is paused already."""
    teams.require_lead(team, by, to="pause it")
    if team.paused_at is not None:
        until = f" until {a_day(team.paused_until)}" if team.paused_until else ""
        raise Refusal(f"{team.name} is paused already{until}. `/small-team resume` ends it.", field="until")


def pause(session: Session, pause: Pause, *, by: str, now: datetime) -> Team:
    """Pause a team. Raises Refusal unless `by` leads it, for a day that is over, and without a reason."""
    team = teams.get(session, pause.team_id, lock=True)
    require_running(team, by)
    because = " ".join(pause.because.split())
    if not because:
        raise Refusal("Say in one line why, for everybody who reads the list of teams.", field="because")
    if len(because) > REASON_LENGTH:
        raise Refusal(
            f"That is {len(because)} characters; one line of at most {REASON_LENGTH} will do.", field="because"
        )
    if pause.until is not None and pause.until < cadence.local_date(now, team.zone):
        raise Refusal("That day has passed. Choose a later day, or none.", field="until")
    team.paused_at, team.paused_until, team.paused_because = now, pause.until, because
    team.next_at = None
    _show(session, team, now)
    return team


def resume(session: Session, team_id: int, *, by: str, say: Callable[[Team], Message], now: datetime) -> Team:
    """End a pause, and tell the team. Raises Refusal unless `by` leads the team, and for one that is not paused."""
    team = teams.get(session, team_id, lock=True)
    teams.require_lead(team, by, to="end its pause")
    if team.paused_at is None:
        raise Refusal(f"{team.name} is not paused. `/small-team pause` pauses it.")
    _end(session, team, now)
    _tell(session, team, say, now)
    return team


def due(session: Session, now: datetime) -> bool:
    """Whether a pause may be over by now, by the calendar of some zone."""
    return session.scalar(_maybe_over(now).with_only_columns(Team.id).limit(1)) is not None


def end_over(session: Session, *, say: Callable[[Team], Message], now: datetime) -> list[Team]:
    """End every pause whose last day has passed in the team's zone. Returns the teams that go on, which are told."""
    found = session.scalars(_maybe_over(now).order_by(Team.id).with_for_update(skip_locked=True)).all()
    over: list[Team] = []

    def end_all(some: Sequence[Team]) -> None:
        for team in some:
            if team.paused_until and team.paused_until < cadence.local_date(now, team.zone):
                _end(session, team, now)
                over.append(team)

    set_asides.each(session, What.PAUSE, found, end_all, now=now, key=lambda team: team.id)
    ended = [team for team in dict.fromkeys(over) if team.paused_at is None]
    for team in ended:
        _tell(session, team, say, now)
    return ended


def _tell(session: Session, team: Team, say: Callable[[Team], Message], now: datetime) -> None:
    posts.write(session, f"resumed:{team.id}:{now:%Y%m%d%H%M%S%f}", team.channel_id, say(team), now=now)


def _maybe_over(now: datetime) -> Select[Team]:
    is_free = set_asides.not_aside(What.PAUSE, Team.id, now)
    return select(Team).where(Team.paused_until < (now + EARLIEST_ZONE).date(), is_free)


def _end(session: Session, team: Team, now: datetime) -> None:
    team.paused_at = team.paused_until = team.paused_because = None
    team.cadence_since = now  # what was to be asked meanwhile is asked anew, and not as something late
    teams.look_again(team, now)
    _show(session, team, now)


def _show(session: Session, team: Team, now: datetime) -> None:
    session.flush()
    for sprint in sprints.open_ones(session, team.id):
        cards.redraw(session, sprint, now=now)
    pages.show_current(session, now=now)
