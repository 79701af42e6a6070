"""Feedback on a plan, in the open: what anybody thinks of an item or of the plan, and what its owner answers.

It blocks nothing: no plan waits for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from bot.domain.company import people
from bot.domain.outbox import home_refresh, links, posts
from bot.domain.outbox.posts import Message
from bot.domain.planning import contents
from bot.domain.sprints import cards, sprints
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.outbox import Card, Post
from models.planning import BECAUSE_LENGTH, TEXT_LENGTH, Comment, Reply
from models.sprints import Item, Sprint
from models.teams import Membership, Team

CARD = Card.COMMENT  # in the plan's thread


@dataclass(frozen=True)
class CommentDraft:
    """What the form "give feedback" offers: the items that are somebody else's, and unless one leads it, the whole plan.

    `item_id` is the item that it was opened at.
    """

    sprint: Sprint
    items: Sequence[Item]
    whole: bool
    item_id: int | None


@dataclass(frozen=True)
class Said:
    """The form "give feedback". `item_id` is None for the plan as a whole.

    `source` makes it the same comment, however often it is sent.
    """

    source: str
    sprint_id: int
    item_id: int | None
    text: str


# --- giving -----------------------------------------------------------------------------------------------------


def draft(session: Session, sprint_id: int, item_id: int | None, *, by: str, now: datetime) -> CommentDraft:
    """What the form shows this person.

    Raises Refusal for one's own item, for one that is gone, for a sprint that is over, and for guests.
    """
    sprint = sprints.load(session, sprint_id)
    _require_colleague(session, by)
    _require_running(sprint, now)
    if item_id is not None:
        _item(sprint, item_id, by)
    others = [item for item in contents.active(sprint) if item.owner_id != by]
    leads = teams.leads(sprint.team, by)
    if leads and not others:
        raise Refusal("Nobody else has anything in this plan yet. What is yours you can change.")
    return CommentDraft(sprint, others, not leads, item_id)


def give(session: Session, said: Said, *, by: str, now: datetime) -> Comment:
    """Say in the plan's thread what one thinks, to the item's owner and the lead. Sent twice, it is said once.

    Raises Refusal, under the field concerned, for what `draft` refuses, for no words and for too many.
    """
    sprint = sprints.load(session, said.sprint_id, lock=True)  # so that no item goes meanwhile
    found = session.scalar(select(Comment.id).where(Comment.source == said.source))
    if found is not None:
        return load(session, found)
    _require_colleague(session, by)
    _require_running(sprint, now)
    item = _item(sprint, said.item_id, by) if said.item_id is not None else None
    if item is None and teams.leads(sprint.team, by):
        raise Refusal(
            f"You lead {sprint.team.name}: say it as the plan's direction, with *Finalize*. "
            "Here you can choose an item of somebody else's.",
            field="item",
        )
    comment = Comment(
        source=said.source,
        sprint_id=sprint.id,
        item_id=item.id if item else None,
        owner_id=item.owner_id if item else None,
        title=item.title if item else None,
        author_id=by,
        text=_words(said.text),
        created_at=now,
    )
    session.add(comment)
    session.flush()
    posts.draw(session, CARD, comment.id, sprint.team.channel_id, now=now, under=_plans_card(session, sprint, now))
    return _on_homes(session, load(session, comment.id), now)


def _plans_card(session: Session, sprint: Sprint, now: datetime) -> Post | None:
    if cards.current(session, sprint) is None:
        contents.show(session, sprint, now=now)  # nobody has planned anything yet
    return cards.current(session, sprint)


def _require_colleague(session: Session, person_id: str) -> None:
    person = people.known(session, person_id)
    if person.is_bot or person.is_gone:
        raise Refusal("Feedback on a plan is for people with a full account in this workspace.")


def _require_running(sprint: Sprint, now: datetime) -> None:
    teams.require_open(sprint.team, field="item")
    if sprints.is_over(sprint, now):
        name = sprint.team.name
        raise Refusal(
            f"This sprint is over, and its plan stays as it was. `/sprint show {name}` shows the one that is next.",
            field="item",
        )


def _item(sprint: Sprint, item_id: int, by: str) -> Item:
    item = next((item for item in contents.active(sprint) if item.id == item_id), None)
    if item is None:
        raise Refusal("This item is not in the plan any more: it was dropped meanwhile.", field="item")
    if item.owner_id == by:
        raise Refusal("This one is yours: change it, with *Change my plan* or `/sprint plan`.", field="item")
    return item


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise Refusal("Write what you think: one sentence is enough.", field="text")
    if len(words) > TEXT_LENGTH:
        raise Refusal(f"That is {len(words)} characters; {TEXT_LENGTH:,} will do.", field="text")
    return words


# --- answering --------------------------------------------------------------------------------------------------


def answerer(comment: Comment) -> Person | None:
    """Whose answer it is: the item's owner's while they are in the team, else the lead's, as for the plan as a whole."""
    team, owner = comment.sprint.team, comment.owner
    if owner is not None and not owner.is_gone and teams.is_member(team, owner.id):
        return owner
    lead = teams.lead_of(team)
    return lead.person if lead else None


def is_gone(comment: Comment) -> bool:
    """Whether the item that it is about is not in the plan any more."""
    return comment.title is not None and (comment.item is None or comment.item.dropped_at is not None)


def to_answer(session: Session, comment_id: int, *, by: str) -> Comment:
    """The comment. Raises Refusal unless it waits for this person's answer."""
    return _for(load(session, comment_id), by)


