"""The workspace: all state, the app's connection, and the verbs that make a workspace what it is."""

import itertools
import random
import threading
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.app.delivery import App, Request, Response
from sandbox.app.faults import Faults
from sandbox.app.response_urls import ResponseUrl
from sandbox.world import emoji_names, messages, statuses
from sandbox.world import manifest as manifests
from sandbox.world.background import Background
from sandbox.world.clock import Clock, as_clock
from sandbox.world.errors import SandboxError
from sandbox.world.modals import Trigger
from sandbox.world.notices import Notices
from sandbox.world.store import COLORS, Channel, Store, User, Usergroup
from sandbox.world.values import Json

if TYPE_CHECKING:
    from sandbox.people.person import Person

CALLS_KEPT = 20_000


@dataclass(frozen=True)
class Call:
    """One Web API call of the app, as the tests want to know it. `at` is epoch seconds of the workspace's clock."""

    method: str
    args: Json
    at: float
    response_ok: bool
    error: str | None = None


OTHER_TEAM = "T0ANOTHER1"  # the company with which channels are shared


class Workspace:
    """A Slack workspace with one app in it. Thread-safe; it has no network of its own."""

    team_id = "T0SANDBOX1"
    team_name = "Sandbox"
    team_domain = "sandbox"
    team_number = 10_000_001
    app_id = "A0SANDBOX1"
    bot_id = "B0SANDBOX1"
    bot_user_id = "U0SANDBOXB"

    def __init__(
        self,
        manifest: Json | None = None,
        *,
        bot_token: str = "xoxb-sandbox-bot",  # noqa: S107 - a secret that everybody knows
        app_token: str = "xapp-sandbox-app",  # noqa: S107
        signing_secret: str = "sandbox-signing-secret",  # noqa: S107
        clock: Callable[[], float] | None = None,
    ) -> None:
        """`manifest` is a Slack app manifest: the app has only the commands, shortcuts, events and scopes in it.

        `clock` gives epoch seconds; by default it is real time.
        """
        self.manifest = manifests.read(manifest)
        self.bot_token = bot_token
        self.app_token = app_token
        self.signing_secret = signing_secret
        self.verification_token = "sandbox-verification"  # noqa: S105
        self._clock = as_clock(clock)
        self.random = random.Random(0)  # noqa: S311 - ids only; a run can be repeated
        self.lock = threading.RLock()
        self.store = Store()
        self.notices = Notices()
        self.background = Background("sandbox-events")
        self.saving: Callable[[], None] | None = None
        self.app = App(signing_secret, on_change=self._app_changed)
        self.faults = Faults(self.app)
        self.calls: list[Call] = []
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.tickets: set[str] = set()
        self.booked: dict[str, float] = {}
        self.messages_a_minute = 300
        self.edits_a_minute = 60
        self.next_status_end = float("inf")
        self.base_url = "http://127.0.0.1:0"
        self.retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
        self.raise_on_trouble = True
        self.enforce_rate_limits = False
        self._people: dict[str, Person] = {}
        self._closers: list[Callable[[], None]] = []
        self.add_user(
            _handle(self.manifest.name), real_name=self.manifest.name, id=self.bot_user_id, is_bot=True, tz=None
        ).bot_id = self.bot_id

    @property
    def clock(self) -> Clock:
        """Epoch seconds here, when called; `move_to` of the workspace moves it forward."""
        return self._clock

    @clock.setter
    def clock(self, source: Callable[[], float]) -> None:
        self._clock = as_clock(source)

    @classmethod
    def load(cls, path: Path | str, manifest: Json | None = None, **options: Any) -> "Workspace":
        """The workspace saved at `path`, or a new one that will be saved there, soon after each change.

        Raises SandboxError, with a sentence, when the file cannot be read as a saved workspace.
        """
        from sandbox.world.persistence import keep

        return keep(cls(manifest, **options), Path(path))

    def add_user(
        self,
        name: str,
        *,
        real_name: str | None = None,
        tz: str | None = "Europe/London",
        is_admin: bool = False,
        is_bot: bool = False,
        is_restricted: bool = False,
        is_ultra_restricted: bool = False,
        deleted: bool = False,
        id: str | None = None,  # noqa: A002 - Slack's own word
        title: str = "",
    ) -> User:
        """Add somebody. Raises ValueError when the name is taken."""
        with self.lock:
            if self.store.user_named(name) is not None:
                raise ValueError(f"There is already a user called {name}.")
            user = User(
                id=id or self.store.next_id("U"),
                name=name,
                real_name=real_name or name.capitalize(),
                tz=tz,
                is_admin=is_admin,
                is_bot=is_bot,
                is_restricted=is_restricted or is_ultra_restricted,
                is_ultra_restricted=is_ultra_restricted,
                deleted=deleted,
                color=COLORS[len(self.store.users) % len(COLORS)],
                title=title,
                updated=int(self.clock()),
            )
            self.store.keep_user(user)
            for channel in self.store.channels.values():
                if channel.is_general and not (deleted or is_bot or user.is_restricted):
                    channel.members.append(user.id)
            self.changed({"type": "users"}, None)
            return user

    def add_channel(
        self,
        name: str,
        *,
        members: Iterable[str] = (),
        private: bool = False,
        topic: str = "",
        is_general: bool = False,
        id: str | None = None,  # noqa: A002
    ) -> Channel:
        """Add a channel with these members (ids or names; `ws.bot_user_id` for the app itself)."""
        with self.lock:
            ids = [self.user(each).id for each in members]
            if self.store.channel_named(name) is not None:
                raise ValueError(f"There is already a channel called #{name}.")
            channel = Channel(
                id=id or self.store.next_id("C"),
                name=name,
                created=int(self.clock()),
                creator=ids[0] if ids else self.bot_user_id,
                is_private=private,
                topic=topic,
                is_general=is_general,
                members=ids,
            )
            self.store.keep_channel(channel)
            self.changed({"type": "channels"}, None)
            return channel

    def add_usergroup(self, handle: str, *, name: str | None = None, users: Iterable[str] = ()) -> Usergroup:
        """Add a user group of these people (ids or names)."""
        with self.lock:
            ids = [self.user(each).id for each in users]
            group = Usergroup(self.store.next_id("S"), name or handle, handle, ids)
            self.store.usergroups[group.id] = group
            return group

    def add_emoji(self, name: str, shown: str) -> None:
        """Add an emoji of the workspace's own; the page shows it as `shown`, a character.

        Raises ValueError for a name that Slack would not take.
        """
        if not emoji_names.CUSTOM.fullmatch(name) or name in emoji_names.short_names():
            raise ValueError(f"No emoji can be added under the name {name}.")
        with self.lock:
            self.store.emoji[name] = shown
            self.changed({"type": "emoji"}, None)

    def user(self, name_or_id: str) -> User:
        """Somebody by id, name or real name. Raises SandboxError when there is nobody."""
        wanted = name_or_id.removeprefix("@")
        user = self.store.users.get(wanted) or self.store.user_named(wanted)
        if user is None:
            user = next((each for each in self.store.users.values() if each.real_name == wanted), None)
        if user is None:
            raise SandboxError(f"There is nobody called {name_or_id} here.")
        return user

    def channel(self, name_or_id: str) -> Channel:
        """A conversation by id or name. Raises SandboxError when there is none."""
        wanted = name_or_id.removeprefix("#")
        channel = self.store.channels.get(wanted) or self.store.channel_named(wanted)
        if channel is None:
            raise SandboxError(f"There is no channel called {name_or_id} here.")
        return channel

    def person(self, name_or_id: str) -> "Person":
        """A human in front of Slack; the same one for the same name."""
        from sandbox.people.person import Person

        user = self.user(name_or_id)
        with self.lock:
            return self._people.setdefault(user.id, Person(self, user))

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """Copies of a channel's top-level messages, or of a thread's, oldest first, metadata included."""
        with self.lock:
            found = self.channel(channel)
            stamps = found.top if thread_ts is None else [thread_ts, *found.replies.get(thread_ts, [])]
            return [deepcopy(found.messages[ts]) for ts in stamps if ts in found.messages]

    def dm(self, user: str) -> str:
        """The id of the app's DM with somebody (id or name), opened if need be."""
        with self.lock:
            return self.open_im(self.bot_user_id, self.user(user).id).id

    def open_im(self, first: str, second: str) -> Channel:
        """The DM of two users (ids)."""
        found = self.store.im(first, second)
        if found is None:
            channel_id = self.store.next_id("D")
            members = [first, second]
            found = Channel(channel_id, "", int(self.clock()), first, is_im=True, members=members)
            self.store.keep_channel(found)
            self.changed({"type": "channels"}, members)
        return found

    def deliver(self, kind: str, payload: Json) -> Response:
        """Send the app a payload of your own making, signed, and return its answer without acting on it.

        `kind` is "command", "event", or anything else for an interactive payload.
        """
        import json

        kinds = {"command": "slash_commands", "event": "events_api"}
        known = ("slash_commands", "events_api")
        return self.app.deliver(Request(kinds.get(kind, kind if kind in known else "interactive"), json.dumps(payload)))

    def settle(self, timeout: float = 5.0) -> bool:
        """Wait until every event that is due has been delivered; False after `timeout` seconds."""
        with self.lock:
            statuses.end_the_old(self)
        return self.background.wait_idle(timeout)

    def move_to(self, moment: float) -> None:
        """Move the clock forward to `moment` (epoch seconds); statuses whose time is over by then are cleared.

        Raises ValueError for a moment that is over.
        """
        with self.lock:
            ahead = self.clock.move_to(moment)
            for trigger in self.triggers.values():
                if trigger.expires >= moment - ahead:
                    trigger.expires += ahead  # somebody has just pressed, and did not sleep through what was skipped
            statuses.end_the_old(self)
            statuses.watch(self)
            self.changed({"type": "now", "now": self.clock()}, None)

    def changed(self, notice: Json, to: Iterable[str] | None) -> None:
        """Tell the pages of some people, or everybody (None), and have the change saved. Call under the lock."""
        self.notices.publish(notice, to)
        if self.saving is not None:
            self.saving()

    def record(self, method: str, args: Json, error: str | None) -> None:
        """Remember a Web API call in `calls` (the last 20,000)."""
        self.calls.append(Call(method, args, self.clock(), error is None, error))
        if len(self.calls) > CALLS_KEPT:
            del self.calls[: CALLS_KEPT // 2]

    def on_close(self, closer: Callable[[], None]) -> None:
        """Have `closer` called by `close`."""
        self._closers.append(closer)

    def close(self) -> None:
        """End the threads and save what is not saved yet."""
        self.background.close()
        for closer in self._closers:
            closer()
        self._closers.clear()

    def _app_changed(self) -> None:
        with self.lock:
            self.notices.publish({"type": "app", "connected": self.app.connected})

    def archive(self, channel: str, *, archived: bool = True, by: str | None = None) -> None:
        """Archive a channel, or bring it back, and tell the app. `by` is who does it, its creator by default."""
        from sandbox.world import events

        with self.lock:
            found = self.channel(channel)
            found.is_archived = archived
            self.changed({"type": "channels"}, None)
            user = self.user(by).id if by else found.creator
            events.about_channel(self, found, "archive" if archived else "unarchive", {"user": user})

    def unarchive(self, channel: str, *, by: str | None = None) -> None:
        """Bring a channel back, and tell the app."""
        self.archive(channel, archived=False, by=by)

    def share(self, channel: str, *, shared: bool = True) -> None:
        """Share a channel with another company, or no more, and tell the app (Slack: reference/events/channel_shared)."""
        from sandbox.world import events

        with self.lock:
            found = self.channel(channel)
            found.is_ext_shared = shared
            self.store.keep_channel(found)
            other = {"connected_team_id": OTHER_TEAM} if shared else {"previously_connected_team_id": OTHER_TEAM}
            events.emit(
                self, {"type": "channel_shared" if shared else "channel_unshared", "channel": found.id, **other}
            )

    def kick(self, channel: str, user: str | None = None, by: str | None = None) -> None:
        """Remove the app, or somebody, from a channel. `by` is who does it, the channel's creator by default.

        An app that is removed hears `channel_left` (`group_left` if the channel is private), and no `member_left_channel`.
        Raises SandboxError for #general.
        """
        with self.lock:
            found = self.channel(channel)
            actor = self.user(by).id if by else found.creator
            messages.leave(self, found, self.user(user or self.bot_user_id), actor)

    def rename(self, channel: str, name: str) -> None:
        """Rename a channel, and tell the app."""
        from sandbox.world import events

        with self.lock:
            found = self.channel(channel)
            found.name = name
            self.store.keep_channel(found)
            self.changed({"type": "channels"}, None)
            about = {"id": found.id, "name": name, "created": found.created}
            events.about_channel(self, found, "rename", {"channel": about})

    def set_status(self, user: str, text: str, emoji: str = "", expiration: int = 0) -> User:
        """Set somebody's status, and tell the app with `user_change`; "" and "" clear it.

        `emoji` is a short name such as ":palm_tree:"; `expiration` is epoch seconds, 0 for never: then the status goes
        by itself. Raises SandboxError for what Slack would not take.
        """
        with self.lock:
            found = self.user(user)
            statuses.put(self, found, text, emoji, expiration)
            return found

    def change_user(self, user: str, **changes: Any) -> User:
        """Change somebody's profile or account (fields of `User`), and tell the app with `user_change`."""
        with self.lock:
            found = self.user(user)
            for name, value in changes.items():
                if not hasattr(found, name):
                    raise ValueError(f"A user has no field called {name}.")
                setattr(found, name, value)
            self.store.keep_user(found)
            statuses.watch(self)
            statuses.tell(self, found)
            return found

    def join_team(self, name: str, **details: Any) -> User:
        """A new colleague: like `add_user`, and the app is told with `team_join`."""
        from sandbox.api.users import user_json
        from sandbox.world import events

        with self.lock:
            user = self.add_user(name, **details)
            events.emit(self, {"type": "team_join", "user": user_json(self, user)})
            return user

    def invite(self, channel: str, user: str, by: str | None = None) -> None:
        """Bring somebody (or the app) into a channel."""
        with self.lock:
            inviter = self.user(by).id if by else None
            messages.join(self, self.channel(channel), self.user(user), inviter)


def _handle(name: str) -> str:
    return "".join(itertools.filterfalse(str.isspace, name.lower())) or "app"
