"""Whatever a person sends is acted on once: delivered twice, twice at once, or sent again because an answer was lost."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from bot.platform import clock
from jobs.outbox import submissions
from models.intake.requests import Request
from models.outbox import Submission
from models.retros import Note
from sandbox.app import payloads
from tests.retro import board, note_id, replay, reveal, revealed, waiting, write
from tests.world import World

__all__ = ["replay", "revealed", "waiting"]  # fixtures, which pytest finds by name

TYPED = "The standup is too long"


def notes(world: World) -> list[str]:
    """All notes of the retro, as they were typed."""
    with world.db.read() as session:
        return sorted(session.scalars(select(Note.text)))


def requests(world: World) -> int:
    """How many requests there are."""
    with world.db.read() as session:
        return session.scalar(select(func.count()).select_from(Request)) or 0


def keys(world: World) -> list[Submission]:
    """What was recorded of all that was sent."""
    with world.db.read() as session:
        return list(session.scalars(select(Submission)))


def filled(world: World, **columns: str) -> dict[str, Any]:
    """Lee's form for notes, filled in and about to be sent."""
    lee = world.person("lee")
    lee.command("/retro")
    lee.fill(**columns)
    return world.submission("lee")


def reach_out(world: World, words: str) -> dict[str, Any]:
    """A command as Slack sends it."""
    slack = world.slack
    return payloads.command(slack, slack.user("lee"), slack.channel("team-replay"), "/reach-out", words)


def test_notes_that_are_delivered_twice_are_there_once(replay: World) -> None:
    payload = filled(replay, better=TYPED)
    answers = [replay.slack.deliver("interactive", payload) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert "This has arrived already" not in answers[0].body
    assert "This has arrived already" in answers[1].body
    assert notes(replay) == [TYPED]


def test_notes_that_are_delivered_twice_at_once_are_there_once(replay: World) -> None:
    payload = filled(replay, better=TYPED, well="The demo")
    answers = replay.at_once(*[lambda: replay.slack.deliver("interactive", payload)] * 4)
    assert {answer.status for answer in answers} == {200}
    assert notes(replay) == ["The demo", TYPED]


def test_one_command_delivered_twice_at_once_makes_one_request(replay: World) -> None:
    payload = reach_out(replay, "a bot for our forum")
    replay.at_once(*[lambda: replay.slack.deliver("command", payload)] * 4)
    assert requests(replay) == 1


def test_two_commands_with_the_same_words_are_two(replay: World) -> None:
    for _ in range(2):
        replay.slack.deliver("command", reach_out(replay, "x"))
    assert requests(replay) == 2


def test_a_form_sent_again_because_its_answer_was_lost_changes_nothing_twice(replay: World) -> None:
    first = filled(replay, better=TYPED)
    second = replay.submission("lee")
    assert first["trigger_id"] != second["trigger_id"]
    for payload in (first, second):
        assert replay.slack.deliver("interactive", payload).status == 200
    assert notes(replay) == [TYPED]


def test_a_form_sent_again_with_other_words_says_so_and_keeps_what_was_typed(replay: World) -> None:
    replay.slack.deliver("interactive", filled(replay, better=TYPED))
    lee = replay.person("lee")
    errors = lee.submit(better=f"{TYPED}, again")
    assert "has arrived already, with other words" in str(errors)
    assert "again" in str((lee.view or {})["state"])
    assert notes(replay) == [TYPED]


def test_a_form_that_was_refused_can_be_mended_and_sent_again(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/sprint plan")
    assert lee.submit(high="Same\nSame") != {}
    assert lee.submit(high="Same\nOther") == {}


def test_a_press_that_is_delivered_twice_is_one_press(revealed: World) -> None:
    note = f"note_me_too_{note_id(revealed, 'The deploys are slow')}"
    shown = board(revealed)
    element = next(
        each
        for block in shown["blocks"]
        for each in [*block.get("elements", []), block.get("accessory") or {}]
        if each.get("action_id") == note
    )
    action = {name: element[name] for name in ("type", "action_id", "value") if name in element}
    slack = revealed.slack
    payload = payloads.message_actions(slack, slack.user("ada"), slack.channel("team-replay"), shown, {}, action)
    for _ in range(2):
        slack.deliver("interactive", payload)
    assert "👍 1" in board(revealed)["text"], "delivered twice, it would be taken back"


def test_what_is_remembered_of_a_form_does_not_tell_what_was_typed(replay: World) -> None:
    write(replay, "lee", better=TYPED)
    assert keys(replay)
    assert all(len(each.content) <= 4 for each in keys(replay))
    assert "standup" not in str([(each.key, each.content) for each in keys(replay)])


def test_what_was_sent_a_week_ago_is_forgotten(replay: World) -> None:
    write(replay, "lee", better=TYPED)
    replay.hands.tick(timedelta(days=6))
    write(replay, "ada", better="Too many meetings")
    submissions.forget(replay.db, clock.now)
    assert keys(replay), "six days are not a week"
    replay.hands.tick(timedelta(days=1, minutes=1))
    submissions.forget(replay.db, clock.now)
    assert len(keys(replay)) == 1
    assert notes(replay) == [TYPED, "Too many meetings"]


def test_reading_records_nothing(replay: World) -> None:
    before = len(keys(replay))
    for words in ("/retro show", "/sprint", "/small-team list"):
        replay.person("lee").command(words)
        replay.person("lee").close_all()
    assert len(keys(replay)) == before


def test_the_reveal_comes_after_a_double_delivery_too(replay: World) -> None:
    payload = filled(replay, better=TYPED)
    for _ in range(2):
        replay.slack.deliver("interactive", payload)
    reveal(replay)
    assert board(replay)["text"].count(TYPED) == 1
