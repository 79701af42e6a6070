"""From an id in a payload to the handler that answers it.

Bolt asks its listeners one after the other, so it gets one for each kind of payload, and that one looks in a dictionary.
"""

import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.kwargs_injection.args import Args

from bot.platform.errors import Refusal
from bot.views.kit import OWN_VERB, keys
from handlers.features import Command, Entry, Feature, Handler

ANY = re.compile("")
# Slack wants an action id once a message, so where a verb stands beside several rows, the row's id follows it.
ROW = re.compile(r"-?\w+")
OURS = ("db", "vault", "me", "argument", "entries")  # `bot.app` puts these into each payload's context

Find = Callable[[Args], Sequence["Route"]]
Explain = Callable[[Command, Sequence[Entry]], Handler]


class Route:
    """A handler, called with what its parameters name."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._names = tuple(inspect.signature(handler).parameters)

    def run(self, args: Args, acknowledge: Callable[..., Any]) -> None:
        """Have it answer."""
        given = {name: args.context[name] if name in OURS else getattr(args, name) for name in self._names}
        if "body" in given:
            # A button of a window that comes from a message has no view, and the other way round no message.
            given["body"] = keys.Carried(args.body)
        if "ack" in given:
            given["ack"] = acknowledge
        self._handler(**given)


def register(app: App, commands: Sequence[Command], features: Sequence[Feature], explain: Explain) -> None:
    """Have the app listen to all of it. `explain` makes the handler that answers a command's `help`."""
    _listen(app.command, _verbs(commands, features, explain))
    _listen(app.action, _presses(features))
    _listen(app.view_submission, _forms(features))
    _listen(app.options, _suggestions(features))
    _listen(app.shortcut, _shortcuts(features))
    _listen(app.event, _events(features))
    app.view_closed(ANY)(closed)


def entries_of(features: Sequence[Feature]) -> list[Entry]:
    """What the menu of `/prickle` leads to."""
    return [entry for feature in features for entry in feature.entries]


def closed(ack: Ack) -> None:
    """Somebody closed a window. Nothing hangs on it."""
    ack()


def _listen(kind: Callable[..., Callable[..., Any]], find: Find) -> None:
    def listener(args: Args) -> None:
        routes = find(args)
        # An acknowledgement is the last word, so where several are told, only the end of it acknowledges.
        for route in routes[:-1]:
            route.run(args, _not_yet)
        for route in routes[-1:]:
            route.run(args, args.ack)
        if not routes:
            args.ack()

    kind(ANY)(listener)


def _not_yet(*_words: Any, **_more: Any) -> None:
    """What an acknowledgement does while others are still to be told."""


# --- each kind of payload ---------------------------------------------------------------------------------------


def _one(find_one: Callable[[Args], Route | None], what: str) -> Find:
    def find(args: Args) -> Sequence[Route]:
        route = find_one(args)
        if route is None:
            raise Refusal(f"This {what} is from an older version. Open `/prickle`.")
        return (route,)

    return find


def _presses(features: Sequence[Feature]) -> Find:
    of_entries = {entry.verb: entry.answer for entry in entries_of(features)}
    routes = _routes([*(feature.actions for feature in features), of_entries])
    return _one(lambda args: routes.get(verb_of(_pressed(args.payload), routes)), "button")


def _pressed(action: Mapping[str, Any]) -> str:
    """The verb that a choice has of its own, or the id of what was pressed."""
    chosen = (action.get("selected_option") or {}).get("value") or ""
    verb, has_its_own, _row = chosen.partition(OWN_VERB)
    return verb if has_its_own else str(action.get("action_id", ""))


def verb_of(action_id: str, known: Container[str]) -> str:
    """The known id that an action's id is, or begins with, before a row's. Empty when there is none."""
    verb = action_id
    while verb and verb not in known:
        verb = verb.rpartition("_")[0]
    row = action_id[len(verb) + 1 :]
    return verb if verb == action_id or ROW.fullmatch(row) else ""


def _forms(features: Sequence[Feature]) -> Find:
    routes = _routes(feature.views for feature in features)
    return _one(lambda args: routes.get(args.payload["callback_id"]), "form")


def _suggestions(features: Sequence[Feature]) -> Find:
    routes = _routes(feature.options for feature in features)
    return _one(lambda args: routes.get(args.payload.get("action_id", "")), "list")


def _shortcuts(features: Sequence[Feature]) -> Find:
    types = {"global": "shortcut", "message": "message_action"}
    shortcuts = [each for feature in features for each in feature.shortcuts]
    routes = {(types[each.kind], each.callback_id): Route(each.answer) for each in shortcuts}
    return _one(lambda args: routes.get((args.body["type"], args.body["callback_id"])), "menu entry")


def _events(features: Sequence[Feature]) -> Find:
    routes: dict[str, list[Route]] = defaultdict(list)
    for feature in features:
        for event, handler in feature.events.items():
            # Of the event "message", a subscription also says in what kind of conversation.
            routes[event.partition(".")[0]].append(Route(handler))
    return lambda args: routes.get(args.payload["type"], ())


def _routes(groups: Iterable[Mapping[str, Handler]]) -> dict[str, Route]:
    return {id_: Route(handler) for group in groups for id_, handler in group.items()}


# --- commands ---------------------------------------------------------------------------------------------------


def _verbs(commands: Sequence[Command], features: Sequence[Feature], explain: Explain) -> Find:
    entries = entries_of(features)
    helps = {command.name: Route(explain(command, help_entries(command, entries))) for command in commands}
    find = {command.name: _verbs_of(command, features, helps[command.name]) for command in commands}
    return _one(lambda args: find[name](args) if (name := args.payload["command"]) in find else None, "command")


def help_entries(command: Command, entries: Sequence[Entry]) -> list[Entry]:
    """What a command's help names: what it says itself, or the bare form of each command there is."""
    if command.help:
        return [
            next(each for each in entries if (each.command, each.words[0]) == (command.name, word))
            for word in command.help
        ]
    return [each for each in entries if not each.words[0]]


def _verbs_of(command: Command, features: Sequence[Feature], help_: Route) -> Callable[[Args], Route]:
    routes = {"": help_} | _routes(feature.verbs.get(command.name, {}) for feature in features) | {"help": help_}
    # What is no verb is text for a command that takes it, and not understood by the others.
    otherwise = routes[""] if command.takes_text else help_
    return lambda args: routes.get(_said(args.payload, command), otherwise)


def _said(command: Mapping[str, str], of: Command) -> str:
    return command.get("text", "").strip().casefold() if of.takes_text else first_word(command)


def first_word(command: Mapping[str, str]) -> str:
    """The verb of a slash command: `plan` of `/sprint plan`."""
    return next(iter(command.get("text", "").split()), "").casefold()


def after_the_first_word(command: Mapping[str, str]) -> str:
    """What follows the verb: `Replay` of `/sprint show Replay`."""
    return " ".join(command.get("text", "").split()[1:])
