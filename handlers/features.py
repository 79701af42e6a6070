"""What a feature shows to Slack, as data: the app listens to it, and the manifest is printed from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.domain.company.parts import Part
from bot.domain.home.menu import Who
from bot.views import routes

Handler = Callable[..., None]


@dataclass(frozen=True)
class Command:
    """A slash command. What its first word sets off stands in the features' `verbs`.

    Its own `verbs` say what each does, with what may be typed behind it in brackets: the reference is printed from them.
    One that `takes_text` has verbs that stand alone; everything else goes to the bare command's listener, as text.
    `help` are the first words of the entries that its help names, at most five, and `part` is what it belongs to.
    """

    name: str
    description: str
    usage: str
    title: str
    part: Part
    verbs: Mapping[str, str]
    help: Sequence[str] = ()
    takes_text: bool = False


@dataclass(frozen=True)
class Entry:
    """A verb as something to press: in the menu of `/prickle`, and where a window has tabs.

    `words` are the verbs that it stands for; help names the first one. `who` has to hold of a person who sees it. One that
    is `often` wanted stands on the menu's first page, and a `setting` at the end of its part's.
    """

    command: str
    words: Sequence[str]
    label: str
    answer: Handler
    part: Part
    who: frozenset[Who] = frozenset()
    often: bool = False
    setting: bool = False

    @property
    def verb(self) -> str:
        """The id of its press."""
        return routes.entry(self.command, self.words[0])


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
    entries: Sequence[Entry] = ()
