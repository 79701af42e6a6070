"""Here is how the bot is reached: the HTTP edge, the sockets, the manifest and the migrations at start.

No rule and no screen is written here. Only the app and the command line may import it.
"""
