"""What the clock does: due work becomes rows, rows become messages.

Every replica runs the same jobs, so a job takes nothing for granted that another replica could have done a moment ago.
Only `bot.app` comes in; only `jobs.outbox` posts to Slack.
"""

from jobs import company, desks, feedback, heroes, home, intake, outbox, retros, rhythm, sharing, sprints, staffing

# In this order when everything is done at once: what changes the day comes first, and what tells about it last.
JOBS = (
    *staffing.JOBS,
    *sprints.JOBS,
    *heroes.JOBS,
    *retros.JOBS,
    *feedback.JOBS,
    *intake.JOBS,
    *sharing.JOBS,
    *rhythm.JOBS,
    *desks.JOBS,
    *home.JOBS,
    *outbox.JOBS,
    *company.JOBS,
)
