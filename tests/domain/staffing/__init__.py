"""Here the rules for who sits where: moves, charters, pauses, absences and lost channels are told, a test each.

No screen is looked at here. Other tests import nothing from here.
"""
