"""Notes by emoji: whatever Slack calls it, given back with it, with the names of all who pointed, and never in silence."""

from typing import Any

import pytest
from sqlalchemy import select

from models.retros import Note
from tests.retro import board, dm, menu, replay, reveal, revealed
from tests.world import World

__all__ = ["replay", "revealed"]  # fixtures, which pytest finds by name

BUILD = "The build took an hour again"


def said(world: World, text: str = BUILD, **more: Any) -> dict[str, Any]:
    """A message of Sam's."""
    return world.person("sam").say(text, **{"channel": "team-replay", **more})


def react(world: World, name: str, message: dict[str, Any], emoji: str = "retro") -> None:
    """Put an emoji on a message, or take it off again."""
    world.person(name).react(emoji, message)
    world.slack.settle()


def notes(world: World) -> list[str]:
    """The words of all notes, oldest first."""
    with world.db.read() as session:
        return list(session.scalars(select(Note.text).order_by(Note.id)))


def told(world: World, name: str) -> str:
    """The newest message of the bot to somebody."""
    world.post()
    return str(world.person(name).dms[-1]["text"])


def choose(world: World, name: str, choice: str, *, line: str = "/retro") -> None:
    """Choose from the menu beside the newest note, in somebody's own notes."""
    with world.db.read() as session:
        newest = max(session.scalars(select(Note.id)))
    world.person(name).command(line)
    menu(world, name, f"note_menu_{newest}", choice)


# --- its name ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "used"),
    [
        (":thumbsup:", "+1"),
        ("+1", "thumbsup"),
        (":+1::skin-tone-2:", "+1::skin-tone-5"),
        (":PENCIL:", "memo"),
        ("raised_hand", "hand::skin-tone-3"),
        ("dart", "dart"),
    ],
)
def test_an_emoji_is_the_same_by_every_name_and_in_every_tone_of_skin(replay: World, chosen: str, used: str) -> None:
    ada = replay.person("ada")
    ada.command("/retro settings")
    assert ada.submit(retro_emoji=chosen) == {}
    react(replay, "lee", said(replay), used)
    assert notes(replay) == [BUILD]


