"""Here is what people see of the prompts and a team's rhythm.

No file here knows a clock, a session or a setting. Handlers, jobs and the views of wings above may import it.
"""
