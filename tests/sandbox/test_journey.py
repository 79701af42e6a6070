"""Moving through time: a bot with a plan, people who answer, and a page that shows it."""

import json
import re
import threading
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from sandbox.people import journey
from sandbox.people.cast import Cast, Line
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world import steady
from sandbox.world.errors import SandboxError
from sandbox.world.values import Json
from tests.sandbox.kit import actions, button, entry, modal, option, section

DAY = 24 * 3600.0
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Planner:
    """A bot that only keeps a plan: at each moment it says something to somebody."""

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.now = MONDAY
        self.plan: list[tuple[datetime, Callable[[], object]]] = []
        self.settled: list[float] = []

    def at(self, hours: float, task: Callable[[], object]) -> None:
        self.plan.append((MONDAY + timedelta(hours=hours), task))

    def move_to(self, moment: datetime) -> None:
        assert moment >= self.now
        self.now = moment

    def next_moment(self) -> datetime | None:
        return min((moment for moment, _task in self.plan), default=None)

    def next_prompt(self) -> None:
        """It asks nobody in particular."""

    def settle(self) -> bool:
        assert self.now.timestamp() == pytest.approx(self.ws.clock(), abs=0.1)
        self.settled.append(self.ws.clock() - MONDAY.timestamp())
        due = [each for each in self.plan if each[0] <= self.now]
        self.plan = [each for each in self.plan if each[0] > self.now]
        for _moment, task in due:
            task()
        return True


@pytest.fixture
def hands(server: Server, ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planner]:
    """A frozen clock that stands at Monday, and a planner beside it."""
    monkeypatch.setattr(journey, "PAUSE", 0.001)
    ws.clock = lambda: MONDAY.timestamp()
    planner = Planner(ws)
    server.hands = planner
    yield planner
    server.journeys.stop()
    assert server.journeys.wait(5)
    server.hands, server.cast = None, ()


def hours(ws: Workspace) -> float:
    return round((ws.clock() - MONDAY.timestamp()) / 3600, 3)


def nothing() -> None:
    """What a bot does that only wakes up."""


def test_a_jump_to_the_next_prompt_ends_when_it_is_there(server: Server, ws: Workspace, hands: Planner) -> None:
    hands.at(3, lambda: WebClient(ws.bot_token, base_url=server.api_url).chat_postMessage(channel="C0TEAM", text="Now"))
    hands.at(4, nothing)
    server.journeys.go_to_next()

    assert server.journeys.wait(5)
    assert (hours(ws), [each["text"] for each in ws.messages("team")]) == (3, ["Now"])
    assert server.journeys.next_prompt() == ((MONDAY + timedelta(hours=4)).timestamp(), ())


def test_a_jump_stops_at_everything_on_the_way(server: Server, ws: Workspace, hands: Planner) -> None:
    for hour in (1, 5, 30):
        hands.at(hour, nothing)
    server.journeys.go_to((MONDAY + timedelta(hours=24)).timestamp())

    assert server.journeys.wait(5)
    assert [round(each / 3600) for each in hands.settled] == [0, 1, 5, 24]
    assert hours(ws) == 24


def test_time_does_not_stand_still_for_what_is_due_and_never_done(
    server: Server, ws: Workspace, hands: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "next_moment", lambda: MONDAY)
    server.journeys.go_to((MONDAY + timedelta(days=2)).timestamp())

    assert server.journeys.wait(20)
    assert hours(ws) == 48


@pytest.mark.parametrize(
    ("seconds", "words"), [(-60.0, "over already"), (400 * DAY, "more than a year"), (0.0, "no next prompt")]
)
def test_where_time_cannot_go_is_said_in_a_sentence(
    server: Server, ws: Workspace, hands: Planner, seconds: float, words: str
) -> None:
    with pytest.raises(SandboxError, match=words):
        server.journeys.go_to(ws.clock() + seconds) if seconds else server.journeys.go_to_next()


def test_without_hands_there_is_no_control(server: Server) -> None:
    assert server.journeys.shown() == {"control": False, "run": None}
    with pytest.raises(SandboxError, match="cannot be moved"):
        server.journeys.run_week()


def test_a_second_journey_is_refused_and_the_first_one_can_be_stopped(
    server: Server, ws: Workspace, hands: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journey, "PAUSE", 0.2)
    for hour in range(1, 100):
        hands.at(hour, nothing)
    server.journeys.run_week()
    for move in (server.journeys.run_week, server.journeys.go_to_next, lambda: server.journeys.go_to(ws.clock() + 60)):
        with pytest.raises(SandboxError, match="moving already"):
            move()
    server.journeys.stop()

    assert server.journeys.wait(2)
    assert 0 <= hours(ws) < 20
    server.journeys.go_to_next()


