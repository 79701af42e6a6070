"""What the workspace remembers: people, conversations, messages, views, files."""

import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sandbox.world.values import Json, StateValues

SLACKBOT = "USLACKBOT"
COLORS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c", "5b89d5", "2b6836")


@dataclass
class User:
    """Somebody in the workspace: a person, a guest, a bot, or somebody who has left.

    `name` is what the sandbox's own users call them. The app knows of the other three, which all may differ: the
    `handle`, which a mention typed into a command is sent as, the full name, and the name that is shown.
    """

    id: str
    name: str
    real_name: str
    handle: str = ""
    display_name: str = ""
    tz: str | None = "Europe/London"
    is_admin: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    color: str = COLORS[0]
    status_emoji: str = ""
    status_text: str = ""
    status_expiration: int = 0
    title: str = ""
    bot_id: str | None = None
    updated: int = 0
    team_id: str | None = None  # of another workspace, with which a channel is shared
    workspaces: list[str] = field(default_factory=list)  # of one organization, in each of which this is a full account

    def __post_init__(self) -> None:
        self.handle = self.handle or self.name

    @property
    def shown(self) -> str:
        """What they are called on the screen."""
        return self.display_name or self.real_name

    @property
    def is_slackbot(self) -> bool:
        """Slack's own bot, which says of itself that it is a person."""
        return self.id == SLACKBOT

    @property
    def email(self) -> str:
        """An address that can never be delivered."""
        return f"{self.name}@example.com"


class Members(list[str]):
    """User ids in the order in which they joined, each once; to ask whether somebody is in costs the same for any size."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._there = dict.fromkeys(ids)
        super().__init__(self._there)

    def __reduce__(self) -> tuple[type["Members"], tuple[list[str]]]:
        return Members, (list(self),)

    def __contains__(self, user_id: object) -> bool:
        return user_id in self._there

    def append(self, user_id: str) -> None:
        """Let somebody in."""
        if user_id not in self._there:
            self._there[user_id] = None
            super().append(user_id)

    def remove(self, user_id: str) -> None:
        """Let somebody out. Raises ValueError when they are not in."""
        super().remove(user_id)
        del self._there[user_id]


@dataclass
class Channel:
    """A conversation with its messages, oldest first.

    `posting` says what apps may post: everything, or in a channel that is `read_only`, `thread_only` or
    `non_threadable` less.
    """

    id: str
    name: str
    created: int
    creator: str
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_archived: bool = False
    is_general: bool = False
    is_ext_shared: bool = False
    posting: str = ""
    topic: str = ""
    purpose: str = ""
    members: list[str] = field(default_factory=list)
    messages: dict[str, Json] = field(default_factory=dict)
    top: list[str] = field(default_factory=list)
    replies: dict[str, list[str]] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.members = Members(self.members)

    def add(self, message: Json) -> None:
        """Keep a message; a reply is filed under its thread and counted on the parent."""
        ts = message["ts"]
        self.messages[ts] = message
        parent_ts = message.get("thread_ts")
        if parent_ts is None or parent_ts == ts:
            self.top.append(ts)
            return
        if message.get("subtype") == "thread_broadcast":
            self.top.append(ts)
        self.replies.setdefault(parent_ts, []).append(ts)
        self._count_replies(parent_ts, newest=message)

    def remove(self, ts: str) -> Json:
        """Forget a message; a parent with replies stays as a tombstone, as in Slack."""
        message = self.messages[ts]
        if self.replies.get(ts):
            self.messages[ts] = {
                **{key: message[key] for key in ("type", "ts", "thread_ts", "reply_count", "reply_users")},
                "subtype": "tombstone",
                "text": "This message was deleted.",
                "user": SLACKBOT,
                "hidden": True,
            }
            return message
        del self.messages[ts]
        if ts in self.top:
            self.top.remove(ts)
        parent_ts = message.get("thread_ts")
        if parent_ts is not None and parent_ts != ts:
            self.replies[parent_ts].remove(ts)
            self._count_replies(parent_ts)
        return message

    def _count_replies(self, parent_ts: str, newest: Json | None = None) -> None:
        """Count on the parent; with `newest`, the reply that has just been added, without reading all the others."""
        parent = self.messages.get(parent_ts)
        if parent is None:
            return
        replies = self.replies[parent_ts]
        counted = {key: value for key, value in parent.items() if key not in _THREAD_KEYS}
        if replies:
            known = [self.messages[ts] for ts in replies] if newest is None else [newest]
            before = parent.get("reply_users", []) if newest is not None else []
            users = list(dict.fromkeys([*before, *(each.get("user", "") for each in known)]))
            counted |= {
                "thread_ts": parent_ts,
                "reply_count": len(replies),
                "reply_users_count": len(users),
                "reply_users": users,
                "latest_reply": replies[-1],
                "is_locked": False,
                "subscribed": False,
            }
        self.messages[parent_ts] = counted

    def unread(self, user_id: str, last_read: str) -> int:
        """How many messages of others stand after `last_read` (a message ts)."""
        start = bisect.bisect_right(self.top, last_read)
        return sum(self.messages[ts].get("user") != user_id for ts in self.top[start:])


_THREAD_KEYS = frozenset(
    ("thread_ts", "reply_count", "reply_users_count", "reply_users", "latest_reply", "is_locked", "subscribed")
)


@dataclass
class View:
    """A modal or a Home tab, with what the person has typed into it so far. `screen` is where a modal was opened."""

    payload: Json
    user_id: str
    values: StateValues = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    screen: str = ""

    @property
    def id(self) -> str:
        """Slack's view id."""
        return str(self.payload["id"])


