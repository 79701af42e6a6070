"""Companies drawn from a seed, lived through in one thread: every order of events, every fault, and again exactly the same.

`make simulate SEEDS=100` comes in. The bot, its jobs and its database are the real ones; only the network between the bot
and the sandbox is left out, and time is what the seed says.
"""
