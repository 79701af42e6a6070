"""Here the bot hears how people look at a sprint and mark its items.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.sprints import sprints

FEATURES = (sprints.FEATURE,)
