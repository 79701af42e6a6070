"""The company's page: which weeks it covers, in how many parts it stands, and what every team says on it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.calendar import cadence
from bot.domain.company import company
from bot.domain.desks import embeds
from bot.domain.desks.embeds import Embed
from bot.domain.outbox import posts
from bot.platform.database import insert
from models.company import Person
from models.heroes import HeroWeek
from models.outbox import Card, Post
from models.retros import Action, Retro
from models.sprints import Absence, Item, Mark, Page, Sprint
from models.teams import SMALLEST, Membership, Team

CARD = Card.PAGE  # the company's page, in its sprint channel
MOVED_CARD = Card.PAGE_MOVED  # what is left of it in a channel before
TEAMS_A_PART = 10  # each takes up to a thousand characters of the 12,000 that a message holds
# On a morning of planning and on the last afternoon everybody changes it, and one edit shows what all of them did.
SOON, TOGETHER = timedelta(seconds=3), timedelta(seconds=30)
FINAL_CARD, PLAN_CARD = Card.SPRINT, Card.PLAN


@dataclass(frozen=True)
class TeamLine:
    """One team on the page, with the sprint of this period if there is one, and how many of its items have which mark.

    `card` is where its plan stands, `improvement` what its retro led to, and `embeds` who is with it or with others.
    """

    team: Team
    sprint: Sprint | None
    marks: Mapping[Mark, int]
    card: Post | None
    improvement: Action | None = None
    embeds: Sequence[Embed] = ()


@dataclass(frozen=True)
class Sheet:
    """One part of the page, as it is to be drawn."""

    page: Page
    parts: int
    entries: Sequence[TeamLine]
    workspace_url: str | None


def plan_ahead(session: Session, starts_on: date, *, now: datetime) -> None:
    """A sprint of somebody begins on this day: its page is posted on the first morning, or with its first final plan."""
    settings = company.current(session)
    parts = _parts(session, starts_on)
    if settings.sprint_channel_id is None:
        return
    drawn = set(session.scalars(select(Post.subject_id).where(Post.card == CARD, _is_of(parts))))
    new = [page for page in parts if page.id not in drawn]
    at = max(cadence.instant(parts[0].starts_on, cadence.HELLO, settings.zone), now)
    if new:
        _draw_first(session, parts[0], new, settings.sprint_channel_id, now, at - now)


def show_current(session: Session, *, now: datetime) -> None:
    """Redraw the current and coming pages after the company's sprint channel or weekend changed."""
    channel, today = company.current(session).sprint_channel_id, now.date()
    for starts_on in session.scalars(select(Page.starts_on).where(Page.ends_on >= today).distinct()).all():
        first = None
        for page in _parts(session, starts_on) if channel is not None else []:
            _leave(session, page, channel or "", now)
            posts.draw(session, CARD, page.id, channel or "", now=now, wait=SOON, under=first)
            first = first or posts.card_of(session, CARD, page.id)


def _leave(session: Session, page: Page, channel_id: str, now: datetime) -> None:
    """A page in a channel that is not the sprint channel any more says where it stands now."""
    card = posts.card_of(session, CARD, page.id)
    if card is not None and card.message_ts is not None and card.channel_id != channel_id:
        posts.leave(session, card, f"{MOVED_CARD}:{card.channel_id}:{card.message_ts}", MOVED_CARD, now=now)


def put(session: Session, sprint: Sprint, *, now: datetime) -> None:
    """Have this sprint's plan stand on its page soon: once it is final, or where the page stands already."""
    if sprint.finalized_at is None:
        redraw(session, sprint, now=now, wait=SOON)
        return
    channel = company.current(session).sprint_channel_id
    parts, first = _parts(session, sprint.starts_on), None
    for page in parts if channel is not None else []:
        posts.draw(session, CARD, page.id, channel or "", now=now, wait=SOON, under=first)
        first = first or posts.card_of(session, CARD, page.id)


def redraw(session: Session, sprint: Sprint, *, now: datetime, wait: timedelta = TOGETHER) -> None:
    """Have the page drawn again on which this sprint stands, if it is posted: the part that its team is on."""
    which = {"team": sprint.team_id, "first": sprint.starts_on, "last": sprint.ends_on, "soon": now + wait}
    posts.redraw_all(session, CARD, session.scalars(_SHOWN_ON, which).all(), now=now, wait=wait)


_KEY = select(Team.name_key).where(Team.id == bindparam("team")).scalar_subquery()
_TEAMS_BEFORE = select(func.count()).select_from(Team).where(Team.name_key < _KEY).scalar_subquery()
_SHOWN_ON = (
    select(Page.id)
    .join(Post, (Post.subject_id == Page.id) & (Post.card == CARD))
    .where(
        Page.starts_on <= bindparam("last"),
        Page.ends_on >= bindparam("first"),
        Page.part == _TEAMS_BEFORE // TEAMS_A_PART + 1,
        or_(Post.message_ts.is_not(None), Post.due_at <= bindparam("soon")),
    )
)


