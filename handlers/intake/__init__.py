"""Here the bot hears how people ask the AI team, and how its desks answer.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.intake import (
    bookings,
    decisions,
    desk_closings,
    events,
    matches,
    nudges,
    outcomes,
    queues,
    reopenings,
    requests,
    reversals,
)

FEATURES = (
    requests.FEATURE,
    nudges.FEATURE,
    events.FEATURE,
    matches.FEATURE,
    queues.FEATURE,
    bookings.FEATURE,
    decisions.FEATURE,
    outcomes.FEATURE,
    desk_closings.FEATURE,
    reversals.FEATURE,
    reopenings.FEATURE,
)
