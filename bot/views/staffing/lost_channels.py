"""Slack's words about a channel, read into ours."""

from collections.abc import Mapping
from typing import Any

from bot.domain.teams.channels import Channel


def read_channel(channel: Mapping[str, Any]) -> Channel:
    """A channel object of Slack's, as `conversations.info` carries it."""
    return Channel(
        name=channel.get("name") or channel["id"],
        is_archived=bool(channel.get("is_archived")),
        is_shared=bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")),
        is_ours=bool(channel.get("is_member")),
        is_private=bool(channel.get("is_private")),
    )
