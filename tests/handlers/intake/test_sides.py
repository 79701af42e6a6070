"""A request's card is one message for everybody: who presses what is not theirs reads so at once, and what they can do instead."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from models.intake.requests import State
from sandbox.world.state import choices
from tests.decided import BUILD, EMBED, GUIDANCE, card, decide, press, stored, two_requests
from tests.stories import Story
from tests.world import World

ANSWERING = {
    "I'll take it",
    "Answer",
    "Take over",
    "Ask something",
    "Hand to another team",
    "Change the answer",
    "Shipped",
    "Done",
    "Look at it again",
    "Hand back",
}
EITHER = {"Snooze", "Brief", "Details and more", "Reopen"}
THEIR_OWN = {"Undo"}  # of the person who did it
ONLY = "only the people of PostHog AI (lead Sam) can "


def followed(world: World) -> None:
    """Ada asked for her team, and Ivy, who has none, wants the same. Yuki has nothing to do with it."""
    two_requests(world)
    ivy = world.person("ivy")
    ivy.command("/reach-out Summarise tickets")
    ivy.click("match_same_0")
    ivy.close_all()
    world.post()


def takes(world: World) -> None:
    """Mia took it."""
    press(world, "mia", "request_claim")
    world.post()


def builds(world: World) -> None:
    """Mia builds it."""
    decide(world, **BUILD)


def advises(world: World) -> None:
    """Mia advises, and checks in later."""
    decide(world, **GUIDANCE)


def embeds(world: World) -> None:
    """Mia joins the team."""
    decide(world, **EMBED)


def ends(world: World) -> None:
    """Mia advised, and it is done."""
    decide(world, **{**GUIDANCE, "due_on": None, "done": "done"})


STORIES = ((followed,), *((followed, story) for story in (takes, builds, advises, embeds, ends)))
After = Callable[..., World]


class Control(NamedTuple):
    """Something on the card that can be pressed."""

    words: str
    action_id: str
    choice: str | None


def controls(world: World) -> Iterator[Control]:
    """What can be pressed on the card, but for its checklist."""
    for each in choices(card(world)):
        if each.element["type"] in ("button", "overflow"):
            yield Control(str(each.words), each.element["action_id"], each.choice)


def click(world: World, name: str, control: Control) -> str:
    """Press it; what this person reads then."""
    person = world.person(name)
    person.click(control.action_id, message=card(world), select=control.choice)
    view = person.view
    person.close_all()
    assert view is not None, f"{name} reads nothing after {control.words}"
    assert not [each for each in view["blocks"] if each["type"] == "input"], f"a form opens for {name}: {control.words}"
    assert view["title"]["text"] == "Nothing changed", "it is nobody's fault that one card is shown to all"
    return str(view["blocks"][0]["text"]["text"])


@pytest.mark.parametrize("story", STORIES)
def test_every_control_of_the_card_is_somebodys(after: After, story: tuple[Story, ...]) -> None:
    words = {each.words for each in controls(after(*story))}
    assert words, "the card has controls"
    assert words <= ANSWERING | EITHER | THEIR_OWN


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(
    ("name", "how"), [("ada", "You asked for this"), ("noor", "Your team asked for this"), ("ivy", "You follow this")]
)
def test_what_answers_it_tells_the_askers_side_who_does_and_what_they_can_do(
    after: After, story: tuple[Story, ...], name: str, how: str
) -> None:
    world = after(*story)
    before = stored(world).state, stored(world).claimer_id
    for control in controls(world):
        if control.words in ANSWERING:
            read = click(world, name, control)
            assert read.startswith(f"{how}, and {ONLY}"), control.words
            assert ("*Reopen*" if stored(world).state == State.DONE else "*Details and more*") in read
            assert "desk" not in read.lower()
    assert (stored(world).state, stored(world).claimer_id) == before


@pytest.mark.parametrize("story", STORIES)
def test_somebody_else_reads_who_can_and_where_they_are_heard(after: After, story: tuple[Story, ...]) -> None:
    world = after(*story)
    for control in controls(world):
        if control.words in ANSWERING | EITHER:
            read = click(world, "yuki", control)
            assert "the people of PostHog AI (lead Sam) can " in read, control.words
            assert "thread" in read, "the next step"
            assert "desk" not in read.lower()


def test_the_askers_side_uses_what_is_theirs(after: After) -> None:
    world = after(followed, takes)
    for name in ("ada", "noor", "ivy"):
        for control in controls(world):
            if control.words in EITHER:
                person = world.person(name)
                person.click(control.action_id, message=card(world), select=control.choice)
                assert person.view is not None
                assert person.view["type"] == "modal"
                assert any(each["type"] == "input" for each in person.view["blocks"])
                person.close_all()


def test_who_did_not_do_it_reads_who_can_undo_it(after: After) -> None:
    world = after(followed, takes)
    [undo] = [each for each in controls(world) if each.words == "Undo"]
    assert click(world, "ada", undo) == "Mia did this, so only they can undo it."


def test_a_guest_reads_whom_to_ask_whatever_they_press(after: After) -> None:
    world = after(followed, takes)
    world.slack.change_user("yuki", is_restricted=True)
    world.meet()
    for control in controls(world):
        assert "Ask a colleague to bring this." in click(world, "yuki", control)
