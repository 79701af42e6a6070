"""Time passes: what is due happens, and the clock can be moved forward."""

from sandbox.world import statuses
from sandbox.world.core import Core


def settle(ws: Core, timeout: float = 5.0) -> bool:
    """Wait until every event that is due has been delivered; False after `timeout` seconds."""
    with ws.lock:
        statuses.end_the_old(ws)
    return ws.background.wait_idle(timeout)


def move_to(ws: Core, moment: float) -> None:
    """Move the clock forward to `moment` (epoch seconds); statuses whose time is over by then are cleared.

    Raises ValueError for a moment that is over.
    """
    with ws.lock:
        ahead = ws.clock.move_to(moment)
        for trigger in ws.triggers.values():
            if trigger.expires >= moment - ahead:
                trigger.expires += ahead  # somebody has just pressed, and did not sleep through what was skipped
        statuses.end_the_old(ws)
        statuses.watch(ws)
        ws.changed({"type": "now", "now": ws.clock()}, None)
