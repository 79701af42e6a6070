"""The names of shapes that cross every file here."""

from typing import Any

Json = dict[str, Any]
"""A JSON object, as Slack sends and takes it."""

StateValues = dict[str, dict[str, Json]]
"""Slack's `state.values`: block_id, then action_id, then what is typed or picked."""
