"""How people's presses reach the bot in that week: over two web sockets, through a proxy that swallows them now and then."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt import App

from bot.serving.sockets import CONNECTIONS, Sockets
from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.end_to_end.processes import until
from tests.end_to_end.proxy import Proxy

PATIENCE_S = 40.0  # the bot has 30 s for new connections


class Edge:
    """The bot's connections to Slack, in this process."""

    def __init__(self, slack: Workspace, server: Server, dice: random.Random) -> None:
        host, _, port = server.url.removeprefix("http://").partition(":")
        self._slack, self._dice = slack, dice
        self._proxy = Proxy((host, int(port)))
        self._proxy.__enter__()
        slack.base_url = f"http://127.0.0.1:{self._proxy.port}"
        self._sockets: Sockets | None = None

    def connect(self, bolt: App) -> None:
        """Have this app answer from now on."""
        self._sockets = Sockets(bolt, self._slack.app_token)
        self._sockets.start()

    @contextmanager
    def half_open(self) -> Iterator[None]:
        """Both connections die in the middle of the block, and nobody says so; after it the bot has found out."""
        dead = list(self._slack.app.sockets)
        timer = threading.Timer(self._dice.uniform(0, 0.05), self._proxy.swallow_what_is_open)
        timer.start()
        yield
        timer.join()
        for each in dead:
            self._slack.app.detach(each)  # Slack, too, sends over a connection only as long as it hears of it
        until(lambda: len(self._slack.app.sockets) == CONNECTIONS, "new connections", patience_s=PATIENCE_S)

    def close(self) -> None:
        """Hang up."""
        if self._sockets is not None:
            self._sockets.stop()
        self._slack.app.disconnect()
        self._proxy.cut()
