"""What people say of themselves beside their name: a few words, an emoji, and until when."""

from sandbox.world import events
from sandbox.world.core import Core
from sandbox.world.emoji_names import is_known
from sandbox.world.errors import SandboxError
from sandbox.world.profiles import user_json
from sandbox.world.store import User

CHARACTERS = 100
"""Slack: reference/methods/users.profile.set, `status_text`."""
WITHOUT_EMOJI = ":speech_balloon:"
"""What Slack shows beside words that came without an emoji."""


def put(ws: Core, user: User, text: str, emoji: str, expiration: int) -> None:
    """Set a status, or with "" and "" clear it. Raises SandboxError. Call under the lock."""
    if len(text) > CHARACTERS:
        raise SandboxError(f"A status has at most {CHARACTERS} characters.")
    if emoji and not is_known(emoji.strip(":"), ws.store.emoji):
        raise SandboxError(f"There is no emoji called {emoji}.")
    if expiration and expiration <= ws.clock():
        raise SandboxError("A status cannot end in the past.")
    user.status_text = text
    user.status_emoji = f":{emoji.strip(':')}:" if emoji else WITHOUT_EMOJI if text else ""
    user.status_expiration = expiration if text or emoji else 0
    tell(ws, user)
    watch(ws)


def end_the_old(ws: Core) -> None:
    """Clear the statuses whose time is over. Costs nothing while there is none. Call under the lock."""
    if ws.clock() < ws.next_status_end:
        return
    for user in ws.store.users.values():
        if 0 < user.status_expiration <= ws.clock():
            user.status_text, user.status_emoji, user.status_expiration = "", "", 0
            tell(ws, user)
    watch(ws)


def watch(ws: Core) -> None:
    """Note when the next status ends, and have the background thread look then. Call under the lock."""
    ends = [user.status_expiration for user in ws.store.users.values() if user.status_expiration]
    ws.next_status_end = min(ends, default=float("inf"))
    if ends:
        ws.background.later(max(0.0, ws.next_status_end - ws.clock()) + 0.01, lambda: _look(ws))


def _look(ws: Core) -> None:
    with ws.lock:
        end_the_old(ws)


def tell(ws: Core, user: User) -> None:
    """Tell the pages, and the app with `user_change`. Call under the lock."""
    user.updated = int(ws.clock())
    ws.changed({"type": "users"}, None)
    events.emit(ws, {"type": "user_change", "user": user_json(ws, user), "cache_ts": user.updated})
