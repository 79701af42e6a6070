"""Here the rules for days: the cadence, holidays, typed days, and how days are put into words are told, a test each.

No screen is looked at here. Other tests import nothing from here.
"""
