"""Here is what people see of plans, items and comments.

No file here knows a clock, a session or a setting. Handlers, jobs and the views of wings above may import it.
"""
