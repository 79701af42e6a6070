"""Similar asks: what is like a request among those made before and what teams work on, and making one of two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from bot.domain.company import people
from bot.domain.desks import desks
from bot.domain.intake import requests, sides, threads, titles, waiting_on
from bot.domain.intake.titles import Kind
from bot.domain.outbox import links, posts, prompt_posts
from bot.domain.sprints import cards
from bot.domain.teams import teams
from bot.domain.text import similarity
from bot.domain.text.titles import first_words
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import Company
from models.intake.decisions import Decision
from models.intake.requests import TEXT_LENGTH, Ball, CoAsker, Request, State
from models.outbox import Card
from models.sprints import Item, Sprint
from models.teams import Team

CARD = Card.MATCH  # in the asker's DM, after a message in the intake channel became a request
SHOWN = 3
WORTH_A_LOOK_FOR = timedelta(hours=12)
ANSWERED = (State.DECIDED, State.PARKED, State.DONE)


@dataclass(frozen=True)
class EarlierRequest:
    """A request that was made before, and how it was answered if it was. `link` leads to its thread."""

    request: Request
    decision: Decision | None
    link: str | None


@dataclass(frozen=True)
class Planned:
    """An item of a plan that runs, or is being made. `link` leads to the plan."""

    item: Item
    team: Team
    link: str | None


Match = EarlierRequest | Planned


@dataclass(frozen=True)
class Merged:
    """A request lives on in another. `askers` are those who are kept informed there from now on, by id."""

    request: Request
    into: EarlierRequest
    askers: Sequence[str]


@dataclass(frozen=True)
class MatchOffer:
    """A request that all can see already, and what is like it; or, once it was merged, what it lives on in."""

    request: Request
    into: Request | None
    matches: Sequence[Match]


# --- looking ----------------------------------------------------------------------------------------------------


def nearest(session: Session, *texts: str, limit: int = SHOWN, but: int | None = None) -> list[Match]:
    """What is most like these texts: earlier requests in any state but taken back, and items of open sprints, of any team.

    A merged request stands for the one that it lives on in, and what was planned from a request is that request. `but`
    is a request that is not meant. Only the newest 5,000 requests, and as many items, are looked at.
    """
    said = list(dict.fromkeys(filter(similarity.words, texts)))
    if not said:
        return []
    found = titles.nearest(session, *said, limit=limit, but=but)
    by_request = _earlier(session, [id_ for kind, id_ in found if kind is Kind.REQUEST])
    by_item = _of_items(session, [id_ for kind, id_ in found if kind is Kind.ITEM])
    return [by_request[id_] if kind is Kind.REQUEST else by_item[id_] for kind, id_ in found]


def _earlier(session: Session, request_ids: Sequence[int]) -> dict[int, EarlierRequest]:
    if not request_ids:
        return {}
    query = (
        select(Request).where(Request.id.in_(request_ids)).options(joinedload(Request.asker), joinedload(Request.desk))
    )
    found = session.scalars(query).all()
    decisions = _decisions(session, request_ids)
    found_at = threads.to_threads(session, found)
    return {
        each.id: EarlierRequest(
            each,
            decisions.get(each.id) if each.state in ANSWERED else None,
            found_at.get(each.id),
        )
        for each in found
    }


def _decisions(session: Session, request_ids: Sequence[int]) -> Mapping[int, Decision]:
    query = select(Decision).where(Decision.request_id.in_(request_ids)).order_by(Decision.id)
    query = query.options(joinedload(Decision.person), joinedload(Decision.team))
    return {each.request_id: each for each in session.scalars(query)}  # the newest wins


def _of_items(session: Session, item_ids: Sequence[int]) -> dict[int, Planned]:
    if not item_ids:
        return {}
    query = (
        select(Item, Sprint, Team)
        .join(Sprint, Sprint.id == Item.sprint_id)
        .join(Team, Team.id == Sprint.team_id)
        .where(Item.id.in_(item_ids))
        .options(joinedload(Item.owner))
    )
    rows = session.execute(query).all()
    plans = links.to_cards(session, [cards.PLAN_CARD, cards.SPRINT_CARD], {sprint.id for _, sprint, _ in rows})
    return {item.id: Planned(item, team, plans.get(sprint.id)) for item, sprint, team in rows}


def earlier(session: Session, request_id: int) -> EarlierRequest:
    """A request as a match. Raises Refusal when it is gone."""
    request = requests.load(session, request_id)
    return _earlier(session, [request.id])[request.id]


def planned(session: Session, item_id: int) -> Planned:
    """An item as a match. Raises Refusal when it is in no plan any more."""
    found = _of_items(session, [item_id]).get(item_id)
    if found is None or found.item.dropped_at is not None:
        raise Refusal("This item is in no plan any more.")
    return found


def offer(session: Session, request: Request, *, now: datetime) -> None:
    """Have its asker asked, in a direct message, whether an earlier one is the same: for a request that all can see.

    It is looked at again when the message is drawn, and nothing is posted where nothing is alike.
    """
    key = posts.card_key(CARD, request.id)
    expires_at = now + WORTH_A_LOOK_FOR
    prompt_posts.ask(session, key, CARD, request.id, request.asker_id, due_at=now, expires_at=expires_at, now=now)


def before_asking(session: Session, words: str) -> list[Match]:
    """What somebody who is about to ask for this should see first. What is too long for a window is asked at once."""
    return nearest(session, first_words(words), words) if len(words) <= TEXT_LENGTH else []


def for_card(session: Session, request_id: int) -> MatchOffer:
    """A request with what is like it. One that was merged has found what it is like."""
    request = requests.load(session, request_id)
    is_alone = request.merged_into_id is None
    return MatchOffer(
        request, request.merged_into, nearest(session, request.title, request.text, but=request.id) if is_alone else ()
    )


def may_merge(session: Session, request: Request, person_id: str) -> bool:
    """Whether this person may say now that a request is the same as another."""
    if request.state not in (State.OPEN, State.PARKED):
        return False
    return requests.is_askers_side(request, person_id) or bool(desks.at_a_desk(session, person_id))


# --- making one of two ------------------------------------------------------------------------------------------


def merge(session: Session, request_id: int, into_id: int, *, by: str, now: datetime) -> Merged:
    """Two requests are the same: the first goes on in the second, whose askers its own are from now on.

    Raises Refusal for somebody of neither side, and where there is nothing to go on in.
    """
    _one_at_a_time(session)
    into_id = _root(session, into_id)
    if into_id == request_id:
        raise Refusal("These two are one request already.")
    request, into = _both(session, request_id, into_id)
    requests.require_undecided(request)
    sides.require_either_side(session, request, by, to="merge it")
    _require_there(into)
    askers = list(dict.fromkeys([request.asker_id, *(each.person_id for each in request.co_askers)]))
    for person_id in askers:
        _keep_informed(session, into, person_id, now)
    request.state, request.merged_into_id, request.returns_at = State.MERGED, into.id, None
    waiting_on.give(session, request, Ball.NOBODY, now=now)
    _end_decision(session, request, now)
    followers = _take_along(session, request, into)
    session.flush()
    posts.redraw_all(session, requests.CARD, [request.id, into.id, *followers], now=now)
    prompt_posts.redraw_sent(session, [CARD], request.id, now=now)
    return Merged(requests.load(session, request.id), earlier(session, into.id), askers)


def _both(session: Session, request_id: int, into_id: int) -> tuple[Request, Request]:
    """Two requests, locked in the order of their numbers."""
    pair = {each: requests.locked(session, each) for each in sorted((request_id, into_id))}
    for each in pair.values():
        # The second one reads the teams of its desk anew, without their members: one of them may have asked for the first.
        if each.team is not None:
            teams.load_members(session, each.team, with_aways=False)
    return pair[request_id], pair[into_id]


def join(session: Session, into_id: int, *, by: str, now: datetime) -> EarlierRequest:
    """Somebody who was about to ask wants the same as an earlier request, and is kept informed with its asker.

    Raises Refusal where there is nothing to join.
    """
    _one_at_a_time(session)
    into = requests.locked(session, _root(session, into_id))
    _require_there(into)
    people.require_row(session, by)
    _keep_informed(session, into, by, now)
    requests.redraw(session, into, now=now)
    return earlier(session, into.id)


def ask_owner(session: Session, request_id: int, item_id: int, *, by: str) -> tuple[Request, Planned]:
    """Somebody works on what a request is about: both are returned, to be told to each other. It stays open.

    Raises Refusal for somebody of neither side, and when one of the two is over.
    """
    request = requests.locked(session, request_id)
    requests.require_undecided(request)
    sides.require_either_side(session, request, by, to="ask the owner")
    return request, planned(session, item_id)


def _one_at_a_time(session: Session) -> None:
    """Merges are rare, and one after the other: two that meet can neither close a circle nor wait for each other."""
    session.execute(select(Company.id).where(Company.id == 1).with_for_update())


def _root(session: Session, request_id: int) -> int:
    """The request that this one lives on in, if it was merged: never one that was merged itself (see `_take_along`)."""
    return session.scalar(select(Request.merged_into_id).where(Request.id == request_id)) or request_id


def _require_there(into: Request) -> None:
    if into.state == State.WITHDRAWN:
        raise Refusal(f"#{into.id} was taken back, so you can't join it. Your request stays open.")


def _keep_informed(session: Session, into: Request, person_id: str, now: datetime) -> None:
    if person_id == into.asker_id:
        return
    row = insert(session, CoAsker).values(request_id=into.id, person_id=person_id, at=now)
    session.execute(row.on_conflict_do_nothing(index_elements=["request_id", "person_id"]))


def _end_decision(session: Session, request: Request, now: datetime) -> None:
    """A "not now" that was to be looked at again is not, any more."""
    standing = update(Decision).where(Decision.request_id == request.id, Decision.ended_at.is_(None))
    session.execute(standing.values(ended_at=now))


def _take_along(session: Session, request: Request, into: Request) -> Sequence[int]:
    """Those that were merged into it before live on in the same one, so that nobody has to follow a chain."""
    followers = session.scalars(select(Request.id).where(Request.merged_into_id == request.id)).all()
    session.execute(update(Request).where(Request.id.in_(followers)).values(merged_into_id=into.id))
    return followers
