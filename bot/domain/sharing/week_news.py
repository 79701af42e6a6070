"""What happened in a week in the teams that somebody follows."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.company import presence
from bot.domain.sharing import company_sprints, following
from bot.domain.sharing.company_sprints import Contents
from models.company import Person
from models.outbox import Post
from models.retros import Action, Note, Retro
from models.sprints import Change, ChangeKind, Sprint
from models.teams import Team


@dataclass(frozen=True)
class Learnt:
    """A retro that was closed, what stood in its sprint's plan, and what it led to, the improvement first."""

    retro: Retro
    contents: Contents
    led_to: Sequence[Action]


@dataclass(frozen=True)
class News:
    """What a team did within a week: the plans that became final, the changes since, and the retros that were closed."""

    team: Team
    plans: Sequence[tuple[Sprint, Contents]]
    changes: Sequence[tuple[Sprint, Change]]
    learnt: Sequence[Learnt]


def week(session: Session, post: Post, *, now: datetime) -> Sequence[News]:
    """What this post tells: the week before its day, of all teams that its reader follows; nothing to who is away or gone.

    It takes the same number of queries however many teams those are.
    """
    person = session.get_one(Person, post.channel_id)
    found = following.teams_of(session, person.id)
    if not found or person.is_gone or presence.is_away(session, person.id, now):
        return []
    here = following.whereabouts(session, [person.id])[person.id]
    until = here.at(date.fromordinal(post.subject))
    told = _news(session, found, here.last_at(until), until)
    return [news for news in told if news.plans or news.changes or news.learnt]


def _news(session: Session, of_teams: Sequence[Team], since: datetime, until: datetime) -> list[News]:
    """What happened in these teams after `since`, and not after `until`."""
    team_ids = [team.id for team in of_teams]
    final = select(Sprint).where(
        Sprint.team_id.in_(team_ids), Sprint.finalized_at > since, Sprint.finalized_at <= until
    )
    plans = session.scalars(final.order_by(Sprint.starts_on)).all()
    # What the lead changed while making the plan final stands in it.
    after_it = or_(Change.kind.in_((ChangeKind.ADDED, ChangeKind.DROPPED)), Change.revision > 1)
    changed = (
        select(Sprint, Change)
        .join(Change, Change.sprint_id == Sprint.id)
        .where(Sprint.team_id.in_(team_ids), Change.at > since, Change.at <= until, after_it)
        .order_by(Change.id)
        .options(joinedload(Change.by))
    )
    changes = defaultdict(list)
    for sprint, change in session.execute(changed):
        changes[sprint.team_id].append((sprint, change))
    closed = (
        select(Retro)
        .join(Retro.sprint)
        .where(Sprint.team_id.in_(team_ids), Retro.closed_at > since, Retro.closed_at <= until)
        .where(or_(exists().where(Note.retro_id == Retro.id), exists().where(Action.retro_id == Retro.id)))
        .order_by(Retro.closed_at)
        .options(joinedload(Retro.sprint))
    )
    retros = session.scalars(closed).all()
    led_to = _led_to(session, [retro.id for retro in retros])
    within = company_sprints.contents(session, [*(plan.id for plan in plans), *(retro.sprint_id for retro in retros)])
    all_learnt = [Learnt(retro, within[retro.sprint_id], led_to[retro.id]) for retro in retros]
    # A sprint in which nothing was planned has a retro too, and where nothing came of that either it is no news.
    learnt = [each for each in all_learnt if each.contents.marks or each.led_to]
    return [
        News(
            team,
            [(plan, within[plan.id]) for plan in plans if plan.team_id == team.id],
            changes[team.id],
            [each for each in learnt if each.retro.sprint.team_id == team.id],
        )
        for team in of_teams
    ]


def _led_to(session: Session, retro_ids: Sequence[int]) -> Mapping[int, list[Action]]:
    query = select(Action).where(Action.retro_id.in_(retro_ids)).order_by(Action.is_improvement.desc(), Action.id)
    found: dict[int, list[Action]] = defaultdict(list)
    for action in session.scalars(query.options(joinedload(Action.owner))):
        found[action.retro_id].append(action)
    return found
