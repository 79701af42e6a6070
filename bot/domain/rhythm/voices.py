"""Who a team waits for in a turn. The rule itself is in `bot.domain.calendar.gathering`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import asking_times, gathering
from bot.domain.calendar.asking_times import Occurrence, Whereabouts
from bot.domain.calendar.cadence import PromptKind
from bot.domain.calendar.gathering import Gathering, Voice
from bot.domain.sprints import sprints
from models.outbox import Post, PostState
from models.sprints import Sprint
from models.teams import Membership, Team


@dataclass(frozen=True)
class _Reminded:
    """What became of somebody's reminder. An older version sent its one before the turn: it counts once this one would."""

    delivered_at: datetime | None
    is_lost: bool
    is_old: bool


def voices(session: Session, sprint: Sprint, *, now: datetime) -> dict[str, Voice]:
    """Each member's part in the turn to this sprint, which is whole."""
    team = sprint.team
    rhythm, since = sprints.cadence_of(session, team), team.cadence_since or team.created_at
    dates = sprints.dates_of(sprint)
    answered = {answer.person_id for answer in sprint.answers}
    reminded = _reminded(session, sprint)
    found = {}
    for member in team.members:
        where = asked_in(team, member)
        asked = asking_times.occurrences(rhythm, dates, where, since=since)
        reminder = next((each for each in asked if each.kind is PromptKind.REMINDER), None)
        became = reminded.get(member.person_id)
        found[member.person_id] = Voice(
            answered=member.person_id in answered,
            is_out=_is_out(sprint, member, reminder, now),
            reminder=reminder,
            reminded_at=_reminded_at(reminder, became),
            is_lost=_is_lost(reminder, became, where.zone, now),
        )
    return found


def _reminded_at(reminder: Occurrence | None, became: _Reminded | None) -> datetime | None:
    if became is None or became.delivered_at is None or reminder is None or not became.is_old:
        return became.delivered_at if became else None
    return max(became.delivered_at, reminder.at)


def _is_out(sprint: Sprint, member: Membership, reminder: Occurrence | None, now: datetime) -> bool:
    """Whether somebody is away now, or will be when their reminder comes, or is off for the whole sprint."""
    if member.person.is_gone or sprints.is_off(sprint, member.person):
        return True
    moments = [now, *([reminder.at] if reminder is not None and reminder.at > now else [])]
    return any(
        away.starts_at <= moment and (away.ends_at is None or away.ends_at > moment)
        for away in member.person.aways
        for moment in moments
    )


def _is_lost(reminder: Occurrence | None, became: _Reminded | None, zone: str, now: datetime) -> bool:
    if became is not None:
        return became.is_lost
    return reminder is not None and reminder.expires_at(zone) <= now


def _reminded(session: Session, sprint: Sprint) -> Mapping[str, _Reminded]:
    query = select(Post).where(Post.subject_id == sprint.id, Post.card == PromptKind.REMINDER)
    return {
        post.channel_id: _Reminded(
            (post.sent_at or post.due_at) if post.message_ts else None,
            post.message_ts is None and post.state in (PostState.EXPIRED, PostState.REFUSED),
            is_old=post.message_ts is not None and post.sent_at is None,
        )
        for post in session.scalars(query)
    }


def gathers(session: Session, sprint: Sprint, *, now: datetime) -> Gathering:
    """When the turn to this sprint, which is whole, has gathered everybody it waits for."""
    team = sprint.team
    return gathering.of(
        list(voices(session, sprint, now=now).values()),
        sprints.cadence_of(session, team),
        sprints.dates_of(sprint),
        since=team.cadence_since or team.created_at,
        now=now,
        closes_at=sprint.settles_at,
    )


def asked_in(team: Team, member: Membership) -> Whereabouts:
    return Whereabouts(member.person.zone or team.zone, member.person.country, member.person.weekend)
