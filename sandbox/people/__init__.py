"""Here people use the sandbox as tests and the demo play them: press, type, submit.

Nothing here knows the bot. Tests and the demo may import it.
"""
