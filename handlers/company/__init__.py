"""Here the bot hears how Slack tells about people, and how an admin sets up.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.company import company, people

FEATURES = (
    company.FEATURE,
    people.FEATURE,
)
