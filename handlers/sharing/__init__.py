"""Here the bot hears how people share context and follow teams.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.sharing import company_sprints, contexts, following

FEATURES = (
    company_sprints.FEATURE,
    contexts.FEATURE,
    following.FEATURE,
)
