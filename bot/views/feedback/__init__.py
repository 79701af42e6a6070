"""Here is what people see of feedback, for the people it is meant for.

No file here knows a clock, a session or a setting. Handlers, jobs and the views of wings above may import it.
"""
