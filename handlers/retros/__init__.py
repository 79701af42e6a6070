"""Here the bot hears how people look back on a sprint.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.retros import actions, agreements, notes, pointing, retros, trends

FEATURES = (
    notes.FEATURE,
    pointing.FEATURE,
    retros.FEATURE,
    actions.FEATURE,
    agreements.FEATURE,
    trends.FEATURE,
)
