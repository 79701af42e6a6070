"""Notes of a retro: written alone, made of messages, read together and merged."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.views import kit
from models.retros import NOTE_LENGTH, Note
from tests.retro import (
    ASKS,
    CLOSES,
    SECRET,
    board,
    dm,
    ended,
    menu,
    note_id,
    replay,
    reveal,
    revealed,
    the_retro,
    waiting,
    write,
)
from tests.world import World

__all__ = ["ended", "replay", "revealed", "waiting"]  # fixtures, which pytest finds by name


def test_a_bullet_is_taken_off_and_everything_else_stays_as_it_was_typed(replay: World) -> None:
    write(replay, "lee", better="- Reviews *wait*\n* Ask twice -- or not -\n*Bold* from the start")
    assert notes_of(replay) == ["Reviews *wait*", "Ask twice -- or not -", "*Bold* from the start"]


def notes_of(world: World) -> list[str]:
    """The words of all notes, oldest first."""
    with world.db.read() as session:
        return list(session.scalars(select(Note.text).order_by(Note.id)))


def the_note(world: World, text: str) -> Note:
    """A note as it is stored."""
    with world.db.read() as session:
        return session.scalars(select(Note).where(Note.text == text)).one()


def said(world: World, text: str, channel: str = "team-replay") -> dict[str, Any]:
    """A message of Sam's."""
    return world.person("sam").say(text, channel=channel)


def window(world: World, name: str) -> str:
    """What somebody's top window shows."""
    return str(world.person(name).view)


def choose(world: World, name: str, note: str, choice: str) -> None:
    """Open the whole retro, and choose from the menu beside a note."""
    person = world.person(name)
    person.command("/retro show")
    menu(world, name, f"note_menu_{note_id(world, note)}", choice)


# --- made of messages -------------------------------------------------------------------------------------------


def test_a_message_becomes_a_note_with_its_link_and_twice_it_is_one(replay: World) -> None:
    message = said(replay, "The build took an hour again")
    lee = replay.person("lee")
    for _again in range(2):
        lee.shortcut("retro_message", message)
        assert lee.submit() == {}
        assert window(replay, "lee").count("The build took an hour again") == 1, "it stands among one's own notes"
        lee.close_all()
    assert notes_of(replay) == ["The build took an hour again"]
    assert str(the_note(replay, "The build took an hour again").link).endswith(message["ts"].replace(".", ""))
    reveal(replay)
    assert "The build took an hour again <http" in board(replay)["text"]


def test_a_message_added_in_the_same_moment_twice_is_one_note(replay: World) -> None:
    message = said(replay, "The build took an hour again")
    lee = replay.person("lee")
    lee.shortcut("retro_message", message)
    form = replay.submission("lee")
    deliver = [lambda: replay.slack.deliver("interactive", form)] * 2
    replay.at_once(*deliver)
    assert notes_of(replay) == ["The build took an hour again"]


def test_a_message_that_two_people_add_is_one_note_with_both_names(replay: World) -> None:
    message = said(replay, "The build took an hour again")
    for name in ("lee", "noor"):
        replay.person(name).shortcut("retro_message", message)
        assert replay.person(name).submit(side="puzzle") == {}
    reveal(replay)
    text = board(replay)["text"]
    assert text.count("The build took an hour again") == 1
    assert "— Lee and Noor" in text


def test_a_message_that_two_people_put_in_different_words_is_a_note_of_each(replay: World) -> None:
    message = said(replay, "The build took an hour again")
    for name, words in (("lee", "The build is slow"), ("noor", "The build took an hour again")):
        replay.person(name).shortcut("retro_message", message)
        assert replay.person(name).submit(text=words) == {}
    assert notes_of(replay) == ["The build is slow", "The build took an hour again"]


def test_a_messages_markup_becomes_words(replay: World) -> None:
    message = said(replay, f"<@{replay.id('ada')}> said R&D > ops")
    replay.person("lee").react("retro", message)
    replay.slack.settle()
    assert notes_of(replay) == ["@Ada said R&D > ops"]
    replay.person("noor").shortcut("retro_message", message)
    assert "@Ada said R&D > ops" in window(replay, "noor")


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<https://example.com/a|the page>", "the page (https://example.com/a)"),
        ("<https://example.com/a>", "https://example.com/a"),
        ("<http://example.com|example.com>", "http://example.com"),
        ("<mailto:ada@example.com|ada@example.com>", "ada@example.com"),
        ("<!here> <!subteam^S1|@support>", "@here @support"),
        ("<#C1|sprints> and <#C2>", "#sprints and #a-channel"),
        ("<@U2> and <@U3|kim>", "@somebody and @kim"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
    ],
)
def test_slacks_markup_is_spoken_as_people_read_it(markup: str, words: str) -> None:
    assert kit.spoken(markup, {"U1": "Ada"}) == words


