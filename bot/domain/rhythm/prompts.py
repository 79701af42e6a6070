"""What the clock asks people in their DM: whether it is still needed, and what it shows at the moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence, periods
from bot.domain.calendar.cadence import PromptKind
from bot.domain.outbox import prompt_posts
from bot.domain.planning import items, wrapping_up
from bot.domain.rhythm import riders, turns
from bot.domain.rhythm.riders import FeedbackLine, Riders
from bot.domain.sprints import away_undos, sequence, sprints
from bot.domain.teams import teams
from models.company import Away
from models.outbox import Card, Post, PostState
from models.retros import Retro, RetroAnswer
from models.sprints import Item, Sprint
from models.teams import Membership, Team

STILL_READ = timedelta(days=21)


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
class TurnPrompt(Prompt):
    """The turn to a sprint: how far this person's items are, and once answered what they plan. `off` for the whole sprint.

    `wraps_up` the sprint before, if it can still be marked or its retro is open. `is_live` unless a later message asks the
    same, `can_undo` while somebody who is away can take that back, and `repeats` when this one reminds of an earlier one. `may_finalize` once the lead can. `riders` is what else there
    is to know.
    """

    ended: Sprint | None
    earlier: Sequence[Item]
    mine: Sequence[Item]
    answered: bool
    off: bool
    away: bool
    is_live: bool
    repeats: bool
    wraps_up: bool
    may_finalize: bool
    can_undo: bool = False
    riders: Riders = riders.NOTHING
    feedback: FeedbackLine | None = None


@dataclass(frozen=True)
class OldMarks(Prompt):
    """What an older version asked at a sprint's end: the items to mark, and whether this person has said their notes."""

    mine: Sequence[Item]
    answered: bool
    closed: bool


def turn(
    session: Session,
    sprint_id: int,
    person_id: str,
    *,
    now: datetime,
    due_at: datetime,
    kind: str = PromptKind.TURN,
    with_feedback: bool = False,
) -> TurnPrompt:
    """What the turn, or its reminder, shows this person; a line about feedback only where feedback is on."""
    sprint = sprints.load(session, sprint_id)
    answered = any(answer.person_id == person_id for answer in sprint.answers)
    off = any(each.person_id == person_id and sprints.is_off(sprint, each.person) for each in sprint.team.members)
    asks = is_asked(session, sprint, person_id, now) and not off and not sprints.is_over(sprint, now)
    last = sequence.last_planned(session, sprint.team_id, sprint.starts_on)
    retro = wrapping_up.to_answer(session, sprint.team_id, sprint.starts_on)
    said = retro is None or session.get(RetroAnswer, (retro.id, person_id)) is not None
    aways = _aways(session, sprint, person_id)
    sent = _prompts_to(session, sprint_id, person_id, now)
    later: dict[str, set[PromptKind]] = {
        PromptKind.TURN: {PromptKind.REMINDER, PromptKind.LEAD},
        PromptKind.REMINDER: {PromptKind.LEAD},
    }
    later_ones = later.get(kind, set(PromptKind))
    done = answered if kind == PromptKind.REMINDER else answered and said
    finalizes = _awaits_its_lead(sprint, person_id) and PromptKind.LEAD not in sent
    is_live = not later_ones & sent and not is_asked_about_the_next(session, sprint, person_id, now)
    return TurnPrompt(
        sprint=sprint,
        zone=zone(sprint, person_id),
        needed=asks and not done and is_live,
        late_for=late(due_at, now) if _was_there(sprint, person_id, due_at) else None,
        ended=last,
        earlier=wrapping_up.markable(session, last, person_id, sprint.starts_on, now),
        mine=items.for_person(sprint, person_id),
        answered=answered,
        off=off,
        away=any(periods.is_away(each, now) for each in aways),
        can_undo=bool(aways) and away_undos.is_offered(session, person_id, now=now),
        is_live=is_live,
        repeats=kind == PromptKind.REMINDER and bool(sent & {PromptKind.TURN, *cadence.OLD_ASKS}),
        wraps_up=retro is not None or (last is not None and not sprints.is_frozen(last, now)),
        may_finalize=finalizes,
        riders=riders.NOTHING
        if answered
        else riders.of_turn(session, sprint, person_id, kind=kind, with_feedback=with_feedback, now=now),
        feedback=riders.of_lead(session, sprint, person_id, with_feedback=with_feedback, now=now)
        if finalizes
        else None,
    )


