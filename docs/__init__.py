"""The pages that people read about Prickle, and the command that writes one of them, the reference.

Nothing that the bot needs to run is here.
Nobody imports from here but the tests.
"""
