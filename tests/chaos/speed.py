"""Slack's limits, ten times as fast on both sides: a round lasts as long as its work, and a week has many."""

from bot.domain.outbox import deliveries
from bot.domain.outbox.deliveries import Limits

FASTER = 10
LIMITS = Limits(FASTER * deliveries.MESSAGES_A_MINUTE, FASTER * deliveries.EDITS_A_MINUTE)
