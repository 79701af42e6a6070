"""Slack's limits, ten times as fast on both sides: a round lasts as long as its work, and a week has many."""

from bot.domain.outbox import paces
from bot.domain.outbox.paces import Limits

FASTER = 10
LIMITS = Limits(FASTER * paces.MESSAGES_A_MINUTE, FASTER * paces.EDITS_A_MINUTE)