@pytest.fixture
def answers(app: App) -> list[tuple[str, str]]:
    """Who answered what. The prompt is replaced when somebody has; "Not yet" asks why."""
    given: list[tuple[str, str]] = []

    @app.action("done")
    def done(ack: Any, body: Json, respond: Any) -> None:
        given.append((body["user"]["name"], "done"))
        ack()
        respond(text="Thanks", replace_original=True)

    @app.action("not_yet")
    def not_yet(ack: Any, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(entry(block_id="why")))
        ack()

    @app.view("form")
    def form(ack: Any, body: Json, view: Json) -> None:
        given.append((body["user"]["name"], view["state"]["values"]["why"]["typed"]["value"]))
        ack()

    return given


def prompt(ws: Workspace, client: WebClient, name: str) -> str:
    blocks = [section("How is it going?"), actions(button("Done", "done"), button("Not yet", "not_yet"))]
    return str(client.chat_postMessage(channel=ws.user(name).id, text="Prompt", blocks=blocks)["ts"])


SCRIPT = [Line("Done", share=0.5), Line("Not yet", fields={"why": "Tests first", "other": "Not asked"})]


def test_in_a_week_everybody_answers_whom_nobody_looks_at(
    server: Server, ws: Workspace, client: WebClient, hands: Planner, answers: list[tuple[str, str]]
) -> None:
    names = [ws.add_user(f"p{number}").name for number in range(10)]
    for name in (*names, "ada"):
        prompt(ws, client, name)
        hands.at(24, lambda name=name: prompt(ws, client, name))  # type: ignore[misc]
    notices: list[Json] = []
    leave = ws.notices.subscribe(ws.user("ada").id, notices.append)
    server.cast = SCRIPT
    started = steady.monotonic()
    server.journeys.run_week()
    assert server.journeys.wait(20)
    leave()

    assert hours(ws) == 7 * 24
    assert sorted(name for name, _ in answers) == sorted(names * 2)
    assert {words for _, words in answers} == {"done", "Tests first"}
    assert [each["text"] for each in ws.person("ada").dms] == ["Prompt", "Prompt"]
    assert all(ws.person(name).view is None for name in names)
    told = [each for each in notices if each["type"] == "clock"]
    assert [each["run"]["share"] for each in told[:-1]] == [0, round(1 / 7, 4), 1]
    assert (told[-1]["run"], told[-1]["trouble"], told[-1]["now"]) == (None, None, ws.clock())
    assert steady.monotonic() - started < 10


@pytest.mark.usefixtures("app")
def test_an_error_ends_the_journey_in_a_sentence(
    server: Server, ws: Workspace, client: WebClient, hands: Planner
) -> None:
    notices: list[Json] = []
    leave = ws.notices.subscribe(ws.user("lee").id, notices.append)
    prompt(ws, client, "ada")  # the app knows no such button
    server.cast = SCRIPT
    server.journeys.run_week()
    assert server.journeys.wait(5)
    hands.at(1, lambda: 1 / 0)
    server.journeys.go_to_next()
    assert server.journeys.wait(5)
    leave()

    troubles = [each["trouble"] for each in notices if each["type"] == "clock" and each["run"] is None]
    assert "dispatch_failed" in troubles[0]
    assert "ZeroDivisionError" in troubles[1]
    assert hours(ws) == 1


def test_a_line_for_each_is_played_once_in_every_block(ws: Workspace, app: App, client: WebClient) -> None:
    pressed: list[str] = []

    def card(open_items: list[str]) -> list[Json]:
        # An edit takes away what is marked, and gives the rest new block_ids.
        return [
            actions(button("Done", f"mark_{item}", value=item), button("Drop", f"drop_{item}")) for item in open_items
        ]

    @app.action(re.compile("mark_"))
    def mark(ack: Any, action: Json, body: Json, client: WebClient) -> None:
        pressed.append(action["value"])
        ack()
        left = [item for item in "abc" if item not in pressed]
        client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Card", blocks=card(left))

    client.chat_postMessage(channel=ws.user("ada").id, text="Card", blocks=card(list("abc")))
    cast = Cast()

    assert cast.play(ws, [Line("Ship it"), Line("Done", each=True)]) == 3
    assert pressed == ["a", "b", "c"]
    assert cast.play(ws, [Line("Done", each=True)]) == 0