@dataclass
class File:
    """An uploaded file; `content` is None until its bytes have arrived."""

    id: str
    name: str
    title: str
    length: int
    mimetype: str
    user: str
    content: bytes | None = None
    completed: bool = False
    upload_token: str = ""
    alt_txt: str = ""


@dataclass
class Usergroup:
    """A user group, mentioned as <!subteam^id>."""

    id: str
    name: str
    handle: str
    users: list[str]


@dataclass
class Store:
    """All of it. Guarded by the workspace's lock; nothing here locks or notifies."""

    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    ephemerals: dict[str, list[Json]] = field(default_factory=dict)
    message_values: dict[tuple[str, str], StateValues] = field(default_factory=dict)
    last_read: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    usergroups: dict[str, Usergroup] = field(default_factory=dict)
    emoji: dict[str, str] = field(default_factory=dict)
    counter: int = 0
    last_ts: int = 0
    channel_of: dict[str, str] = field(default_factory=dict)
    _users_by_name: dict[str, User] = field(default_factory=dict, repr=False)
    _channels_by_name: dict[str, Channel] = field(default_factory=dict, repr=False)
    _ims: dict[frozenset[str], Channel] = field(default_factory=dict, repr=False)

    def next_id(self, prefix: str) -> str:
        """A new id such as C0000000A1: counted, so that a test's ids are the same in every run."""
        self.counter += 1
        return f"{prefix}0{_base36(self.counter + 46655):0>8}"

    def next_ts(self, now: float) -> str:
        """A message ts never given before, even when the clock stands still."""
        self.last_ts = max(self.last_ts + 1, int(now * 1_000_000))
        return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06}"

    def channels_of(self, user_id: str) -> Iterator[Channel]:
        """The conversations that somebody is in."""
        return (channel for channel in self.channels.values() if user_id in channel.members)

    def keep_user(self, user: User) -> None:
        """Add somebody, or take note of their new name."""
        self.users[user.id] = user
        self._users_by_name[user.name] = user

    def keep_channel(self, channel: Channel) -> None:
        """Add a conversation, or take note of its new name."""
        self.channels[channel.id] = channel
        if channel.is_im:
            self._ims[frozenset(channel.members)] = channel
        else:
            self._channels_by_name[channel.name] = channel

    def user_named(self, name: str) -> User | None:
        """Somebody by the name that the sandbox uses."""
        found = self._users_by_name.get(name)
        return found if found is not None and found.name == name else None

    def user_called(self, name: str) -> User | None:
        """Somebody by their handle, or by the name that is shown, or by their full name."""
        return next(
            (each for each in self.users.values() if name in (each.handle, each.display_name, each.real_name)), None
        )

    def channel_named(self, name: str) -> Channel | None:
        """A channel, public or private, by its name without #."""
        found = self._channels_by_name.get(name)
        return found if found is not None and found.name == name else None

    def im(self, first: str, second: str) -> Channel | None:
        """The direct conversation of two users, if it was ever opened."""
        return self._ims.get(frozenset((first, second)))


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest] + digits
    return digits or "0"
