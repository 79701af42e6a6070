"""Socket Mode: Slack's payloads over web sockets that this process opened."""

import logging
import threading

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

CONNECTIONS = 2  # Slack renews each every few hours; of two, one is always up
WORKERS = 16
HELLO_WITHIN_S = 5.0

log = logging.getLogger(__name__)


class Sockets:
    """Several connections to Slack, each answering what comes in over it."""

    def __init__(self, app: App, app_token: str) -> None:
        self._handlers = [SocketModeHandler(app, app_token, concurrency=WORKERS) for _ in range(CONNECTIONS)]

    def start(self) -> None:
        """Connect, and wait until Slack says hello. Raises SlackApiError when it does not take the app token."""
        greeted = [_greeted(handler) for handler in self._handlers]
        for handler in self._handlers:
            handler.connect()
        for hello in greeted:
            if not hello.wait(HELLO_WITHIN_S):
                log.warning("Slack has not said hello on a connection yet; it goes on being tried")

    def stop(self) -> None:
        """Take nothing more, let what is being answered finish, then hang up."""
        clients = [handler.client for handler in self._handlers]
        for client in clients:
            client.auto_reconnect_enabled = False
            client.closed = True
            client.message_queue.put("")  # wakes the thread that waits for the next payload, to see that it is over
        for client in clients:
            client.message_processor.shutdown()
            client.message_workers.shutdown(wait=True)
        for client in clients:
            # Not `client.close()`: it joins a thread that now and then sleeps on until its next ping, 10 s later.
            client.current_app_monitor.event.set()
            client.current_session_runner.event.set()
            client.disconnect()


def _greeted(handler: SocketModeHandler) -> threading.Event:
    hello = threading.Event()
    handler.client.on_message_listeners.append(lambda _session, _message: hello.set())
    return hello
