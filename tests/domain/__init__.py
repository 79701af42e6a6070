"""The specification: each test is a rule of the handbook, told in its name.

Nothing of Slack is here, only verbs and a database.
Nobody imports from here.
"""
