"""Reaching out, and what both sides do with a request until it is decided."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.intake import desk_closings, requests
from bot.domain.intake.requests import Ask
from bot.platform import clock
from models.intake.requests import Brief, Request
from sandbox.world.state import buttons
from tests.intake import CHANNEL, begin, desk
from tests.stories import Story
from tests.which import BOTH
from tests.world import World

WORDS = "we want to summarise tickets"


def asked(world: World) -> None:
    """Ada of Replay has reached out; the desk PostHog AI has to answer."""
    begin(world)
    world.person("ada").command(f"/reach-out {WORDS}")
    world.post()


@pytest.fixture
def replay(after: Callable[[Story], World]) -> World:
    """Ada of Replay has reached out; the desk PostHog AI has to answer."""
    return after(asked)


def card(world: World, words: str = WORDS) -> dict[str, Any]:
    """The request's card."""
    return world.card(CHANNEL, words)


def thread(world: World) -> list[str]:
    """What the bot said in the request's thread."""
    return world.texts(CHANNEL, card(world)["ts"])[1:]


def choose(world: World, name: str, verb: str) -> None:
    """Choose from the card's menu."""
    person = world.person(name)
    person.click("request_menu", message=card(world), select=f"{verb}:1")


def ask(world: World, name: str, text: str) -> dict[str, str]:
    """Ask what is not clear."""
    person = world.person(name)
    person.click("request_menu", message=card(world), select="Ask something")
    return person.submit(text=text)


def labels(message: dict[str, Any]) -> list[str]:
    """What its buttons say."""
    return [str(each.words) for each in buttons(message)]


def told(world: World, name: str) -> str:
    """What a person reads after something did not work."""
    person = world.person(name)
    text = str((person.view or {})["blocks"][0]["text"]["text"])
    person.close_all()
    return text


# --- reaching out -----------------------------------------------------------------------------------------------


def test_one_line_is_a_request_with_one_card_in_the_channel(replay: World) -> None:
    replay.person("noor").command("/reach-out group the errors")
    assert "as #2" in replay.person("noor").ephemerals[-1]["text"]
    text = card(replay)["text"]
    assert WORDS in text
    assert f"<@{replay.id('ada')}> for *Replay*" in text
    assert "waiting on PostHog AI" in text
    assert "next reminder" in text
    assert [each for each in replay.texts(CHANNEL) if WORDS in each] == [text]


