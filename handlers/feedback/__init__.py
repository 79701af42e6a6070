"""Here the bot hears how people give, ask for and answer feedback.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.feedback import asks, letters, rhythms, rounds

FEATURES = (
    letters.FEATURE,
    asks.FEATURE,
    rounds.FEATURE,
    rhythms.FEATURE,
)
