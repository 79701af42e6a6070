"""Here the rules for when a team is asked what: its rhythm, its schedule and its prompts are told, a test each.

No screen is looked at here. Other tests import nothing from here.
"""
