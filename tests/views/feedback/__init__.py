"""Here the screens of `feedback` are drawn: empty, usual and extreme.

No database is read here. Other tests may take the examples from here.
"""
