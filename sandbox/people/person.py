"""A human in front of Slack, for tests that read like a story."""

import heapq
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, TypeVar

from sandbox.people import commands, forms, interaction, talking
from sandbox.people.interaction import Spot
from sandbox.world import modals
from sandbox.world.core import Core
from sandbox.world.errors import AppFailed, SandboxError
from sandbox.world.state import buttons, elements_of
from sandbox.world.store import User, View
from sandbox.world.values import Json

T = TypeVar("T")


class Person:
    """Somebody who types, presses and reads.

    Acts raise SandboxError for what Slack's client would not allow, and AppFailed when the app does not answer as
    Slack expects; with `ws.raise_on_trouble = False` the latter is only kept in `trouble`.
    """

    def __init__(self, ws: Core, user: User) -> None:
        self.ws = ws
        self.user = user
        self.id = user.id
        self.name = user.name
        self.trouble: str | None = None

    def __repr__(self) -> str:
        return f"<Person {self.name}>"

    def command(self, line: str, channel: str | None = None) -> None:
        """Type a slash command such as "/sprint plan" in a channel (id or name; the DM with the app by default)."""
        name, _, text = line.partition(" ")
        place = channel or self.ws.dm(self.id)
        self._try(lambda: commands.run_command(self.ws, self.user, place, name, text), None)

    def click(
        self,
        action_id: str,
        value: str | None = None,
        *,
        message: Json | None = None,
        view: Json | None = None,
        home: bool = False,
        select: Any = None,
        block_id: str | None = None,
    ) -> None:
        """Press what is on the screen: in `message`, in `view`, on the Home tab.

        By default that is the top view, or, with no modal open, the newest message that has such an element.
        `select` is what is picked: an option's value or text, a user's or channel's id or name, a date, a list.
        """
        spot = self._spot(action_id, value, message, view, home)
        self._try(
            lambda: interaction.press(
                self.ws, self.user, spot, action_id, block_id=block_id, value=value, picked=select
            ),
            None,
        )

    def press(self, words: str, message: Json | None = None) -> None:
        """Press the first button that says `words`, in `message` or in the newest message that has one."""
        with self.ws.lock:
            seen = [interaction.in_message(self.ws, self.user, message["ts"]).in_message[1]] if message else None
            found = ((each, button) for each in seen or self._newest_first() for button in buttons(each))
            pressed = next(((each, button) for each, button in found if button.words == words), None)
        if pressed is None:
            raise SandboxError(f"{self.user.shown} sees no button that says {words}.")
        newest, button = pressed
        self.click(button.element["action_id"], message=newest, block_id=button.block_id)

    def fill(self, **values: Any) -> None:
        """Fill inputs of the top view, by block_id. None or "" empties one."""
        for block_id, picked in values.items():
            self._fill(block_id, picked)

    def _fill(self, block_id: str, picked: Any) -> None:
        top = self._top()
        self._try(lambda: forms.fill(self.ws, self.user, top, block_id, picked), None)

    def submit(self, **values: Any) -> dict[str, str]:
        """Fill, then submit the top view; the errors by block_id, {} when it was accepted."""
        self.fill(**values)
        view_id = self._top().id
        return self._try(lambda: forms.submit(self.ws, self.user, view_id), {})

    def close_view(self) -> None:
        """Press the top view's Cancel."""
        view_id = self._top().id
        self._try(lambda: forms.close(self.ws, self.user, view_id), None)

    def close_all(self) -> None:
        """Press the cross: all views are gone. Where the last form closed by itself, there is nothing to press."""
        if self.view is not None:
            view_id = self._top().id
            self._try(lambda: forms.close(self.ws, self.user, view_id, everything=True), None)

    @property
    def views(self) -> list[Json]:
        """The open views, bottom first, each with what has been typed."""
        with self.ws.lock:
            return [deepcopy(modals.with_state(view)) for view in modals.stack(self.ws, self.id)]

    @property
    def view(self) -> Json | None:
        """The view on top, None when no modal is open."""
        return self.views[-1] if self.views else None

    @property
    def errors(self) -> dict[str, str]:
        """The errors shown in the top view."""
        with self.ws.lock:
            views = modals.stack(self.ws, self.id)
            return dict(views[-1].errors) if views else {}

    @property
    def home(self) -> Json | None:
        """The Home tab as it was last published for this person."""
        with self.ws.lock:
            view = self.ws.store.views.get(self.ws.store.homes.get(self.id, ""))
            return deepcopy(modals.with_state(view)) if view else None

    def open_home(self) -> Json | None:
        """Visit the Home tab; what is published there once the app has answered."""
        self._try(lambda: interaction.open_home(self.ws, self.user), None)
        return self.home

    def open_messages(self) -> None:
        """Visit the Messages tab, where the DM with the app is."""
        self._try(lambda: interaction.open_messages(self.ws, self.user), None)

    def shortcut(self, callback_id: str, message: Json | None = None) -> None:
        """Use a global shortcut, or with `message` a message shortcut."""
        ts = message["ts"] if message else None
        self._try(lambda: interaction.shortcut(self.ws, self.user, callback_id, ts), None)

    def suggest(self, action_id: str, query: str, *, message: Json | None = None) -> list[Json]:
        """The options that an external select offers for `query`."""
        spot = self._spot(action_id, None, message, None, False)
        return self._try(lambda: interaction.suggest(self.ws, self.user, spot, action_id, query), [])

    def say(
        self,
        text: str,
        *,
        channel: str,
        thread_ts: str | None = None,
        files: list[Json] | None = None,
        broadcast: bool = False,
    ) -> Json:
        """Write a message as typed: `<!channel>` arrives as text, @name and #channel as references."""
        return deepcopy(talking.say(self.ws, self.user, channel, text, thread_ts, files, broadcast))

    def edit(self, message: Json, text: str) -> Json:
        """Change the words of one's own message."""
        return deepcopy(talking.edit(self.ws, self.user, message["ts"], text))

    def delete(self, message: Json) -> None:
        """Delete one's own message."""
        talking.delete(self.ws, self.user, message["ts"])

    def react(self, emoji: str, message: Json) -> None:
        """Add a reaction, or take it back."""
        talking.react(self.ws, self.user, message["ts"], emoji)

    def join(self, channel: str) -> None:
        """Join a public channel."""
        talking.join(self.ws, self.user, channel)

    def leave(self, channel: str) -> None:
        """Leave a channel."""
        talking.leave(self.ws, self.user, channel)

    def invite(self, user: str, channel: str) -> None:
        """Bring somebody, or the app, into a channel."""
        talking.invite(self.ws, self.user, user, channel)

    @property
    def ephemerals(self) -> list[Json]:
        """The messages that only this person sees, newest last."""
        with self.ws.lock:
            return deepcopy(self.ws.store.ephemerals.get(self.id, []))

    @property
    def dms(self) -> list[Json]:
        """The messages in the DM with the app, oldest first."""
        return self.ws.messages(self.ws.dm(self.id))

    def _top(self) -> View:
        with self.ws.lock:
            views = modals.stack(self.ws, self.id)
        if not views:
            raise SandboxError(f"No modal is open for {self.user.shown}.")
        return views[-1]

    def _spot(self, action_id: str, value: str | None, message: Json | None, view: Json | None, home: bool) -> Spot:
        with self.ws.lock:
            if message is not None:
                return interaction.in_message(self.ws, self.user, message["ts"])
            if view is not None:
                return interaction.in_view(self.ws, self.user, view["id"])
            if home:
                return interaction.in_view(self.ws, self.user, self.ws.store.homes.get(self.id, ""))
            views = modals.stack(self.ws, self.id)
            return Spot(view=views[-1]) if views else self._newest(action_id, value)

    def _newest(self, action_id: str, value: str | None) -> Spot:
        """The newest message on the screen that has the element."""
        for message in self._newest_first():
            for element in (each for block in message.get("blocks", []) for each in elements_of(block)):
                if element.get("action_id") == action_id and (value is None or element.get("value") == value):
                    return interaction.in_message(self.ws, self.user, message["ts"])
        raise SandboxError(f"{self.user.shown} sees nothing called {action_id}.")

    def _newest_first(self) -> Iterator[Json]:
        """The messages with blocks on the screen; in each conversation they stand in order, so none is sorted."""
        store = self.ws.store
        kept = [channel.messages.values() for channel in store.channels_of(self.id)]
        seen = [*map(reversed, kept), reversed(store.ephemerals.get(self.id, []))]
        with_blocks = [filter(lambda each: "blocks" in each, messages) for messages in seen]
        return heapq.merge(*with_blocks, key=lambda each: str(each["ts"]), reverse=True)

    def _try(self, act: Callable[[], T], otherwise: T) -> T:
        self.trouble = None
        try:
            return act()
        except AppFailed as failure:
            self.trouble = failure.trouble
            if self.ws.raise_on_trouble:
                raise
            return otherwise
