"""Socket Mode: Slack's payloads over web sockets that this process opened."""

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

CONNECTIONS = 2  # Slack renews each every few hours; of two, one is always up
WORKERS = 16


class Sockets:
    """Several connections to Slack, each answering what comes in over it."""

    def __init__(self, app: App, app_token: str) -> None:
        self._handlers = [SocketModeHandler(app, app_token, concurrency=WORKERS) for _ in range(CONNECTIONS)]

    def start(self) -> None:
        """Connect. Raises SlackApiError when Slack does not take the app token."""
        for handler in self._handlers:
            handler.connect()

    def stop(self) -> None:
        """Take nothing more, let what is being answered finish, then hang up."""
        for handler in self._handlers:
            handler.client.auto_reconnect_enabled = False
            handler.client.message_processor.shutdown()
        for handler in self._handlers:
            handler.client.message_workers.shutdown(wait=True)
            handler.close()
