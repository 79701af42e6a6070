"""What a feature shows to Slack, as data: the app listens to it, and the manifest is printed from it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from slack_bolt import Ack, App

Handler = Callable[..., None]


@dataclass(frozen=True)
class Command:
    """A slash command. What its first word sets off stands in the features' `verbs`."""

    name: str
    description: str
    usage: str
    help: str


@dataclass(frozen=True)
class Shortcut:
    """An entry of Slack's ⚡ menu, or with the kind "message" of the ⋯ menu of every message.

    Slack's convention: the name begins with a verb, and takes 24 characters.
    """

    callback_id: str
    name: str
    description: str
    answer: Handler
    kind: Literal["global", "message"] = "global"


@dataclass(frozen=True)
class Feature:
    """Everything of a feature that a person or Slack can set off, by the id that stands in the payload.

    `verbs` maps a command to its first words; the empty word is the bare command.
    """

    verbs: Mapping[str, Mapping[str, Handler]] = field(default_factory=dict)
    shortcuts: Sequence[Shortcut] = ()
    events: Mapping[str, Handler] = field(default_factory=dict)
    actions: Mapping[str, Handler] = field(default_factory=dict)
    views: Mapping[str, Handler] = field(default_factory=dict)
    options: Mapping[str, Handler] = field(default_factory=dict)


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
        for event, answer in feature.events.items():
            app.event(event)(answer)


def _register_command(app: App, command: Command, features: Sequence[Feature]) -> None:
    for feature in features:
        for verb, answer in feature.verbs.get(command.name, {}).items():
            app.command(command.name, matchers=[_says(verb)])(answer)

    def explain(ack: Ack, body: Mapping[str, str]) -> None:
        """Somebody asked for help, or wrote a word that the command does not know."""
        verb = first_word(body)
        unknown = "" if verb in ("help", "") else f"`{command.name} {verb}` is not something I know.\n\n"
        ack(text=unknown + command.help)

    app.command(command.name)(explain)


def _says(verb: str) -> Callable[..., bool]:
    def says(command: Mapping[str, str]) -> bool:
        return first_word(command) == verb

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
