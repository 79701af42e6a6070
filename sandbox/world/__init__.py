"""Here is what a workspace consists of: its state, clock, messages, events and their storage.

Nothing here knows HTTP. Every package of the sandbox may import it.
"""
