"""The workspace: all state, the app's connection, and the verbs that make a workspace what it is."""

import itertools
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sandbox.app.delivery import App
from sandbox.people.person import Person
from sandbox.world import emoji_names, events, messages, passing, statuses
from sandbox.world.core import Core
from sandbox.world.persistence import keep
from sandbox.world.profiles import user_json
from sandbox.world.shapes import Request, Response
from sandbox.world.store import COLORS, SLACKBOT, Channel, User, Usergroup
from sandbox.world.values import Json

OTHER_TEAM = "T0ANOTHER1"  # the company with which channels are shared


class Workspace(Core):
    """The workspace, with all that its people can do to it."""

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
        self.signing_secret = signing_secret
        self.app: App = App(signing_secret, on_change=self._app_changed)
        super().__init__(self.app, manifest, bot_token=bot_token, app_token=app_token, clock=clock)
        self._people: dict[str, Person] = {}
        self.add_user("slackbot", real_name="Slackbot", tz=None, id=SLACKBOT)
        self.add_user(
            _handle(self.manifest.name), real_name=self.manifest.name, id=self.bot_user_id, is_bot=True, tz=None
        ).bot_id = self.bot_id

    @classmethod
    def load(cls, path: Path | str, manifest: Json | None = None, **options: Any) -> "Workspace":
        """The workspace saved at `path`, or a new one that will be saved there, soon after each change.

        Raises SandboxError, with a sentence, when the file cannot be read as a saved workspace.
        """
        ws = cls(manifest, **options)
        keep(ws, Path(path))
        return ws

    def add_user(
        self,
        name: str,
        *,
        real_name: str | None = None,
        display_name: str | None = None,
        handle: str | None = None,
        tz: str | None = "Europe/London",
        is_admin: bool = False,
        is_bot: bool = False,
        is_restricted: bool = False,
        is_ultra_restricted: bool = False,
        deleted: bool = False,
        id: str | None = None,  # noqa: A002 - Slack's own word
        title: str = "",
    ) -> User:
        """Add somebody, whose handle, full and shown name follow from `name` unless given. Raises ValueError when it is taken."""
        with self.lock:
            if self.store.user_named(name) is not None:
                raise ValueError(f"There is already a user called {name}.")
            user = User(
                id=id or self.store.next_id("U"),
                name=name,
                real_name=real_name or name.capitalize(),
                display_name=display_name or real_name or name.capitalize(),
                handle=handle or name,
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

    def add_group_dm(self, *members: str) -> Channel:
        """A direct conversation of several people (ids or names). The app is in it only if it is named."""
        with self.lock:
            return messages.open_mpim(self, [self.user(each).id for each in members])

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

    def person(self, name_or_id: str) -> Person:
        """A human in front of Slack; the same one for the same name."""
        user = self.user(name_or_id)
        with self.lock:
            return self._people.setdefault(user.id, Person(self, user))

    def deliver(self, kind: str, payload: Json) -> Response:
        """Send the app a payload of your own making, signed, and return its answer without acting on it.

        `kind` is "command", "event", or anything else for an interactive payload.
        """
        kinds = {"command": "slash_commands", "event": "events_api"}
        known = ("slash_commands", "events_api")
        return self.app.deliver(Request(kinds.get(kind, kind if kind in known else "interactive"), json.dumps(payload)))

    def settle(self, timeout: float = 5.0) -> bool:
        """Wait until every event that is due has been delivered; False after `timeout` seconds."""
        return passing.settle(self, timeout)

    def move_to(self, moment: float) -> None:
        """Move the clock forward to `moment` (epoch seconds); statuses whose time is over by then are cleared.

        Raises ValueError for a moment that is over.
        """
        passing.move_to(self, moment)

    def _app_changed(self) -> None:
        with self.lock:
            self.notices.publish({"type": "app", "connected": self.app.connected})

    def archive(self, channel: str, *, archived: bool = True, by: str | None = None) -> None:
        """Archive a channel, or bring it back, and tell the app. `by` is who does it, its creator by default."""
        with self.lock:
            found = self.channel(channel)
            user = self.user(by).id if by else found.creator
            if archived:
                messages.told(self, found, user, "channel_archive", "archived the channel", members=list(found.members))
            found.is_archived = archived
            self.changed({"type": "channels"}, None)
            if not archived:
                messages.told(self, found, user, "channel_unarchive", "un-archived the channel")
            events.about_channel(self, found, "archive" if archived else "unarchive", {"user": user})

    def restrict(self, channel: str, posting: str) -> None:
        """Let apps post less: `read_only`, `thread_only` or `non_threadable`; "" for everything again."""
        self.channel(channel).posting = posting

    def make_private(self, channel: str) -> None:
        """Turn a public channel into a private one. Its members stay, and it keeps its id."""
        with self.lock:
            found = self.channel(channel)
            found.is_private = True
            messages.told(self, found, found.creator, "channel_convert_to_private", "made this channel *private*")
            self.changed({"type": "channels"}, None)

    def unarchive(self, channel: str, *, by: str | None = None) -> None:
        """Bring a channel back, and tell the app."""
        self.archive(channel, archived=False, by=by)

    def share(self, channel: str, *, shared: bool = True) -> None:
        """Share a channel with another company, or no more, and tell the app (Slack: reference/events/channel_shared)."""
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
        with self.lock:
            found = self.channel(channel)
            before, found.name = found.name, name
            self.store.keep_channel(found)
            self.changed({"type": "channels"}, None)
            renamed = f'has renamed the channel from "{before}" to "{name}"'
            messages.told(self, found, found.creator, "channel_name", renamed, old_name=before, name=name)
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