def test_a_window_makes_the_same_request_and_keeps_what_was_typed_when_it_is_empty(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/reach-out")
    assert lee.submit(title=" \n ") == {"title": "Say in one line what you want; a vague idea is enough."}
    assert lee.submit(title="Tag recordings\nby what happens in them") == {}

    shown = card(replay, "Tag recordings")
    assert "by what happens in them" in str(shown["blocks"])


def test_a_form_that_is_delivered_twice_makes_one_request(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/reach-out")
    lee.fill(title="Tag recordings")
    payload = replay.submission("lee")
    replay.slack.deliver("interactive", payload)
    replay.slack.deliver("interactive", payload)

    assert len([text for text in replay.texts(CHANNEL) if "Tag recordings" in text]) == 1


def test_where_there_are_several_desks_the_asker_chooses_one_or_none(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/reach-out")
    assert "Who should answer?" not in str(lee.view), "there is one desk"
    lee.close_all()
    array = desk(replay, "Array", owns="The coding agent", lead="mia")
    for title, chosen, name in (("Colour themes", str(array), "Array"), ("Invoices by mail", "any", "PostHog AI")):
        lee.command("/reach-out")
        assert lee.submit(title=title, desk=chosen) == {}
        assert f"waiting on {name}" in card(replay, title)["text"]
        lee.close_all()


def test_the_desk_stays_chosen_when_something_like_it_was_asked_before(replay: World) -> None:
    array = desk(replay, "Array", owns="The coding agent", lead="mia")
    lee = replay.person("lee")
    lee.command("/reach-out")
    assert lee.submit(title="summarise our tickets", desk=str(array)) == {}
    assert "Is it one of these?" in str(lee.view)
    assert lee.submit() == {}
    assert "waiting on Array" in card(replay, "summarise our tickets")["text"]


def test_a_desk_that_was_closed_meanwhile_is_refused_and_the_words_stay(replay: World) -> None:
    array = desk(replay, "Array", owns="The coding agent", lead="mia")
    lee = replay.person("lee")
    lee.command("/reach-out")
    with replay.db.begin() as session:
        desk_closings.close(session, array, None, by=replay.id("ivy"), now=clock.now())
    assert "Nobody answers there" in str(lee.submit(title="Colour themes", desk=str(array)))


def fails(world: World, title: str) -> None:
    """Something goes wrong after a request was written."""
    with world.db.begin() as session:
        requests.reach_out(session, Ask(f"fails:{title}", world.id("lee"), "x"), now=clock.now())
        raise LookupError


@BOTH
def test_numbers_follow_each_other_whatever_is_sent_twice_or_fails(replay: World) -> None:
    lee = replay.person("lee")
    for title in ("Colour themes", "Invoices by mail"):
        lee.command("/reach-out")
        lee.fill(title=title)
        payload = replay.submission("lee")
        for _ in range(3):
            replay.slack.deliver("interactive", payload)
        lee.close_all()
        with pytest.raises(LookupError):
            fails(replay, title)
    with replay.db.read() as session:
        assert list(session.scalars(select(Request.id).order_by(Request.id))) == [1, 2, 3]


def test_numbers_of_what_comes_in_the_same_moment_follow_each_other(replay: World) -> None:
    def reach_out(number: int) -> None:
        with replay.db.begin() as session:
            asked = Ask(f"test:{number // 2}", replay.id("lee"), f"Number {number // 2}")
            requests.reach_out(session, asked, now=clock.now())

    replay.at_once(*[lambda number=number: reach_out(number) for number in range(8)])
    with replay.db.read() as session:
        assert list(session.scalars(select(Request.id).order_by(Request.id))) == [1, 2, 3, 4, 5]


@BOTH
def test_an_older_version_takes_the_next_number_too(replay: World) -> None:
    """It leaves the number to the database."""
    now = clock.now()
    with replay.db.begin() as session:
        row = Request(source="old", title="x", text="x", asker_id=replay.id("lee"), waiting_since=now, created_at=now)
        session.add(row)
        session.flush()
        assert row.id == 2
    with replay.db.begin() as session:
        assert requests.reach_out(session, Ask("new", replay.id("lee"), "y"), now=now).request.id == 3


def test_what_was_typed_reaches_nobody_as_a_mention(replay: World) -> None:
    replay.person("lee").command("/reach-out <!channel> & <@U1> please")

    shown = card(replay, "please")
    assert "&lt;!channel&gt; &amp; &lt;@U1&gt; please" in str(shown["blocks"])
    assert "<!channel>" not in str(shown)


def test_three_thousand_characters_are_kept_and_the_card_shows_their_beginning(replay: World) -> None:
    words = "Tickets. " + "x" * 3_000
    replay.person("lee").command(f"/reach-out {words}")

    assert "Tickets. xxx" in card(replay, "Tickets.")["text"]
    with replay.db.read() as session:
        assert session.scalars(select(Request.text).order_by(Request.id.desc())).first() == words


def test_before_there_is_a_channel_or_a_desk_a_request_is_kept_and_says_what_is_missing(world: World) -> None:
    world.person("ada").command(f"/reach-out {WORDS}")
    assert "/prickle setup" in world.person("ada").ephemerals[-1]["text"]
    assert world.texts(CHANNEL) == []
    world.set_up()
    world.person("ada").command("/reach-out group the errors")
    assert world.person("ada").ephemerals[-1]["text"] == (
        f"Kept as #2, in <#{world.id(CHANNEL)}>. Nobody answers requests yet: ask a Slack admin to run `/reach-out setup`."
    )
    begin(world)
    assert "group the errors" in card(world, "group the errors")["text"]


def test_before_anybody_answers_the_bare_command_says_so_with_the_next_step_and_opens_no_form(world: World) -> None:
    ada, ivy = world.person("ada"), world.person("ivy")
    ada.command("/reach-out")
    assert ada.view is None
    words = "Nobody answers requests yet: ask a Slack admin to run `/reach-out setup`. Prickle keeps what you type after `/reach-out`"
    assert ada.ephemerals[-1]["text"].startswith(words)
    ada.shortcut("request_new")
    assert words in str(ada.view)
    assert "'type': 'input'" not in str(ada.view)
    ivy.command("/reach-out")
    ivy.press("Set up", ivy.ephemerals[-1])
    assert "There is no desk yet" in str(ivy.view), "an admin goes on at once"


def test_anybody_can_reach_out_from_the_lightning_menu(replay: World) -> None:
    tom = replay.person("tom")
    tom.shortcut("request_new")
    assert tom.submit(title="A tool for our own desk") == {}
    assert card(replay, "A tool for our own desk")


# --- the asker's side -------------------------------------------------------------------------------------------


def test_the_card_shows_the_details(replay: World) -> None:
    ada = replay.person("ada")
    choose(replay, "ada", "details")
    assert ada.submit(why="unsure", tried="A notebook: https://x.example/1", wanted_on="2026-08-14") == {}

    shown = str(card(replay)["blocks"])
    assert "Not sure that AI is right for it" in shown
    assert "A notebook" in shown
    assert "Fri 14 Aug" in shown


def test_details_are_the_askers_sides_and_the_desks(replay: World) -> None:
    for name in ("noor", "mia"):
        choose(replay, name, "details")
        assert replay.person(name).submit(tried=f"{name} tried") == {}
        assert f"{name} tried" in str(card(replay)["blocks"])
    choose(replay, "yuki", "details")
    assert "Only the person who asked" in told(replay, "yuki"), "before there is a form to fill in"


def test_a_day_that_has_passed_is_refused_under_its_field(replay: World) -> None:
    choose(replay, "ada", "details")
    assert replay.person("ada").submit(wanted_on="2026-07-01") == {
        "wanted_on": "This day has passed. Choose a later day, or none."
    }


def test_the_asker_takes_it_back_and_nobody_else_does(replay: World) -> None:
    choose(replay, "sam", "details")
    assert "request_withdraw" not in str(replay.person("sam").view)
    replay.person("sam").close_all()
    replay.forge_press("sam", card(replay), {"type": "button", "action_id": "request_withdraw", "value": "1"})
    assert "Only Ada and their team can take this back" in told(replay, "sam")
    choose(replay, "ada", "details")
    replay.person("ada").click("request_withdraw")

    assert "Taken back" in card(replay)["text"]
    assert thread(replay) == [f"<@{replay.id('ada')}> took this request back."]
    assert labels(card(replay)) == ["Undo"]


# --- at a desk --------------------------------------------------------------------------------------------------


def test_claiming_hands_the_ball_to_who_claims(replay: World) -> None:
    replay.person("mia").press("I'll take it", card(replay))
    assert f"waiting on <@{replay.id('mia')}> since" in card(replay)["text"]
    assert labels(card(replay)) == ["Take over", "Answer", "Undo"]


def test_only_who_is_at_a_desk_claims_asks_and_routes(replay: World) -> None:
    lee = replay.person("lee")
    lee.press("I'll take it", card(replay))
    assert "only the people of PostHog AI (lead Sam) can take it" in told(replay, "lee")
    for words in ("Ask something", "Hand to another team"):
        lee.click("request_menu", message=card(replay), select=words)
        assert "only the people of PostHog AI (lead Sam) can" in told(replay, "lee")
    lee.press("Answer", card(replay))
    assert "only the people of PostHog AI (lead Sam) can answer it" in told(replay, "lee")


def test_of_two_who_claim_in_the_same_moment_one_gets_it_and_the_other_reads_who(replay: World) -> None:
    shown = card(replay)
    replay.at_once(
        lambda: replay.person("mia").press("I'll take it", shown),
        lambda: replay.person("tom").press("I'll take it", shown),
    )

    with replay.db.read() as session:
        claimer = session.scalars(select(Request.claimer_id)).one()
    loser = "tom" if claimer == replay.id("mia") else "mia"
    assert "is on it" in told(replay, loser)


def test_taking_over_is_said_in_the_thread(replay: World) -> None:
    replay.person("mia").press("I'll take it", card(replay))
    replay.person("tom").press("Take over", card(replay))

    assert f"waiting on <@{replay.id('tom')}>" in card(replay)["text"]
    assert thread(replay) == [f"<@{replay.id('tom')}> takes this over from <@{replay.id('mia')}>."]


def test_questions_stand_in_the_thread_and_hand_the_ball_to_the_asker(replay: World) -> None:
    assert ask(replay, "mia", "Which tickets?\nHow many <b>a day</b>?") == {}

    assert f"waiting on <@{replay.id('ada')}>" in card(replay)["text"]
    assert "Mia is on it" in card(replay)["text"]
    (question,) = thread(replay)
    assert question.startswith(f"<@{replay.id('ada')}>, <@{replay.id('mia')}> asks:")
    assert "How many &lt;b&gt;a day&lt;/b&gt;?" in question


def test_an_empty_question_is_refused_and_the_form_stays(replay: World) -> None:
    assert ask(replay, "mia", "  ") == {"text": "Write the question."}


def test_routing_needs_a_sentence_why_and_the_thread_says_it(replay: World) -> None:
    array = desk(replay, "Array", owns="The coding agent", lead="mia")
    choose(replay, "sam", "route")
    sam = replay.person("sam")
    assert sam.submit(desk=str(array), why=" ") == {"why": "Say in one sentence why it belongs there."}
    assert sam.submit(desk=str(array), why="It is about code") == {}

    assert "waiting on Array" in card(replay)["text"]
    assert thread(replay) == [f"PostHog AI → *Array*. <@{replay.id('sam')}>: It is about code"]


def test_a_second_bounce_goes_to_both_leads_together_by_name(replay: World) -> None:
    array, ai = desk(replay, "Array", owns="The coding agent", lead="mia"), 1
    for name, target in (("sam", array), ("mia", ai)):
        choose(replay, name, "route")
        assert replay.person(name).submit(desk=str(target), why="Not ours") == {}

    both = {replay.id("sam"), replay.id("mia")}
    assert all(f"<@{each}>" in thread(replay)[-1].splitlines()[-1] for each in both)
    assert "waiting on both leads" in card(replay)["text"]
    choose(replay, "tom", "route")
    assert "the leads of both desks settle it" in str(replay.person("tom").submit(desk=str(array), why="Ours"))
    replay.person("tom").close_all()
    choose(replay, "mia", "route")
    assert replay.person("mia").submit(desk=str(array), why="We agreed") == {}
    assert "waiting on Array" in card(replay)["text"]


def test_a_snooze_is_announced_in_the_thread_and_moves_the_next_nudge(replay: World) -> None:
    choose(replay, "mia", "snooze")
    mia = replay.person("mia")
    assert "within the next 60 days" in str(mia.submit(until="2027-01-01"))
    assert mia.submit(until="2026-07-20") == {}

    assert thread(replay) == [f"💤 <@{replay.id('mia')}> snoozed this until Mon 20 Jul."]
    assert "snoozed until Mon 20 Jul" in card(replay)["text"]


# --- the brief --------------------------------------------------------------------------------------------------


def test_either_side_writes_the_brief_and_every_version_is_kept(replay: World) -> None:
    for name, problem in (("ada", "Support reads all day"), ("mia", "Support reads 400 tickets a day")):
        choose(replay, name, "brief")
        assert replay.person(name).submit(problem=problem) == {}

    assert "Support reads 400 tickets a day" in str(card(replay)["blocks"])
    assert "version 2" in thread(replay)[-1]
    with replay.db.read() as session:
        assert [each.problem for each in session.scalars(select(Brief).order_by(Brief.version))] == [
            "Support reads all day",
            "Support reads 400 tickets a day",
        ]


def test_a_brief_that_somebody_changed_meanwhile_is_not_overwritten(replay: World) -> None:
    choose(replay, "ada", "brief")
    choose(replay, "mia", "brief")
    assert replay.person("mia").submit(problem="Mia's words") == {}

    assert "changed the brief while you wrote" in replay.person("ada").submit(problem="Ada's words")["problem"]
    assert "Mia's words" in str(card(replay)["blocks"])


def test_two_who_write_the_brief_in_the_same_moment_leave_two_versions_or_one_is_told(replay: World) -> None:
    for name in ("ada", "mia"):
        choose(replay, name, "brief")
        replay.person(name).fill(problem=f"{name}'s words")
    answers = replay.at_once(replay.person("ada").submit, replay.person("mia").submit)

    assert sorted(bool(answer) for answer in answers) == [False, True]


def test_writing_the_brief_is_an_answer_of_the_asker(replay: World) -> None:
    ask(replay, "mia", "What is the problem?")
    choose(replay, "noor", "brief")
    assert replay.person("noor").submit(problem="Reading takes all day") == {}

    assert f"waiting on <@{replay.id('mia')}>" in card(replay)["text"]


def test_a_stranger_writes_no_brief(replay: World) -> None:
    choose(replay, "yuki", "brief")
    assert "Only the person who asked" in told(replay, "yuki")
