"""Here the bot hears how people answer prompts and set their team's rhythm.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.rhythm import prompts, rhythms

FEATURES = (
    prompts.FEATURE,
    rhythms.FEATURE,
)
