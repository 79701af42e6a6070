"""Here the rules for what everybody may know: context notes, the company's sprints, following are told, a test each.

No screen is looked at here. Other tests import nothing from here.
"""