def to_keep(session: Session, comment_id: int, *, by: str) -> Comment:
    """The comment. Raises Refusal unless this person can say why they keep what it is about."""
    return _keepable(to_answer(session, comment_id, by=by))


def changed(session: Session, comment_id: int, *, by: str, now: datetime) -> Comment:
    """Say that the plan was changed by it. Raises Refusal for whoever is not asked, and the second time."""
    return _answer(session, _for(load(session, comment_id, lock=True), by), Reply.CHANGED, None, by, now)


def keep(session: Session, comment_id: int, because: str, *, by: str, now: datetime) -> Comment:
    """Say why the plan stays as it is. Raises Refusal for whoever is not asked, the second time, and without a reason."""
    comment = _keepable(_for(load(session, comment_id, lock=True), by))
    return _answer(session, comment, Reply.KEPT, _reason(because), by, now)


def _for(comment: Comment, by: str) -> Comment:
    person = answerer(comment)
    if person is None or person.id != by:
        name = person.name if person else f"The lead of {comment.sprint.team.name}"
        raise Refusal(f"{name} answers this one. Say what you think in the thread, or with *Give feedback*.")
    if comment.answer is not None:
        name = comment.answered_by.name if comment.answered_by else "Somebody"
        raise Refusal(f"{name} has answered this already, in the plan's thread.")
    return comment


def _keepable(comment: Comment) -> Comment:
    if is_gone(comment):
        raise Refusal("This item is not in the plan any more. Say *Changed it*.")
    return comment


def _answer(session: Session, comment: Comment, reply: Reply, because: str | None, by: str, now: datetime) -> Comment:
    comment.answer, comment.because = reply, because
    comment.answered_by_id, comment.answered_at = by, now
    session.flush()
    posts.redraw(session, CARD, comment.id, now=now)
    return _on_homes(session, load(session, comment.id), now)


def _on_homes(session: Session, comment: Comment, now: datetime) -> Comment:
    """It waits on the Home of the item's owner or of the lead, or does so no more."""
    lead = teams.lead_of(comment.sprint.team)
    home_refresh.touch(session, [comment.owner_id, lead.person_id if lead else None], now=now)
    return comment


def tell(session: Session, comment: Comment, message: Message, *, now: datetime) -> None:
    """Tell its writer, once, that it was answered; nobody is told what they did themselves."""
    if comment.author_id != comment.answered_by_id and not comment.author.is_gone:
        posts.write(session, f"comment-answered:{comment.id}", comment.author_id, message, now=now)


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Refusal("Say in one line why, so that the others can follow.", field="because")
    if len(reason) > BECAUSE_LENGTH:
        raise Refusal(
            f"That is {len(reason)} characters; one line of at most {BECAUSE_LENGTH} will do.", field="because"
        )
    return reason


# --- looking ----------------------------------------------------------------------------------------------------

_PEOPLE = (joinedload(Comment.author), joinedload(Comment.owner), joinedload(Comment.answered_by))


def load(session: Session, comment_id: int, *, lock: bool = False) -> Comment:
    """The comment with its people, its item and its team. With `lock`, for answering it.

    Raises Refusal when there is no such comment.
    """
    if lock:
        # A row of its own: what is joined to one that was waited for would be as it was before.
        session.execute(select(Comment.id).where(Comment.id == comment_id).with_for_update()).all()
    members = joinedload(Comment.sprint).joinedload(Sprint.team).selectinload(Team.members)
    query = select(Comment).where(Comment.id == comment_id)
    query = query.options(*_PEOPLE, joinedload(Comment.item), members.joinedload(Membership.person))
    comment = session.scalar(query.execution_options(populate_existing=True))
    if comment is None:
        raise Refusal("This feedback is gone. The plan's thread shows what people said.")
    return comment


def link(session: Session, comment: Comment) -> str | None:
    """Where it stands; None before it does."""
    return links.to_cards(session, [CARD], [comment.id]).get(comment.id)


def open_in(session: Session, sprint_id: int | None) -> int:
    """How many comments on this plan wait for an answer; 0 for a sprint that is not stored yet."""
    query = select(func.count(Comment.id)).where(Comment.sprint_id == sprint_id, Comment.answer.is_(None))
    return session.scalar(query) or 0


def waiting_for(session: Session, person_id: str) -> Sequence[Comment]:
    """The comments that wait for this person's answer, oldest first, with their people and team, in one query.

    What was said of a sprint that is closed by now can still be answered, but waits for nobody.
    """
    query = asking(person_id).options(*_PEOPLE, joinedload(Comment.sprint).joinedload(Sprint.team))
    return session.scalars(query.order_by(Comment.id)).all()


def asking(person_id: str | BindParameter[str]) -> Select[Comment]:
    """The comments that wait for this person's answer: what `answerer` says, for all of them at once."""
    mine, theirs, owner = aliased(Membership), aliased(Membership), aliased(Person)
    left: ColumnElement[bool] = or_(theirs.person_id.is_(None), owner.is_gone)
    is_theirs = and_(Comment.owner_id == person_id, ~owner.is_gone)
    return (
        select(Comment)
        .join(Sprint, Sprint.id == Comment.sprint_id)
        .join(mine, and_(mine.team_id == Sprint.team_id, mine.person_id == person_id))
        .outerjoin(theirs, and_(theirs.team_id == Sprint.team_id, theirs.person_id == Comment.owner_id))
        .outerjoin(owner, owner.id == Comment.owner_id)
        .where(
            Comment.answer.is_(None),
            Sprint.closed_at.is_(None),
            or_(is_theirs, and_(mine.is_lead, left)),
        )
    )
