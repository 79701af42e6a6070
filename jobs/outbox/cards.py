"""Which card is drawn how: from what is stored now to what it says."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import PromptKind
from bot.domain.company import company, presence
from bot.domain.desks import desks, embeds, triage
from bot.domain.feedback import asks, letters, rhythms, rounds
from bot.domain.feedback.asks import Question as AskedFor
from bot.domain.feedback.rounds import Standing
from bot.domain.intake import bookings, capacity, decisions, digests, events, matches, nudges, outcomes, requests
from bot.domain.outbox.posts import Message
from bot.domain.planning import carrying, comments, items
from bot.domain.retros import boards, retros, revealing, trends
from bot.domain.rhythm import prompts, turns
from bot.domain.rhythm.prompts import Prompt
from bot.domain.sharing import contexts, following
from bot.domain.sprints import pages, sprints
from bot.domain.staffing import aways
from bot.domain.teams import teams
from bot.platform.crypto import Vault
from bot.views.desks import desks as desk_views
from bot.views.feedback import asks as ask_views
from bot.views.feedback import letters as feedback_views
from bot.views.feedback import rhythms as feedback_rhythm_views
from bot.views.feedback import rounds as round_views
from bot.views.intake import bookings as booking_views
from bot.views.intake import decisions as decision_views
from bot.views.intake import digests as digest_views
from bot.views.intake import events as intake_views
from bot.views.intake import matches as match_views
from bot.views.intake import nudges as nudge_views
from bot.views.intake import outcomes as outcome_views
from bot.views.intake import requests as request_views
from bot.views.planning import comments as comment_views
from bot.views.planning import plans as plan_views
from bot.views.retros import retros as retro_views
from bot.views.retros import trends as trend_views
from bot.views.rhythm import prompts as prompt_views
from bot.views.sharing import contexts as context_views
from bot.views.sharing import following as following_views
from bot.views.sprints import pages as page_views
from bot.views.sprints import sprints as sprint_views
from bot.views.staffing import aways as away_views
from models.outbox import Post

A = TypeVar("A", bound=Prompt)
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
    sprint = sprints.load(session, post.subject_id or 0)
    return sprint_views.planning_card(sprint, now, embeds.of_sprint(session, sprint))


def _sprint(session: Session, post: Post, _now: datetime) -> Message:
    sprint = sprints.load(session, post.subject_id or 0)
    return sprint_views.final_card(sprint, embeds.of_sprint(session, sprint))


def _comment(session: Session, post: Post, _now: datetime) -> Message:
    comment = comments.load(session, post.subject_id or 0)
    return comment_views.card(comment)


def _prompt(read: Callable[..., A], view: Callable[[A], Message]) -> Draw:
    """A prompt that nobody has to answer any more is not posted; one that stands says what became of it."""

    def drawn(session: Session, post: Post, now: datetime) -> Message | None:
        asked = read(session, post.subject_id or 0, post.channel_id, now=now, due_at=post.due_at)
        return view(asked) if asked.needed or post.message_ts else None

    return drawn


def _meanwhile(session: Session, post: Post, _now: datetime) -> Message:
    return plan_views.meanwhile(items.with_owner(session, post.subject_id or 0))


def _open_plan(session: Session, post: Post, now: datetime) -> Message | None:
    """One line, and only while the plan is open; nobody is nudged in a pause."""
    sprint = sprints.load(session, post.subject_id or 0)
    is_open = sprint.finalized_at is None and not sprints.is_over(sprint, now) and sprint.team.paused_at is None
    return prompt_views.nudge(sprint) if is_open and post.message_ts is None else None


def _retro(session: Session, post: Post, now: datetime) -> Message:
    return retro_views.board(boards.for_sprint(session, post.subject_id or 0, now=now))


def _retro_page(session: Session, post: Post, now: datetime) -> Message:
    return retro_views.page(boards.page(session, post.subject_id or 0, now=now))


def _page(session: Session, post: Post, now: datetime) -> Message:
    company_zone = company.current(session).zone
    return page_views.page(pages.read(session, post.subject_id or 0), cadence.local_date(now, company_zone))


def _back(session: Session, post: Post, now: datetime) -> Message | None:
    person_id = post.channel_id
    if teams.for_person(session, person_id) is None or presence.is_away(session, person_id, now):
        return None
    return away_views.back_message(aways.back(session, person_id, now=now))


def _context(session: Session, post: Post, _now: datetime) -> Message:
    return context_views.card(contexts.read(session, post.subject_id or 0))


def _followed(session: Session, post: Post, now: datetime) -> Message | None:
    news = following.week(session, post, now=now)
    return following_views.week(news) if news else None


def _request(session: Session, post: Post, now: datetime) -> Message:
    return request_views.card(requests.for_card(session, post.subject_id or 0, now=now))


def _nudge(session: Session, post: Post, now: datetime) -> Message | None:
    batch = nudges.read(session, post.subject_id or 0, now=now)
    return nudge_views.message(batch) if post.message_ts or nudges.is_needed(session, batch, now=now) else None


def _digest(session: Session, post: Post, _now: datetime) -> Message | None:
    digest = digests.read(session, digests.of_subject(post.subject_id or 0))
    return None if digest.is_quiet else digest_views.message(digest)


def _request_link(session: Session, post: Post, _now: datetime) -> Message:
    return intake_views.way_message(*events.links_to(session, post))


def _match(session: Session, post: Post, _now: datetime) -> Message | None:
    shown = matches.for_card(session, post.subject_id or 0)
    return match_views.offer(shown) or (match_views.settled(shown) if post.message_ts else None)


def _hand_back(session: Session, post: Post, now: datetime) -> Message | None:
    request, decision, needed = decisions.to_hand_back(session, post.subject_id or 0, now=now)
    return decision_views.hand_back_card(request, decision, needed=needed) if needed or post.message_ts else None


def _outcome(session: Session, post: Post, _now: datetime) -> Message | None:
    asked = outcomes.for_card(session, post.subject_id or 0, post.channel_id)
    return outcome_views.card(asked) if asked.needed or post.message_ts else None


def _in_use(session: Session, post: Post, _now: datetime) -> Message | None:
    asked = outcomes.for_card(session, post.subject_id or 0, post.channel_id)
    return outcome_views.in_use_card(asked) if asked.needed or post.message_ts else None


def _trends(session: Session, post: Post, now: datetime) -> Message | None:
    shown = trends.read(session, post.subject_id or 0, now=now)
    return trend_views.message(shown) if shown else None


def _rota(session: Session, _post: Post, now: datetime) -> Message:
    return desk_views.card(triage.ways(session, now=now))


def _turn(session: Session, post: Post, now: datetime) -> Message | None:
    desk = triage.tells(session, post.subject_id or 0, post.channel_id, now=now)
    return desk_views.turn_message(desk) if desk else None


def _feedback(session: Session, post: Post, _now: datetime, vault: Vault) -> Message:
    return feedback_views.card(letters.received(session, vault, post.subject_id or 0, by=post.channel_id))


def _feedback_copy(session: Session, post: Post, now: datetime, vault: Vault) -> Message:
    return feedback_views.copy(letters.given(session, vault, post.subject_id or 0, by=post.channel_id), now)


def _feedback_shared(session: Session, post: Post, _now: datetime, vault: Vault) -> Message:
    return feedback_views.shared_card(letters.shared(session, vault, post.subject_id or 0, post.channel_id))


def _feedback_round(view: Callable[[Standing], Message]) -> Draw:
    """Whoever has written to everybody, or is away, is not asked; what stands says how far they are."""

    def drawn(session: Session, post: Post, now: datetime) -> Message | None:
        standing = rounds.standing(session, post.subject_id or 0, by=post.channel_id, now=now)
        return view(standing) if standing.needed or post.message_ts else None

    return drawn


def _capacity(session: Session, post: Post, now: datetime) -> Message:
    return booking_views.capacity_message(capacity.grid(session, post.subject_id, now))


def _displaced(session: Session, post: Post, _now: datetime) -> Message:
    return booking_views.displaced_message(*bookings.displaced(session, post.subject_id or 0))


COURTESIES = {events.LINK_CARD}  # said where we are anyway; we join no channel for them, and nobody misses them
_CARDS: dict[str, Draw] = {
    sprints.PLAN_CARD: _plan,
    sprints.SPRINT_CARD: _sprint,
    comments.CARD: _comment,
    pages.CARD: _page,
    aways.CARD: _back,
    retros.CARD: _retro,
    revealing.PAGE_CARD: _retro_page,
    trends.CARD: _trends,
    desks.CARD: _rota,
    rounds.CARD: _feedback_round(round_views.card),
    rounds.REMINDER_CARD: _feedback_round(round_views.reminder),
    triage.CARD: _turn,
    following.CARD: _followed,
    contexts.CARD: _context,
    requests.CARD: _request,
    nudges.CARD: _nudge,
    digests.CARD: _digest,
    events.LINK_CARD: _request_link,
    decisions.HAND_BACK: _hand_back,
    outcomes.CARD: _outcome,
    outcomes.IN_USE_CARD: _in_use,
    capacity.CARD: _capacity,
    bookings.DISPLACED: _displaced,
    matches.CARD: _match,
    carrying.CARD: _meanwhile,
    turns.NUDGE_CARD: _open_plan,
    PromptKind.TURN: _prompt(prompts.turn, prompt_views.turn),
    PromptKind.REMINDER: _prompt(prompts.reminder, prompt_views.turn),
    PromptKind.LEAD: _prompt(prompts.leading, prompt_views.lead),
    **dict.fromkeys(cadence.OLD_ASKS, _prompt(prompts.old_turn, prompt_views.turn)),
    **dict.fromkeys(cadence.OLD_MARKS, _prompt(prompts.old_marks, prompt_views.old_marks)),
    cadence.OLD_NUDGE: _prompt(prompts.leading, prompt_views.lead),
}


def _feedback_ask(view: Callable[[AskedFor], Message]) -> DrawSealed:
    """Whoever has answered by now, or is away, is not asked; what stands says that they answered."""

    def drawn(session: Session, post: Post, now: datetime, vault: Vault) -> Message | None:
        asked = asks.asked(session, vault, post.subject_id or 0, by=post.channel_id, now=now)
        return view(asked) if asked.needed or post.message_ts else None

    return drawn


def _feedback_asked(session: Session, post: Post, _now: datetime, vault: Vault) -> Message:
    return ask_views.overview(asks.overview(session, vault, post.subject_id or 0, by=post.channel_id))


def _feedback_rhythm(session: Session, post: Post, now: datetime, vault: Vault) -> Message | None:
    question = rhythms.question(session, vault, post.subject_id or 0, by=post.channel_id, now=now)
    return feedback_rhythm_views.card(question) if question.needed or post.message_ts else None


# For each of these the domain asks again who reads it: it is drawn for the conversation that it goes to, and no other.
_SEALED_CARDS: dict[str, DrawSealed] = {
    letters.CARD: _feedback,
    letters.COPY_CARD: _feedback_copy,
    letters.SHARED_CARD: _feedback_shared,
    rhythms.CARD: _feedback_rhythm,
    asks.CARD: _feedback_ask(ask_views.asking),
    asks.REMINDER_CARD: _feedback_ask(ask_views.reminder),
    asks.OVERVIEW_CARD: _feedback_asked,
}
