"""Every screen and message of feedback, with as little and as much in it as there can be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.feedback.asks import QUESTION_LENGTH, AskOverview, Question
from bot.domain.feedback.letters import LONGEST, PAGE, Letter, MyFeedback
from bot.domain.feedback.rhythms import Wish
from bot.domain.feedback.rounds import Page, Standing
from bot.domain.feedback.sealing import Words
from bot.domain.outbox.posts import Message
from bot.views.feedback import asks as ask_views
from bot.views.feedback import keeping as keeping_views
from bot.views.feedback import letters as feedback_views
from bot.views.feedback import revising as revising_views
from bot.views.feedback import rhythms as rhythm_views
from bot.views.feedback import rounds as round_views
from bot.views.feedback.letters import Draft
from models.feedback import Feedback, FeedbackAsk, FeedbackAsked, FeedbackRound, PlusOne
from models.teams import Membership, Team
from tests.views import screens
from tests.views.intake.test_requests import SIZES, a_person
from tests.views.screens import WORST

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)
URL = "https://acme.slack.com/"
LONG = WORST * 1_000
TEXTS = {
    "vague": Words("?"),
    "usual": Words("The demo lost them", "They left", "Begin with their recording", f"{URL}archives/C1/p1"),
    "extreme": Words(LONG[: LONGEST - 4], WORST[:2], WORST[:2], f"{URL}archives/C1/p1?thread_ts=1.2&cid=C1"),
}


@pytest.fixture(params=SIZES)
def shown(request: pytest.FixtureRequest) -> Letter:
    """Feedback as its receiver reads it."""
    return some_feedback(request.param)


def some_feedback(size: str, number: int = 1, **changes: Any) -> Letter:
    """Feedback of this size, with what differs."""
    full = size == "extreme"
    people = [a_person(each, size) for each in range(7)]
    feedback = Feedback(
        id=number,
        giver=people[0],
        giver_id=people[0].id,
        receiver=people[1],
        receiver_id=people[1].id,
        given_at=NOW,
        delivered_at=NOW,
        edited_at=NOW if full else None,
        thanked_at=NOW if full else None,
        plus_ones=[PlusOne(person_id=each.id, person=each, at=NOW) for each in (people[2:] if full else [])],
    )
    for name, value in changes.items():
        setattr(feedback, name, value)
    question = LONG[:1_000] if full else ""
    chat = None if size == "vague" else f"{URL}app_redirect?channel=U1"
    team = None if size == "vague" else Team(id=1, name="Replay", channel_id="C1")
    return Letter(feedback, TEXTS[size], question, chat, team)


def a_window(size: str) -> MyFeedback:
    """What is mine, as much as one page takes."""
    number = {"vague": 0, "usual": 2, "extreme": PAGE}[size]
    got = [some_feedback(size, each + 1) for each in range(number)]
    kept = [some_feedback(size, each + 100, kept_at=NOW) for each in range(number * 2)]
    return MyFeedback(kept, got, got, page=1 if size == "extreme" else 0, has_older=size == "extreme")


def size_of(shown: Letter) -> str:
    return next(size for size, words in TEXTS.items() if words == shown.words)


def an_ask(size: str, *, answered: bool = False) -> FeedbackAsk:
    """Somebody asks as few or as many as can be asked."""
    people = [a_person(each, size) for each in range(9)]
    asked = [
        FeedbackAsked(person_id=each.id, person=each, answered_at=NOW if answered else None) for each in people[1:]
    ]
    return FeedbackAsk(
        id=1, asker=people[0], asker_id=people[0].id, until=NOW.date(), asked=asked[: 1 if size == "vague" else 8]
    )


def asked_for(shown: Letter, *, is_answered: bool = False) -> Question:
    """What somebody is asked."""
    return Question(an_ask(size_of(shown)), shown.words.saw[:QUESTION_LENGTH], is_answered, not is_answered)


def a_standing(size: str, *, is_over: bool = False, is_done: bool = False, is_stopped: bool = False) -> Standing:
    """A round, seen by one of two or of six."""
    others = [a_person(each, size) for each in range(1, 2 if size == "vague" else 6)]
    team = Team(id=1, name=(WORST * 20)[:60] if size == "extreme" else "Replay", channel_id="C1", zone="Europe/Berlin")
    team.members = [Membership(person_id=each.id, person=each) for each in others]
    found = FeedbackRound(id=1, team=team, started_by_id="U1", ends_at=NOW, delivered_at=NOW if is_over else None)
    found.stopped_at = NOW if is_stopped else None
    found.started_by = others[0]
    others[0].is_deactivated = size == "vague"
    written = others if is_done else others[:1]
    return Standing(found, others, frozenset(each.id for each in written), zone="Asia/Tokyo", may_stop=not is_over)


def a_wish(size: str) -> Wish:
    """What somebody said of the line about feedback."""
    return Wish(on=size != "vague", said=True, quiet_until=NOW if size == "extreme" else None)


def a_page(shown: Letter, size: str) -> Page:
    """What one writes to one person, with what the others wrote."""
    others = [replace(some_feedback(size, each), words=shown.words) for each in range(0 if size == "vague" else 4)]
    return Page(
        a_standing(size).round, a_person(1, size), None if size == "vague" else shown, others, agreed=frozenset([1])
    )


SCREENS: dict[str, Callable[[Letter], dict[str, Any]]] = {
    "feedback.letters.form": lambda s: feedback_views.form(
        Draft("U1", s.words.saw, WORST, "C1:1.2:", s.words.link) if s.words.link else Draft()
    ),
    "feedback.letters.given_view": lambda s: feedback_views.given_view(s.feedback),
    "feedback.revising.edit_form": lambda s: revising_views.edit_form(s),
    "feedback.keeping.share_form": lambda s: keeping_views.share_form(s),
    "feedback.asks.form": lambda _s: ask_views.form(NOW.date()),
    "feedback.asks.answer_form": lambda s: ask_views.answer_form(asked_for(s)),
    "feedback.rounds.start_form": lambda s: round_views.start_form(
        a_standing(size_of(s)).round.team, NOW.date(), "America/New_York", "U1"
    ),
    "feedback.rounds.window": lambda s: round_views.window(a_standing(size_of(s))),
    "feedback.rounds.window, stopped": lambda s: round_views.window(a_standing(size_of(s), is_stopped=True)),
    "feedback.rounds.form": lambda s: round_views.form(a_page(s, size_of(s))),
    "feedback.rhythms.window": lambda s: rhythm_views.window(a_wish(size_of(s))),
    "feedback.letters.mine_view": lambda s: feedback_views.mine_view(a_window(size_of(s)), NOW),
}
MESSAGES: dict[str, Callable[[Letter], Message]] = {
    "feedback.letters.card": feedback_views.card,
    "feedback.keeping.thanks_message": lambda s: keeping_views.thanks_message(s.feedback),
    "feedback.revising.copy": lambda s: revising_views.copy(s, NOW),
    "feedback.keeping.shared_card": keeping_views.shared_card,
    "feedback.rounds.card": lambda s: round_views.card(a_standing(size_of(s))),
    "feedback.rounds.card, done": lambda s: round_views.card(a_standing(size_of(s), is_done=True)),
    "feedback.rounds.card, stopped": lambda s: round_views.card(a_standing(size_of(s), is_stopped=True)),
    "feedback.rounds.card, over": lambda s: round_views.card(a_standing(size_of(s), is_over=True)),
    "feedback.rounds.nothing_message": lambda s: round_views.nothing_message(a_standing(size_of(s)).round),
    "feedback.rounds.reminder": lambda s: round_views.reminder(a_standing(size_of(s))),
    "feedback.rhythms.old_card": lambda _s: rhythm_views.old_card(),
    "feedback.asks.asking": lambda s: ask_views.asking(asked_for(s)),
    "feedback.asks.asking, answered": lambda s: ask_views.asking(asked_for(s, is_answered=True)),
    "feedback.asks.reminder": lambda s: ask_views.reminder(asked_for(s)),
    "feedback.asks.overview": lambda s: ask_views.overview(AskOverview(an_ask(size_of(s)), asked_for(s).question)),
    "feedback.asks.overview, answered": lambda s: ask_views.overview(
        AskOverview(an_ask(size_of(s), answered=True), asked_for(s).question)
    ),
}


@pytest.mark.parametrize("name", [*SCREENS, *MESSAGES])
def test_slack_takes_it_whatever_is_in_it_and_nothing_typed_is_unescaped(name: str, shown: Letter) -> None:
    draw: Callable[[Letter], dict[str, Any] | Message] = SCREENS.get(name) or MESSAGES[name]
    drawn = draw(shown)
    screens.is_taken_by_slack(drawn)
    assert screens.is_escaped(drawn)


@pytest.mark.parametrize("thanked", [None, NOW])
@pytest.mark.parametrize("kept", [None, NOW])
@pytest.mark.parametrize("done", [None, NOW])
@pytest.mark.parametrize("shared", [None, NOW])
@pytest.mark.parametrize("size", SIZES)
def test_a_card_is_taken_whatever_became_of_it(
    size: str, thanked: datetime | None, kept: datetime | None, done: datetime | None, shared: datetime | None
) -> None:
    shown = some_feedback(size, thanked_at=thanked, kept_at=kept, done_at=done, shared_at=shared)
    shown.feedback.shared_in_id = "C1" if shared else None
    screens.is_taken_by_slack(feedback_views.card(shown))
    screens.is_taken_by_slack(revising_views.copy(shown, NOW))


def test_a_form_carries_ids_and_no_words() -> None:
    usual = some_feedback("usual")
    forms = [
        feedback_views.form(Draft("U1", usual.words.saw, "", "C1:1.2:", usual.words.link)),
        revising_views.edit_form(usual),
        keeping_views.share_form(usual),
    ]
    assert [form["private_metadata"] for form in forms] == ["C1:1.2:", "1", "1"]


MODULES = (feedback_views, keeping_views, revising_views, ask_views, round_views, rhythm_views)


def test_everything_that_draws_is_in_these_tables() -> None:
    drawn = {name.split(",")[0] for name in [*SCREENS, *MESSAGES]}
    assert {name for module in MODULES for name in screens.drawing(module)} <= drawn
