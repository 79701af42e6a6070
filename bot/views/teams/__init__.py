"""Here is what people see of teams and what is wrong with their channel.

No file here knows a clock, a session or a setting. Handlers, jobs and the views of wings above may import it.
"""