def may_finalize(session: Session, sprint: Sprint, person_id: str, *, now: datetime) -> bool:
    """Whether this person, who has just answered, finalizes next: they lead, were waited for last, and get no message."""
    return _awaits_its_lead(sprint, person_id) and PromptKind.LEAD not in _prompts_to(
        session, sprint.id, person_id, now
    )


def _awaits_its_lead(sprint: Sprint, person_id: str) -> bool:
    return sprint.gathered_at is not None and sprint.finalized_at is None and teams.leads(sprint.team, person_id)


def reminder(session: Session, sprint_id: int, person_id: str, **said: Any) -> TurnPrompt:
    """What the one reminder shows this person."""
    return turn(session, sprint_id, person_id, kind=PromptKind.REMINDER, **said)


def old_turn(session: Session, sprint_id: int, person_id: str, **said: Any) -> TurnPrompt:
    """What a message of an older version says, which asked for a plan before the turn."""
    return turn(session, sprint_id, person_id, kind=cadence.OLD_ASKS[0], **said)


def beside(session: Session, sprint_id: int, person_id: str, *, with_feedback: bool, now: datetime) -> Riders:
    """What rides on this person's newest message about this sprint: whoever answers in the form reads the rest there."""
    kinds = _prompts_to(session, sprint_id, person_id, now)
    kind = PromptKind.REMINDER if PromptKind.REMINDER in kinds else PromptKind.TURN
    if kind not in kinds:
        return riders.NOTHING
    sprint = sprints.load(session, sprint_id)
    return riders.of_turn(session, sprint, person_id, kind=kind, with_feedback=with_feedback, now=now)


_ASKS = (*cadence.ASKS, *cadence.OLD_ASKS, Card.JOINED)
_ON_ITS_WAY = Post.message_ts.is_not(None) | (Post.state == PostState.DUE)


def _prompts_to(session: Session, sprint_id: int, person_id: str, now: datetime) -> set[str]:
    """What this person was asked about this sprint, and what is on its way."""
    theirs = Post.subject_id == sprint_id, Post.channel_id == person_id, Post.due_at <= now
    cards = Post.card.in_([*PromptKind, *cadence.OLD_ASKS])
    return {str(card) for card in session.scalars(select(Post.card).where(*theirs, _ON_ITS_WAY, cards))}


def is_asked_about_the_next(session: Session, sprint: Sprint, person_id: str, now: datetime) -> bool:
    """Whether this person is asked about a later sprint by now: what they left unanswered asks nothing any more."""
    later = select(Sprint.id).where(Sprint.team_id == sprint.team_id, Sprint.starts_on > sprint.starts_on)
    asked = select(Post.id).where(
        Post.subject_id.in_(later), Post.channel_id == person_id, Post.card.in_([*PromptKind])
    )
    return session.scalar(asked.where(Post.due_at <= now, _ON_ITS_WAY).limit(1)) is not None


def is_asked_from(session: Session, sprint: Sprint, person_id: str, now: datetime) -> bool:
    """Whether this person is asked about this sprint or a later one by now."""
    return bool(_prompts_to(session, sprint.id, person_id, now)) or is_asked_about_the_next(
        session, sprint, person_id, now
    )


def old_marks(
    session: Session,
    sprint_id: int,
    person_id: str,
    *,
    now: datetime,
    **_said: Any,
) -> OldMarks:
    """What a message of an older version says, which asked for marks and notes by themselves."""
    sprint = sprints.load(session, sprint_id)
    retro = session.scalar(select(Retro).where(Retro.sprint_id == sprint_id))
    answered = retro is None or session.get(RetroAnswer, (retro.id, person_id)) is not None
    return OldMarks(
        sprint=sprint,
        zone=zone(sprint, person_id),
        needed=False,
        late_for=None,
        mine=items.for_person(sprint, person_id),
        answered=answered or (retro is not None and retro.revealed_at is not None),
        closed=sprints.is_frozen(sprint, now),
    )


def answered(session: Session, sprint: Sprint, person_id: str, *, now: datetime, but_ts: str | None = None) -> None:
    """Somebody answered: the prompts say so, and perhaps nobody is waited for any more. `but_ts` says it already.

    The sprint is locked and whole.
    """
    turns.answered(session, sprint, person_id, now=now)
    prompt_posts.redraw_sent(session, _ASKS, sprint.id, now=now, to=person_id, but_ts=but_ts, and_all=cadence.LEAD)


