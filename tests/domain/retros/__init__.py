"""Here the rules for how a team looks back: notes, the reveal, boards, actions, agreements and trends are told, a test each.

No screen is looked at here. Other tests import nothing from here.
"""
