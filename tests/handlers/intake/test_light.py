"""How much a simple answer costs: what its asker and the desk do for it, and what the bot says meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest

from models.intake.requests import State
from tests.decided import stored
from tests.intake import CHANNEL, listening, say
from tests.stories import Story
from tests.world import World


class Hand:
    """Somebody whose taps and written words are counted."""

    def __init__(self, world: World, name: str) -> None:
        self.person = world.person(name)
        self.world, self.name = world, name
        self.taps = self.sentences = 0

    def press(self, words: str, message: dict[str, Any]) -> None:
        """One tap."""
        self.taps += 1
        self.person.press(words, message)
        self.world.post()

    def writes(self, **field: str) -> None:
        """A sentence in a form."""
        self.sentences += 1
        self.person.fill(**field)

    def says(self, text: str, **where: Any) -> dict[str, Any]:
        """A sentence in the channel or a thread."""
        self.sentences += 1
        said = say(self.world, self.name, text, **where)
        self.settle()
        return said

    def sends(self) -> None:
        """One tap."""
        self.taps += 1
        assert self.person.submit() == {}
        self.settle()

    def reacts(self, message: dict[str, Any]) -> None:
        """A tap for the emoji, and one for ✅."""
        self.taps += 2
        self.person.react("white_check_mark", message)
        self.settle()

    def settle(self) -> None:
        """What was said is heard, and answered."""
        self.world.slack.settle()
        self.world.post()


@pytest.fixture
def slack(after: Callable[[Story], World]) -> World:
    """A desk answers, and Prickle is in the intake channel."""
    return after(listening)


def said_by_the_bot(world: World) -> list[str]:
    """Everything that it said so far, to anybody."""
    store = world.slack.store
    return [
        str(each["text"])
        for channel in store.channels.values()
        for each in channel.messages.values()
        if each.get("user") == world.slack.bot_user_id and "subtype" not in each
    ]


def asked(world: World) -> tuple[Hand, Hand, dict[str, Any], int]:
    """Lee asks; Mia of the desk is to answer. The last is how much the bot has said before."""
    before = len(said_by_the_bot(world))
    lee = Hand(world, "lee")
    line = lee.says("Can we rank search results by meaning?")
    return lee, Hand(world, "mia"), line, before


def it_helped(world: World, lee: Hand, mia: Hand, before: int) -> None:
    """Lee says so with a tap, and the whole story is counted."""
    assert stored(world).state == State.DONE
    world.go_to("2026-07-09 10:00:00")
    question = next(each for each in reversed(lee.person.dms) if "Did it help?" in each["text"])
    lee.press("Yes", question)
    card = next(each for each in said_by_the_bot(world) if each.startswith("#1 "))
    assert "Lee says that it helped" in card
    assert (lee.sentences, lee.taps) == (1, 1)
    assert mia.sentences == 1
    assert mia.taps <= 3
    new = said_by_the_bot(world)[before:]
    assert len(said_by_the_bot(world)) - before == 3, new
    about_it = sum("rank" in each for each in said_by_the_bot(world))
    world.go_to("2026-07-10 10:00:00")
    assert sum("rank" in each for each in said_by_the_bot(world)) == about_it, "and nobody is reminded"


def test_an_answer_with_the_form_takes_two_taps_and_a_sentence(slack: World) -> None:
    lee, mia, line, before = asked(slack)
    mia.press("Answer", slack.slack.messages(CHANNEL, line["ts"])[1])
    mia.writes(words="Yes: embed both, and use the cosine.")
    mia.sends()
    assert mia.taps == 2
    it_helped(slack, lee, mia, before)


def test_an_answer_in_the_thread_takes_two_taps_and_a_sentence(slack: World) -> None:
    lee, mia, line, before = asked(slack)
    reply = mia.says("Yes: embed both, and use the cosine.", thread_ts=line["ts"])
    mia.reacts(reply)
    it_helped(slack, lee, mia, before)
