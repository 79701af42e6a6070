"""Who may use the page: a browser on this machine that was sent to it by nobody else's page.

The server listens on the loopback interface alone, but a browser is there too, and goes wherever a page sends it. A
stranger's page shows in `Origin`; a stranger's name that was made to lead here shows in `Host`.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_HERE = ("127.0.0.1", "localhost", "::1")

Endpoint = Callable[[Request], Awaitable[Response]]


def only(endpoint: Endpoint) -> Endpoint:
    """The endpoint, for requests of the page itself."""

    async def guarded(request: Request) -> Response:
        if not is_ours(request.headers.get("host", ""), request.headers.get("origin")):
            return PlainTextResponse("Open the page by the address that the terminal shows.", 403)
        return await endpoint(request)

    return guarded


def is_ours(host: str, origin: str | None) -> bool:
    """Whether the name is this machine's, and the page that asks, if one does, the one that stands there."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return name in _HERE and origin in (None, f"http://{host}")
