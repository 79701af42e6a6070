"""Here the bot hears how people write, change, finalize and comment on plans.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.planning import comments, items, plans

FEATURES = (
    plans.FEATURE,
    items.FEATURE,
    comments.FEATURE,
)
