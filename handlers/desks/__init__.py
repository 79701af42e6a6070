"""Here the bot hears how desks are set up and triage is passed on.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.desks import desks

FEATURES = (desks.FEATURE,)
