"""Here the bot is sent what Slack never would: real payloads, taken apart and put together wrongly.

No rule of the bot's is tested here. `make test-all` runs it with many payloads, `make test` with a few.
"""
