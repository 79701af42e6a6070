"""Here is the browser page: its files, and the API they call.

Nothing here is part of Slack's protocol. Only the sandbox's server may import it.
"""
