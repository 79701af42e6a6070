"""Here is what people see of sprints and the company's page.

No file here knows a clock, a session or a setting. Handlers, jobs and the views of wings above may import it.
"""
