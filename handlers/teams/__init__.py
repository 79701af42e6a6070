"""Here the bot hears how people found, change and look at teams.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.teams import teams

FEATURES = (teams.FEATURE,)
