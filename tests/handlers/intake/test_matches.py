"""Similar asks: shown before the crowd sees anything, and made one of two."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.intake import matches
from bot.platform import clock
from models.intake.decisions import Decision, Mode
from models.intake.requests import Ball, CoAsker, Request, State
from tests.intake import CHANNEL, begin
from tests.stories import Story
from tests.world import World

FIRST = "Summarise support tickets"
AGAIN = "we want summaries of tickets"
OTHER = "Detect anomalies in web analytics"


def asked(world: World) -> None:
    """Ada of Replay has asked for summaries; Lee works on changelogs in Replay's running sprint."""
    begin(world)
    world.plan("lee", high="Write the changelog from merged pull requests")
    world.finalize("ada")
    world.person("ada").command(f"/reach-out {FIRST}")
    world.post()


@pytest.fixture
def replay(after: Callable[[Story], World]) -> World:
    """Ada of Replay has asked for summaries; Lee works on changelogs in Replay's running sprint."""
    return after(asked)


def request(world: World, number: int = 1) -> Request:
    """A request as it is stored."""
    with world.db.read() as session:
        return session.get_one(Request, number)


def count(world: World) -> int:
    """How many requests there are."""
    with world.db.read() as session:
        return session.scalar(select(func.count(Request.id))) or 0


def co_askers(world: World, number: int = 1) -> set[str]:
    """Who asks for the same, by id."""
    with world.db.read() as session:
        return set(session.scalars(select(CoAsker.person_id).where(CoAsker.request_id == number)))


def card(world: World, words: str) -> dict[str, Any]:
    """A request's card."""
    return world.card(CHANNEL, words)


def thread(world: World, words: str) -> str:
    """What the bot said in a request's thread."""
    return "\n".join(world.texts(CHANNEL, card(world, words)["ts"])[1:])


def ask_anyway(world: World, name: str, words: str) -> None:
    """Ask for something that there is already."""
    person = world.person(name)
    person.command(f"/reach-out {words}")
    assert person.submit() == {}
    person.close_all()
    world.post()


def similar(world: World, name: str, message: dict[str, Any], number: int) -> None:
    """Press *Similar asks* in the details."""
    person = world.person(name)
    person.click("request_menu", message=message, select=f"details:{number}")
    person.click("match_similar")


def merge(world: World, name: str, number: int = 2) -> None:
    """Press *Same as this* beside the nearest, in the window that the card's menu opens."""
    person = world.person(name)
    similar(world, name, card(world, f"#{number} "), number)
    person.click("match_same_0")


def store(world: World, title: str, **values: Any) -> int:
    """A request of Noor's that came from somewhere else."""
    with world.db.begin() as session:
        row = Request(
            source=f"test:{title}:{len(values)}:{count(world)}",
            title=title,
            text=title,
            asker_id=world.id("noor"),
            waiting_on=Ball.DESK,
            waiting_since=clock.now(),
            created_at=clock.now(),
            **values,
        )
        session.add(row)
        session.flush()
        return row.id


def decide(world: World, number: int, mode: Mode, state: State) -> None:
    """Have a request answered by Tom."""
    with world.db.begin() as session:
        row = session.get_one(Request, number)
        row.state, row.decided_at, row.done_at = state, clock.now(), clock.now()
        session.add(
            Decision(
                request_id=number,
                mode=mode,
                person_id=world.id("tom"),
                due_on=date(2026, 7, 31),
                words="Begin with the ten longest.",
                by_id=world.id("tom"),
                at=clock.now(),
            )
        )


def shown(world: World, name: str) -> str:
    """What somebody has on their screen."""
    return str(world.person(name).view)


# --- before the crowd sees it -----------------------------------------------------------------------------------


def test_who_asks_for_what_there_is_sees_it_before_anybody_else_does(replay: World) -> None:
    sam = replay.person("sam")
    sam.command(f"/reach-out {AGAIN}")
    assert "Is it one of these?" in shown(replay, "sam")
    assert FIRST in shown(replay, "sam")
    assert "asked by ada" in shown(replay, "sam").casefold()
    assert count(replay) == 1
    assert AGAIN not in str(replay.texts(CHANNEL))


def test_the_form_shows_it_as_well(replay: World) -> None:
    sam = replay.person("sam")
    sam.command("/reach-out")
    assert sam.submit(title=AGAIN) == {}
    assert "Is it one of these?" in shown(replay, "sam")
    assert sam.submit(title=f"{AGAIN}, by voice") == {}
    assert request(replay, 2).title == f"{AGAIN}, by voice"


def test_same_as_this_joins_the_earlier_one_and_keeps_the_words_in_its_thread(replay: World) -> None:
    sam = replay.person("sam")
    sam.command(f"/reach-out {AGAIN} <!channel>")
    sam.click("match_same_0")
    assert "You are asking for this together now" in shown(replay, "sam")
    assert (count(replay), co_askers(replay)) == (1, {replay.id("sam")})
    said = thread(replay, FIRST)
    assert f"<@{replay.id('sam')}> asks for the same as <@{replay.id('ada')}>" in said
    assert f"{AGAIN} &lt;!channel&gt;" in said
    assert f"also wanted by <@{replay.id('sam')}>" in card(replay, FIRST)["text"]


