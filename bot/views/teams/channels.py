"""Slack's words about a channel, and what people read when nothing can be posted in one."""

from collections.abc import Mapping
from typing import Any

from bot.domain.outbox.posts import Message
from bot.domain.teams.channels import Channel, Seen
from bot.views import kit
from models.teams import Lost

_WHY = {
    "is_archived": "the channel is archived",
    "is_inactive": "the channel is archived",
    "channel_not_found": "the channel is gone, or is private and Prickle is not in it",
    "not_in_channel": "Prickle is not in the channel",
    "method_not_supported_for_channel_type": "the channel is private and Prickle is not in it",
    "is_shared": "the channel is shared with another company",
    "restricted_action": "the workspace lets only some people post there",
    "restricted_action_read_only_channel": "only some people may post there",
    "restricted_action_thread_only_channel": "only replies may be posted there",
    "restricted_action_non_threadable_channel": "no replies may be posted there",
    "missing_scope": "the channel is private, and Prickle may not read there",
}


def refused_message(channel_id: str, error: str) -> Message:
    """Says once what was not posted, why, and what to do."""
    why = _WHY.get(error, f"Slack says “{kit.escape(error)}”")
    return Message(
        f"I could not post in {kit.channel(channel_id)}: {why}. "
        "Unarchive it or invite me with `/invite`, or choose another channel: a team's with `/small-team edit`, "
        "the company's with `/prickle setup`."
    )


def lost_words(channel_id: str, lost: Lost, who: str = "") -> str:
    """Why nobody of a team is asked anything, and how it goes on."""
    channel = kit.channel(channel_id)
    or_another = "or the lead chooses another channel with `/small-team edit`."
    if lost == Lost.ARCHIVED:
        return (
            f"I can't post in {channel} any more: the channel is archived. Nobody {who}is asked for plans until somebody "
            f"unarchives it, {or_another}"
        )
    if lost == Lost.SHARED:
        return (
            f"I don't post in {channel} any more: the channel is shared with another company, and plans are internal. "
            f"Nobody {who}is asked for plans until it is shared no more, {or_another}"
        )
    if lost == Lost.HIDDEN:
        return (
            f"I can't post in {channel} any more: the channel is gone, or it is private, and plans are for everybody. "
            f"Nobody {who}is asked for plans until it is public again, {or_another}"
        )
    return (
        f"I was removed from {channel}. Nobody {who}is asked for plans until somebody brings me back with `/invite`, "
        "or the lead chooses another channel with `/small-team edit`."
    )


def is_person(channel_id: str) -> bool:
    """Whether what is posted there goes to somebody alone: Slack's ids of people begin like this."""
    return channel_id.startswith(("U", "W"))


def company_lost_message(channel_id: str, lost: Lost, *, what: str, so: str, then: str) -> Message:
    """Why nothing can be posted in a channel of the company, `so` what that means, and what to do about it.

    `what` is posted there, such as "plans", and `then` says what happens to it once that is done.
    """
    why, mend = {
        Lost.ARCHIVED: ("the channel is archived", "Unarchive it"),
        Lost.REMOVED: ("somebody removed me", "Bring me back with `/invite`"),
        Lost.SHARED: (f"the channel is shared with another company, and {what} are internal", "Stop sharing it"),
        Lost.HIDDEN: (f"the channel is gone, or it is private, and {what} are for everybody", "Make it public again"),
    }[lost]
    return Message(
        f"I can't post in {kit.channel(channel_id)} any more: {why}. {so} {mend}, or choose another channel with "
        f"`/prickle setup`: then {then}."
    )


def is_direct(channel_id: str) -> bool:
    """Whether it is a conversation of two people: its id says so."""
    return channel_id.startswith("D")


def read_seen(found: Mapping[str, Any] | None) -> Seen:
    """The same, also of a channel that Slack does not show us."""
    if found is None:
        return Seen(Lost.HIDDEN, is_ours=False)
    channel = read_channel(found)
    return Seen(channel.lost, channel.is_ours)


def read_channel(channel: Mapping[str, Any]) -> Channel:
    """A channel object of Slack's, as `conversations.info` carries it."""
    return Channel(
        name=channel.get("name") or channel["id"],
        is_archived=bool(channel.get("is_archived")),
        is_private=any(channel.get(kind) for kind in ("is_private", "is_im", "is_mpim")),
        is_shared=bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")),
        is_ours=bool(channel.get("is_member")),
    )
