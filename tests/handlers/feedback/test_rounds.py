"""A 360 for a team: everybody writes to everybody, and nobody reads what is theirs before the end."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from bot.domain.feedback.rounds import NOT_IN_IT
from bot.platform import clock
from jobs import rhythm
from models.feedback import Feedback, FeedbackRound
from tests.feedback import SECRET, begin, dm, dms, everything_somebody_reads, everything_stored
from tests.stories import Story
from tests.world import World

BEGINS = "started a 360"
LAST_MORNING, END = "2026-07-16 08:00:00", "2026-07-16 14:00:00"  # ten and sixteen o'clock in Berlin


def started(world: World) -> None:
    """Noor, who leads nothing, starts a round for Replay until Thursday the 16th."""
    begin(world)
    noor = world.person("noor")
    noor.command("/give-feedback team")
    assert noor.submit() == {}
    noor.close_all()
    world.post()


@pytest.fixture
def replay(after: Callable[[Story], World]) -> World:
    """Two teams."""
    return after(begin)


@pytest.fixture
def noors(after: Callable[[Story], World]) -> World:
    """A round runs in Replay."""
    return after(started)


def write(world: World, name: str, to: str, saw: str = SECRET, **fields: object) -> None:
    """Write to somebody in the round's window."""
    person = world.person(name)
    person.command("/give-feedback team")
    person.click(f"feedback_round_write_{world.id(to)}")
    assert person.submit(saw=saw, **fields) == {}
    person.close_all()


def page_of(world: World, name: str, to: str) -> str:
    """What somebody reads when they write to somebody."""
    person = world.person(name)
    person.command("/give-feedback team")
    person.click(f"feedback_round_write_{world.id(to)}")
    shown = str(person.views)
    person.close_all()
    return shown


def test_any_member_starts_a_round_and_everybody_of_the_team_is_asked_once(noors: World) -> None:
    for name in ("ada", "lee", "noor"):
        (text,) = dms(noors, name, BEGINS)
        assert f"<@{noors.id('noor')}> started a 360 for *Replay*" in text
    assert "You still have to write to Lee and Noor." in dms(noors, "ada", BEGINS)[0]
    assert dms(noors, "sam", BEGINS) == []


def test_everything_is_delivered_at_once_at_the_end_and_nothing_before(noors: World) -> None:
    write(noors, "ada", "lee")
    write(noors, "lee", "ada", "You gave me room")
    noors.go_to("2026-07-16 13:59:00")
    for name in ("lee", "ada"):
        assert dms(noors, name, "has feedback for you") == []
    assert SECRET not in everything_somebody_reads(noors, "lee")
    noors.go_to(END)
    assert SECRET in dm(noors, "lee")["text"]
    assert "You gave me room" in dm(noors, "ada")["text"]
    assert "is over" in dm(noors, "noor", "360")["text"]
    noors.go_to("2026-07-17 14:00:00")
    assert len(dms(noors, "lee", SECRET)) == 1
    noors.person("lee").press("Keep as my action", dm(noors, "lee"))
    assert "kept as your action" in dm(noors, "lee")["text"]


def test_the_message_says_to_whom_one_has_still_to_write(noors: World) -> None:
    write(noors, "ada", "lee")
    assert "You still have to write to Noor." in dm(noors, "ada", BEGINS)["text"]
    write(noors, "ada", "noor", "You ask")
    assert "You have written to everybody" in dm(noors, "ada", BEGINS)["text"]
    noors.go_to(LAST_MORNING)
    assert dms(noors, "ada", "ends on") == []
    assert len(dms(noors, "lee", "The 360 for *Replay* ends on Thu 16 July: everybody writes to everybody.")) == 1


def test_the_reminder_says_the_day_itself_to_who_does_not_work_on_it(noors: World) -> None:
    lee = noors.person("lee")
    lee.command("/sprint away from 16 july until 17 july")
    lee.close_all()
    for moment in ("2026-07-15 08:00:00", LAST_MORNING):
        noors.go_to(moment)
    assert all("Today" not in text for text in dms(noors, "lee"))


