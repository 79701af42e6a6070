"""Here the bot hears how people open Home.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.home import home, menu

FEATURES = (
    home.FEATURE,
    menu.FEATURE,
)
