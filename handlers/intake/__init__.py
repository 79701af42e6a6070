"""Here the bot hears how people ask the AI team, and how its desks answer.

No rule and no query is written here. Only the app's wiring may import it.
"""

from handlers.intake import (
    bookings,
    changes,
    decisions,
    desk_closings,
    dismissals,
    events,
    matches,
    nudges,
    outcomes,
    queues,
    reopenings,
    replies,
    requests,
    reversals,
)

FEATURES = (
    requests.FEATURE,
    nudges.FEATURE,
    events.FEATURE,
    changes.FEATURE,
    dismissals.FEATURE,
    matches.FEATURE,
    queues.FEATURE,
    bookings.FEATURE,
    decisions.FEATURE,
    outcomes.FEATURE,
    desk_closings.FEATURE,
    reversals.FEATURE,
    reopenings.FEATURE,
    replies.FEATURE,
)
