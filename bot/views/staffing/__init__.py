"""Here is what people see of what people see when they join, move, pause or go away.

No file here knows a clock, a session or a setting. Handlers, jobs and the views of wings above may import it.
"""
