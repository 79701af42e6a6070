"""A proxy between the bot and somebody else, that can fail as real ones do."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

Address = tuple[str, int] | str


class Proxy:
    """Passes bytes on to `upstream`: a host and port, or a socket file.

    While it swallows, connections stay open and nothing gets through: neither side hears that the other is gone.
    """

    def __init__(self, upstream: Address) -> None:
        self._upstream = upstream
        self._passes = threading.Event()
        self._passes.set()
        self._open: list[socket.socket] = []
        self._server = self._listen(0)
        self.port: int = self._server.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, args=[self._server], daemon=True).start()
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.cut()

    @property
    def connections(self) -> int:
        """How many were made so far, counting both sides."""
        return len(self._open)

    def swallow_what_is_open(self) -> None:
        """Pass nothing more on over the connections of now; new ones work."""
        self.swallow(what_comes=False)

    def swallow(self, *, what_comes: bool) -> None:
        """Pass nothing more on over the connections of now, nor over new ones if `what_comes`."""
        self._passes.clear()
        self._passes = threading.Event()
        if not what_comes:
            self._passes.set()

    def cut(self) -> None:
        """Close everything, and refuse what comes."""
        _close(self._server)
        for each in self._open:
            _close(each)
        self._open.clear()

    def mend(self) -> None:
        """Take connections again, at the same port."""
        self._server = self._listen(self.port)
        threading.Thread(target=self._accept, args=[self._server], daemon=True).start()

    def _listen(self, port: int) -> socket.socket:
        return socket.create_server(("127.0.0.1", port))

    def _accept(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = server.accept()
                far = self._connect()
                self._open += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=[*ends, self._passes], daemon=True).start()

    def _connect(self) -> socket.socket:
        if isinstance(self._upstream, str):
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._upstream)
            return far
        return socket.create_connection(self._upstream)

    def _pass_on(self, source: socket.socket, target: socket.socket, passes: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65_536):
                if passes.is_set():
                    target.sendall(data)
            if passes.is_set():
                target.shutdown(socket.SHUT_WR)


def _close(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
