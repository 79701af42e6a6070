"""Here the rules for what words have in common: similarity and emoji names are told, a test each.

No screen is looked at here. Other tests import nothing from here.
"""
