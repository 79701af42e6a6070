"""Here the bot hears how people join, move, pause and go away.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.staffing import aways, closings, lost_channels, pauses

FEATURES = (
    aways.FEATURE,
    pauses.FEATURE,
    closings.FEATURE,
    lost_channels.FEATURE,
)
