"""No card has more than three buttons and an overflow, no two buttons open the same form, and a mark is one select.

Each card is drawn as the outbox draws it, with nothing, the usual and too much in it: from the tables of the other tests.
"""

from collections.abc import Iterator

import pytest

from bot.domain.outbox.posts import Message
from bot.views import kit
from jobs.outbox import cards
from models.intake.decisions import Mode
from models.outbox import Card
from tests.views import screens, test_screens
from tests.views.desks import test_desks
from tests.views.feedback import test_letters
from tests.views.intake import test_bookings, test_decisions, test_matches, test_nudges, test_requests
from tests.views.planning import test_comments
from tests.views.sharing import test_following

# By what each card is drawn; what the clock asks are cards too.
DRAWN_BY = {
    Card.PLAN: "sprints.cards.planning_card",
    Card.SPRINT: "sprints.cards.final_card",
    Card.COMMENT: "planning.comments.card",
    Card.MEANWHILE: "planning.plans.meanwhile",
    Card.OPEN_PLAN: "rhythm.prompts.nudge",
    Card.PAGE: "sprints.pages.page",
    Card.RETRO: "retros.boards.board",
    Card.RETRO_PAGE: "retros.boards.page",
    Card.RETRO_SUMMARY: "retros.boards.summary",
    Card.TRENDS: "retros.trends.message",
    Card.BACK: "staffing.aways.back_message",
    Card.JOINED: "rhythm.newcomers.welcome",
    Card.CONTEXT: "sharing.contexts.card",
    Card.FOLLOWED: "sharing.following.week",
    Card.HERO_SWAP: "heroes.swaps.card",
    Card.ROTA: "desks.rota_card.card",
    Card.ROTA_MOVED: "desks.rota_card.moved_card",
    Card.PAGE_MOVED: "sprints.pages.moved_page",
    Card.PLAN_MOVED: "sprints.cards.moved_card",
    Card.TRIAGE: "desks.triage.turn_message",
    Card.REQUEST: "intake.requests.card",
    Card.REQUEST_LINK: "intake.events.way_message",
    Card.MATCH: "intake.matches.offer",
    Card.GONE: "intake.changes.card",
    Card.NUDGE_BATCH: "intake.nudges.message",
    Card.INTAKE_DIGEST: "intake.digests.message",
    Card.HAND_BACK: "intake.finishing.hand_back_card",
    Card.OUTCOME: "intake.outcomes.card",
    Card.IN_USE: "intake.outcomes.in_use_card",
    Card.CAPACITY: "intake.bookings.capacity_message",
    Card.DISPLACED: "intake.bookings.displaced_message",
    Card.FEEDBACK: "feedback.letters.card",
    Card.FEEDBACK_COPY: "feedback.revising.copy",
    Card.FEEDBACK_SHARED: "feedback.keeping.shared_card",
    Card.FEEDBACK_ASK: "feedback.asks.asking",
    Card.FEEDBACK_ASK_REMINDER: "feedback.asks.reminder",
    Card.FEEDBACK_ASKED: "feedback.asks.overview",
    Card.FEEDBACK_ROUND: "feedback.rounds.card",
    Card.FEEDBACK_ROUND_REMINDER: "feedback.rounds.reminder",
    Card.FEEDBACK_RHYTHM: "feedback.rhythms.old_card",
    "turn": "rhythm.prompts.turn",
    "reminder": "rhythm.prompts.turn",
    "lead": "rhythm.leading.lead",
    "planning": "rhythm.prompts.turn",
    "midway": "rhythm.prompts.old_marks",
    "marks": "rhythm.prompts.old_marks",
    "nudge": "rhythm.leading.lead",
}


def _all() -> Iterator[tuple[str, Message]]:
    """Every message there is, of each size, by the name of what draws it."""
    for size in test_screens.SIZES:
        yield from ((name, draw(test_screens.a_sprint(size))) for name, draw in test_screens.MESSAGES.items())
        yield from ((name, draw(size)) for name, draw in test_comments.MESSAGES.items())
    for each in test_letters.TEXTS:
        yield from ((name, draw(test_letters.some_feedback(each))) for name, draw in test_letters.MESSAGES.items())
    for desk in test_desks.SIZES.values():
        yield from ((name, draw(desk)) for name, draw in test_desks.MESSAGES.items())
    for kind in test_following.SIZES:
        made = test_following.Size(kind)
        yield from ((name, draw(made)) for name, draw in test_following.MESSAGES.items())
    yield from _of_intake()


def _of_intake() -> Iterator[tuple[str, Message]]:
    for size in test_requests.SIZES:
        shown = test_requests.a_request(size)
        yield from ((name, draw(shown)) for name, draw in test_requests.MESSAGES.items())
        yield from ((name, draw(test_matches.sized(size))) for name, draw in test_matches.MESSAGES.items())
        drawn = [(name, draw(size)) for name, draw in test_nudges.DRAWN.items()]
        drawn += [(name, draw(size, mode)) for name, draw in test_decisions.SCREENS.items() for mode in Mode]
        yield from ((name, each) for name, each in drawn if isinstance(each, Message))
    for size in test_bookings.SIZES:
        yield from ((name, draw(size)) for name, draw in test_bookings.MESSAGES.items())


def test_every_card_that_the_outbox_draws_is_looked_at() -> None:
    assert {str(card) for card in DRAWN_BY} == set(map(str, cards.CARDS))
    assert {name.split(",")[0] for name, _message in _all()} >= set(DRAWN_BY.values())


def test_no_message_has_more_than_three_buttons_and_an_overflow() -> None:
    heavy = {name.split(",")[0]: why for name, message in _all() if (why := screens.why_heavy(message))}
    assert heavy == {}


@pytest.mark.parametrize(
    ("foot", "why"),
    [
        ([kit.button(str(each), f"verb_{each}x") for each in range(4)], "4 buttons"),
        ([kit.overflow("one", []), kit.overflow("two", [])], "2 menus"),
        ([kit.button("Write", "plan_write_1"), kit.button("Edit", "plan_write_2")], "two buttons for plan_write"),
        ([kit.button("Finished", "item_mark_7")], "no single select: item_mark_7"),
    ],
)
def test_a_heavy_card_is_seen(foot: list[kit.Element], why: str) -> None:
    assert why in str(screens.why_heavy(Message("A card", [kit.actions(*foot)])))


def test_an_items_mark_is_one_select_in_every_message_on_home_and_in_every_window_and_form() -> None:
    blocks = [block for _name, message in _all() for block in message.blocks]
    for size in test_screens.SIZES:
        drawn = [draw(test_screens.a_sprint(size)) for draw in test_screens.VIEWS.values()]
        blocks += [block for view in drawn for block in view["blocks"]]
    marks = [element for block in blocks for element in screens.controls(block) if screens.is_a_mark(element)]
    assert {element["type"] for element in marks} == {"static_select"}
