"""How fast the bot answers, always as a ratio against a bare Bolt app measured in the same run.

Nothing here is a test: a machine that is busy would make it fail for no reason.
`make bench` comes in; the bot itself knows nothing of it.
"""
