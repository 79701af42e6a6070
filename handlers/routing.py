"""From an id in a payload to the feature that hears it."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from slack_bolt import Ack, App

from handlers.features import Command, Feature, Handler


def register(app: App, commands: Sequence[Command], features: Sequence[Feature]) -> None:
    """Have the app listen to all of it."""
    for command in commands:
        _register_command(app, command, features)
    for feature in features:
        for shortcut in feature.shortcuts:
            listen = app.message_shortcut if shortcut.kind == "message" else app.global_shortcut
            listen(shortcut.callback_id)(shortcut.answer)
        for action_id, answer in feature.actions.items():
            app.action(_with_a_row(action_id))(answer)
        for callback_id, answer in feature.views.items():
            app.view(callback_id)(answer)
        for action_id, answer in feature.options.items():
            app.options(action_id)(answer)
    for event in dict.fromkeys(event for feature in features for event in feature.events):
        listeners = [feature.events[event] for feature in features if event in feature.events]
        # Of the event "message", a subscription also says in what kind of conversation.
        app.event(event.partition(".")[0])(listeners[0] if len(listeners) == 1 else _each(listeners))


def _each(listeners: Sequence[Handler]) -> Handler:
    """One listener for Bolt, which runs only the first it finds: it runs these in turn, and acknowledges at the end."""
    names = dict.fromkeys(name for each in listeners for name in inspect.signature(each).parameters)

    def answer(**given: Any) -> None:
        for listener in listeners:
            wanted = {name: given[name] for name in inspect.signature(listener).parameters}
            listener(**{**wanted, "ack": lambda: None})
        given["ack"]()

    # Bolt hands over what a listener's signature names.
    parameters = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    answer.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return answer


def _register_command(app: App, command: Command, features: Sequence[Feature]) -> None:
    verbs = {verb: answer for feature in features for verb, answer in feature.verbs.get(command.name, {}).items()}
    for verb, answer in verbs.items():
        if verb or not command.takes_text:
            app.command(command.name, matchers=[_says(verb, command)])(answer)

    def explain(ack: Ack, body: Mapping[str, str]) -> None:
        """Somebody asked for help, or wrote a word that the command does not know."""
        verb = first_word(body)
        unknown = "" if verb in ("help", "") else f"`{command.name} {verb}` is not something I know.\n\n"
        ack(text=unknown + command.help)

    if command.takes_text:
        app.command(command.name, matchers=[_says("help", command)])(explain)
        app.command(command.name)(verbs[""])
    else:
        app.command(command.name)(explain)


def _says(verb: str, of: Command) -> Callable[..., bool]:
    def says(command: Mapping[str, str]) -> bool:
        return (command.get("text", "").strip().casefold() if of.takes_text else first_word(command)) == verb

    return says


def first_word(command: Mapping[str, str]) -> str:
    """The verb of a slash command: `plan` of `/sprint plan`."""
    return next(iter(command.get("text", "").split()), "").casefold()


def after_the_first_word(command: Mapping[str, str]) -> str:
    """What follows the verb: `Replay` of `/sprint show Replay`."""
    return " ".join(command.get("text", "").split()[1:])


def _with_a_row(action_id: str) -> re.Pattern[str]:
    # Slack wants an action id once a message, so where a verb stands beside several rows, the row's id follows it.
    return re.compile(rf"^{re.escape(action_id)}(_-?\w+)?$")
