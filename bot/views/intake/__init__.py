"""Here is what people see of requests: cards, queues, decisions and outcomes.

No file here knows a clock, a session or a setting. Handlers, jobs and the views of wings above may import it.
"""
