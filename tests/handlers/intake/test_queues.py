"""Reading requests: the queue with its filters, and what is mine of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.domain.intake import queues
from bot.domain.intake.queues import PAGE, QueueFilters, Waiting
from bot.platform import clock
from models.intake.decisions import Decision, Mode
from models.intake.requests import Ball, Request, State
from tests.intake import begin, desk, desk_id
from tests.stories import Story
from tests.which import BOTH
from tests.world import World

TICKETS = "Summarise support tickets"
MANY = PAGE * 2 + 3


def asked(world: World) -> None:
    """Ada has asked for summaries; two desks answer, and Yuki leads the second."""
    begin(world)
    world.slack.add_channel("team-other", members=[world.id("yuki")])
    world.team("yuki", name="Other")
    desk(world, "Array", owns="Notebooks", team="Other", lead="yuki")
    world.person("ada").command(f"/reach-out {TICKETS}")
    world.post()


@pytest.fixture
def replay(after: Callable[[Story], World]) -> World:
    """Ada has asked for summaries; two desks answer, and Yuki leads the second."""
    return after(asked)


def store(world: World, title: str, *, asker: str = "noor", at: str = "PostHog AI", **values: Any) -> int:
    """A request that came from somewhere."""
    now = clock.now()
    given = {"waiting_on": Ball.DESK, "waiting_since": now, "created_at": now, **values}
    with world.db.begin() as session:
        row = Request(
            source=f"test:{title}",
            title=title,
            **{"text": title, **given},
            asker_id=world.id(asker),
            desk_id=desk_id(world, at),
        )
        session.add(row)
        session.flush()
        return row.id


def decide(world: World, number: int, mode: Mode, by: str = "tom") -> None:
    """Have a request answered."""
    with world.db.begin() as session:
        session.get_one(Request, number).state = State.DECIDED
        session.get_one(Request, number).waiting_on = Ball.OWNER
        decision = Decision(request_id=number, mode=mode, person_id=world.id(by), due_on=date(2026, 7, 31), words="")
        decision.by_id, decision.at = world.id(by), clock.now()
        session.add(decision)


def queue(world: World, name: str = "yuki", **chosen: str) -> list[str]:
    """What somebody reads in the queue with these filters, in paragraphs."""
    person = world.person(name)
    if person.view:
        person.close_all()
    person.command("/reach-out queue")
    if chosen.keys() - {"waiting"}:
        person.click("queue_more")
    for menu, choice in chosen.items():
        person.click(f"queue_filter_{menu}", select=choice)
    return lines(world, name)


def lines(world: World, name: str) -> list[str]:
    """The paragraphs of somebody's window."""
    return [block["text"]["text"] for block in (world.person(name).view or {})["blocks"] if block["type"] == "section"]


def mine(world: World, name: str) -> str:
    """What somebody reads of theirs."""
    person = world.person(name)
    if person.view:
        person.close_all()
    person.command("/reach-out mine")
    return "\n".join(block["text"]["text"] for block in (person.view or {})["blocks"] if "text" in block)


