"""Here is what people see of retros: notes, boards, actions and trends.

No file here knows a clock, a session or a setting. Handlers, jobs and the views of wings above may import it.
"""