@pytest.mark.usefixtures("answers")
def test_what_cannot_be_sent_is_closed_and_what_has_no_line_is_left(ws: Workspace, client: WebClient) -> None:
    prompt(ws, client, "ada")
    cast = Cast()

    assert cast.play(ws, []) == cast.play(ws, [Line("Maybe")]) == 0
    assert cast.play(ws, [Line("Not yet")]) == 1
    assert ws.person("ada").view is None
    prompt(ws, client, "ada")
    assert cast.play(ws, [Line("Done", share=0.0)]) == cast.play(ws, [Line("Done")]) == 0


def post(server: Server, path: str, **body: Any) -> Json:
    content = json.dumps(body).encode()
    with urllib.request.urlopen(f"{server.url}{path}", content, timeout=5) as response:  # noqa: S310
        found: Json = json.load(response)
        return found


def get(server: Server, path: str) -> Json:
    with urllib.request.urlopen(f"{server.url}{path}", timeout=5) as response:  # noqa: S310
        found: Json = json.load(response)
        return found


def test_the_page_moves_time(server: Server, ws: Workspace, hands: Planner) -> None:
    hands.at(2, nothing)
    soon = (MONDAY + timedelta(hours=2)).timestamp()
    assert get(server, "/sandbox/clock") == {
        "control": True,
        "run": None,
        "now": ws.clock(),
        "next": soon,
        "people": [],
    }
    assert get(server, f"/sandbox/state?as={ws.user('ada').id}")["clock"] == {"control": True, "run": None}

    assert post(server, "/sandbox/clock/next")["ok"] is True
    assert server.journeys.wait(5)
    assert hours(ws) == 2
    assert "over already" in post(server, "/sandbox/clock/jump", to=MONDAY.timestamp())["error"]
    assert post(server, "/sandbox/clock/jump", to=soon + 3600)["ok"] is True
    assert server.journeys.wait(5)
    assert post(server, "/sandbox/clock/stop")["ok"] is True
    for verb, body in (("jump", {}), ("jump", {"to": "noon"}), ("back", {})):
        assert "no way to move time" in post(server, f"/sandbox/clock/{verb}", **body)["error"]
    assert hours(ws) == 3


def test_the_page_sets_a_status(server: Server, ws: Workspace) -> None:
    ada = ws.user("ada")
    end = int(ws.clock()) + 3600
    assert post(
        server, "/sandbox/do/status", **{"as": ada.id, "text": "Lunch", "emoji": "sandwich", "expiration": end}
    )["ok"]

    me = get(server, f"/sandbox/state?as={ada.id}")["me"]
    assert (me["status_text"], me["status_emoji"], me["status_expiration"]) == ("Lunch", ":sandwich:", end)


def test_the_server_ends_a_journey_when_it_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journey, "PAUSE", 60.0)
    ws = Workspace(clock=lambda: MONDAY.timestamp())
    server = Server(ws).start()
    server.hands = Planner(ws)
    server.journeys.run_week()
    started = steady.monotonic()
    server.stop()

    assert steady.monotonic() - started < 3
    assert not [thread for thread in threading.enumerate() if thread.name == "sandbox-journey"]
    ws.close()


def test_in_a_channel_one_of_those_whom_a_message_names_acts_once(ws: Workspace, app: App, client: WebClient) -> None:
    place = ws.channel("team").id
    menu = {"type": "overflow", "action_id": "more", "options": [option("now", "Show now")]}
    acted: list[tuple[str, str]] = []

    @app.action("more")
    def show(ack: Ack, body: Json, action: Json) -> None:
        acted.append((body["user"]["name"], action["selected_option"]["value"]))
        ack()

    ts = client.chat_postMessage(channel=place, text="Leads: Ada. Waiting", blocks=[actions(menu)])["ts"]
    cast, lines = Cast(), [Line("Show now", says="Leads: {me}", unless="Waiting")]
    assert cast.play(ws, lines) == 0
    client.chat_update(channel=place, ts=str(ts), text="Leads: Ada", blocks=[actions(menu)])
    assert (cast.play(ws, lines), cast.play(ws, lines)) == (1, 0)
    assert acted == [("ada", "now")]