@contextmanager
def queries(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


# --- the queue --------------------------------------------------------------------------------------------------


def test_everybody_reads_the_whole_queue_with_whom_each_waits_on_and_since_when(replay: World) -> None:
    (line,) = queue(replay, "yuki")
    assert f"|{TICKETS}>* (#1)" in line, "the title leads to its thread"
    assert "Ada for *Replay*" in line
    assert "waiting on PostHog AI (" in line
    assert "has triage) since" in line


def test_an_empty_queue_says_how_to_fill_it(after: Callable[[Story], World]) -> None:
    world = after(begin)
    assert "one line is enough" in queue(world)[0]


@BOTH
def test_what_waits_comes_first_and_longest_then_what_is_under_way_then_what_was_done_lately(replay: World) -> None:
    now = clock.now()
    for days in (1, 3, 2):
        done: dict[str, Any] = {"state": State.DONE, "waiting_on": Ball.NOBODY, "done_at": now - timedelta(days=days)}
        store(replay, f"Done {days} days ago", **done, waiting_since=now - timedelta(days=days))
    for days in (4, 9):
        number = store(replay, f"Under way {days}", waiting_since=now - timedelta(days=days))
        decide(replay, number, Mode.BUILD)
    store(replay, "Not now", state=State.PARKED, waiting_on=Ball.NOBODY, waiting_since=now - timedelta(days=20))
    store(replay, "Waits longer", waiting_since=now - timedelta(days=5))
    store(replay, "Done long ago", state=State.DONE, waiting_on=Ball.NOBODY, done_at=now - timedelta(days=31))
    titles = [
        *("Waits longer", TICKETS, "Not now", "Under way 9", "Under way 4"),
        *("Done 1 days ago", "Done 2 days ago", "Done 3 days ago"),
    ]
    shown = queue(replay)
    assert [next(title for title in titles if title in each) for each in shown] == titles


def test_what_was_merged_or_taken_back_is_in_no_queue(replay: World) -> None:
    for state in (State.MERGED, State.WITHDRAWN):
        store(replay, f"It is {state}", state=state, waiting_on=Ball.NOBODY)
    assert len(queue(replay)) == 1


@BOTH
def test_the_order_goes_on_from_page_to_page(replay: World) -> None:
    now = clock.now()
    for number in range(MANY):
        at = now - timedelta(days=2, hours=number)
        kind = (State.OPEN, State.DECIDED, State.DONE)[number % 3]
        ball = Ball.DESK if kind is State.OPEN else Ball.NOBODY
        done_at = at if kind is State.DONE else None
        store(replay, f"Ask {number}", state=kind, waiting_on=ball, waiting_since=at, done_at=done_at)
    with replay.db.read() as session:
        pages = [
            queues.read(session, QueueFilters(page=page), viewer=replay.id("ada"), now=now).lines for page in range(3)
        ]
    shown = [each.request for page in pages for each in page]
    ranks = [(State.OPEN, State.DECIDED, State.DONE).index(State(each.state)) for each in shown]
    assert ranks == sorted(ranks)
    assert len({each.id for each in shown}) == MANY + 1
    waits = [each.waiting_since for each in shown if each.state == State.OPEN]
    assert waits == sorted(waits)


@BOTH
def test_words_of_it_are_searched_for_in_capitals_or_not(replay: World) -> None:
    store(replay, "Über Äpfel & 100%")
    store(replay, "Long", text="It is about APPLES, and nothing else")
    yuki = replay.person("yuki")
    yuki.command("/reach-out queue")
    for words, found in (
        ("ticket", [TICKETS]),
        ("support TICKETS", [TICKETS]),
        ("tickets apples", []),
        ("apples", ["Long"]),
        ("ÄPFEL über", ["Über Äpfel"]),
        ("100%", ["Über Äpfel"]),
        ("1%0", []),
        ("_", []),
    ):
        yuki.fill(words=words)
        shown = [each for each in lines(replay, "yuki") if "#" in each]
        assert [any(title in each for title in found) for each in shown] == [True] * len(found), words
    assert yuki.submit(words="apples") == {}, "with the button as well"
    assert ["Long" in each for each in lines(replay, "yuki")] == [True]
    yuki.fill(words="_")
    yuki.click("queue_filter_waiting", select="desk")
    assert "Nothing matches these filters" in lines(replay, "yuki")[0], "the words hold with the other filters"


def test_by_when_it_is_wanted_is_in_the_queue(replay: World) -> None:
    store(replay, "Soon", wanted_on=date(2026, 8, 14))
    assert any("wanted by Fri 14 Aug" in each for each in queue(replay) if "Soon" in each)


@pytest.mark.parametrize(
    ("menu", "choice", "found"),
    [
        ("desk", "array", ["By Array"]),
        ("answer", "guidance", ["Decided"]),
        ("answer", "none", [TICKETS, "By Array", "Asked back"]),
        ("waiting", "asker", ["Asked back"]),
        ("waiting", "owner", ["Decided"]),
        ("waiting", "desk", [TICKETS, "By Array"]),
        ("waiting", "me", ["By Array"]),
        ("age", "week", ["By Array"]),
        ("age", "month", []),
    ],
)
def test_each_filter_redraws_the_window_at_once(replay: World, menu: str, choice: str, found: list[str]) -> None:
    now = clock.now()
    store(replay, "By Array", at="Array", created_at=now - timedelta(days=8), waiting_since=now)
    store(replay, "Asked back", waiting_on=Ball.ASKER, waiting_since=now + timedelta(hours=1))
    decided = store(replay, "Decided", waiting_since=now + timedelta(hours=2))
    decide(replay, decided, Mode.GUIDANCE)
    value = str(desk_id(replay, "Array")) if choice == "array" else choice
    shown = queue(replay, "yuki", **{menu: value})
    assert [any(title in each for title in found) for each in shown if "#" in each] == [True] * len(found)
    assert len(found) or "Nothing matches these filters" in shown[0]


def menus(world: World, name: str) -> list[str]:
    """What stands in the row above the queue."""
    blocks = (world.person(name).view or {})["blocks"]
    return [each["action_id"] for block in blocks if block["block_id"] == "queue_filter" for each in block["elements"]]


def test_one_menu_and_the_search_stand_above_the_queue_and_the_others_behind_a_button(replay: World) -> None:
    yuki = replay.person("yuki")
    yuki.command("/reach-out queue")
    assert menus(replay, "yuki") == ["queue_filter_waiting", "queue_more"]
    yuki.click("queue_filter_waiting", select="me")
    assert menus(replay, "yuki") == ["queue_filter_waiting", "queue_more"], "it stays short"
    everything = ["queue_filter_waiting", "queue_filter_desk", "queue_filter_answer", "queue_filter_age"]
    yuki.click("queue_more")
    assert menus(replay, "yuki") == everything
    assert "Nothing matches these filters" in lines(replay, "yuki")[0], "what was chosen before holds"
    yuki.click("queue_filter_waiting", select="all")
    assert menus(replay, "yuki") == everything, "they stay while somebody chooses"
    assert yuki.submit(words="tickets") == {}
    assert menus(replay, "yuki") == everything


def test_where_one_team_answers_nobody_is_asked_which(after: Callable[[Story], World]) -> None:
    world = after(begin)
    yuki = world.person("yuki")
    yuki.command("/reach-out queue")
    yuki.click("queue_more")
    assert menus(world, "yuki") == ["queue_filter_waiting", "queue_filter_answer", "queue_filter_age"]


def test_filters_hold_together_and_are_taken_back(replay: World) -> None:
    store(replay, "By Array", at="Array")
    array = str(desk_id(replay, "Array"))
    assert len(queue(replay, "yuki", desk=array, waiting="desk")) == 1
    replay.person("yuki").click("queue_filter_desk", select="all")
    assert len(lines(replay, "yuki")) == 2


def test_a_long_queue_has_pages_and_another_filter_begins_at_the_first(replay: World) -> None:
    for number in range(MANY - 1):
        store(replay, f"Ask {number}")
    assert len(queue(replay)) == PAGE
    yuki = replay.person("yuki")
    yuki.click("queue_page_next")
    yuki.click("queue_page_next")
    assert "page 3 of 3" in str(yuki.view)
    assert len(lines(replay, "yuki")) == MANY - 2 * PAGE
    yuki.click("queue_page_before")
    assert "page 2 of 3" in str(yuki.view)
    yuki.click("queue_filter_waiting", select="desk")
    assert "page 1 of 3" in str(yuki.view)


def test_a_page_that_is_gone_meanwhile_is_the_last_one(replay: World) -> None:
    with replay.db.read() as session:
        found = queues.read(session, QueueFilters(page=7), viewer=replay.id("ada"), now=clock.now())
    assert (found.filters.page, len(found.lines)) == (0, 1)


def test_what_was_typed_arrives_as_text(replay: World) -> None:
    store(replay, "<!channel> & *co*")
    assert any("&lt;!channel&gt; &amp;" in each for each in queue(replay))


def test_the_number_of_queries_does_not_depend_on_how_much_there_is(replay: World) -> None:
    def asked_for() -> list[int]:
        counts = []
        for read in (
            lambda session: queues.read(
                session, QueueFilters(waiting=Waiting.ME), viewer=replay.id("sam"), now=clock.now()
            ),
            lambda session: queues.read(session, QueueFilters(), viewer=replay.id("sam"), now=clock.now()),
            lambda session: queues.mine(session, replay.id("ada"), now=clock.now()),
        ):
            with queries(replay.db.engine) as sent, replay.db.read() as session:
                read(session)
            counts.append(len(sent))
        return counts

    def more(title: str) -> None:
        at = {"channel_id": replay.id("team-posthog-ai"), "thread_ts": "1783584000.000100"}
        decide(replay, store(replay, title, asker="ada", **at), Mode.BUILD, by="sam")
        store(replay, f"{title}, with a card", asker="ada")

    more("One")
    few = asked_for()
    for number in range(MANY):
        more(f"Ask {number}")
    assert asked_for() == few


# --- mine -------------------------------------------------------------------------------------------------------


def test_what_waits_on_me_comes_first_with_its_next_step(replay: World) -> None:
    store(replay, "Seen to", claimer_id=replay.id("tom"), waiting_on=Ball.ASKER)
    store(replay, "To decide", claimer_id=replay.id("tom"), waiting_on=Ball.CLAIMER)
    shown = mine(replay, "tom")
    waits, sees = shown.index("Waits on you"), shown.index("You're on it")
    assert waits < shown.index("To decide") < shown.index("*Answer* on its card") < sees < shown.index("Seen to")


def test_who_asked_reads_the_question_and_what_became_of_the_rest(replay: World) -> None:
    store(replay, "Asked back", asker="lee", waiting_on=Ball.ASKER, claimer_id=replay.id("tom"))
    decide(replay, store(replay, "Decided", asker="lee"), Mode.GUIDANCE)
    store(replay, "Done", asker="lee", state=State.DONE, waiting_on=Ball.NOBODY, done_at=clock.now())
    long_ago = clock.now() - timedelta(days=31)
    store(replay, "Long ago", asker="lee", state=State.DONE, waiting_on=Ball.NOBODY, done_at=long_ago)
    shown = mine(replay, "lee")
    assert shown.index("Asked back") < shown.index("Answer the question in its thread") < shown.index("You asked for")
    assert "Guidance by Tom" in shown
    assert "✅ done" in shown
    assert "Long ago" not in shown


def test_a_desk_waits_on_who_has_triage(replay: World) -> None:
    with replay.db.read() as session:
        (line,) = queues.read(session, QueueFilters(), viewer=replay.id("ada"), now=clock.now()).lines
    assert line.triage is not None
    shown = mine(replay, line.triage.name.casefold())
    assert "You have triage" in shown
    assert TICKETS in shown


def test_who_has_nothing_is_told_how_to_ask(replay: World) -> None:
    assert "you asked for nothing" in mine(replay, "ivy")
