"""What rides on the clock's messages: what there is to know beside the question, each thing said to a person once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import PromptKind
from bot.domain.desks import embeds
from bot.domain.desks.embeds import Embed
from bot.domain.feedback import rhythms
from bot.domain.feedback.rhythms import Candidate
from bot.domain.heroes import hand_overs, heroes, looking
from bot.domain.heroes.hand_overs import HandOver
from bot.domain.heroes.heroes import Week
from bot.domain.retros import actions
from bot.domain.sharing import contexts
from bot.domain.sharing.contexts import SharedNote
from bot.domain.teams import teams
from models.outbox import Post
from models.retros import Action
from models.rhythm import Notice, Word
from models.sprints import Sprint


@dataclass(frozen=True)
class FeedbackLine:
    """Who has not heard from this person for a while. `moved` tells once that nobody is asked on Wednesdays any more.

    `offers` when this person, a lead, never said whether they want the line: they are asked once.
    """

    candidates: Sequence[Candidate] = ()
    moved: bool = False
    offers: bool = False


@dataclass(frozen=True)
class Riders:
    """What else the turn says, of each kind the most urgent first. The kinds stand here in the order of their urgency.

    `hands_over` is this person's week as support hero that ends now, and `hero_in` are those that they have in the sprint.
    `one_turn` tells the lead of a team what takes the place of what they had chosen. `embeds` says with whom this person is
    in these days, `actions` what they took from the retro, and `context` what others want everybody to know.
    """

    hands_over: HandOver | None = None
    hero_in: Sequence[Week] = ()
    one_turn: bool = False
    embeds: Sequence[Embed] = ()
    actions: Sequence[Action] = ()
    context: Sequence[SharedNote] = ()
    feedback: FeedbackLine | None = None


NOTHING = Riders()


def of_turn(
    session: Session, sprint: Sprint, person_id: str, *, kind: str, with_feedback: bool, now: datetime
) -> Riders:
    """What rides on this person's turn, or on their reminder: what an earlier message said, this one does not."""
    here = _Here.of(session, person_id, cadence.ASKS, kind, sprint.id, now)
    told = _notices(session, person_id)
    leads = teams.leads(sprint.team, person_id)
    in_rota = looking.runs(session, sprint.team_id)
    return Riders(
        hands_over=hand_overs.due(session, sprint.team, person_id, now=now) if in_rota else None,
        hero_in=[week for week in heroes.of(sprint) if in_rota and week.belongs_to(person_id)],
        one_turn=here.is_first_since(told.get(Word.ONE_TURN)),
        embeds=embeds.of_person(session, person_id, sprint.starts_on, sprint.ends_on),
        actions=actions.to_plan(session, sprint.team_id, person_id, sprint.id),
        context=[each for each in contexts.fresh(session, now=now) if here.is_news(each.context.at)],
        feedback=_line(session, person_id, here, told, now) if with_feedback and not leads else None,
    )


def of_lead(
    session: Session, sprint: Sprint, person_id: str, *, with_feedback: bool, now: datetime
) -> FeedbackLine | None:
    """The line about feedback in the lead's message."""
    if not with_feedback:
        return None
    here = _Here.of(session, person_id, [PromptKind.LEAD], PromptKind.LEAD, sprint.id, now)
    told = _notices(session, person_id)
    if rhythms.wish(session, person_id, now=now).said:
        return _line(session, person_id, here, told, now)
    since = told.get(Word.FEEDBACK)
    is_first = here.is_first_since(since) if since is not None else here.is_first
    return FeedbackLine(moved=since is not None, offers=True) if is_first else None


def _line(
    session: Session, person_id: str, here: "_Here", told: dict[str, datetime], now: datetime
) -> FeedbackLine | None:
    wish = rhythms.wish(session, person_id, now=now)
    if not wish.on:
        return None
    moved = here.is_first_since(told.get(Word.FEEDBACK))
    found = rhythms.candidates(session, person_id, now=now) if wish.quiet_until is None else ()
    return FeedbackLine(found, moved) if found or moved else None


def _notices(session: Session, person_id: str) -> dict[str, datetime]:
    return {each.what: each.since for each in session.scalars(select(Notice).where(Notice.person_id == person_id))}


@dataclass(frozen=True)
class _Here:
    """A message to somebody among those of its kind: when it was sent, if it was, and when those before it were."""

    at: datetime
    before: Sequence[datetime]

    @classmethod
    def of(
        cls, session: Session, person_id: str, kinds: Collection[str], kind: str, sprint_id: int, now: datetime
    ) -> "_Here":
        sent_at = func.coalesce(Post.sent_at, Post.due_at)
        query = select(Post.card, Post.subject_id, sent_at).where(
            Post.channel_id == person_id, Post.card.in_(kinds), Post.message_ts.is_not(None)
        )
        rows = session.execute(query).all()
        own = next((at for card, subject, at in rows if (card, subject) == (kind, sprint_id)), now)
        others = [at for card, subject, at in rows if (card, subject) != (kind, sprint_id)]
        return cls(own, [at for at in others if at < own])

    @property
    def is_first(self) -> bool:
        """Whether none came before."""
        return not self.before

    def is_first_since(self, since: datetime | None) -> bool:
        """Whether none came before since then; False where there is nothing to say."""
        return since is not None and self.at >= since and not any(at >= since for at in self.before)

    def is_news(self, at: datetime) -> bool:
        """Whether what was said then was said after the message before, and in time for this one."""
        return at <= self.at and all(at > before for before in self.before)
