"""What a feature shows to Slack, as data: the app listens to it, and the manifest is printed from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Handler = Callable[..., None]


@dataclass(frozen=True)
class Command:
    """A slash command. What its first word sets off stands in the features' `verbs`.

    One that `takes_text` has verbs that stand alone; everything else goes to the bare command's listener, as text.
    """

    name: str
    description: str
    usage: str
    help: str
    takes_text: bool = False


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

    `verbs` maps a command to its first words; the empty word is the bare command. `events` go by the names that an app
    subscribes to; when several features listen to one, each is told.
    """

    verbs: Mapping[str, Mapping[str, Handler]] = field(default_factory=dict)
    shortcuts: Sequence[Shortcut] = ()
    events: Mapping[str, Handler] = field(default_factory=dict)
    actions: Mapping[str, Handler] = field(default_factory=dict)
    views: Mapping[str, Handler] = field(default_factory=dict)
    options: Mapping[str, Handler] = field(default_factory=dict)
