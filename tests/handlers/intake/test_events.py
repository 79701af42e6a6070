"""An idea is heard where it is written, stored before it is acknowledged, and becomes one request."""

import logging
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.domain.company import company
from bot.domain.intake import asking
from bot.domain.outbox import posts
from bot.platform import clock
from bot.views.intake import asking as asking_views
from jobs.intake import events as intake_job
from models.intake.events import InboundEvent
from models.intake.requests import Ball, Request
from sandbox.world import messages
from tests.intake import CHANNEL, listening, made, one, say, thread
from tests.stories import Story
from tests.world import World

WORDS = "we want to summarise tickets"


@pytest.fixture
def slack(after: Callable[[Story], World]) -> World:
    """A desk answers, and Prickle is in the intake channel and in #team-replay."""
    return after(listening)


def stored(world: World) -> list[InboundEvent]:
    """The events that were stored, acted on or not."""
    world.slack.settle()
    with world.db.read() as session:
        return list(session.scalars(select(InboundEvent).order_by(InboundEvent.event_id)))


def cards(world: World) -> list[str]:
    """The cards of requests, wherever they stand."""
    world.post()
    standing = world.slack.channel(CHANNEL).messages.values()
    return [each["text"] for each in standing if "🟡 Open" in str(each.get("text"))]


# --- a message --------------------------------------------------------------------------------------------------


def test_a_message_becomes_a_request_with_its_card_in_its_thread(slack: World) -> None:
    message = say(slack, "ada", f"{WORDS}\nand don't know where to begin")
    request = one(slack)

    assert (request.title, request.asker_id) == (WORDS, slack.id("ada"))
    assert request.text == f"{WORDS}\nand don't know where to begin"
    assert (request.thread_ts, request.link) == (message["ts"], None)
    (card,) = thread(slack, message)
    assert f"#{request.id} {WORDS}" in card


def test_what_is_acknowledged_is_stored_and_what_was_acted_on_is_forgotten(slack: World) -> None:
    say(slack, "ada", WORDS)
    (event,) = stored(slack)
    assert event.handled_at is None
    assert event.payload["text"] == WORDS

    made(slack)
    (event,) = stored(slack)
    assert event.handled_at is not None
    assert event.payload == {}


def test_an_event_that_slack_sends_twice_makes_one_request(slack: World, caplog: pytest.LogCaptureFixture) -> None:
    slack.slack.faults.add("duplicate_event", "message.channels", times=None)
    message = say(slack, "ada", WORDS)

    assert len(stored(slack)) == 1
    assert [
        each for each in caplog.records if each.levelno >= logging.WARNING
    ] == []  # the second one is acknowledged too
    one(slack)
    assert len(thread(slack, message)) == 1


def test_a_mention_and_its_message_make_one_request_without_the_mention(slack: World) -> None:
    message = say(slack, "ada", f"@Prickle, {WORDS}")

    assert len(stored(slack)) == 2
    assert one(slack).title == WORDS
    assert len(thread(slack, message)) == 1


def test_words_are_what_people_read_and_tell_nobody(slack: World) -> None:
    say(slack, "ada", "@channel @lee <!channel> & 1 < 2 see <https://example.com/a|the plan>")
    request = one(slack)

    assert request.title.startswith("@channel @Lee <!channel> & 1 < 2 see ")
    (card,) = cards(slack)
    assert "&lt;!channel&gt; &amp; 1 &lt; 2" in card
    assert "<!channel>" not in card
    assert f"<@{slack.id('lee')}>" not in card


def test_a_links_way_is_kept(slack: World) -> None:
    with slack.slack.lock:
        fields = {"user": slack.id("ada"), "text": "like <https://example.com/plan|the plan>"}
        messages.post(slack.slack, slack.slack.channel(CHANNEL), fields)

    assert one(slack).title == "like the plan (https://example.com/plan)"


def test_three_thousand_characters_are_all_kept(slack: World) -> None:
    words = "Tickets. " + "x" * 3_500
    say(slack, "ada", words)

    assert one(slack).text == words
    assert len(cards(slack)) == 1


