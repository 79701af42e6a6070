"""Here are the rules for what is said in Slack: posts, their delivery, links to them, and Homes to publish again.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `outbox` may
import it.
"""
