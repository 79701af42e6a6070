"""What the clock asks people in their DM: whether it is still needed, and what it shows at the moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import PromptKind
from bot.domain.company import presence
from bot.domain.desks import embeds
from bot.domain.desks.embeds import Embed
from bot.domain.outbox import posts
from bot.domain.planning import comments, items, overlaps, plans
from bot.domain.planning.overlaps import Overlap
from bot.domain.retros import actions
from bot.domain.sharing import contexts
from bot.domain.sharing.contexts import SharedNote
from bot.domain.sprints import sprints
from bot.domain.teams import teams
from models.outbox import Post
from models.retros import Action, Note, Retro, RetroAnswer
from models.sprints import UNFINISHED, Item, Sprint
from models.teams import Membership, Team


@dataclass(frozen=True)
class Prompt:
    """What every prompt knows: of which sprint, whether its words are still to be answered, and whether it comes late.

    `needed` is False once nobody has to answer: what is not posted by then never is. `late_for` is when it was due.
    """

    sprint: Sprint
    zone: str
    needed: bool
    late_for: datetime | None


@dataclass(frozen=True)
class PlanPrompt(Prompt):
    """Planning is open: what is left over, and once answered what was planned. `off` for the whole sprint.

    `embeds` says with whom this person is meanwhile, and `context` what others want everybody to know.
    """

    unfinished: Sequence[Item]
    mine: Sequence[Item]
    answered: bool
    off: bool
    actions: Sequence[Action] = ()
    embeds: Sequence[Embed] = ()
    context: Sequence[SharedNote] = ()


@dataclass(frozen=True)
class LeadPrompt(Prompt):
    """The plan is to be made final: who answered, what was carried how often, and what of other plans touches this team.

    `touched` holds a team's name and the line of its plan; `comments` counts the feedback that nobody answered yet;
    `overlaps` is what another team plans that looks alike.
    """

    waiting: Sequence[str]
    carried: Sequence[Item]
    touched: Sequence[tuple[str, str]]
    comments: int = 0
    overlaps: Sequence[Overlap] = ()


@dataclass(frozen=True)
class MarksPrompt(Prompt):
    """The sprint ends, or is half over: the items to mark, and at the end what this person says in its retro.

    `answered` once they said all; `revealed` once everybody reads everything, and nobody is asked any more.
    """

    mine: Sequence[Item]
    notes: Sequence[Note]
    answered: bool
    revealed: bool
    reveals_at: datetime | None


def planning(session: Session, sprint_id: int, person_id: str, *, now: datetime, due_at: datetime) -> PlanPrompt:
    """What the planning prompt and its reminder show this person."""
    sprint = sprints.load(session, sprint_id)
    answered = any(answer.person_id == person_id for answer in sprint.answers)
    off = any(each.person_id == person_id and sprints.is_off(sprint, each.person) for each in sprint.team.members)
    asks = _is_asked(session, sprint, person_id, now)
    open_items = plans.unfinished(session, sprint.team_id, person_id, sprint.starts_on)
    return PlanPrompt(
        sprint=sprint,
        zone=_zone(sprint, person_id),
        needed=asks and not answered and not off and not sprints.is_over(sprint, now),
        late_for=_late(due_at, now),
        unfinished=open_items,
        mine=items.for_person(sprint, person_id),
        answered=answered,
        off=off,
        actions=actions.to_plan(session, sprint.team_id, person_id, sprint.id),
        embeds=embeds.of_person(session, person_id, sprint.starts_on, sprint.ends_on),
        context=contexts.fresh(session, now=now),
    )


def leading(session: Session, sprint_id: int, person_id: str, *, now: datetime, due_at: datetime) -> LeadPrompt:
    """What the lead's prompt and its nudge show."""
    sprint = sprints.load(session, sprint_id)
    asks = _is_asked(session, sprint, person_id, now) and teams.leads(sprint.team, person_id)
    carried = sorted((item for item in plans.active(sprint) if item.carried), key=lambda item: -item.carried)
    return LeadPrompt(
        sprint=sprint,
        zone=_zone(sprint, person_id),
        needed=asks and sprint.finalized_at is None and not sprints.is_over(sprint, now),
        late_for=_late(due_at, now),
        waiting=[person.name for person in sprints.waiting_for(sprint, now)],
        carried=carried,
        touched=_touched(session, sprint),
        comments=comments.open_in(session, sprint.id),
        overlaps=overlaps.for_sprint(session, sprint) if sprint.finalized_at is None else (),
    )


def marking(session: Session, sprint_id: int, person_id: str, *, now: datetime, due_at: datetime) -> MarksPrompt:
    """What the prompt for marks shows this person, halfway."""
    return _marking(session, sprint_id, person_id, now=now, due_at=due_at, at_the_end=False)


def ending(session: Session, sprint_id: int, person_id: str, *, now: datetime, due_at: datetime) -> MarksPrompt:
    """What the prompt at the sprint's end shows this person: their marks, their notes, and what is still to be said."""
    return _marking(session, sprint_id, person_id, now=now, due_at=due_at, at_the_end=True)


