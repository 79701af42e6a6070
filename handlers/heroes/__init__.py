"""Here the bot hears how people become their team's support hero for a week, and how a rota says whose turn it is.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.heroes import hand_overs, heroes, rota, swaps

FEATURES = (heroes.FEATURE, rota.FEATURE, swaps.FEATURE, hand_overs.FEATURE)