def test_ask_anyway_makes_one_request_however_often_it_is_sent(replay: World) -> None:
    sam = replay.person("sam")
    sam.command(f"/reach-out {AGAIN}")
    payload = replay.submission("sam")
    assert sam.submit() == {}
    replay.slack.deliver("interactive", payload)
    assert count(replay) == 2
    assert "as #2" in shown(replay, "sam")
    assert AGAIN in card(replay, AGAIN)["text"]


def test_what_nobody_asked_before_is_posted_at_once(replay: World) -> None:
    replay.person("sam").command(f"/reach-out {OTHER}")
    assert "as #2" in replay.person("sam").ephemerals[-1]["text"]


def test_a_plan_item_of_any_team_is_found_and_its_owner_asked_in_the_new_requests_thread(replay: World) -> None:
    sam = replay.person("sam")
    sam.command("/reach-out generate a changelog from pull requests")
    assert "in Replay's sprint" in shown(replay, "sam")
    assert "not started" in shown(replay, "sam")
    sam.click("match_owner_0")
    said = thread(replay, "generate a changelog")
    assert f"<@{replay.id('lee')}>, <@{replay.id('sam')}> asks: is this what you are working on?" in said
    assert "in Replay's sprint" in said
    assert request(replay, 2).state == State.OPEN


def test_a_request_that_was_taken_back_is_not_offered(replay: World) -> None:
    with replay.db.begin() as session:
        session.get_one(Request, 1).state = State.WITHDRAWN
    replay.person("sam").command(f"/reach-out {AGAIN}")
    assert count(replay) == 2


def test_a_done_one_says_how_it_ended(replay: World) -> None:
    decide(replay, 1, Mode.GUIDANCE, State.DONE)
    replay.person("sam").command(f"/reach-out {AGAIN}")
    assert "✅ done" in shown(replay, "sam")
    assert "Guidance by Tom" in shown(replay, "sam")
    replay.person("sam").click("match_same_0")
    assert co_askers(replay) == {replay.id("sam")}


def test_one_that_was_taken_back_meanwhile_is_not_joined(replay: World) -> None:
    sam = replay.person("sam")
    sam.command(f"/reach-out {AGAIN}")
    with replay.db.begin() as session:
        session.get_one(Request, 1).state = State.WITHDRAWN
    sam.click("match_same_0")
    assert "#1 was taken back" in shown(replay, "sam")
    assert co_askers(replay) == set()


# --- making one of two ------------------------------------------------------------------------------------------


def test_triage_makes_one_of_two_and_both_sides_are_kept_informed(replay: World) -> None:
    ask_anyway(replay, "noor", AGAIN)
    merge(replay, "tom")
    merged = request(replay, 2)
    assert (merged.state, merged.merged_into_id) == (State.MERGED, 1)
    assert (merged.waiting_on, merged.nudge_at) == (Ball.NOBODY, None)
    assert co_askers(replay) == {replay.id("noor")}
    there, here = thread(replay, f"#1 {FIRST}\n"), thread(replay, f"#2 {AGAIN}")
    assert f"<@{replay.id('ada')}>: <@{replay.id('noor')}> asked for the same in #2" in there
    assert f"<@{replay.id('noor')}>: it continues there, and Prickle keeps you informed." in here
    assert "archives/" in here, "it leads there"
    assert "Merged into #1" in card(replay, f"#2 {AGAIN}")["text"]
    assert f"also wanted by <@{replay.id('noor')}>" in card(replay, f"#1 {FIRST}\n")["text"]


def test_the_details_lead_to_similar_asks_as_well(replay: World) -> None:
    ask_anyway(replay, "noor", AGAIN)
    noor = replay.person("noor")
    similar(replay, "noor", card(replay, f"#2 {AGAIN}"), 2)
    noor.click("match_same_0")
    assert request(replay, 2).state == State.MERGED


def test_somebody_of_neither_side_reads_similar_asks_and_merges_none(replay: World) -> None:
    ask_anyway(replay, "noor", AGAIN)
    old = {"type": "button", "action_id": "match_similar", "value": "2"}
    replay.forge_press("yuki", card(replay, f"#2 {AGAIN}"), old)
    assert FIRST in shown(replay, "yuki")
    assert "Same as this" not in shown(replay, "yuki")
    press = {"type": "button", "action_id": "match_same_0", "value": "2:1"}
    replay.forge_press("yuki", card(replay, f"#2 {AGAIN}"), press)
    assert "Only the person who asked, their team, and the people of PostHog AI (lead Sam) can merge it." in shown(
        replay, "yuki"
    )
    assert request(replay, 2).state == State.OPEN