def test_a_file_without_a_word_is_a_request_by_its_name(slack: World) -> None:
    say(slack, "ada", "", files=[{"id": "F1", "name": "sketch.png"}, {"id": "F2", "mode": "tombstone"}])

    assert one(slack).title == "📎 sketch.png"
    assert one(slack).text == "📎 sketch.png\n📎 a file"


def test_another_message_shared_without_a_word_is_a_request_with_its_words(slack: World) -> None:
    with slack.slack.lock:
        shared = {"text": "The customer wants it", "from_url": "https://sandbox.slack.com/archives/C1/p1"}
        fields = {"user": slack.id("ada"), "text": "", "attachments": [shared]}
        messages.post(slack.slack, slack.slack.channel(CHANNEL), fields)

    assert one(slack).text == "The customer wants it\nhttps://sandbox.slack.com/archives/C1/p1"


def test_what_somebody_says_of_themselves_is_a_message_too(slack: World) -> None:
    slack.person("ada").command("/me wonders whether AI could tag recordings", channel=CHANNEL)
    slack.slack.settle()

    assert one(slack).title == "wonders whether AI could tag recordings"


# --- what makes no request --------------------------------------------------------------------------------------


def by_another_app(world: World) -> None:
    fields = {"subtype": "bot_message", "bot_id": "B0OTHER", "username": "deploys", "text": "Deployed"}
    messages.post(world.slack, world.slack.channel(CHANNEL), fields)


def by_an_app_for_somebody(world: World) -> None:
    fields = {"bot_id": "B0OTHER", "user": world.id("lee"), "text": "Posted for Lee"}
    messages.post(world.slack, world.slack.channel(CHANNEL), fields)


def by_slackbot(world: World) -> None:
    messages.post(world.slack, world.slack.channel(CHANNEL), {"user": "USLACKBOT", "text": "Reminder: water"})


def by_us(world: World) -> None:
    with world.db.begin() as session:
        posts.write(session, "ours", world.id(CHANNEL), posts.Message("Ours"), now=clock.now())
    world.post()


def somebody_joins(world: World) -> None:
    world.slack.add_user("kim")
    world.person("kim").join(CHANNEL)


def somebody_leaves(world: World) -> None:
    world.person("lee").leave(CHANNEL)


def the_channel_is_renamed(world: World) -> None:
    world.slack.rename(CHANNEL, "ask-ai")
    world.slack.rename("ask-ai", CHANNEL)


def the_channel_is_archived_and_comes_back(world: World) -> None:
    world.slack.archive(CHANNEL)
    world.slack.unarchive(CHANNEL)


def in_a_group_dm(world: World) -> None:
    world.person("ada").say("Could AI help us?", channel=world.slack.add_group_dm("ada", "lee").id)


def by_visiting_our_messages(world: World) -> None:
    world.person("ada").open_messages()


def opted_out(world: World) -> None:
    say(world, "ada", ":speech_balloon: has anybody seen my mug?")


def opted_out_with_the_emoji_itself(world: World) -> None:
    say(world, "ada", " 💬 has anybody seen my mug?")


def opted_out_with_a_mention(world: World) -> None:
    say(world, "ada", ":speech_balloon: thank you @Prickle")


def elsewhere(world: World) -> None:
    say(world, "ada", "The build is green", channel="team-replay")


def another_emoji(world: World) -> None:
    world.person("lee").react("tada", say(world, "ada", "The build is green", channel="team-replay"))


@pytest.mark.parametrize(
    "happens",
    [
        by_another_app,
        by_an_app_for_somebody,
        by_slackbot,
        by_us,
        somebody_joins,
        somebody_leaves,
        the_channel_is_renamed,
        the_channel_is_archived_and_comes_back,
        in_a_group_dm,
        by_visiting_our_messages,
        opted_out,
        opted_out_with_the_emoji_itself,
        opted_out_with_a_mention,
        elsewhere,
        another_emoji,
    ],
)
def test_no_request_is_made_of(happens: Callable[[World], None], slack: World) -> None:
    happens(slack)
    assert made(slack) == []


def test_a_request_made_of_links_and_emoji_reads_as_people_typed_it(slack: World) -> None:
    say(slack, "ada", "could AI read https://a.example/x?a=1&b=2 and docs.example.com for x@a.example? 🎉")
    read = "could AI read https://a.example/x?a=1&b=2 and http://docs.example.com for x@a.example? :tada:"
    assert one(slack).title == read