def test_in_a_channel_everybody_may_press_each_button_once(ws: Workspace, app: App, client: WebClient) -> None:
    place = ws.channel("team").id
    pressed: list[tuple[str, str]] = []

    @app.action(re.compile("agree_"))
    def agree(ack: Ack, body: Json, action: Json) -> None:
        pressed.append((body["user"]["name"], action["action_id"]))
        ack()

    card = [actions(button("Me too", f"agree_{note}", value=note)) for note in "ab"]
    client.chat_postMessage(channel=place, text="Notes", blocks=card)
    members = [ws.store.users[each].name for each in ws.channel("team").members if each != ws.bot_user_id]
    cast, lines = Cast(), [Line("Me too", says="Notes", each=True)]
    assert (cast.play(ws, lines), cast.play(ws, lines)) == (2 * len(members), 0)
    assert sorted(pressed) == sorted((name, f"agree_{note}") for name in members for note in "ab")


def test_a_button_that_comes_later_is_thought_of_and_an_old_one_is_not(
    ws: Workspace, app: App, client: WebClient
) -> None:
    pressed: list[str] = []

    @app.action(re.compile("."))
    def press(ack: Ack, action: Json) -> None:
        pressed.append(action["action_id"])
        ack()

    ada = ws.user("ada").id
    sent = client.chat_postMessage(channel=ada, text="Turn", blocks=[actions(button("Answer", "answer"))])
    cast, lines = Cast(), [Line("Answer"), Line("Decide")]
    assert cast.play(ws, lines) == 1
    both = [actions(button("Answer", "answer"), button("Decide", "decide"))]
    client.chat_update(channel=str(sent["channel"]), ts=str(sent["ts"]), text="Turn", blocks=both)
    assert (cast.play(ws, lines), cast.play(ws, lines)) == (1, 0)
    assert pressed == ["answer", "decide"]


def test_a_choice_is_made_only_over_what_the_line_says(ws: Workspace, app: App, client: WebClient) -> None:
    chosen: list[str] = []

    @app.action(re.compile("mark_"))
    def mark(ack: Ack, action: Json) -> None:
        chosen.append(action["action_id"])
        ack()

    def menu(item: str, shown: str) -> Json:
        options = {each: option(each, each) for each in ("Open", "Done")}
        select = {"type": "static_select", "action_id": f"mark_{item}", "options": [*options.values()]}
        return actions({**select, "initial_option": options[shown]})

    client.chat_postMessage(channel=ws.user("ada").id, text="Turn", blocks=[menu("a", "Open"), menu("b", "Done")])
    assert Cast().play(ws, [Line("Done", each=True, over=("Open",))]) == 1
    assert chosen == ["mark_a"]


def test_the_page_says_whose_the_next_prompt_is_and_who_is_who(
    server: Server, ws: Workspace, hands: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, lee = ws.user("ada").id, ws.user("lee").id
    hands.at(1, nothing)
    monkeypatch.setattr(hands, "next_prompt", lambda: (MONDAY + timedelta(hours=2), [ada]))
    monkeypatch.setattr(server, "roles", lambda: {ada: "leads Replay"})
    assert get(server, "/sandbox/clock")["people"] == [ada]
    roles = {each["id"]: each["role"] for each in get(server, "/sandbox/state")["users"]}
    assert (roles[ada], roles[lee]) == ("leads Replay", "")
    server.journeys.go_to_next()
    assert server.journeys.wait(5)
    assert hours(ws) == 2  # what happens on the way asks nobody


def test_people_differ_in_what_they_write_and_pick_all_that_is_offered(
    ws: Workspace, app: App, client: WebClient
) -> None:
    sent: list[Json] = []
    boxes = {"type": "checkboxes", "action_id": "all", "options": [option("a"), option("b")]}
    form = modal(entry(), entry(boxes, "all"))

    @app.action("write")
    def write(ack: Ack, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=form)
        ack()

    @app.view("form")
    def written(ack: Ack, view: Json) -> None:
        sent.append(view["state"]["values"])
        ack()

    for name in ("ada", "lee"):
        client.chat_postMessage(
            channel=ws.user(name).id, text="Card", blocks=[actions(button("Write", "write"), button("Or not", "not"))]
        )
    lines = [Line("Write", fields={"entry": f"{words} of {{me}}", "all": "*"}) for words in ("One", "Another")]
    assert Cast().play(ws, lines) == 2
    written_down = [next(iter(values["entry"].values()))["value"] for values in sent]
    assert written_down == ["One of Ada", "Another of Lee"]
    assert all(len(values["all"]["all"]["selected_options"]) == 2 for values in sent)
