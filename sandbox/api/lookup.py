"""Finding what a call names, with the refusals that belong to it."""

from sandbox.world.core import Core
from sandbox.world.errors import SlackError
from sandbox.world.store import Channel, User
from sandbox.world.values import Json


def visible(ws: Core, channel_id: str) -> Channel:
    """A conversation the app may know of. Raises SlackError channel_not_found."""
    channel = ws.store.channels.get(channel_id)
    if channel is None or ((channel.is_private or channel.is_im) and ws.bot_user_id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def joined(ws: Core, channel_id: str) -> Channel:
    """A conversation the app is in. Raises SlackError channel_not_found or not_in_channel."""
    channel = visible(ws, channel_id)
    if ws.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def need_scope(ws: Core, channel: Channel, family: str) -> None:
    """Ask for channels:…, groups:…, mpim:… or im:…, whichever the conversation is. Raises SlackError missing_scope."""
    kind = "im" if channel.is_im else "mpim" if channel.is_mpim else "groups" if channel.is_private else "channels"
    granted(ws, (f"{kind}:{family}",))


def granted(ws: Core, scopes: tuple[str, ...]) -> None:
    """Raises SlackError missing_scope, with what is needed and what there is."""
    if ws.manifest.lacks(scopes):
        provided = ",".join(sorted(ws.manifest.scopes or ()))
        raise SlackError("missing_scope", needed=",".join(scopes), provided=provided)


def somebody(ws: Core, user_id: str) -> User:
    """A user by id. Raises SlackError user_not_found."""
    user = ws.store.users.get(user_id)
    if user is None:
        raise SlackError("user_not_found")
    return user


def message(channel: Channel, ts: str, code: str = "message_not_found") -> Json:
    """A message that is there. Raises SlackError `code`."""
    found = channel.messages.get(ts)
    if found is None or found.get("subtype") == "tombstone":
        raise SlackError(code)
    return found