def test_an_edit_and_a_deletion_make_no_second_request(slack: World) -> None:
    ada = slack.person("ada")
    message = say(slack, "ada", WORDS)
    ada.edit(message, "we want to summarise tickets, and tag them")
    one(slack)
    ada.edit(message, "we want to translate tickets")
    ada.delete(message)

    assert one(slack).title == "we want to translate tickets"


def test_a_reply_makes_no_request_nor_does_one_that_is_also_sent_to_the_channel(slack: World) -> None:
    talk = say(slack, "ada", ":speech_balloon: lunch?")
    say(slack, "lee", "yes", thread_ts=talk["ts"])
    say(slack, "noor", "me too", thread_ts=talk["ts"], broadcast=True)

    assert made(slack) == []
    assert [event for event in stored(slack) if event.handled_at is None] == []


def test_who_changed_the_prefix_opts_out_with_theirs(slack: World) -> None:
    with slack.db.begin() as session:
        company.current(session).intake_prefix = "fyi"
    say(slack, "ada", "fyi the demo is at three")
    say(slack, "lee", "💬 and this is an idea")

    assert one(slack).text == ":speech_balloon: and this is an idea"


# --- replies ----------------------------------------------------------------------------------------------------


def test_the_askers_reply_hands_the_ball_back(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    mia = slack.person("mia")
    mia.click("request_menu", message=slack.slack.messages(CHANNEL, message["ts"])[1], select="Ask something")
    assert mia.submit(text="Which tickets?") == {}
    assert one(slack).waiting_on == Ball.ASKER

    say(slack, "ada", "Zendesk's", thread_ts=message["ts"])
    assert one(slack).waiting_on == Ball.CLAIMER


def test_a_desks_first_word_is_an_answer_also_as_a_mention(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    say(slack, "noor", "I want that too", thread_ts=message["ts"])
    assert one(slack).answered_at is None

    say(slack, "mia", "@Prickle we look into it", thread_ts=message["ts"])
    assert one(slack).answered_at is not None


def test_a_reply_that_overtakes_its_message_waits_for_it(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    with slack.db.begin() as session:
        session.scalars(select(InboundEvent)).one().claimed_until = clock.now().replace(year=2027)
    say(slack, "mia", "On it", thread_ts=message["ts"])
    assert made(slack) == []

    with slack.db.begin() as session:
        for event in session.scalars(select(InboundEvent)):
            event.claimed_until = None
    assert one(slack).answered_at is not None


def test_a_reply_below_a_card_that_stands_by_itself_is_heard_also_where_the_intake_channel_was(slack: World) -> None:
    slack.person("ada").command(f"/reach-out {WORDS}")
    card = slack.card(CHANNEL, WORDS)
    with slack.db.begin() as session:
        company.current(session).intake_channel_id = slack.id("sprints")
    say(slack, "mia", "We look into it", thread_ts=card["ts"])

    assert one(slack).answered_at is not None


# --- a mention --------------------------------------------------------------------------------------------------


def test_a_mention_elsewhere_makes_a_request_and_shows_the_way_to_its_card(slack: World) -> None:
    message = say(slack, "ada", f"@Prickle {WORDS}", channel="team-replay")
    request = one(slack)

    assert (request.thread_ts, request.title) == (None, WORDS)
    assert request.link is not None
    assert request.link.endswith(f"/archives/{slack.id('team-replay')}/p{message['ts'].replace('.', '')}")
    assert request.link in str(slack.card(CHANNEL, WORDS)["blocks"])
    (line,) = thread(slack, message, "team-replay")
    card = slack.card(CHANNEL, WORDS)
    assert line.startswith(f"This is request #{request.id} now: <")
    assert f"/p{card['ts'].replace('.', '')}|{WORDS}>" in line


def test_a_mention_in_a_thread_makes_a_request_and_the_line_stands_in_that_thread(slack: World) -> None:
    above = say(slack, "lee", "Support drowns", channel="team-replay")
    reply = say(slack, "ada", f"@Prickle {WORDS}", channel="team-replay", thread_ts=above["ts"])

    link = one(slack).link or ""
    assert f"p{reply['ts'].replace('.', '')}?thread_ts={above['ts']}" in link
    assert len(thread(slack, above, "team-replay")) == 1


def test_a_bare_mention_in_a_thread_means_what_the_thread_is_about_once(slack: World) -> None:
    above = say(slack, "lee", "Support drowns in tickets", channel="team-replay")
    for name in ("ada", "noor"):
        say(slack, name, "@Prickle", channel="team-replay", thread_ts=above["ts"])
    request = one(slack)

    assert request.text == "Support drowns in tickets"
    assert (request.asker_id, request.brought_by_id) == (slack.id("lee"), slack.id("ada"))
    assert len(thread(slack, above, "team-replay")) == 1


def test_a_bare_mention_below_talk_in_the_intake_channel_makes_its_thread_the_requests(slack: World) -> None:
    talk = say(slack, "lee", ":speech_balloon: support drowns")
    say(slack, "ada", "@Prickle", thread_ts=talk["ts"])

    assert one(slack).thread_ts == talk["ts"]


@pytest.mark.parametrize("channel", ["team-replay", CHANNEL])
def test_a_mention_without_a_word_is_told_how_to_reach_out(slack: World, channel: str) -> None:
    slack.slack.faults.add("duplicate_event", "app_mention")
    message = say(slack, "ada", "@Prickle", channel=channel)

    assert made(slack) == []
    assert thread(slack, message, channel) == []
    (line,) = slack.person("ada").ephemerals
    assert "Mention me with one line" in line["text"]
    assert "`/reach-out`" in line["text"]


def test_a_bare_mention_below_our_own_message_is_told_how_to_reach_out(slack: World) -> None:
    with slack.db.begin() as session:
        posts.write(session, "ours", slack.id("team-replay"), posts.Message("Ours"), now=clock.now())
    ours = slack.card("team-replay", "Ours")
    say(slack, "ada", "@Prickle", channel="team-replay", thread_ts=ours["ts"])

    assert made(slack) == []
    (line,) = slack.person("ada").ephemerals
    assert "Mention me" in line["text"]
    assert line["thread_ts"] == ours["ts"]


def test_before_there_is_an_intake_channel_a_mention_is_kept_and_posted_later(slack: World) -> None:
    with slack.db.begin() as session:
        company.current(session).intake_channel_id = None
    message = say(slack, "ada", f"@Prickle {WORDS}", channel="team-replay")
    assert one(slack).channel_id is None
    assert "Kept as #1" in thread(slack, message, "team-replay")[0]

    slack.set_up()
    assert len(cards(slack)) == 1


# --- an emoji ---------------------------------------------------------------------------------------------------


def test_the_emoji_makes_a_request_of_anybodys_message_whose_author_asks(slack: World) -> None:
    message = say(slack, "lee", f"@noor {WORDS}?", channel="team-replay")
    for name in ("ada", "noor"):
        slack.person(name).react("hedgehog", message)
    request = one(slack)

    assert request.asker_id == slack.id("lee")
    assert request.text == f"@Noor {WORDS}?"
    assert len(thread(slack, message, "team-replay")) == 1


def test_who_points_at_a_message_follows_and_who_is_at_a_desk_stays_there(slack: World) -> None:
    for name, words in (("ada", "Support drowns in tickets"), ("mia", "Support drowns in mail")):
        message = say(slack, "lee", words, channel="team-replay")
        slack.person(name).react("hedgehog", message)
    first, second = made(slack)

    assert [each.person_id for each in first.co_askers] == [slack.id("ada")]
    assert (second.co_askers, second.brought_by_id) == ([], slack.id("mia"))
    say(slack, "mia", "On it", thread_ts=slack.card(CHANNEL, "drowns in mail")["ts"])
    assert made(slack)[1].answered_at is not None


def test_a_person_who_points_at_a_request_follows_it_once_and_its_asker_needs_not(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    for name in ("ada", "lee", "mia", "lee"):
        slack.person(name).react("hedgehog", message)
        slack.slack.settle()

    assert [each.person_id for each in one(slack).co_askers] == [slack.id("lee")]


def test_what_is_only_talk_is_not_stored(slack: World) -> None:
    say(slack, "ada", ":speech_balloon: my password is 1234")

    assert "1234" not in str([each.payload for each in stored(slack)])


def test_who_points_at_what_a_guest_wrote_asks_and_the_guest_is_named(slack: World) -> None:
    message = say(slack, "lee", WORDS, channel="team-replay")
    slack.slack.change_user("lee", is_restricted=True)
    slack.slack.settle()
    slack.person("ada").react("hedgehog", message)
    request = one(slack)

    assert (request.asker_id, request.brought_by_id) == (slack.id("ada"), None)
    assert request.text == f"{WORDS}\n(Lee wrote this.)"


def test_the_emoji_opts_in_what_was_opted_out(slack: World) -> None:
    message = say(slack, "ada", ":speech_balloon: could AI find my mug?")
    assert made(slack) == []
    slack.person("ada").react("hedgehog", message)
    request = one(slack)

    assert request.thread_ts == message["ts"]
    assert "wrote this" not in request.text


def test_the_emoji_and_the_message_make_one_request(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    slack.person("lee").react("hedgehog", message)

    assert one(slack).asker_id == slack.id("ada")
    assert [call for call in slack.slack.calls if call.method == "conversations.replies"] == []


def test_the_emoji_on_what_an_app_wrote_names_the_app(slack: World) -> None:
    with slack.slack.lock:
        fields = {"subtype": "bot_message", "bot_id": "B0OTHER", "username": "alerts", "text": "Too many tickets"}
        alert = messages.post(slack.slack, slack.slack.channel("team-replay"), fields)
    slack.person("ada").react("hedgehog", alert)

    assert one(slack).text == "Too many tickets\n(alerts wrote this.)"


def test_the_emoji_on_a_reply_makes_a_request_of_the_reply(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    reply = say(slack, "lee", "And translate them", thread_ts=message["ts"])
    slack.person("lee").react("hedgehog", reply)
    _first, second = made(slack)

    assert (second.title, second.thread_ts) == ("And translate them", None)
    assert f"#{second.id} now" in thread(slack, message)[-1]


def test_the_emoji_on_our_own_message_is_only_an_emoji(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    slack.person("lee").react("hedgehog", slack.slack.messages(CHANNEL, message["ts"])[1])

    assert len(made(slack)) == 1


def test_the_emoji_on_a_message_that_is_gone_by_then_makes_nothing(slack: World) -> None:
    message = say(slack, "lee", WORDS, channel="team-replay")
    slack.person("ada").react("hedgehog", message)
    slack.person("lee").delete(message)

    assert made(slack) == []
    assert [event for event in stored(slack) if event.handled_at is None] == []


def test_the_same_emoji_serves_retros_and_requests(slack: World) -> None:
    message = say(slack, "lee", WORDS, channel="team-replay")
    slack.person("lee").react("retro", message)
    slack.person("lee").react("hedgehog", message)

    one(slack)
    assert "retro" in slack.person("lee").dms[-1]["text"]


# --- a message's menu -------------------------------------------------------------------------------------------


def test_a_messages_menu_makes_a_request_of_its_words_once(slack: World) -> None:
    message = say(slack, "lee", f"{WORDS} & more", channel="team-replay")
    for name in ("ada", "noor"):
        slack.person(name).shortcut("request_message", message=message)
    assert slack.person("ada").submit() == {}
    assert "as #1" in str(slack.person("ada").view)
    assert slack.person("noor").submit(title="The same") == {}
    request = one(slack)

    assert request.text == f"{WORDS} & more"
    assert (request.asker_id, request.brought_by_id) == (slack.id("lee"), slack.id("ada"))
    assert len(thread(slack, message, "team-replay")) == 1


def test_a_messages_menu_says_that_the_words_become_public_and_on_whose_behalf(slack: World) -> None:
    message = say(slack, "lee", WORDS, channel="team-ingestion")
    slack.person("ada").shortcut("request_message", message=message)
    shown = str(slack.person("ada").view)

    assert f"These words become public: everybody reads them in <#{slack.id(CHANNEL)}>." in shown
    assert "On behalf of" in shown
    assert slack.person("ada").submit(asker=slack.id("noor")) == {}
    assert (one(slack).asker_id, one(slack).brought_by_id) == (slack.id("noor"), slack.id("ada"))


def test_who_asks_for_themselves_says_so_in_the_form(slack: World) -> None:
    message = say(slack, "lee", WORDS, channel="team-replay")
    slack.person("ada").shortcut("request_message", message=message)
    assert slack.person("ada").submit(asker=None) == {}

    assert (one(slack).asker_id, one(slack).brought_by_id) == (slack.id("ada"), None)


def test_nobody_asks_on_behalf_of_a_guest(slack: World) -> None:
    message = say(slack, "lee", WORDS, channel="team-replay")
    slack.slack.change_user("noor", is_restricted=True)
    slack.slack.settle()
    slack.person("ada").shortcut("request_message", message=message)

    assert "Only full members" in slack.person("ada").submit(asker=slack.id("noor"))["asker"]
    assert made(slack) == []


def test_ones_own_message_asks_on_nobodys_behalf(slack: World) -> None:
    message = say(slack, "lee", WORDS, channel="team-replay")
    slack.person("lee").shortcut("request_message", message=message)

    assert "On behalf of" not in str(slack.person("lee").view)


def test_a_messages_menu_where_we_are_not_makes_a_request_and_joins_no_channel(slack: World) -> None:
    message = say(slack, "lee", WORDS, channel="team-ingestion")
    before = len(slack.slack.calls)
    slack.person("lee").shortcut("request_message", message=message)
    assert slack.person("lee").submit() == {}

    one(slack)
    assert slack.texts("team-ingestion") == []
    assert "conversations.join" not in [call.method for call in slack.slack.calls[before:]]
    assert slack.person("ivy").dms == []
    assert slack.person("lee").dms == []


def test_a_messages_menu_keeps_the_form_while_nothing_is_said(slack: World) -> None:
    message = say(slack, "lee", WORDS, channel="team-replay")
    slack.person("ada").shortcut("request_message", message=message)

    assert "title" in slack.person("ada").submit(title=" ")
    assert made(slack) == []


def test_a_messages_menu_says_that_it_is_a_request_already(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    slack.person("lee").shortcut("request_message", message=message)
    assert "request #1 already" in str(slack.person("lee").view)
    slack.person("lee").close_all()

    slack.person("lee").command("/reach-out tag recordings")
    slack.person("lee").shortcut("request_message", message=slack.card(CHANNEL, "tag recordings"))
    assert "request #2 already" in str(slack.person("lee").view)


def test_a_long_message_fits_the_form(slack: World) -> None:
    message = say(slack, "ada", "x" * 3_900, channel="team-replay")
    slack.person("ada").shortcut("request_message", message=message)

    assert slack.person("ada").submit() == {}
    assert len(one(slack).text) == 3_000


# --- people who leave -------------------------------------------------------------------------------------------


def test_when_the_asker_leaves_the_thread_asks_who_still_wants_it(slack: World) -> None:
    message = say(slack, "lee", WORDS)
    one(slack)
    for deleted in (True, True):
        slack.slack.change_user("lee", deleted=deleted)
        slack.slack.settle()
    assert thread(slack, message)[-1] == (
        "Lee has left the company. Does Replay still want this? Then press *I still want it*."
    )
    assert sum("Does Replay still want this?" in line for line in thread(slack, message)) == 1

    slack.person("noor").press("I still want it", slack.slack.messages(CHANNEL, message["ts"])[1])
    assert one(slack).asker_id == slack.id("noor")


def test_when_nobody_is_left_who_would_answer_the_ball_is_the_desks_again(slack: World) -> None:
    message = say(slack, "yuki", WORDS)
    one(slack)
    mia = slack.person("mia")
    mia.click("request_menu", message=slack.slack.messages(CHANNEL, message["ts"])[1], select="Ask something")
    mia.submit(text="Which tickets?")
    slack.slack.change_user("yuki", deleted=True)

    assert one(slack).waiting_on == Ball.CLAIMER
    assert "Does anybody still want this?" in thread(slack, message)[-1]


def test_when_who_sees_to_it_leaves_it_is_free_again(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    slack.person("mia").press("I'll take it", slack.slack.messages(CHANNEL, message["ts"])[1])
    slack.slack.user("mia").deleted = True
    slack.meet()  # whose event was missed
    request = one(slack)

    assert (request.claimer_id, request.waiting_on) == (None, Ball.DESK)
    assert "Mia has left the company, so nobody is on it." in thread(slack, message)[-1]


def test_of_what_is_closed_nothing_is_said_when_somebody_leaves(slack: World) -> None:
    message = say(slack, "lee", WORDS)
    request = one(slack)
    with slack.db.begin() as session:
        words = asking_views.withdrawn_message
        asking.withdraw(session, request.id, by=slack.id("lee"), say=words, now=clock.now())
    said = thread(slack, message)
    slack.slack.change_user("lee", deleted=True)
    slack.slack.settle()

    assert thread(slack, message) == said


# --- the channel ------------------------------------------------------------------------------------------------


def dms(world: World, name: str = "ivy") -> list[str]:
    """What who set the company up reads of the archived channel."""
    world.slack.settle()
    world.post()
    return [each["text"] for each in world.person(name).dms if "archived" in each["text"]]


@pytest.mark.parametrize("is_told", [True, False], ids=["by an event", "by a refused post"])
def test_an_archived_channel_keeps_requests_and_is_told_once_with_what_to_do(slack: World, is_told: bool) -> None:
    if is_told:
        slack.slack.archive(CHANNEL)
        slack.slack.settle()
    else:
        slack.slack.channel(CHANNEL).is_archived = True
    for words in (WORDS, "tag recordings"):
        slack.person("ada").command(f"/reach-out {words}")
        slack.post()

    assert len(made(slack)) == 2
    (line,) = dms(slack)
    assert "`/reach-out` still keeps requests" in line
    assert "`/prickle setup`" in line


def test_an_unarchived_channel_gets_what_could_not_be_posted(slack: World) -> None:
    slack.slack.archive(CHANNEL)
    slack.slack.settle()
    slack.person("ada").command(f"/reach-out {WORDS}")
    slack.post()
    assert cards(slack) == []

    slack.slack.unarchive(CHANNEL)
    slack.slack.settle()
    assert len(cards(slack)) == 1
    slack.slack.archive(CHANNEL)
    slack.hands.tick(1)
    assert len(dms(slack)) == 2  # another time


def choose(world: World, channel: str) -> None:
    """Choose another intake channel, as an admin."""
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    assert ivy.submit(intake_channel=world.id(channel)) == {}
    ivy.close_all()
    world.post()


def test_from_an_archived_channel_live_requests_move_to_the_next_one(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    slack.slack.archive(CHANNEL)
    slack.slack.settle()
    slack.person("ada").command("/reach-out tag recordings")
    slack.post()
    slack.slack.add_channel("ask-ai", members=[slack.id("ada")])
    choose(slack, "ask-ai")

    assert [each.split("\n")[0] for each in slack.texts("ask-ai") if each.startswith("#")] == [
        f"#1 {WORDS}",
        "#2 tag recordings",
    ]
    first = one_of(slack, 1)
    assert (first.channel_id, first.thread_ts) == (slack.id("ask-ai"), None)
    assert first.link is not None
    assert message["ts"].replace(".", "") in first.link


def one_of(world: World, request_id: int) -> Request:
    return next(each for each in made(world) if each.id == request_id)


def test_where_people_talk_about_requests_they_stay_when_another_channel_is_chosen(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    one(slack)
    slack.slack.add_channel("ask-ai", members=[slack.id("ada")])
    choose(slack, "ask-ai")

    assert one(slack).thread_ts == message["ts"]
    assert [each for each in slack.texts("ask-ai") if each.startswith("#1")] == []
    slack.slack.archive(CHANNEL)
    slack.slack.settle()
    slack.person("mia").press("I'll take it", slack.slack.messages(CHANNEL, message["ts"])[1])
    slack.post()
    assert one(slack).channel_id == slack.id("ask-ai")
    assert dms(slack) == []


def test_a_renamed_channel_changes_nothing(slack: World) -> None:
    slack.slack.rename(CHANNEL, "ask-ai")
    say(slack, "ada", WORDS, channel="ask-ai")

    assert one(slack).thread_ts is not None


def test_a_message_that_is_deleted_before_its_card_stands_leaves_the_request(slack: World) -> None:
    message = say(slack, "ada", WORDS)
    slack.slack.settle()
    intake_job.act(slack.db, slack.client, clock.now)
    slack.person("ada").delete(message)

    assert one(slack).thread_ts is None
    assert WORDS in slack.card(CHANNEL, "#1")["text"]
