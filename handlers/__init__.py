"""What people do in Slack: read the payload, decide in one transaction, answer.

No rule of the business and no Block Kit is written here, and no message is sent to a channel: that is a row for `jobs.outbox`.
Only `bot.app` comes in; handlers of different features do not know each other.
"""

from handlers import (
    company,
    desks,
    feedback,
    heroes,
    home,
    intake,
    planning,
    retros,
    rhythm,
    sharing,
    sprints,
    staffing,
    subscriptions,
    teams,
)

FEATURES = (
    *sprints.FEATURES,
    *planning.FEATURES,
    *rhythm.FEATURES,
    *retros.FEATURES,
    *staffing.FEATURES,
    *teams.FEATURES,
    *company.FEATURES,
    *sharing.FEATURES,
    *desks.FEATURES,
    *heroes.FEATURES,
    *home.FEATURES,
    *intake.FEATURES,
    *feedback.FEATURES,
    *subscriptions.FEATURES,
)
