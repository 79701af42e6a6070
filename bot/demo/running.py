"""A demo while it runs: a Slack on this machine, a company in it, and the bot beside it.

The only file that may start the sandbox and the bot together.
"""

import fcntl
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.app import Prickle
from bot.demo.cast import CAST
from bot.demo.company import A_DAY_BEFORE, NIGHT, begins_at, fill, settings
from bot.demo.people import Roles
from bot.demo.time_travel import Hands
from bot.platform import clock, logs
from bot.platform.crypto import new_key
from bot.platform.errors import Refusal
from bot.serving import migrate
from bot.serving.manifest import manifest
from handlers import FEATURES
from handlers.commands import COMMANDS
from sandbox import seed
from sandbox.people.cast import Line
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world.clock import Clock
from sandbox.world.errors import SandboxError

REFRESH_SOCKETS_S = 10 * 60.0  # what Slack does every few hours is seen in a demo, too
KEPT = ("slack.json", "prickle.db", "prickle.db-wal", "prickle.db-shm", "feedback.key")


def run(port: int, folder: Path, *, reset: bool, stopped: threading.Event, say: Callable[[str], None]) -> None:
    """Run the demo until `stopped`, and keep its state in the folder. Port 0 takes a free one.

    Raises Refusal for a folder or a port that can't be had.
    """
    with _held(folder):
        _run(port, folder, reset, stopped, say)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """The folder is this process's alone until the block ends; the system gives it back even after a crash."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise Refusal(
            f"The demo can't keep its state in {folder} ({error.strerror}). Choose one with --folder."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(f"Another demo runs in {folder}. Stop it first, or choose another --folder.") from None
        yield


def _run(port: int, folder: Path, reset: bool, stopped: threading.Event, say: Callable[[str], None]) -> None:
    server = _server(port)  # first of all: with the port taken, nothing is forgotten
    is_new = reset or not (folder / "slack.json").exists()
    workspace = server.workspace = _slack(folder, is_new)
    server.start()
    server.refresh_sockets_after(REFRESH_SOCKETS_S)
    url = f"sqlite:///{folder / 'prickle.db'}"
    migrate.upgrade(url)
    tokens = workspace.bot_token, workspace.app_token
    prickle = Prickle(settings(*tokens, server.api_url, url, _key(folder), _port_of_calendars(server.port)))
    clock.move_to(datetime.fromtimestamp(workspace.clock(), UTC))  # where time was left
    if is_new:
        say("A company moves in; the first time this takes some seconds.")
    with logs.without("apscheduler"):  # a tick that waits while time is moved comes a second later
        prickle.start()
        fill(prickle.db, prickle.client)
        server.hands, server.roles = Hands(prickle), Roles(prickle.db)
        if is_new:
            server.journeys.go_to(begins_at(clock.now()).timestamp())  # people in the east are asked on the way
            server.journeys.wait()
        server.cast = [Line(**line) for line in CAST]
        say(server.url)  # alone on its line: terminals take what comes behind an address for a part of it
        say("Open it, choose Ada, and let time move at the top: it is a minute before the turn.")
        say("Ctrl-C stops the demo; what you did stays.")
        stopped.wait()
        prickle.stop()
    server.stop()
    workspace.close()


def _server(port: int) -> Server:
    nobodys = Workspace()
    try:
        return Server(nobodys, port=port)
    except OSError:
        raise Refusal(
            f"Port {port} is taken, perhaps by another demo. Choose one with --port, such as --port 0."
        ) from None
    finally:
        nobodys.close()


def _port_of_calendars(of_the_page: int) -> int:
    """The port after the page's, so that an address of a calendar is good the next time, too; or else a free one."""
    try:
        return _free(of_the_page + 1)
    except (OSError, OverflowError):
        return _free(0)


def _free(port: int) -> int:
    with socket.create_server(("127.0.0.1", port)) as found:
        return int(found.getsockname()[1])


def _slack(folder: Path, is_new: bool) -> Workspace:
    """The workspace as it was left, or a new one in the night before the demo begins, with what people said that day."""
    if is_new:
        _forget(folder)  # a database without its Slack belongs to nobody
    begins = begins_at(clock.now())
    ahead = begins - A_DAY_BEFORE - clock.now()
    try:
        workspace = Workspace.load(
            folder / "slack.json", manifest(COMMANDS, FEATURES), clock=Clock(offset=ahead.total_seconds())
        )
    except SandboxError as error:
        raise Refusal(str(error)) from None
    if not is_new:
        return seed.with_emoji(workspace)
    seed.company(workspace=workspace)
    workspace.move_to((begins - NIGHT).timestamp())
    return workspace


def _forget(folder: Path) -> None:
    # Only what the demo made: the folder may be somebody's own.
    for name in KEPT:
        (folder / name).unlink(missing_ok=True)


def _key(folder: Path) -> str:
    """The key of the demo's feedback, made the first time."""
    kept = folder / "feedback.key"
    kept.touch(mode=0o600)
    if not kept.read_text(encoding="utf-8"):
        kept.write_text(new_key(), encoding="utf-8")
    return kept.read_text(encoding="utf-8")