def test_the_retro_emoji_on_a_message_makes_a_note_and_tells_only_its_author(replay: World) -> None:
    lee, message = replay.person("lee"), said(replay, "The build took an hour again")
    lee.react("retro", message)
    replay.slack.settle()
    assert notes_of(replay) == ["The build took an hour again"]
    assert "Noted for your retro: The build took an hour again" in dm(replay, "lee", "Noted")["text"]
    assert replay.person("ada").dms == []


def test_another_emoji_makes_no_note_and_neither_does_somebody_without_a_team(replay: World) -> None:
    message = said(replay, "The build took an hour again")
    replay.person("lee").react("tada", message)
    replay.person("ivy").react("retro", message)
    replay.slack.settle()
    assert notes_of(replay) == []


def test_a_teams_own_emoji_replaces_the_usual_one_for_that_team(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/retro settings")
    assert ada.submit(retro_emoji=":dart:") == {}
    replay.person("lee").react("retro", said(replay, "Not this one"))
    replay.person("lee").react("dart", said(replay, "But this one"))
    replay.slack.settle()
    assert notes_of(replay) == ["But this one"]


def test_a_reply_in_a_thread_becomes_a_note_by_emoji(replay: World) -> None:
    first = said(replay, "How was the release?")
    reply = replay.person("noor").say("Too slow", channel="team-replay", thread_ts=first["ts"])
    replay.person("lee").react("retro", reply)
    replay.slack.settle()
    assert notes_of(replay) == ["Too slow"]


def test_the_emoji_on_a_message_that_prickle_may_not_read_makes_no_note_and_no_trouble(replay: World) -> None:
    private = replay.slack.add_channel(
        "secret-plans", private=True, members=[replay.id("lee"), replay.id("sam"), replay.slack.bot_user_id]
    )
    message = replay.person("sam").say("Not for everybody", channel=private.id)
    replay.person("lee").react("retro", message)
    replay.slack.settle()
    assert notes_of(replay) == []
    assert "Your emoji made no note. It isn't in a public channel" in dm(replay, "lee", "no note")["text"]


# --- before the reveal ------------------------------------------------------------------------------------------


def test_a_note_is_edited_and_deleted_by_its_author_before_the_reveal(replay: World) -> None:
    write(replay, "lee", better=f"{SECRET}\nReviews wait")
    lee = replay.person("lee")
    lee.command("/retro")
    menu(replay, "lee", f"note_menu_{note_id(replay, SECRET)}", "Edit")
    assert lee.submit(text="The deploys are very slow", side="puzzle") == {}
    lee.close_all()
    lee.command("/retro")
    menu(replay, "lee", f"note_menu_{note_id(replay, 'Reviews wait')}", "Delete")
    assert notes_of(replay) == ["The deploys are very slow"]
    reveal(replay)
    assert "The deploys are very slow — Lee" in board(replay)["text"]
    assert "(edited)" not in board(replay)["text"]


def test_deleting_a_note_keeps_what_is_being_typed_below_it(replay: World) -> None:
    write(replay, "lee", better=SECRET)
    lee = replay.person("lee")
    lee.command("/retro")
    lee.fill(well="The demo")
    menu(replay, "lee", f"note_menu_{note_id(replay, SECRET)}", "Delete")
    assert SECRET not in window(replay, "lee")
    assert lee.submit() == {}
    assert notes_of(replay) == ["The demo"]


def test_only_its_author_edits_or_deletes_a_note_whatever_is_pressed(replay: World) -> None:
    write(replay, "lee", better=SECRET)
    write(replay, "noor", better="Reviews wait")
    noor = replay.person("noor")
    noor.command("/retro")
    menu_id = f"note_menu_{note_id(replay, 'Reviews wait')}"
    for verb in ("edit", "delete", "agree", "merge", "split", "keep", "discuss"):
        press = replay.press("noor", menu_id, "edit")
        option = {**press["actions"][0]["selected_option"], "value": f"{note_id(replay, SECRET)}:{verb}"}
        forged = {**press, "actions": [{**press["actions"][0], "selected_option": option}]}
        replay.slack.deliver("interactive", forged)
        assert SECRET not in str(noor.views), verb
        if len(noor.views) > 1:
            noor.close_view()
    assert sorted(notes_of(replay)) == ["Reviews wait", SECRET]


def test_a_note_takes_a_thousand_characters_and_a_longer_one_stands_as_several(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/retro")
    long = "x" * (NOTE_LENGTH + 1)
    assert lee.submit(well="The demo", puzzle=long[:-1], better=long) == {}
    assert "A long note became several notes, of 1000 characters at most." in window(replay, "lee")
    assert notes_of(replay) == ["The demo", long[:-1], "x", long[:-1]]


def test_more_than_thirty_notes_of_one_person_are_refused(replay: World) -> None:
    write(replay, "lee", better="\n".join(f"Note {number}" for number in range(29)))
    lee = replay.person("lee")
    lee.command("/retro")
    errors = lee.submit(well="One\nTwo")
    assert errors["well"].startswith("That would be 31 notes of yours; a retro takes 30 from each.")
    assert lee.submit(well="One") == {}
    write(replay, "noor", better="Reviews wait")
    assert len(notes_of(replay)) == 31


def test_the_notes_of_a_paused_team_wait_for_it_and_are_not_lost(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/small-team pause")
    assert ada.submit(until="2026-08-02", because="an offsite") == {}
    ada.close_all()
    write(replay, "lee", better=SECRET)
    replay.go_to(ASKS)
    replay.go_to(CLOSES)
    assert all("Retro: Replay" not in text for text in replay.texts("team-replay"))
    replay.go_to("2026-08-03 08:00:00")
    assert "Not written yet" in board(replay)["text"]
    for moment in ("2026-08-07 08:00:00", "2026-08-10 07:00:00", "2026-08-10 09:01:00"):
        replay.go_to(moment)
    assert f"{SECRET} — Lee" in replay.card("team-replay", "Retro: Replay, 13–24 July")["text"]


def test_who_left_the_team_reads_none_of_its_hidden_notes_though_they_sent_theirs(waiting: World) -> None:
    noor = waiting.person("noor")
    noor.press("Nothing new", dm(waiting, "noor"))
    noor.command("/small-team leave")
    noor.submit()
    assert "Noor" not in waiting.members("Replay")
    noor.close_all()
    noor.command("/retro show replay")
    assert SECRET not in window(waiting, "noor")


def test_the_notes_of_somebody_who_left_and_of_a_deactivated_account_stand_with_their_names(replay: World) -> None:
    write(replay, "lee", better=SECRET)
    write(replay, "noor", well="The demo")
    replay.slack.change_user("lee", deleted=True)
    replay.slack.settle()
    reveal(replay)
    assert f"{SECRET} — Lee" in board(replay)["text"]
    assert "The demo — Noor" in board(replay)["text"]


def test_a_note_that_is_sent_after_the_close_goes_to_the_next_retro(ended: World) -> None:
    lee, ada = ended.person("lee"), ended.person("ada")
    lee.command("/retro")
    ada.click("retro_menu", select=f"{the_retro(ended).id}:reveal", message=board(ended))
    ada.press("Close the retro", board(ended))
    assert ada.submit(action_0="") == {}
    assert the_retro(ended).closed_at is not None
    assert lee.submit(better=SECRET) == {}
    lee.close_all()
    lee.command("/retro")
    assert "27 July–7 August" in window(ended, "lee")
    assert SECRET in window(ended, "lee")
    assert SECRET not in board(ended)["text"]


# --- after the reveal -------------------------------------------------------------------------------------------


def test_an_edit_after_the_reveal_shows_and_a_deletion_is_refused(replay: World) -> None:
    write(replay, "lee", better=SECRET)
    lee, note = replay.person("lee"), note_id(replay, SECRET)
    lee.command("/retro")
    reveal(replay)
    menu(replay, "lee", f"note_menu_{note}", "Delete")
    assert "The others have read this note, so it stays." in window(replay, "lee")
    lee.close_all()
    choose(replay, "lee", SECRET, "Edit")
    assert lee.submit(text="The deploys take an hour") == {}
    assert "The deploys take an hour — Lee _(edited)_" in board(replay)["text"]
    assert notes_of(replay) == ["The deploys take an hour"]


def test_me_too_is_said_once_taken_back_and_refused_for_ones_own_note(revealed: World) -> None:
    button = f"note_me_too_{note_id(revealed, SECRET)}"
    lee, noor = revealed.person("lee"), revealed.person("noor")
    lee.click(button, message=board(revealed))
    assert "This note is yours" in window(revealed, "lee")
    noor.click(button, message=board(revealed))
    assert f"{SECRET} — Lee · 👍 1" in board(revealed)["text"]
    noor.click(button, message=board(revealed))
    assert "👍" not in board(revealed)["text"]
    sam = revealed.person("sam")
    sam.click(button, message=board(revealed))
    assert "Only people of Replay can agree in its retro." in window(revealed, "sam")
    sam.close_all()
    sam.command("/retro show replay")
    assert "Me too" not in window(revealed, "sam"), "what would be refused is not offered"


def test_two_who_merge_the_same_notes_into_each_other_end_in_one_state_and_a_sentence(replay: World) -> None:
    write(replay, "lee", better=SECRET)
    write(replay, "noor", better="Deploying takes ages")
    reveal(replay)
    choose(replay, "ada", SECRET, "Merge into another")
    choose(replay, "noor", "Deploying takes ages", "Merge into another")
    errors = replay.at_once(
        lambda: replay.person("ada").submit(into=str(note_id(replay, "Deploying takes ages"))),
        lambda: replay.person("noor").submit(into=str(note_id(replay, SECRET))),
    )
    refused = [each["into"] for each in errors if each]
    assert len(refused) == 1
    assert refused[0].startswith("Somebody merged")
    merged = [the_note(replay, text).merged_into_id for text in (SECRET, "Deploying takes ages")]
    assert merged.count(None) == 1
    assert "↳" in board(replay)["text"]


def test_merged_notes_keep_their_words_and_authors_count_together_and_are_taken_apart(replay: World) -> None:
    write(replay, "lee", better=SECRET)
    write(replay, "noor", better="Deploying takes ages")
    reveal(replay)
    replay.person("ada").click(f"note_me_too_{note_id(replay, 'Deploying takes ages')}", message=board(replay))
    choose(replay, "ada", "Deploying takes ages", "Merge into another")
    assert replay.person("ada").submit(into=str(note_id(replay, SECRET))) == {}
    assert f"{SECRET} — Lee · 👍 2\n\u2003\u2002↳ Deploying takes ages — Noor" in board(replay)["text"]
    replay.person("ada").close_all()
    sam = replay.person("sam")
    sam.command("/retro export replay")
    assert f"- {SECRET} — Lee, and 1 more\\n  - Deploying takes ages — Noor\\n" in window(replay, "sam")
    choose(replay, "lee", SECRET, "Take apart")
    assert "↳" not in board(replay)["text"]
    assert "Deploying takes ages — Noor · 👍 1" in board(replay)["text"]


def test_two_who_merge_one_note_into_different_ones_end_in_one_state_and_a_sentence(replay: World) -> None:
    write(replay, "lee", better=f"{SECRET}\nDeploying takes ages\nWe wait for deploys")
    reveal(replay)
    for name in ("ada", "noor"):
        choose(replay, name, SECRET, "Merge into another")
    errors = replay.at_once(
        lambda: replay.person("ada").submit(into=str(note_id(replay, "Deploying takes ages"))),
        lambda: replay.person("noor").submit(into=str(note_id(replay, "We wait for deploys"))),
    )
    assert [each for each in errors if each] == [
        {"into": "Somebody merged this note a moment ago. Open the board again."}
    ]


def test_a_note_that_is_sent_while_the_retro_closes_is_in_it_or_is_still_being_typed(revealed: World) -> None:
    ada, noor = revealed.person("ada"), revealed.person("noor")
    ada.press("Close the retro", board(revealed))
    noor.press("Write notes", board(revealed))
    noor.fill(puzzle="Who decides?")
    closed, sent = revealed.at_once(lambda: ada.submit(action_0=""), lambda: noor.submit())
    assert closed == {}
    assert ("Who decides?" in notes_of(revealed)) == (sent == {})
    if sent:
        assert "This retro is closed" in str(sent)
        assert "Who decides?" in window(revealed, "noor")


def test_a_note_that_stands_alone_has_none_to_merge_into(revealed: World) -> None:
    choose(revealed, "ada", SECRET, "Merge into another")
    assert "There is no other note to merge it into." in window(revealed, "ada")


def test_a_note_is_discussed_once_in_the_boards_thread(revealed: World) -> None:
    for name in ("ada", "noor"):
        choose(revealed, name, SECRET, "Discuss")
    assert revealed.texts("team-replay", board(revealed)["ts"])[1:] == [f"💬 {SECRET} — Lee"]


# --- what an older version showed ---------------------------------------------------------------------------------


def test_a_vote_on_a_board_of_an_older_version_is_a_me_too(revealed: World) -> None:
    button = {"type": "button", "action_id": f"note_vote_{note_id(revealed, SECRET)}", "block_id": "b"}
    pressed = {**button, "value": str(note_id(revealed, SECRET))}
    revealed.forge_press("noor", board(revealed), pressed)
    assert f"{SECRET} — Lee · 👍 1" in board(revealed)["text"]
    assert "Vote" not in str(board(revealed)["blocks"])