def test_who_got_nothing_reads_so_when_the_others_get_theirs(noors: World) -> None:
    write(noors, "ada", "lee")
    noors.go_to("2026-07-16 13:59:00")
    assert dms(noors, "noor", "nobody wrote") == []
    noors.go_to(END)
    for name in ("ada", "noor"):
        said = dms(noors, name, "The 360 for *Replay* is over: nobody wrote to you this time.")
        new = [text for text in said if "`/give-feedback ask`" in text]
        assert len(new) == 1, "what asked says so, and a new message is heard of"
        assert len(said) > 1
    assert dms(noors, "lee", "nobody wrote") == []
    assert dms(noors, "lee", "is over: what was written to you is here")
    ada = noors.person("ada")
    ada.press("Ask for feedback", dm(noors, "ada", "asks people of your choice"))
    assert "Ask for feedback" in str(ada.view)


def test_the_window_below_shows_at_once_that_it_is_written(noors: World) -> None:
    ada = noors.person("ada")
    ada.press("Write", dm(noors, "ada", BEGINS))
    assert "⏳ *Lee*" in str(ada.view)
    ada.click(f"feedback_round_write_{noors.id('lee')}")
    assert ada.submit(saw=" ") == {"saw": "Say what you saw; one sentence is enough."}
    assert ada.submit(saw=SECRET) == {}
    assert "✅ *Lee*" in str(ada.view)
    ada.click(f"feedback_round_write_{noors.id('lee')}")
    assert SECRET in str(ada.view), "what I wrote is there to be changed until the end"
    assert ada.submit(saw="Something else") == {}
    noors.go_to(END)
    assert "Something else" in dm(noors, "lee")["text"]
    assert len(dms(noors, "lee", "has feedback for you")) == 1


def test_a_teammate_says_plus_one_instead_of_repeating_and_keeps_what_they_typed(noors: World) -> None:
    write(noors, "ada", "lee")
    noor = noors.person("noor")
    noor.command("/give-feedback team")
    noor.click(f"feedback_round_write_{noors.id('lee')}")
    assert "Ada wrote:" in str(noor.view)
    noor.fill(saw="And you listen")
    noor.click("feedback_round_plus_one_1")
    assert "✓ +1" in str(noor.view)
    assert noor.submit() == {}
    noors.go_to(END)
    texts = dms(noors, "lee", "has feedback for you")
    assert f"+1 from <@{noors.id('noor')}>" in next(text for text in texts if SECRET in text)
    assert [text for text in texts if "And you listen" in text]


def test_a_second_press_takes_the_plus_one_back_and_so_do_other_words(noors: World) -> None:
    write(noors, "ada", "lee")
    noor = noors.person("noor")
    noor.command("/give-feedback team")
    noor.click(f"feedback_round_write_{noors.id('lee')}")
    for label in ("✓ +1", "+1", "✓ +1"):
        noor.click("feedback_round_plus_one_1")
        assert f"'text': '{label}'" in str(noor.view)
    assert "1 teammate agreed" in page_of(noors, "ada", "lee")
    write(noors, "ada", "lee", "Quite another thing")
    noors.go_to(END)
    assert "+1" not in dm(noors, "lee")["text"]


def test_what_its_writer_did_not_leave_open_no_teammate_reads(noors: World) -> None:
    write(noors, "ada", "lee", is_open=[])
    assert SECRET not in page_of(noors, "noor", "lee")
    message = dm(noors, "noor", BEGINS)
    action = {"type": "button", "action_id": "feedback_round_plus_one_1", "block_id": "b", "value": "1"}
    noors.forge_press("noor", message, action)
    assert NOT_IN_IT.split(".")[0] in str(noors.person("noor").view)


def test_nobody_outside_of_it_and_not_its_receiver_reads_a_word_before_the_end(noors: World) -> None:
    write(noors, "ada", "lee")
    for name in ("lee", "sam", "ivy", "yuki"):
        assert SECRET not in everything_somebody_reads(noors, name)
    noors.go_to(END)
    for name in ("noor", "sam", "ivy", "yuki"):
        assert SECRET not in everything_somebody_reads(noors, name)
    assert SECRET not in everything_stored(noors)


