"""Here is what people see of support heroes: who has which week, and how to take one.

No file here knows a clock, a session or a setting. Handlers, jobs and the views of wings above may import it.
"""
