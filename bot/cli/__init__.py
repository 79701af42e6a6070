"""Here is what the terminal commands do.

No rule is written here. Only `bot.__main__` and the demo may import it.
"""
