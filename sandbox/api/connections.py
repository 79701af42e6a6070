"""apps.connections.open: a ticket for one Socket Mode connection."""

from sandbox.api.args import Args
from sandbox.world.core import Core
from sandbox.world.values import Json


def open_(ws: Core, _args: Args) -> Json:
    """apps.connections.open."""
    ticket = f"{ws.random.getrandbits(128):032x}"
    ws.tickets.add(ticket)
    return {"url": f"{ws.base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={ws.app_id}"}
