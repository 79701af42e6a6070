"""Here is what a workspace consists of: its state, clock, messages, events and their storage.

Nothing here knows HTTP, nor any other package of the sandbox; what all of them share is in `core`. All may import it.
"""
