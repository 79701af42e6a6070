"""Here the sandbox talks to the app: deliveries, sockets, response URLs, uploads and faults.

Nothing here knows the page. Only the sandbox's own packages may import it.
"""