def test_the_picture_of_an_emoji_is_no_name_and_the_lead_is_told_so(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/retro settings")
    refused = "Type the emoji's name, such as :retro:. Slack shows it when you point at it."
    assert ada.submit(retro_emoji="👍") == {"retro_emoji": refused}


# --- taken off again --------------------------------------------------------------------------------------------


def test_a_note_goes_with_the_emoji_that_made_it_and_comes_again_with_it(replay: World) -> None:
    message = said(replay)
    react(replay, "lee", message)
    react(replay, "lee", message)
    assert notes(replay) == []
    assert told(replay, "lee").startswith(f"Taken back, as you took the emoji off: {BUILD}")
    react(replay, "lee", message)
    assert notes(replay) == [BUILD]


def test_another_emoji_that_is_taken_off_takes_no_note_back(replay: World) -> None:
    message = said(replay)
    react(replay, "lee", message)
    react(replay, "lee", message, "tada")
    react(replay, "lee", message, "tada")
    react(replay, "noor", message, "eyes")
    assert notes(replay) == [BUILD]


def test_a_note_that_its_author_changed_stays_and_they_are_told_how_to_delete_it(replay: World) -> None:
    message = said(replay)
    react(replay, "lee", message)
    choose(replay, "lee", "Edit")
    assert replay.person("lee").submit(text="The build is slow") == {}
    react(replay, "lee", message)
    assert notes(replay) == ["The build is slow"]
    assert "The note stays in your retro: The build is slow" in told(replay, "lee")
    assert "`/retro` lets you delete it" in told(replay, "lee")


def test_a_note_that_the_others_have_read_stays(replay: World) -> None:
    message = said(replay)
    react(replay, "lee", message)
    reveal(replay)
    react(replay, "lee", message)
    assert f"{BUILD} <" in board(replay)["text"]
    assert "The others have read it." in told(replay, "lee")


def test_a_note_that_was_made_in_the_messages_menu_does_not_go_with_an_emoji(replay: World) -> None:
    message = said(replay)
    lee = replay.person("lee")
    lee.shortcut("retro_message", message)
    assert lee.submit() == {}
    react(replay, "lee", message)
    assert "It is in your retro already" in told(replay, "lee")
    react(replay, "lee", message)
    assert notes(replay) == [BUILD]


# --- several people ---------------------------------------------------------------------------------------------


def test_two_who_point_at_one_message_make_one_note_with_two_names(replay: World) -> None:
    message = said(replay)
    react(replay, "lee", message)
    react(replay, "noor", message)
    assert notes(replay) == [BUILD]
    assert "A teammate had noted it, too. It is one note with both names." in told(replay, "noor")
    for name in ("lee", "noor"):
        replay.person(name).command("/retro")
        assert BUILD in str(replay.person(name).view), "it stands among the notes of both"
        replay.person(name).close_all()
    reveal(replay)
    assert "— Lee and Noor" in board(replay)["text"]
    assert "Written: Lee and Noor" in board(replay)["text"]
    ada = replay.person("ada")
    ada.command("/retro export")
    assert "— Lee and Noor\\n" in str(ada.view)


def test_neither_of_two_says_me_too_to_the_note_that_is_theirs(replay: World) -> None:
    message = said(replay)
    react(replay, "lee", message)
    react(replay, "noor", message)
    reveal(replay)
    with replay.db.read() as session:
        (note_id,) = session.scalars(select(Note.id))
    replay.person("noor").click(f"note_me_too_{note_id}", message=board(replay))
    assert "This note is yours" in str(replay.person("noor").view)
    replay.person("ada").click(f"note_me_too_{note_id}", message=board(replay))
    assert "— Lee and Noor · 👍 1" in board(replay)["text"]


@pytest.mark.parametrize(("leaves", "stays"), [("lee", "Noor"), ("noor", "Lee")])
def test_a_note_of_two_stays_that_of_the_other_when_one_takes_the_emoji_off(
    replay: World, leaves: str, stays: str
) -> None:
    message = said(replay)
    react(replay, "lee", message)
    react(replay, "noor", message)
    react(replay, leaves, message)
    reveal(replay)
    assert f"— {stays}\n" in f"{board(replay)['text']}\n"
    assert "Lee and Noor" not in board(replay)["text"]


@pytest.mark.parametrize(("changes", "stays"), [("lee", "Noor"), ("noor", "Lee")])
def test_who_puts_a_note_of_two_in_other_words_says_so_alone(replay: World, changes: str, stays: str) -> None:
    message = said(replay)
    react(replay, "lee", message)
    react(replay, "noor", message)
    choose(replay, changes, "Edit")
    assert replay.person(changes).submit(text="The build is slow") == {}
    assert notes(replay) == [BUILD, "The build is slow"]
    reveal(replay)
    assert f"The build is slow <{link(replay)}|↗> — {changes.title()}" in board(replay)["text"]
    assert f"{BUILD} <{link(replay)}|↗> — {stays}" in board(replay)["text"]


def link(world: World) -> str:
    """Where the message stands."""
    with world.db.read() as session:
        return str(session.scalars(select(Note.link)).first())


def test_who_deletes_a_note_of_two_leaves_it_to_the_other(replay: World) -> None:
    message = said(replay)
    react(replay, "lee", message)
    react(replay, "noor", message)
    choose(replay, "lee", "Delete")
    assert BUILD not in str(replay.person("lee").view)
    assert notes(replay) == [BUILD]


# --- silence nowhere --------------------------------------------------------------------------------------------


def test_a_picture_without_words_is_a_note_with_its_link(replay: World) -> None:
    message = said(replay, "", files=[{"id": "F1", "name": "burnt toast.png"}])
    react(replay, "lee", message)
    (words,) = notes(replay)
    assert words.endswith("burnt toast.png")
    assert link(replay).endswith(message["ts"].replace(".", ""))


def test_a_message_of_prickles_own_makes_no_note_and_the_person_is_told(revealed: World) -> None:
    react(revealed, "lee", board(revealed))
    assert "Your emoji made no note. The message is Prickle's own." in told(revealed, "lee")


def test_who_has_no_team_is_told_why_the_usual_emoji_makes_no_note(replay: World) -> None:
    react(replay, "ivy", said(replay))
    assert "Your emoji made no note." in told(replay, "ivy")
    assert notes(replay) == []
    react(replay, "ivy", said(replay), "tada")
    assert len(replay.person("ivy").dms) == 1


def test_more_notes_than_a_retro_takes_are_refused_in_words(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/retro")
    assert lee.submit(better="\n".join(f"Note {number}" for number in range(30))) == {}
    react(replay, "lee", said(replay))
    assert "That would be 31 notes of yours" in told(replay, "lee")


def test_the_same_event_delivered_again_changes_nothing_and_says_nothing_more(replay: World) -> None:
    item = {"type": "message", "channel": replay.id("team-replay"), "ts": said(replay)["ts"]}
    lee, sam = replay.id("lee"), replay.id("sam")
    event = {"type": "reaction_added", "user": lee, "item_user": sam, "reaction": "retro", "item": item}
    body = {"type": "event_callback", "team_id": replay.slack.team_id, "event_id": "Ev1", "event": event}
    for _again in range(2):
        assert replay.slack.deliver("events_api", body).status == 200
    assert "Noted for your retro" in dm(replay, "lee", "")["text"]
    assert notes(replay) == [BUILD]
    assert len(replay.person("lee").dms) == 1
