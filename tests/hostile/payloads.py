"""Real payloads to begin from: what the sandbox sends while people try everything that they see."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from handlers.commands import COMMANDS
from sandbox.people.person import Person
from sandbox.world.errors import AppFailed, SandboxError
from sandbox.world.shapes import Request, Response
from sandbox.world.state import elements_of, key_of
from sandbox.world.values import Json
from tests.world import World

WORDS = ("", "plan", "show", "company", "list", "edit", "away", "setup", "queue", "mine", "ask", "add", "hello you")
MOST_PRESSED = 12  # in one window


class Recorder:
    """Everything that was delivered to the app."""

    def __init__(self, world: World) -> None:
        self.requests: list[Request] = []
        self._deliver = world.slack.app.deliver
        world.slack.app.deliver = self._note  # type: ignore[method-assign]

    def _note(self, request: Request) -> Response:
        self.requests.append(request)
        return self._deliver(request)


def record(world: World) -> list[Request]:
    """Live a little, and return what was delivered meanwhile: a few of each kind and id, in a fixed order."""
    recorder = Recorder(world)
    world.slack.raise_on_trouble = False
    world.slack.enforce_rate_limits = False
    for name in ("ada", "lee", "ivy"):
        person = world.person(name)
        for command in COMMANDS:
            for word in WORDS:
                with suppress(SandboxError, AppFailed):
                    person.command(f"{command.name} {word}".strip(), channel="team-replay")
                    _try_everything(person)
        with suppress(SandboxError, AppFailed):
            person.open_home()
            _press_all(person, (person.home or {}).get("blocks", []), home=True)
        person.open_messages()
        world.post()
        for message in [*person.dms[-6:], *world.slack.messages("team-replay")[-4:]]:
            _press_all(person, message.get("blocks", []), message=message)
    said = world.person("mia").say("Could AI sort our tickets? See https://a.example", channel="team-posthog-ai")
    world.person("lee").react("hedgehog", said)
    again = world.person("lee").say("Could it translate them?", channel="team-posthog-ai")
    world.person("lee").edit(again, "Could it translate our tickets?")
    world.person("lee").delete(again)
    for shortcut in world.slack.manifest.shortcuts:
        with suppress(SandboxError, AppFailed):
            is_message = shortcut.get("type") == "message"
            world.person("ada").shortcut(shortcut["callback_id"], said if is_message else None)
            world.person("ada").close_all()
    world.slack.settle()
    return _some_of_each(recorder.requests)


def _try_everything(person: Person) -> None:
    """Press what is in the window on top, send it, and close all."""
    view = person.view
    if view is not None:
        _press_all(person, view["blocks"], view=view)
        with suppress(SandboxError, AppFailed):
            person.submit()
        with suppress(SandboxError, AppFailed):
            person.close_all()


def _press_all(person: Person, blocks: list[Json], **where: Any) -> None:
    for block, element in list(_elements(blocks))[:MOST_PRESSED]:
        choice = next((each["value"] for each in element.get("options", [])), None)
        with suppress(SandboxError, AppFailed, ValueError):
            if element["type"].endswith("external_select"):
                person.suggest(element["action_id"], "a")
            elif key_of(element["type"]) is None or choice is not None:
                person.click(element["action_id"], select=choice, block_id=block["block_id"], **where)


def _elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def _some_of_each(requests: list[Request], most: int = 2) -> list[Request]:
    kept: dict[str, list[Request]] = {}
    for request in requests:
        kept.setdefault(_name(request), []).append(request)
    return [request for name in sorted(kept) for request in kept[name][:most]]


def _name(request: Request) -> str:
    body = json.loads(request.payload)
    action = (body.get("actions") or [{}])[0]
    callback = (body.get("view") or {}).get("callback_id") if body.get("type") == "view_submission" else ""
    event = body.get("event") or {}
    names = (request.kind, body.get("type"), body.get("command"), event.get("type"), event.get("subtype"))
    return " ".join(map(str, (*names, action.get("action_id"), callback, body.get("callback_id"))))