@pytest.mark.parametrize(
    ("thief", "action_id", "value"),
    [
        ("sam", "feedback_round_open", "1"),
        ("ivy", "feedback_round_write_x", "1:{lee}"),
        ("lee", "feedback_round_write_x", "1:{lee}"),
        ("lee", "feedback_round_plus_one_1", "1"),
        ("ada", "feedback_round_write_x", "1:{sam}"),
        ("noor", "feedback_thank", "1"),
        ("lee", "feedback_thank", "1"),
        ("noor", "feedback_edit", "1"),
    ],
)
def test_a_stolen_press_reveals_nothing(noors: World, thief: str, action_id: str, value: str) -> None:
    write(noors, "ada", "lee")
    world_says = noors.person("ada").say("Hello", channel="team-replay")
    action = {
        "type": "button",
        "action_id": action_id,
        "block_id": "b",
        "value": value.format(lee=noors.id("lee"), sam=noors.id("sam")),
    }
    noors.forge_press(thief, world_says, action)
    shown = str(noors.person(thief).views)
    assert "Nothing changed" in shown
    assert SECRET not in shown
    noors.post()
    assert SECRET not in str(noors.person(thief).dms)


def test_two_who_start_in_the_same_moment_start_one_round(replay: World) -> None:
    for name in ("ada", "lee"):
        replay.person(name).command("/give-feedback team")
    replay.at_once(replay.person("ada").submit, replay.person("lee").submit)
    with replay.db.read() as session:
        assert session.scalar(select(func.count()).select_from(FeedbackRound)) == 1
    assert len(dms(replay, "noor", BEGINS)) == 1


def test_a_form_that_is_delivered_twice_writes_once(noors: World) -> None:
    ada = noors.person("ada")
    ada.command("/give-feedback team")
    ada.click(f"feedback_round_write_{noors.id('lee')}")
    ada.fill(saw=SECRET)
    payload = noors.submission("ada")
    noors.at_once(*[lambda: noors.slack.deliver("interactive", payload)] * 2)
    with noors.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Feedback)) == 1


def test_what_comes_after_the_end_is_refused_and_stays_in_the_form(noors: World) -> None:
    ada = noors.person("ada")
    ada.command("/give-feedback team")
    ada.click(f"feedback_round_write_{noors.id('lee')}")
    noors.go_to(END)
    assert "This 360 is over" in ada.submit(saw=SECRET)["saw"]
    ada.close_all()
    ada.command("/give-feedback team")
    assert (ada.view or {})["callback_id"] == "feedback_round_start", "and another one can be started"


@pytest.mark.parametrize("day", ["2026-07-09", "2026-07-18", "2027-07-16"])
def test_a_day_on_which_it_can_not_end_is_refused(replay: World, day: str) -> None:
    ada = replay.person("ada")
    ada.command("/give-feedback team")
    assert set(ada.submit(ends_on=day)) == {"ends_on"}


def test_who_is_in_no_team_reads_the_way_to_one(replay: World) -> None:
    yuki = replay.person("yuki")
    yuki.command("/give-feedback team")
    assert "You are in no small team yet." in yuki.ephemerals[-1]["text"]


def test_who_has_left_the_company_gets_nothing_and_stops_nobody(noors: World) -> None:
    write(noors, "ada", "lee")
    write(noors, "ada", "noor", "You ask")
    noors.slack.user("lee").deleted = True
    noors.meet()
    noors.go_to(END)
    assert "You ask" in dm(noors, "noor")["text"]
    assert dms(noors, "ada", "did not take") == []


def test_the_demos_clock_stops_at_the_end_of_a_round(noors: World) -> None:
    noors.go_to("2026-07-16 13:00:00")
    assert str(rhythm.following(noors.db, clock.now)) == "2026-07-16 14:00:00+00:00"


# --- stopping, and when it is -----------------------------------------------------------------------------------


def stop(world: World, name: str = "noor") -> None:
    """Press *Stop the 360* in one's message, and confirm it."""
    person = world.person(name)
    person.press("Stop the 360", dm(world, name, BEGINS))
    world.post()


def test_the_form_asks_once_and_names_who_is_asked(replay: World) -> None:
    noor = replay.person("noor")
    noor.command("/give-feedback team")
    assert "*Start* asks Ada and Lee at once" in str(noor.view)
    assert "Prickle delivers it at 16:00." in str(noor.view)
    noor.close_all()
    replay.slack.change_user("noor", tz="America/New_York")
    replay.meet()
    noor.command("/give-feedback team")
    assert "Prickle delivers it at 16:00 in Berlin, which is 10:00 in New York." in str(noor.view)


