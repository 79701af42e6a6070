"""Feedback in the hands of somebody who can write to the database: no text opens outside of its own row."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from bot.domain.feedback import asks, letters
from bot.domain.feedback.sealing import MOVED, Shut
from bot.domain.outbox import posts
from bot.platform import clock
from bot.platform.crypto import Vault
from models.feedback import Feedback, FeedbackAsk, FeedbackAsked
from tests.feedback import EFFECT, SECRET, begin, everything_somebody_reads, give, told
from tests.stories import Story
from tests.world import KEY, World

OTHER = "You answered every question"


@pytest.fixture
def lees(after: Callable[[Story], World]) -> World:
    """Ada has told Lee something."""
    return after(told)


@pytest.fixture
def replay(after: Callable[[Story], World]) -> World:
    """Two teams that have given no feedback yet."""
    return after(begin)


def swap(world: World) -> None:
    """Exchange the texts of the first two pieces of feedback."""
    with world.db.begin() as session:
        one, other = session.scalars(select(Feedback).order_by(Feedback.id).limit(2))
        one.sealed, other.sealed = other.sealed, one.sealed


def asked_by_ada(world: World) -> None:
    """Ada asks Lee something."""
    ada = world.person("ada")
    ada.command("/give-feedback ask")
    assert ada.submit(people=[world.id("lee")], question="How was my demo?") == {}
    ada.close_all()
    world.post()


def test_two_texts_of_the_same_pair_do_not_open_in_each_others_rows(lees: World) -> None:
    give(lees, "ada", "lee", OTHER)
    swap(lees)
    lee = lees.person("lee")
    lee.command("/give-feedback mine")
    assert lee.view is None
    assert lee.ephemerals[-1]["text"] == MOVED
    swap(lees)
    lee.command("/give-feedback mine")
    assert SECRET in str(lee.view)
    assert OTHER in str(lee.view)


def test_nobody_but_its_receiver_can_publish_it(lees: World) -> None:
    channel_id = lees.id("team-crew")
    with lees.db.begin() as session:
        session.execute(update(Feedback).values(shared_at=clock.now(), shared_in_id=channel_id))
        posts.draw(session, letters.SHARED_CARD, 1, channel_id, now=clock.now())
    for name in ("sam", "noor", "ivy"):
        read = everything_somebody_reads(lees, name)
        assert SECRET not in read
        assert EFFECT not in read


def test_what_was_shared_in_one_channel_opens_in_no_other(lees: World) -> None:
    lee, message = lees.person("lee"), next(each for each in lees.person("lee").dms if SECRET in each["text"])
    lee.click("feedback_menu", message=message, select="1")
    assert lee.submit() == {}
    assert any(SECRET in text for text in lees.texts("team-replay"))
    channel_id = lees.id("team-crew")
    with lees.db.begin() as session:
        session.execute(update(Feedback).values(shared_in_id=channel_id))
        posts.draw(session, letters.SHARED_CARD, 1, channel_id, now=clock.now())
    assert all(SECRET not in text for text in lees.texts("team-crew"))


def test_what_its_writer_did_not_leave_open_stays_shut_whatever_the_row_says(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback team")
    assert ada.submit() == {}
    ada.click(f"feedback_round_write_{replay.id('lee')}")
    assert ada.submit(saw=SECRET, is_open=[]) == {}
    with replay.db.begin() as session:
        session.execute(update(Feedback).values(is_open=True))
    noor = replay.person("noor")
    noor.command("/give-feedback team")
    noor.click(f"feedback_round_write_{replay.id('lee')}")
    assert SECRET not in str(noor.views)
    assert MOVED in str(noor.views)


def test_its_writer_opens_and_closes_it_and_their_words_stay(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback team")
    assert ada.submit() == {}
    for is_open in (["open"], [], ["open"]):
        ada.click(f"feedback_round_write_{replay.id('lee')}")
        assert ada.submit(saw=SECRET, is_open=is_open) == {}
    noor = replay.person("noor")
    noor.command("/give-feedback team")
    noor.click(f"feedback_round_write_{replay.id('lee')}")
    assert SECRET in str(noor.views)


def test_who_makes_themselves_one_of_the_asked_reads_no_question(replay: World) -> None:
    asked_by_ada(replay)
    with replay.db.begin() as session:
        session.add(FeedbackAsked(ask_id=1, person_id=replay.id("sam")))
    with replay.db.read() as session, pytest.raises(Shut):
        asks.asked(session, Vault([KEY]), 1, by=replay.id("sam"), now=clock.now())


def test_a_question_opens_in_no_other_question(replay: World) -> None:
    asked_by_ada(replay)
    asked_by_ada(replay)
    with replay.db.begin() as session:
        one, other = session.scalars(select(FeedbackAsk).order_by(FeedbackAsk.id))
        one.sealed = other.sealed
    with replay.db.read() as session:
        with pytest.raises(Shut):
            asks.overview(session, Vault([KEY]), 1, by=replay.id("ada"))
        assert asks.overview(session, Vault([KEY]), 2, by=replay.id("ada")).question == "How was my demo?"