def test_a_request_does_not_merge_into_itself_or_into_one_that_lives_on_in_it(replay: World) -> None:
    ask_anyway(replay, "noor", AGAIN)
    merge(replay, "tom")
    for value in ("1:1", "1:2"):
        press = {"type": "button", "action_id": "match_same_0", "value": value}
        replay.forge_press("tom", card(replay, f"#1 {FIRST}"), press)
        assert "These two are one request already." in shown(replay, "tom")
        replay.person("tom").close_all()
    assert request(replay, 1).state == State.OPEN


def test_what_the_desks_own_team_asked_goes_on_in_another_request(replay: World) -> None:
    ask_anyway(replay, "sam", AGAIN)
    ask_anyway(replay, "noor", "ticket summaries, please")
    press = {"type": "button", "action_id": "match_same_0", "value": "2:3"}
    replay.forge_press("tom", card(replay, f"#2 {AGAIN}"), press)
    assert request(replay, 2).merged_into_id == 3


def test_nobody_has_to_follow_a_chain(replay: World) -> None:
    ask_anyway(replay, "noor", AGAIN)
    ask_anyway(replay, "sam", "ticket summaries, please")
    with replay.db.begin() as session:
        matches.merge(session, 3, 2, by=replay.id("tom"), now=clock.now())
        matches.merge(session, 2, 1, by=replay.id("tom"), now=clock.now())
    assert [request(replay, number).merged_into_id for number in (2, 3)] == [1, 1]
    assert co_askers(replay) == {replay.id("noor"), replay.id("sam")}
    with replay.db.read() as session:
        found = matches.nearest(session, "ticket summaries")
    assert [match.request.id for match in found if isinstance(match, matches.EarlierRequest)] == [1]


def test_two_that_are_merged_into_each_other_in_one_moment_leave_one_that_goes_on(replay: World) -> None:
    ask_anyway(replay, "noor", AGAIN)
    card_1, card_2 = card(replay, f"#1 {FIRST}"), card(replay, f"#2 {AGAIN}")
    replay.at_once(
        lambda: replay.forge_press("tom", card_1, {"type": "button", "action_id": "match_same_0", "value": "1:2"}),
        lambda: replay.forge_press("mia", card_2, {"type": "button", "action_id": "match_same_0", "value": "2:1"}),
    )
    states = sorted(request(replay, number).state for number in (1, 2))
    assert states == [State.MERGED, State.OPEN]
    said = [shown(replay, name).count("These two are one request already.") for name in ("tom", "mia")]
    assert sorted(said) == [0, 1]


def test_a_decided_request_is_not_merged_away(replay: World) -> None:
    ask_anyway(replay, "noor", AGAIN)
    decide(replay, 2, Mode.BUILD, State.DECIDED)
    press = {"type": "button", "action_id": "match_same_0", "value": "2:1"}
    replay.forge_press("tom", card(replay, f"#2 {AGAIN}"), press)
    assert "This request is decided already" in shown(replay, "tom")


def test_a_parked_one_that_is_merged_does_not_come_back(replay: World) -> None:
    ask_anyway(replay, "noor", AGAIN)
    decide(replay, 2, Mode.NOT_NOW, State.PARKED)
    with replay.db.begin() as session:
        session.get_one(Request, 2).returns_at = clock.now()
        matches.merge(session, 2, 1, by=replay.id("noor"), now=clock.now())
    assert request(replay, 2).returns_at is None
    with replay.db.read() as session:
        assert session.scalars(select(Decision.ended_at)).one() is not None


# --- after a message in the open --------------------------------------------------------------------------------


def offered(world: World) -> dict[str, Any]:
    """A request of Noor's that all can see, with what is like it in her direct messages."""
    number = store(world, AGAIN)
    with world.db.begin() as session:
        matches.offer(session, session.get_one(Request, number), now=clock.now())
    world.post()
    return next(each for each in world.person("noor").dms if "one of these" in each["text"])


def test_who_asked_in_the_open_is_told_in_a_direct_message_and_merges_there(replay: World) -> None:
    message = offered(replay)
    assert FIRST in message["text"]
    noor = replay.person("noor")
    noor.press("Same as this", message)
    replay.post()
    assert request(replay, 2).state == State.MERGED
    assert "continues in #1" in noor.dms[-1]["text"]


def test_nothing_is_said_where_nothing_is_alike(replay: World) -> None:
    number = store(replay, OTHER)
    with replay.db.begin() as session:
        matches.offer(session, session.get_one(Request, number), now=clock.now())
    replay.post()
    assert "one of these" not in str(replay.person("noor").dms)


def test_the_owner_of_a_plan_item_is_asked_in_the_requests_own_thread(replay: World) -> None:
    ask_anyway(replay, "noor", "changelog from pull requests")
    noor = replay.person("noor")
    similar(replay, "noor", card(replay, "#2 changelog"), 2)
    noor.click("match_owner_0")
    assert f"<@{replay.id('lee')}>" in thread(replay, "#2 changelog")
    assert request(replay, 2).state == State.OPEN
