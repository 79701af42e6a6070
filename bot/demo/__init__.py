"""Here is the demo's company and how its time moves.

Nothing here runs in a real deployment. Only `bot.__main__` and the demo's tests may import it.
"""
