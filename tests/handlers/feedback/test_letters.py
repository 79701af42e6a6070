"""Feedback: given, received, thanked, kept and shared, and read by nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.domain.feedback.sealing import OFF
from bot.platform import logs
from bot.platform.crypto import new_key
from models.company import Person
from models.feedback import Feedback
from tests.feedback import (
    ADVICE,
    SECRET,
    WORDS,
    begin,
    dm,
    dms,
    everything_somebody_reads,
    everything_stored,
    give,
    stored,
    told,
)
from tests.stories import Story
from tests.world import KEY, World


@pytest.fixture
def replay(after: Callable[[Story], World]) -> World:
    """Two teams that have given no feedback yet."""
    return after(begin)


@pytest.fixture
def lees(after: Callable[[Story], World]) -> World:
    """Ada has told Lee something."""
    return after(told)


def refusal(world: World, name: str) -> str:
    """What a person reads after something did not work."""
    person = world.person(name)
    words = str((person.view or {})["blocks"][0]["text"]["text"])
    person.close_all()
    return words


def pressed(action_id: str, feedback_id: int = 1, **more: Any) -> dict[str, Any]:
    """What Slack says of a press on a button of the receiver's message."""
    kind = {"type": "overflow", "selected_option": {"value": str(feedback_id)}} if more.get("menu") else None
    return {"action_id": action_id, "block_id": "b", **(kind or {"type": "button", "value": str(feedback_id)})}


# --- giving -----------------------------------------------------------------------------------------------------


def test_feedback_reaches_its_receiver_with_the_name_of_its_giver_and_the_giver_reads_that_it_arrived(
    lees: World,
) -> None:
    (text,) = dms(lees, "lee")
    assert f"<@{lees.id('ada')}> has feedback for you" in text
    assert all(words in text for words in WORDS)
    (copy,) = dms(lees, "ada")
    assert f"<@{lees.id('lee')}> has your feedback" in copy
    assert all(words in copy for words in WORDS)


@pytest.mark.parametrize("typed", ["@lee", "@Lee", "lee", "@le", "@lee.kern", "<@{id}>", "<@{id}|lee>"])
def test_a_name_behind_the_command_is_chosen_in_the_form(replay: World, typed: str) -> None:
    ada = replay.person("ada")
    ada.command(f"/give-feedback {typed.format(id=replay.id('lee'))}")
    assert ada.submit(saw=SECRET) == {}
    assert SECRET in dm(replay, "lee")["text"]


