"""Here the rules for requests to the AI team, from the first line to the outcome are told, a test each.

No screen is looked at here. Other tests import nothing from here.
"""
