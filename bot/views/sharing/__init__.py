"""Here is what people see of context notes, the company's sprints and what followers read.

No file here knows a clock, a session or a setting. Handlers, jobs and the views of wings above may import it.
"""