def test_the_message_says_when_in_each_readers_zone(noors: World) -> None:
    assert "Prickle delivers all of it <!date^" in dms(noors, "ada", BEGINS)[0]
    assert "|2026-07-16 16:00 in Berlin>" in dms(noors, "ada", BEGINS)[0]


def test_who_started_it_stops_it_and_everybody_reads_that_in_their_message(noors: World) -> None:
    write(noors, "ada", "lee")
    stop(noors)
    for name in ("ada", "lee", "noor"):
        assert dms(noors, name, BEGINS) == [], "the message that asked is edited"
        (text,) = dms(noors, name, "stopped the 360")
        assert "Nothing of it is delivered. What you wrote stays yours" in text
    noors.go_to(END)
    assert SECRET not in everything_somebody_reads(noors, "lee")
    ada = noors.person("ada")
    ada.command("/give-feedback mine")
    assert SECRET in str(ada.view), "what she wrote is hers"


def test_nobody_else_stops_it(noors: World) -> None:
    assert "Stop the 360" not in str(dm(noors, "ada", BEGINS))
    message = dm(noors, "ada", BEGINS)
    (asked,) = noors_round(noors)
    action = {"type": "button", "action_id": "feedback_round_stop", "value": str(asked.id)}
    noors.forge_press("ada", message, action)
    assert "Noor started this 360, so only they can stop it." in str(noors.person("ada").view)
    noors.forge_press("sam", message, action)
    assert NOT_IN_IT in str(noors.person("sam").view)
    assert noors_round(noors)[0].stopped_at is None


def test_once_who_started_it_is_gone_anybody_in_it_stops_it(noors: World) -> None:
    noors.slack.change_user("noor", deleted=True)
    noors.slack.settle()
    noors.post()
    stop(noors, "ada")
    for name in ("ada", "lee"):
        assert len(dms(noors, name, "The 360 for *Replay* was stopped. Nothing of it is delivered.")) == 1
    assert noors_round(noors)[0].stopped_at is not None
    ada = noors.person("ada")
    ada.command("/give-feedback team")
    assert ada.submit() == {}
    assert len(noors_round(noors)) == 2


def test_who_still_writes_reads_that_it_was_stopped_and_another_one_can_begin(noors: World) -> None:
    ada, noor = noors.person("ada"), noors.person("noor")
    ada.command("/give-feedback team")
    ada.click(f"feedback_round_write_{noors.id('lee')}")
    stop(noors)
    errors = ada.submit(saw=SECRET)
    assert "Noor stopped this 360, and nothing of it is delivered." in str(errors)
    ada.close_all()
    noor.command("/give-feedback team")
    assert noor.submit() == {}
    assert len(noors_round(noors)) == 2


def test_stopped_twice_at_once_it_is_stopped_once_and_after_the_end_it_is_too_late(noors: World) -> None:
    message = dm(noors, "noor", BEGINS)
    (asked,) = noors_round(noors)
    action = {"type": "button", "action_id": "feedback_round_stop", "value": str(asked.id)}
    noors.at_once(*[lambda: noors.forge_press("noor", message, action)] * 2)
    (found,) = noors_round(noors)
    assert found.stopped_at is not None
    assert noors.person("noor").view is None


def test_what_is_delivered_is_not_stopped_any_more(noors: World) -> None:
    write(noors, "ada", "lee")
    message = dm(noors, "noor", BEGINS)
    (asked,) = noors_round(noors)
    noors.go_to(END)
    action = {"type": "button", "action_id": "feedback_round_stop", "value": str(asked.id)}
    noors.forge_press("noor", message, action)
    assert "This 360 is over, and everything is delivered." in str(noors.person("noor").view)
    assert noors_round(noors)[0].stopped_at is None


def noors_round(world: World) -> list[FeedbackRound]:
    """The rounds there are."""
    with world.db.read() as session:
        return list(session.scalars(select(FeedbackRound).order_by(FeedbackRound.id)))