def test_what_follows_the_name_is_what_somebody_saw(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback @lee: you stayed calm & kind")
    assert ada.submit() == {}
    assert "you stayed calm &amp; kind" in dm(replay, "lee")["text"]


def test_a_name_that_is_not_clear_is_asked_for_and_nothing_typed_is_lost(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback @nobody you stayed calm")
    assert "I am not sure who `@nobody` is" in str(ada.view)
    assert ada.submit(person=replay.id("noor")) == {}
    assert "you stayed calm" in dm(replay, "noor")["text"]


def test_a_mention_arrives_as_a_handle_which_need_not_be_like_any_name(replay: World) -> None:
    replay.slack.add_user("grace", handle="rear.admiral", real_name="Grace Hopper", display_name="Amazing Grace")
    replay.meet()
    ada = replay.person("ada")
    ada.command("/give-feedback @grace thanks")
    assert ada.submit() == {}
    replay.post()
    assert "thanks" in replay.person("grace").dms[-1]["text"]


@pytest.mark.parametrize("typed", ["@lee.smith", "@lee-smith", "@lee_smith"])
def test_a_handle_that_only_begins_like_a_name_is_nobodys_we_know(replay: World, typed: str) -> None:
    ada = replay.person("ada")
    ada.command(f"/give-feedback {typed} hello")
    assert f"I am not sure who `{typed}` is" in str(ada.view)


def test_words_without_a_name_are_what_somebody_saw(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback you stayed calm")
    assert ada.submit(person=replay.id("noor")) == {}
    assert "you stayed calm" in dm(replay, "noor")["text"]


def test_of_two_who_are_called_alike_none_is_guessed(replay: World) -> None:
    replay.slack.add_user("leena", tz="Europe/Berlin")
    replay.meet()
    ada = replay.person("ada")
    ada.command("/give-feedback @le hello")
    assert "I am not sure who `@le` is" in str(ada.view)
    ada.close_all()
    ada.command("/give-feedback @lee hello")
    assert ada.submit() == {}
    assert dm(replay, "lee")


def test_a_message_is_given_feedback_on_with_its_link(replay: World) -> None:
    message = replay.person("lee").say("The deploy is done", channel="team-replay")
    ada = replay.person("ada")
    ada.shortcut("feedback_on_message", message)
    assert ada.submit(saw="You told us at once") == {}
    link = f"archives/{replay.id('team-replay')}/p{message['ts'].replace('.', '')}"
    assert f"{link}|this message>" in dm(replay, "lee")["text"]


def test_a_message_of_an_app_names_nobody(replay: World) -> None:
    give(replay, "lee", "ada")
    ada = replay.person("ada")
    ada.shortcut("feedback_on_message", dm(replay, "ada"))
    assert "initial_user" not in str(ada.view)


def test_home_and_the_lightning_menu_open_the_same_form(replay: World) -> None:
    for name, opens in (("ada", True), ("yuki", True), ("noor", False)):
        person = replay.person(name)
        if opens:
            person.open_home()
            person.click("feedback_give", home=True)
        else:
            person.shortcut("feedback_new")
        assert person.submit(person=replay.id("lee"), saw=f"{name} saw it") == {}
        assert f"{name} saw it" in dm(replay, "lee")["text"]


def test_what_was_typed_reaches_nobody_as_a_mention(replay: World) -> None:
    give(replay, "ada", "lee", "<!channel> & <@U1> saw it", effect="*bold* <b>")
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt; saw it" in dm(replay, "lee")["text"]
    assert "<!channel>" not in str(dm(replay, "lee"))


@pytest.mark.parametrize(
    ("whom", "words"),
    [
        ("ada", "This is you."),
        ("rosa", "Rosa is a guest here"),
        ("karl", "Karl's Slack account is deactivated"),
        ("deploys", "Deploys is an app"),
    ],
)
def test_whom_feedback_would_not_reach_is_refused_under_the_field(replay: World, whom: str, words: str) -> None:
    replay.slack.add_user("rosa", is_ultra_restricted=True)
    replay.slack.add_user("karl", deleted=True)
    replay.slack.add_user("deploys", is_bot=True, real_name="Deploys")
    replay.meet()
    ada = replay.person("ada")
    ada.command("/give-feedback")
    errors = ada.submit(person=replay.slack.user(whom).id, saw=SECRET)
    assert set(errors) == {"person"}
    assert errors["person"].casefold().startswith(words.casefold())
    assert ada.submit(person=replay.id("lee")) == {}, "and what was typed is still there"
    assert SECRET in dm(replay, "lee")["text"]


def test_a_name_that_would_be_refused_is_refused_before_anything_is_typed(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback @ada")
    assert ada.view is None
    assert "This is you." in ada.ephemerals[-1]["text"]


def test_what_was_typed_behind_the_command_is_said_again_where_it_is_refused(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback @ada You & <I> saw it")
    assert "This is you." in ada.ephemerals[-1]["text"]
    assert ada.ephemerals[-1]["text"].endswith("\nYou typed: @ada.kern You &amp; &lt;I&gt; saw it")


def test_without_a_key_what_was_typed_behind_the_command_is_said_again(replay: World) -> None:
    replay.run_with(feedback_keys=None)
    ada = replay.person("ada")
    ada.command(f"/give-feedback {SECRET}")
    assert ada.ephemerals[-1]["text"] == f"{OFF}\nYou typed: {SECRET}"


def test_empty_and_too_long_feedback_is_refused_and_stays_in_the_form(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback @lee")
    assert ada.submit(saw=" \n ") == {"saw": "Say what you saw; one sentence is enough."}
    errors = ada.submit(saw="seen", effect="x" * 1_000, suggestion="y" * 2_001)
    assert errors == {"suggestion": "That is 3,005 characters in all; feedback takes 3,000. Say less."}
    assert ada.submit(suggestion="y" * 1_996) == {}
    assert "y" * 1_996 in str(dm(replay, "lee")["blocks"])


def test_a_form_that_is_delivered_twice_gives_one_feedback(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback @lee")
    ada.fill(saw=SECRET)
    payload = replay.submission("ada")
    replay.at_once(*[lambda: replay.slack.deliver("interactive", payload)] * 3)
    replay.slack.deliver("interactive", payload)

    assert len(dms(replay, "lee")) == len(dms(replay, "ada")) == 1


def test_a_message_that_slack_does_not_take_is_not_said_to_have_arrived(replay: World) -> None:
    give(replay, "ada", "lee")
    replay.slack.user("lee").deleted = True
    assert dms(replay, "ada") == [f"Slack did not take your feedback to <@{replay.id('lee')}>. Tell them directly."]


# --- editing ----------------------------------------------------------------------------------------------------


def test_the_giver_edits_it_for_ten_minutes_in_the_message_that_is_there(lees: World) -> None:
    ada = lees.person("ada")
    ada.press("Edit", dm(lees, "ada", "has your feedback"))
    assert ada.submit(saw="The demo lost them after two minutes") == {}
    (text,) = dms(lees, "lee")
    assert "after two minutes" in text
    assert SECRET not in str(lees.person("lee").dms)
    assert "edited" in text
    assert "after two minutes" in dms(lees, "ada")[0]


def test_after_ten_minutes_it_stays_as_it_was_read(lees: World) -> None:
    ada = lees.person("ada")
    ada.press("Edit", dm(lees, "ada", "has your feedback"))
    lees.hands.move_to("2026-07-09 08:11:00")
    assert ada.submit(saw="Never mind") == {
        "saw": "Ten minutes have passed, so it stays as Lee read it. Give feedback again if there is more."
    }
    ada.close_all()
    old = dm(lees, "ada", "has your feedback")
    lees.go_to("2026-07-09 08:12:00")
    assert "Edit" not in str(dm(lees, "ada", "has your feedback")["blocks"])
    assert "you can change it until" not in dm(lees, "ada", "has your feedback")["text"]
    lees.forge_press("ada", old, pressed("feedback_edit"))
    assert "Ten minutes have passed" in refusal(lees, "ada")
    assert SECRET in dm(lees, "lee")["text"]


def test_the_receipt_leads_to_an_edit_too(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback @lee")
    assert ada.submit(saw=SECRET) == {}
    ada.click("feedback_edit")
    assert ada.submit(saw="Something else") == {}
    assert "Something else" in dm(replay, "lee")["text"]
    assert SECRET not in str(replay.person("lee").dms)


def test_an_edit_while_the_message_is_on_its_way_is_what_stands_there_in_the_end(replay: World) -> None:
    give(replay, "ada", "lee")
    ada = replay.person("ada")
    ada.command("/give-feedback mine")
    ada.click("feedback_edit_1")
    ada.fill(saw="Something else")
    replay.at_once(ada.submit, lambda: {"": str(replay.deliveries[0].tick())})

    assert "Something else" in dm(replay, "lee")["text"]
    assert len(dms(replay, "lee")) == 1


# --- what the receiver does -------------------------------------------------------------------------------------


def test_the_giver_is_told_of_thanks_once(lees: World) -> None:
    lee, message = lees.person("lee"), dm(lees, "lee")
    lee.press("Thank", message)
    lees.forge_press("lee", message, pressed("feedback_thank"))

    assert dms(lees, "ada", "thanks you") == [f"🙏 <@{lees.id('lee')}> thanks you for your feedback."]
    assert "you said thanks" in dm(lees, "lee")["text"]
    assert "Thank" not in str(dm(lees, "lee")["blocks"][-1])
    assert "they said thanks" in dm(lees, "ada", "has your feedback")["text"]


def test_asking_back_leads_to_the_conversation_between_the_two(lees: World) -> None:
    message = dm(lees, "lee")
    button = next(each for each in message["blocks"][-1]["elements"] if each["text"]["text"] == "Ask")
    assert button["url"].endswith(f"/app_redirect?channel={lees.id('ada')}")
    lees.person("lee").press("Ask", message)


def test_my_feedback_has_every_verb_of_the_message(lees: World) -> None:
    lee = lees.person("lee")
    lee.command("/give-feedback mine")
    (block,) = [each for each in (lee.view or {})["blocks"] if "feedback_thank_1" in str(each)]
    assert [each["action_id"] for each in block["elements"]] == [
        "feedback_thank_1",
        "feedback_chat_1",
        "feedback_keep_1",
        "feedback_menu_1",
    ]
    lee.click("feedback_thank_1")
    assert "you said thanks" in str(lee.view)
    assert "feedback_thank_1" not in str(lee.view)
    assert "thanks you for your feedback" in dm(lees, "ada", "thanks you")["text"]
    lee.click("feedback_menu_1", select="1")
    assert lee.submit() == {}
    assert "you shared it in" in str(lee.view), "the window below shows it"
    assert "feedback_menu_1" not in str(lee.view)


def test_what_is_pressed_on_an_older_page_shows_on_that_page(replay: World) -> None:
    for number in range(17):
        give(replay, "ada", "lee", f"Number {number:02}")
    lee = replay.person("lee")
    lee.command("/give-feedback mine")
    lee.click("feedback_page_older")
    lee.click("feedback_keep_1")
    assert "Number 00" in str(lee.view)
    assert "kept as your action" in str(lee.view)


def test_a_kept_action_stands_in_my_list_until_it_is_done(lees: World) -> None:
    lee = lees.person("lee")
    lee.press("Keep as my action", dm(lees, "lee"))
    lee.command("/give-feedback mine")
    assert "1 action of mine" in str(lee.view)
    assert f"• {ADVICE} — from Ada" in str(lee.view)
    assert str(lee.view).count("'feedback_done_1'") == 1
    lee.click("feedback_done_1")
    assert "1 action of mine" not in str(lee.view)
    assert "your action is done" in str(lee.view)
    assert "your action is done" in dm(lees, "lee")["text"]
    assert stored(lees).done_at is not None


def test_a_kept_action_is_done_from_the_message_as_well(lees: World) -> None:
    lee = lees.person("lee")
    lee.press("Keep as my action", dm(lees, "lee"))
    lee.press("Done", dm(lees, "lee"))
    assert "your action is done" in dm(lees, "lee")["text"]


def test_the_receiver_shares_it_with_their_team_after_seeing_what_everybody_will_read(lees: World) -> None:
    lee = lees.person("lee")
    lee.click("feedback_menu", message=dm(lees, "lee"), select="1")
    assert SECRET in str(lee.view)
    assert all(SECRET not in text for text in lees.texts("team-replay"))
    assert lee.submit() == {}
    lee.close_all()

    (text,) = [each for each in lees.texts("team-replay") if SECRET in each]
    assert f"<@{lees.id('lee')}> shares feedback from <@{lees.id('ada')}>" in text
    assert "you shared it" in dm(lees, "lee")["text"]
    assert "they shared it" in dm(lees, "ada", "has your feedback")["text"]
    assert all(words not in everything_stored(lees) for words in WORDS)


def test_what_was_shared_is_edited_no_more(lees: World) -> None:
    ada, lee = lees.person("ada"), lees.person("lee")
    ada.press("Edit", dm(lees, "ada", "has your feedback"))
    lee.click("feedback_menu", message=dm(lees, "lee"), select="1")
    assert lee.submit() == {}
    assert "has already shared it" in ada.submit(saw="Never mind")["saw"]


def test_who_is_in_no_team_has_no_channel_to_share_in(replay: World) -> None:
    give(replay, "ada", "yuki")
    message = dm(replay, "yuki")
    assert "overflow" not in str(message["blocks"])
    replay.forge_press("yuki", message, pressed("feedback_menu", menu=True))
    assert "you are in none" in refusal(replay, "yuki")


def test_my_feedback_shows_what_i_was_told_and_what_i_told_others_page_by_page(replay: World) -> None:
    for number in range(17):
        give(replay, "ada", "lee", f"Number {number:02}")
    give(replay, "lee", "noor", "From Lee")
    lee = replay.person("lee")
    lee.command("/give-feedback mine")
    assert "Number 16" in str(lee.view)
    assert "Number 01" not in str(lee.view)
    assert "From Lee" in str(lee.view)
    lee.click("feedback_page_older")
    assert "Number 01" in str(lee.view)
    lee.click("feedback_page_newer")
    assert "Number 16" in str(lee.view)


# --- who reads what ---------------------------------------------------------------------------------------------


def test_nobody_but_the_two_reads_a_word_of_it_wherever_they_look(lees: World) -> None:
    lees.person("lee").press("Thank", dm(lees, "lee"))
    lees.person("lee").press("Keep as my action", dm(lees, "lee"))
    for name in ("noor", "ivy", "sam", "yuki"):
        read = everything_somebody_reads(lees, name)
        assert [words for words in WORDS if words in read] == [], f"{name} reads it"
    assert SECRET in everything_somebody_reads(lees, "lee"), "and the look would have found it"


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_no_log_holds_a_word_of_it_whatever_goes_wrong(
    replay: World, caplog: pytest.LogCaptureFixture, level: str
) -> None:
    caplog.set_level(level)
    caplog.handler.addFilter(logs.is_discreet)
    caplog.handler.setFormatter(logs.DiscreetFormatter(logs.HUMAN))
    give(replay, "ada", "lee")
    replay.slack.faults.add("lost_reply", "chat.postMessage", times=1)
    replay.post()
    replay.person("lee").press("Keep as my action", dm(replay, "lee"))
    replay.run_with(feedback_keys=new_key())
    replay.person("lee").command("/give-feedback mine")
    replay.post()
    assert "it can't be read" in caplog.text
    assert [words for words in WORDS if words in caplog.text] == []


def test_the_words_stand_nowhere_in_the_database(lees: World) -> None:
    ada = lees.person("ada")
    ada.press("Edit", dm(lees, "ada", "has your feedback"))
    assert ada.submit(saw="A second thought of mine") == {}
    lees.post()
    found = everything_stored(lees)
    assert [words for words in (*WORDS, "A second thought") if words in found] == []
    assert "Session replay: quality" in found, "and the look would have found it"


@pytest.mark.parametrize(
    "action_id",
    ["feedback_thank", "feedback_keep", "feedback_done", "feedback_menu", "feedback_edit"],
)
@pytest.mark.parametrize("thief", ["noor", "ivy"])
def test_a_stolen_press_reveals_and_changes_nothing(lees: World, thief: str, action_id: str) -> None:
    give(lees, "lee", thief, "Hello")
    message = dm(lees, thief)
    before = stored_state(lees)
    answers = []
    for feedback_id in (1, 999):
        lees.forge_press(thief, message, pressed(action_id, feedback_id, menu=action_id == "feedback_menu"))
        answers.append(refusal(lees, thief))
    assert answers[0] == answers[1], "somebody else's feedback and none at all read the same"
    assert "Only the giver and the receiver" in answers[0]
    assert stored_state(lees) == before
    assert all(words not in str(lees.person(thief).dms) for words in WORDS)


def stored_state(world: World) -> list[Any]:
    """What became of the first feedback."""
    with world.db.read() as session:
        return list(session.execute(select(Feedback.__table__).where(Feedback.id == 1)).one())


@pytest.mark.parametrize("callback_id", ["feedback_edit", "feedback_share"])
def test_a_stolen_form_reveals_and_changes_nothing(lees: World, callback_id: str) -> None:
    noor = lees.person("noor")
    noor.command("/give-feedback @lee")
    noor.fill(saw="Mine now")
    payload = lees.submission("noor")
    payload["view"] |= {"callback_id": callback_id, "private_metadata": "1"}
    before = stored_state(lees)
    answer = lees.slack.deliver("interactive", payload)
    assert "Only the giver and the receiver" in answer.body
    assert all(words not in answer.body for words in WORDS)
    assert stored_state(lees) == before


def test_the_giver_is_no_receiver_and_the_receiver_no_giver(lees: World) -> None:
    lees.forge_press("ada", dm(lees, "ada", "has your feedback"), pressed("feedback_menu", menu=True))
    assert "Only the giver and the receiver" in refusal(lees, "ada")
    lees.forge_press("lee", dm(lees, "lee"), pressed("feedback_edit"))
    assert "Only the giver and the receiver" in refusal(lees, "lee")


def test_a_row_that_was_given_to_somebody_else_does_not_open(lees: World) -> None:
    with lees.db.begin() as session:
        session.execute(update(Feedback).values(receiver_id=lees.id("noor")))
    noor = lees.person("noor")
    noor.command("/give-feedback mine")
    assert noor.view is None
    assert "can't be read" in noor.ephemerals[-1]["text"]


def test_what_somebody_gave_stays_with_its_receiver_when_their_account_is_gone(lees: World) -> None:
    lees.slack.user("ada").deleted = True
    lees.meet()
    lee = lees.person("lee")
    lee.press("Thank", dm(lees, "lee"))
    lees.post()
    lee.command("/give-feedback mine")
    assert SECRET in str(lee.view)
    assert "Ask" not in str(dm(lees, "lee")["blocks"][-1]), "there is nobody to ask any more"


# --- the key ----------------------------------------------------------------------------------------------------


def test_without_a_key_every_way_to_feedback_answers_one_sentence_and_stores_nothing(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback @lee")
    ada.fill(saw=SECRET)
    replay.run_with(feedback_keys=None)
    assert ada.submit() == {"person": OFF}
    ada.close_all()
    for line in ("/give-feedback", "/give-feedback @lee", "/give-feedback mine"):
        ada.command(line)
        assert ada.ephemerals[-1]["text"] == OFF
        assert ada.view is None
    ada.open_home()
    ada.click("feedback_give", home=True)
    assert refusal(replay, "ada") == OFF
    with replay.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Feedback)) == 0


def test_feedback_that_is_on_its_way_when_the_key_is_gone_arrives_once_it_is_back(replay: World) -> None:
    give(replay, "ada", "lee")
    replay.run_with(feedback_keys=None)
    assert dms(replay, "lee") == []
    replay.run_with(feedback_keys=KEY)
    replay.go_to("2026-07-09 08:06:00")
    assert len(dms(replay, "lee", SECRET)) == 1


def test_the_newest_name_of_a_person_is_found_whatever_its_letters(replay: World) -> None:
    with replay.db.begin() as session:
        session.execute(update(Person).where(Person.id == replay.id("lee")).values(name="Łukasz Żuk"))
    ada = replay.person("ada")
    ada.command("/give-feedback @łukasz żuk you stayed calm")
    assert ada.submit() == {}
    assert "*What I saw*\nyou stayed calm" in dm(replay, "lee")["text"]
