"""Which card is drawn how: from what is stored now to what it says."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.crypto import Vault
from bot.domain import (
    aways,
    boards,
    bookings,
    cadence,
    capacity,
    comments,
    company,
    contexts,
    decisions,
    desks,
    digests,
    embeds,
    feedback,
    feedback_asks,
    feedback_rhythms,
    feedback_rounds,
    following,
    intake,
    matches,
    nudges,
    outcomes,
    pages,
    prompts,
    requests,
    retros,
    reveals,
    rotas,
    sprints,
    teams,
    trends,
)
from bot.domain.cadence import Kind
from bot.domain.feedback_asks import Asked as AskedFor
from bot.domain.feedback_rounds import Standing
from bot.domain.posts import Message
from bot.domain.prompts import Asked
from bot.views import aways as away_views
from bot.views import bookings as booking_views
from bot.views import comments as comment_views
from bot.views import contexts as context_views
from bot.views import decisions as decision_views
from bot.views import desks as desk_views
from bot.views import digests as digest_views
from bot.views import feedback as feedback_views
from bot.views import feedback_asks as ask_views
from bot.views import feedback_rhythms as feedback_rhythm_views
from bot.views import feedback_rounds as round_views
from bot.views import following as following_views
from bot.views import intake as intake_views
from bot.views import matches as match_views
from bot.views import nudges as nudge_views
from bot.views import outcomes as outcome_views
from bot.views import pages as page_views
from bot.views import prompts as prompt_views
from bot.views import requests as request_views
from bot.views import retros as retro_views
from bot.views import sprints as sprint_views
from bot.views import trends as trend_views
from models.posts import Post

A = TypeVar("A", bound=Asked)
Draw = Callable[[Session, Post, datetime], Message | None]
DrawSealed = Callable[[Session, Post, datetime, Vault], Message | None]


def draw(session: Session, post: Post, now: datetime, vault: Vault | None = None) -> Message | None:
    """What this card says at present; None for one that is not needed any more. The vault is for those that it seals.

    Raises LookupError for a card that this version of the code does not know, and Shut for one that no key opens.
    """
    sealed = _SEALED_CARDS.get(post.card or "")
    if sealed is not None:
        return sealed(session, post, now, vault or Vault())
    return _CARDS[post.card or ""](session, post, now)


def _plan(session: Session, post: Post, now: datetime) -> Message:
    sprint = sprints.whole(session, post.subject_id or 0)
    return sprint_views.planning_card(sprint, now, embeds.of_sprint(session, sprint))


def _sprint(session: Session, post: Post, _now: datetime) -> Message:
    sprint = sprints.whole(session, post.subject_id or 0)
    return sprint_views.final_card(sprint, embeds.of_sprint(session, sprint))


def _comment(session: Session, post: Post, _now: datetime) -> Message:
    comment = comments.whole(session, post.subject_id or 0)
    return comment_views.card(comment)


def _prompt(read: Callable[..., A], view: Callable[[A], Message]) -> Draw:
    """A prompt that nobody has to answer any more is not posted; one that stands says what became of it."""

    def drawn(session: Session, post: Post, now: datetime) -> Message | None:
        asked = read(session, post.subject_id or 0, post.channel_id, now=now, due_at=post.due_at)
        return view(asked) if asked.needed or post.message_ts else None

    return drawn


def _retro(session: Session, post: Post, now: datetime) -> Message:
    return retro_views.board(boards.read(session, post.subject_id or 0, now=now))


def _retro_page(session: Session, post: Post, now: datetime) -> Message:
    return retro_views.page(boards.page(session, post.subject_id or 0, now=now))


def _page(session: Session, post: Post, now: datetime) -> Message:
    company_zone = company.current(session).zone
    return page_views.page(pages.read(session, post.subject_id or 0), cadence.local_date(now, company_zone))


def _back(session: Session, post: Post, now: datetime) -> Message | None:
    person_id = post.channel_id
    if teams.of(session, person_id) is None or aways.is_away(session, person_id, now):
        return None
    return away_views.back_message(aways.back(session, person_id, now=now))


def _context(session: Session, post: Post, _now: datetime) -> Message:
    return context_views.card(contexts.read(session, post.subject_id or 0))


def _followed(session: Session, post: Post, now: datetime) -> Message | None:
    news = following.week(session, post, now=now)
    return following_views.week(news) if news else None


def _request(session: Session, post: Post, now: datetime) -> Message:
    return request_views.card(requests.look(session, post.subject_id or 0, now=now))


def _nudge(session: Session, post: Post, now: datetime) -> Message | None:
    batch = nudges.read(session, post.subject_id or 0, now=now)
    return nudge_views.message(batch) if post.message_ts or nudges.is_needed(session, batch, now=now) else None


def _digest(session: Session, post: Post, _now: datetime) -> Message | None:
    digest = digests.read(session, digests.of_subject(post.subject_id or 0))
    return None if digest.is_quiet else digest_views.message(digest)


def _request_link(session: Session, post: Post, _now: datetime) -> Message:
    return intake_views.way_message(*intake.links_to(session, post))


def _match(session: Session, post: Post, _now: datetime) -> Message | None:
    shown = matches.look(session, post.subject_id or 0)
    return match_views.offer(shown) or (match_views.settled(shown) if post.message_ts else None)


def _hand_back(session: Session, post: Post, now: datetime) -> Message | None:
    request, decision, needed = decisions.to_hand_back(session, post.subject_id or 0, now=now)
    return decision_views.hand_back_card(request, decision, needed=needed) if needed or post.message_ts else None


def _outcome(session: Session, post: Post, _now: datetime) -> Message | None:
    asked = outcomes.look(session, post.subject_id or 0, post.channel_id)
    return outcome_views.card(asked) if asked.needed or post.message_ts else None


def _in_use(session: Session, post: Post, _now: datetime) -> Message | None:
    asked = outcomes.look(session, post.subject_id or 0, post.channel_id)
    return outcome_views.in_use_card(asked) if asked.needed or post.message_ts else None


def _trends(session: Session, post: Post, now: datetime) -> Message | None:
    shown = trends.read(session, post.subject_id or 0, now=now)
    return trend_views.message(shown) if shown else None


def _rota(session: Session, _post: Post, now: datetime) -> Message:
    return desk_views.card(rotas.ways(session, now=now))


def _turn(session: Session, post: Post, now: datetime) -> Message | None:
    desk = rotas.tells(session, post.subject_id or 0, post.channel_id, now=now)
    return desk_views.turn_message(desk) if desk else None


def _feedback(session: Session, post: Post, _now: datetime, vault: Vault) -> Message:
    return feedback_views.card(feedback.received(session, vault, post.subject_id or 0, by=post.channel_id))


def _feedback_copy(session: Session, post: Post, now: datetime, vault: Vault) -> Message:
    return feedback_views.copy(feedback.given(session, vault, post.subject_id or 0, by=post.channel_id), now)


def _feedback_shared(session: Session, post: Post, _now: datetime, vault: Vault) -> Message:
    return feedback_views.shared_card(feedback.shared(session, vault, post.subject_id or 0, post.channel_id))


def _feedback_round(view: Callable[[Standing], Message]) -> Draw:
    """Whoever has written to everybody, or is away, is not asked; what stands says how far they are."""

    def drawn(session: Session, post: Post, now: datetime) -> Message | None:
        standing = feedback_rounds.standing(session, post.subject_id or 0, by=post.channel_id, now=now)
        return view(standing) if standing.needed or post.message_ts else None

    return drawn


def _capacity(session: Session, post: Post, now: datetime) -> Message:
    return booking_views.capacity_message(capacity.grid(session, post.subject_id, now))


def _displaced(session: Session, post: Post, _now: datetime) -> Message:
    return booking_views.displaced_message(*bookings.displaced(session, post.subject_id or 0))


COURTESIES = {intake.LINK_CARD}  # said where we are anyway; we join no channel for them, and nobody misses them
_CARDS: dict[str, Draw] = {
    sprints.PLAN_CARD: _plan,
    sprints.SPRINT_CARD: _sprint,
    comments.CARD: _comment,
    pages.CARD: _page,
    aways.CARD: _back,
    retros.CARD: _retro,
    reveals.PAGE_CARD: _retro_page,
    trends.CARD: _trends,
    desks.CARD: _rota,
    feedback_rounds.CARD: _feedback_round(round_views.card),
    feedback_rounds.REMINDER_CARD: _feedback_round(round_views.reminder),
    rotas.CARD: _turn,
    following.CARD: _followed,
    contexts.CARD: _context,
    requests.CARD: _request,
    nudges.CARD: _nudge,
    digests.CARD: _digest,
    intake.LINK_CARD: _request_link,
    decisions.HAND_BACK: _hand_back,
    outcomes.CARD: _outcome,
    outcomes.IN_USE_CARD: _in_use,
    capacity.CARD: _capacity,
    bookings.DISPLACED: _displaced,
    matches.CARD: _match,
    Kind.PLANNING: _prompt(prompts.planning, prompt_views.planning),
    Kind.REMINDER: _prompt(prompts.planning, prompt_views.reminder),
    Kind.LEAD: _prompt(prompts.leading, prompt_views.lead),
    Kind.NUDGE: _prompt(prompts.leading, prompt_views.nudge),
    Kind.MIDWAY: _prompt(prompts.marking, prompt_views.midway),
    Kind.MARKS: _prompt(prompts.ending, prompt_views.marks),
}


def _feedback_ask(view: Callable[[AskedFor], Message]) -> DrawSealed:
    """Whoever has answered by now, or is away, is not asked; what stands says that they answered."""

    def drawn(session: Session, post: Post, now: datetime, vault: Vault) -> Message | None:
        asked = feedback_asks.asked(session, vault, post.subject_id or 0, by=post.channel_id, now=now)
        return view(asked) if asked.needed or post.message_ts else None

    return drawn


def _feedback_asked(session: Session, post: Post, _now: datetime, vault: Vault) -> Message:
    return ask_views.overview(feedback_asks.overview(session, vault, post.subject_id or 0, by=post.channel_id))


def _feedback_rhythm(session: Session, post: Post, now: datetime, vault: Vault) -> Message | None:
    question = feedback_rhythms.question(session, vault, post.subject_id or 0, by=post.channel_id, now=now)
    return feedback_rhythm_views.card(question) if question.needed or post.message_ts else None


# For each of these the domain asks again who reads it: it is drawn for the conversation that it goes to, and no other.
_SEALED_CARDS: dict[str, DrawSealed] = {
    feedback.CARD: _feedback,
    feedback.COPY_CARD: _feedback_copy,
    feedback.SHARED_CARD: _feedback_shared,
    feedback_rhythms.CARD: _feedback_rhythm,
    feedback_asks.CARD: _feedback_ask(ask_views.asking),
    feedback_asks.REMINDER_CARD: _feedback_ask(ask_views.reminder),
    feedback_asks.OVERVIEW_CARD: _feedback_asked,
}
