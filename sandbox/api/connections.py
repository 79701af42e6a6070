"""apps.connections.open: a ticket for one Socket Mode connection."""

from typing import TYPE_CHECKING

from sandbox.api.args import Args
from sandbox.world.values import Json

if TYPE_CHECKING:
    from sandbox.world.workspace import Workspace


def open_(ws: "Workspace", _args: Args) -> Json:
    """apps.connections.open."""
    ticket = f"{ws.random.getrandbits(128):032x}"
    ws.tickets.add(ticket)
    return {"url": f"{ws.base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={ws.app_id}"}
