"""Here the bot hears how people become their team's support hero for a week, and take it back.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.heroes import heroes

FEATURES = (heroes.FEATURE,)