def _marking(
    session: Session, sprint_id: int, person_id: str, *, now: datetime, due_at: datetime, at_the_end: bool
) -> MarksPrompt:
    sprint = sprints.load(session, sprint_id)
    mine = items.for_person(sprint, person_id)
    to_mark = any(item.mark in UNFINISHED for item in mine) and not sprints.is_frozen(sprint, now)
    retro = session.scalar(select(Retro).where(Retro.sprint_id == sprint_id)) if at_the_end else None
    answered = retro is not None and session.get(RetroAnswer, (retro.id, person_id)) is not None
    revealed = retro is not None and (retro.revealed_at or retro.closed_at) is not None
    to_write = retro is not None and not answered and not revealed
    return MarksPrompt(
        sprint=sprint,
        zone=_zone(sprint, person_id),
        needed=_is_asked(session, sprint, person_id, now) and (to_mark or to_write),
        late_for=_late(due_at, now),
        mine=mine,
        notes=_notes(session, retro, person_id),
        answered=answered,
        revealed=revealed,
        reveals_at=retro.reveals_at if retro else None,
    )


def _notes(session: Session, retro: Retro | None, person_id: str) -> Sequence[Note]:
    if retro is None:
        return ()
    query = select(Note).where(Note.retro_id == retro.id, Note.author_id == person_id).order_by(Note.id)
    return session.scalars(query).all()


def answered(session: Session, sprint_id: int, person_id: str, *, now: datetime, but_ts: str | None = None) -> None:
    """Have the prompts say what is true now that this person answered; the message `but_ts` says it already."""
    posts.redraw_sent(session, cadence.PLANNING, sprint_id, now=now, to=person_id, but_ts=but_ts)
    posts.redraw_sent(session, cadence.LEAD, sprint_id, now=now)


def planned(session: Session, sprint_id: int, person_id: str, *, now: datetime, but_ts: str | None) -> PlanPrompt:
    """What the prompt shows this person now that they answered in the message `but_ts`; their other ones follow."""
    answered(session, sprint_id, person_id, now=now, but_ts=but_ts)
    return planning(session, sprint_id, person_id, now=now, due_at=now)


def finalized(session: Session, sprint_id: int, *, now: datetime) -> None:
    """Have the lead's prompts say that the plan is final."""
    posts.redraw_sent(session, cadence.LEAD, sprint_id, now=now)


def marked(session: Session, sprint_id: int, person_id: str, *, now: datetime, but_ts: str | None = None) -> None:
    """Have the prompts for marks show this person's items as they are; the message `but_ts` shows them already."""
    posts.redraw_sent(session, cadence.MARKS, sprint_id, now=now, to=person_id, but_ts=but_ts)


def redraw_mine(session: Session, sprint_id: int, person_id: str, *, now: datetime) -> None:
    """Have every prompt of this sprint that this person got say what is true now."""
    posts.redraw_sent(session, PromptKind, sprint_id, now=now, to=person_id)


def kind_of(session: Session, person_id: str, message_ts: str | None) -> PromptKind:
    """Which prompt stands in this person's DM at this place."""
    query = select(Post.card).where(
        Post.channel_id == person_id, Post.message_ts == message_ts, Post.card.in_(PromptKind)
    )
    return PromptKind(session.scalar(query) or PromptKind.MARKS)


def _is_asked(session: Session, sprint: Sprint, person_id: str, now: datetime) -> bool:
    """Whether this person is still asked: a member at work, in a team that is neither paused nor without a channel."""
    team = sprint.team
    member = next((each for each in team.members if each.person_id == person_id), None)
    if member is None or member.person.is_deactivated or teams.is_forming(team):
        return False
    is_away = presence.is_away(session, person_id, now)
    return team.paused_at is None and team.channel_lost is None and not is_away


def _touched(session: Session, sprint: Sprint) -> list[tuple[str, str]]:
    """The lines of other teams' running and coming plans that name this team."""
    query = (
        select(Team.name, Sprint.impacted)
        .join(Sprint, Sprint.team_id == Team.id)
        .where(
            Sprint.team_id != sprint.team_id,
            Sprint.closed_at.is_(None),
            Sprint.impacted.icontains(sprint.team.name, autoescape=True),
        )
        .order_by(Team.name_key, Sprint.starts_on)
    )
    key = sprint.team.name.casefold()
    return [
        (name, line.strip())
        for name, impacted in session.execute(query)
        for line in impacted.splitlines()
        if key in line.casefold()
    ]


def _zone(sprint: Sprint, person_id: str) -> str:
    member: Membership | None = next((m for m in sprint.team.members if m.person_id == person_id), None)
    return (member.person.zone if member else None) or sprint.team.zone


def _late(due_at: datetime, now: datetime) -> datetime | None:
    return due_at if now - due_at >= cadence.LATE else None
