"""Socket Mode: Slack's payloads over web sockets that this process opened."""

import logging
import threading

import websocket
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.socket_mode.websocket_client import SocketModeClient

CONNECTIONS = 2  # Slack renews each every few hours; of two, one is always up
WORKERS = 16
HELLO_WITHIN_S = 5.0
# A connection that a proxy swallows says nothing of it. From the last byte to the next connection it takes at most a
# ping, twice its deadline and a greeting: below 30 s.
PING_EVERY_S = 6.0
PONG_WITHIN_S = 4.0
HANDSHAKE_WITHIN_S = 8.0

log = logging.getLogger(__name__)


class _Client(SocketModeClient):
    """The SDK's client, whose pings have a deadline: on its own it sends them, and asks nobody for the answer."""

    def _run_current_session(self) -> None:
        if self.current_session is None:
            return
        try:
            self.current_session.run_forever(ping_interval=PING_EVERY_S, ping_timeout=PONG_WITHIN_S)
        except Exception as error:
            log.warning("A connection to Slack ended: %s. It is tried again.", type(error).__name__)
            self.current_session.close()


class _Handler(SocketModeHandler):
    """Bolt's handler, with our client."""

    def __init__(self, app: App, app_token: str) -> None:
        self.app, self.app_token = app, app_token
        self.client = _Client(app_token, app.logger, app.client, ping_interval=PING_EVERY_S, concurrency=WORKERS)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]  # as Bolt does


class Sockets:
    """Several connections to Slack, each answering what comes in over it."""

    def __init__(self, app: App, app_token: str) -> None:
        websocket.setdefaulttimeout(
            HANDSHAKE_WITHIN_S
        )  # without one it waits for ever for who takes the call and is silent
        self._handlers = [_Handler(app, app_token) for _ in range(CONNECTIONS)]

    def start(self) -> None:
        """Connect, and wait until Slack says hello. Raises SlackApiError when it does not take the app token."""
        greeted = [_greeted(handler) for handler in self._handlers]
        for handler in self._handlers:
            handler.client.connect()
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