def read(session: Session, page_id: int) -> Sheet:
    """One part of the page with its teams in alphabetical order."""
    page = session.get_one(Page, page_id)
    teams = session.scalars(
        select(Team)
        .order_by(Team.name_key)
        .offset((page.part - 1) * TEAMS_A_PART)
        .limit(TEAMS_A_PART)
        .options(selectinload(Team.members).joinedload(Membership.person).selectinload(Person.aways))
    ).all()
    parts = session.scalar(select(func.count()).where(Page.starts_on == page.starts_on)) or 1
    found = _sprints(session, page, [team.id for team in teams])
    ids = [sprint.id for sprint in found.values()]
    counted = (
        select(Item.sprint_id, Item.mark, func.count().label("number"))
        .where(Item.sprint_id.in_(ids), Item.dropped_at.is_(None))
        .group_by(Item.sprint_id, Item.mark)
    )
    marks: dict[int, dict[Mark, int]] = defaultdict(dict)
    for row in session.execute(counted):
        marks[row.sprint_id][Mark(row.mark)] = row.number
    cards, improvements = _cards(session, ids), _improvements(session, ids)
    shared = embeds.of_sprints(session, found.values()) if found else {}
    entries = []
    for team in teams:
        sprint = found.get(team.id)
        if sprint is None and len(team.members) < SMALLEST:
            continue  # a team that is still forming plans nothing yet
        key = sprint.id if sprint else 0
        entries.append(
            TeamLine(team, sprint, marks.get(key, {}), cards.get(key), improvements.get(key), shared.get(key, ()))
        )
    return Sheet(page, parts, entries, company.current(session).workspace_url)


def _draw_first(
    session: Session, first: Page, new: Sequence[Page], channel: str, now: datetime, wait: timedelta
) -> None:
    """Have these parts drawn for the first time, all but the first one in its thread."""
    if first in new:
        posts.draw(session, CARD, first.id, channel, now=now, wait=wait)
    above = posts.card_of(session, CARD, first.id)
    rows = [
        posts.card_row(CARD, page.id, channel, now=now, wait=wait, under=above) for page in new if page is not first
    ]
    posts.write_rows(session, rows)


def _is_of(parts: Sequence[Page]) -> ColumnElement[bool]:
    return Post.subject_id.in_(select(Page.id).where(Page.starts_on == parts[0].starts_on))


def _parts(session: Session, starts_on: date) -> list[Page]:
    query = select(Page).where(Page.starts_on <= starts_on, Page.ends_on >= starts_on).order_by(Page.part)
    found = list(session.scalars(query))
    teams = session.scalar(select(func.count()).select_from(Team)) or 0
    wanted = max(1, -(-teams // TEAMS_A_PART))
    if len(found) < wanted:
        first, last = (found[0].starts_on, found[0].ends_on) if found else _period(session, starts_on)
        rows = [{"starts_on": first, "ends_on": last, "part": part} for part in range(len(found) + 1, wanted + 1)]
        session.execute(insert(session, Page).on_conflict_do_nothing(index_elements=["starts_on", "part"]), rows)
        found = list(session.scalars(query))
    return found


def _period(session: Session, starts_on: date) -> tuple[date, date]:
    """The weeks of a new page, from a Monday to a Sunday: as many as the shortest sprint of any team has."""
    monday = starts_on - timedelta(days=starts_on.weekday())
    weeks = session.scalar(select(func.min(Team.sprint_weeks)).where(Team.paused_at.is_(None))) or 1
    return monday, monday + timedelta(weeks=weeks, days=-1)


def _sprints(session: Session, page: Page, team_ids: Iterable[int]) -> dict[int, Sprint]:
    """Each team's sprint of this period: the last one that begins in it, else the one that runs through it."""
    query = (
        select(Sprint)
        .where(Sprint.team_id.in_(team_ids), Sprint.starts_on <= page.ends_on, Sprint.ends_on >= page.starts_on)
        .order_by(Sprint.starts_on)
        .options(
            selectinload(Sprint.hero_weeks).joinedload(HeroWeek.person),
            selectinload(Sprint.answers),
            selectinload(Sprint.absences).joinedload(Absence.person),
            joinedload(Sprint.team),
        )
    )
    return {sprint.team_id: sprint for sprint in session.scalars(query)}


def _improvements(session: Session, sprint_ids: Sequence[int]) -> dict[int, Action]:
    """What the retro of each sprint led to, once it is closed."""
    query = (
        select(Retro.sprint_id, Action)
        .join(Action, Action.retro_id == Retro.id)
        .where(Retro.sprint_id.in_(sprint_ids), Action.is_improvement)
        .options(joinedload(Action.owner))
    )
    return {sprint_id: action for sprint_id, action in session.execute(query)}  # noqa: C416  (a dict of rows warns)


def _cards(session: Session, sprint_ids: Sequence[int]) -> dict[int, Post]:
    """Where each plan stands in its team's channel: the final one, else the one that people write on."""
    query = (
        select(Post)
        .where(Post.subject_id.in_(sprint_ids), Post.card.in_((FINAL_CARD, PLAN_CARD)), Post.message_ts.is_not(None))
        .order_by(Post.card)
    )
    return {post.subject: post for post in session.scalars(query)}
