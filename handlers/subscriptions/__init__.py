"""Here the bot hears how people subscribe to calendars.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.subscriptions import addresses

FEATURES = (addresses.FEATURE,)
