"""What the intake's messages say."""

from dataclasses import replace

from bot.domain.intake import (
    batches,
    capacity,
    card_contents,
    changes,
    digests,
    events,
    matches,
    outcomes,
    requests,
    reserved,
    returns,
    threads,
    undos,
)
from bot.domain.outbox.posts import Message
from bot.views.intake import bookings as booking_views
from bot.views.intake import changes as change_views
from bot.views.intake import digests as digest_views
from bot.views.intake import events as intake_views
from bot.views.intake import finishing as finishing_views
from bot.views.intake import matches as match_views
from bot.views.intake import nudges as nudge_views
from bot.views.intake import outcomes as outcome_views
from bot.views.intake import requests as request_views
from bot.views.teams.channels import is_person
from jobs.drawing import Drawing, Draws
from models.outbox import Card


def _request(card: Drawing) -> Message:
    return request_views.card(card_contents.read(card.session, card.subject, now=card.now))


def _nudge(card: Drawing) -> Message | None:
    batch = batches.read(card.session, card.subject, now=card.now)
    if card.post.message_ts is None and not batch.waiting:  # settled since: what is left to say is whose week it is
        batch = replace(batch, lines=())
    is_needed = card.post.message_ts is not None or batches.is_needed(card.session, batch, now=card.now)
    return nudge_views.message(batch) if is_needed else None


def _digest(card: Drawing) -> Message | None:
    digest = digests.read(card.session, digests.of_subject(card.subject))
    return None if digest.is_quiet else digest_views.message(digest)


def _request_link(card: Drawing) -> Message:
    return intake_views.way_message(*events.links_to(card.session, card.post))


def _match(card: Drawing) -> Message | None:
    shown = matches.for_card(card.session, card.subject)
    return match_views.offer(shown) or (match_views.settled(shown) if card.post.message_ts else None)


def _gone(card: Drawing) -> Message | None:
    request = requests.load(card.session, card.subject)
    if card.post.message_ts is None and not changes.is_open_question(request):
        return None
    there = threads.to_threads(card.session, [request])
    can_undo = undos.is_offered(card.session, request, to=card.post.channel_id, now=card.now)
    return change_views.card(request, there.get(request.id), can_undo=can_undo)


def _hand_back(card: Drawing) -> Message | None:
    request, decision, needed = returns.to_hand_back(card.session, card.subject, now=card.now)
    return finishing_views.hand_back_card(request, decision, needed=needed) if needed or card.post.message_ts else None


def _outcome(card: Drawing) -> Message | None:
    asked = outcomes.for_card(card.session, card.subject, card.post.channel_id)
    return outcome_views.card(asked) if asked.needed or card.post.message_ts else None


def _in_use(card: Drawing) -> Message | None:
    asked = outcomes.for_card(card.session, card.subject, card.post.channel_id)
    return outcome_views.in_use_card(asked) if asked.needed or card.post.message_ts else None


def _capacity(card: Drawing) -> Message:
    shown = capacity.grid(card.session, card.subject, card.now)
    return booking_views.capacity_message(shown, is_shared=not is_person(card.post.channel_id))


def _displaced(card: Drawing) -> Message:
    return booking_views.displaced_message(*reserved.displaced(card.session, card.subject))


CARDS: Draws = {
    Card.REQUEST: _request,
    Card.NUDGE_BATCH: _nudge,
    Card.INTAKE_DIGEST: _digest,
    Card.REQUEST_LINK: _request_link,
    Card.MATCH: _match,
    Card.GONE: _gone,
    Card.HAND_BACK: _hand_back,
    Card.OUTCOME: _outcome,
    Card.IN_USE: _in_use,
    Card.CAPACITY: _capacity,
    Card.DISPLACED: _displaced,
}
