"""Tests of the sandbox live here, through its public doors: HTTP, Socket Mode, `Workspace`, `Person`.

Nothing of the bot may be imported.
Nobody comes in from outside.
"""
