"""Here posts are delivered: claimed, drawn, sent and settled.

No rule about what is said is written here. Only the app's wiring may import it.
"""

from jobs.job import Job

JOBS = (Job("delivery", 1, lambda ours: ours.deliver()),)
