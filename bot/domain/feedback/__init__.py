"""Here are the rules for what people tell each other, sealed for the two of them.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `feedback` may
import it.
"""