def planned(
    session: Session, sprint_id: int, person_id: str, *, now: datetime, but_ts: str | None, with_feedback: bool = False
) -> TurnPrompt:
    """What the prompt shows this person now that they answered in the message `but_ts`; their other ones follow."""
    answered(session, sprints.load(session, sprint_id, lock=True), person_id, now=now, but_ts=but_ts)
    kind = kind_of(session, person_id, but_ts)
    return turn(session, sprint_id, person_id, now=now, due_at=now, kind=kind, with_feedback=with_feedback)


def marked(
    session: Session, sprint_id: int, person_id: str, *, now: datetime, but_ts: str | None = None
) -> Sprint | None:
    """Have the prompts show this person's items as they are; the message `but_ts` shows them already.

    Returns the sprint to which the turn goes on, if there is one.
    """
    prompt_posts.redraw_sent(session, cadence.OLD_MARKS, sprint_id, now=now, to=person_id, but_ts=but_ts)
    following = sequence.after(session, session.get_one(Sprint, sprint_id))
    if following is not None:
        prompt_posts.redraw_sent(
            session, cadence.ASKS, following.id, now=now, to=person_id, but_ts=but_ts, and_all=cadence.LEAD
        )
    return following


def redraw_mine(session: Session, sprint_id: int, person_id: str, *, now: datetime) -> None:
    """Have every prompt of this sprint that this person got say what is true now."""
    cards = [*PromptKind, *cadence.OLD_ASKS, *cadence.OLD_MARKS, Card.JOINED]
    prompt_posts.redraw_sent(session, cards, sprint_id, now=now, to=person_id)


def redraw_all(session: Session, person_id: str, *, now: datetime) -> None:
    """Have whatever the clock asked this person lately say what is true now."""
    asked = select(Post.subject_id).where(Post.channel_id == person_id, Post.card.in_(list(PromptKind)))
    for sprint_id in session.scalars(asked.where(Post.created_at > now - STILL_READ).distinct()).all():
        prompt_posts.redraw_sent(session, list(PromptKind), sprint_id or 0, now=now, to=person_id)


def stands(session: Session, sprint_id: int, person_id: str, kind: str, *, now: datetime) -> None:
    """A message that asks something stands in this person's DM now: those before it ask nothing any more."""
    prompt_posts.redraw_prompts(session, [each for each in _ASKS if each != kind], [(sprint_id, person_id)], now=now)
    # A team that was founded in the middle of a sprint may be asked about that one still.
    if (before := sequence.before(session, session.get_one(Sprint, sprint_id))) is not None:
        prompt_posts.redraw_prompts(session, _ASKS, [(before.id, person_id)], now=now)


def kind_of(session: Session, person_id: str, message_ts: str | None) -> str:
    """Which prompt stands in this person's DM at this place."""
    query = select(Post.card).where(Post.channel_id == person_id, Post.message_ts == message_ts)
    return session.scalar(query) or PromptKind.TURN


def is_asked(session: Session, sprint: Sprint, person_id: str, now: datetime) -> bool:
    """Whether this person is still asked: a member at work, in a team that is neither paused nor without a channel."""
    team = sprint.team
    member = next((each for each in team.members if each.person_id == person_id), None)
    if member is None or member.person.is_gone:
        return False
    return can_meet(team) and not any(periods.is_away(each, now) for each in member.person.aways)


def _aways(session: Session, sprint: Sprint, person_id: str) -> Sequence[Away]:
    """When this person is away, who may have left the team; the sprint is whole."""
    member = next((each for each in sprint.team.members if each.person_id == person_id), None)
    return member.person.aways if member else session.scalars(select(Away).where(Away.person_id == person_id)).all()


def can_meet(team: Team) -> bool:
    """Whether people of this team are asked anything at the moment."""
    return team.paused_at is None and team.channel_lost is None and not teams.is_forming(team)


def zone(sprint: Sprint, person_id: str) -> str:
    member: Membership | None = next((m for m in sprint.team.members if m.person_id == person_id), None)
    return (member.person.zone if member else None) or sprint.team.zone


def _was_there(sprint: Sprint, person_id: str, at: datetime) -> bool:
    """Whether this person sat in the team by then: who joined later is not told that a message is late."""
    return any(member.person_id == person_id and member.joined_at <= at for member in sprint.team.members)


def late(due_at: datetime, now: datetime) -> datetime | None:
    return due_at if now - due_at >= cadence.LATE else None
