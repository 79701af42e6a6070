"""The command line. What a command needs is imported inside it, so that `--help` answers at once.

Long because all commands stand here with the words of their help, and only this file may start the sandbox and the bot together.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sandbox.workspace import Workspace

MALFORMED_SETTING = 2

app = typer.Typer(
    name="prickle",
    help="A Slack bot that keeps a company of small teams in rhythm.\n\nTo look around without a Slack, start with "
    "`prickle demo`. To run it in yours: `prickle manifest`, `prickle migrate`, `prickle doctor`, `prickle serve`, in this order.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    rich_markup_mode="markdown",
)


@contextmanager
def _in_words() -> Iterator[None]:
    """What a person can mend ends the command with a sentence on standard error, and without a traceback."""
    try:
        yield
    except Exception as error:
        from bot.platform.errors import Refusal
        from bot.platform.settings import SettingsError

        if isinstance(error, SettingsError):
            raise _failed(str(error), MALFORMED_SETTING) from None
        if isinstance(error, Refusal):
            raise _failed(error.message) from None
        from bot.serving.migrate import SchemaError

        if isinstance(error, SchemaError):
            raise _failed(str(error)) from None
        raise


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the page is; 0 takes a free port.")] = 3210,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its state.")] = Path(".demo"),
    reset: Annotated[bool, typer.Option("--reset", help="Forget everything and start anew.")] = False,
) -> None:
    """Try Prickle in a small Slack on your own machine.

    Starts a sandbox workspace with a company in it, and the bot beside it. Nothing leaves this machine, no account is
    needed, and what you do there is still there the next time.
    """
    from bot.platform import logs, stopping

    logs.configure("WARNING", "human")
    with _held(folder):
        _run_demo(port, folder, reset, stopping.on_signal())


@app.command()
def serve() -> None:
    """Run the bot in your Slack.

    Uses Socket Mode when SLACK_APP_TOKEN is set, and otherwise answers signed requests on HOST:PORT at /slack/events.
    /healthz and /readyz are there in both. Stops on SIGTERM or Ctrl-C: what is in flight is finished, within 10 seconds.
    """
    from bot.cli import replica

    raise typer.Exit(replica.serve())


@app.command()
@_in_words()
def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit with 1 if something is to be done.")
    ] = False,
) -> None:
    """Bring the database to this version's tables.

    Safe to run at every start and by several replicas at once: one of them migrates, the others wait for it. Old code
    goes on running on the new tables. Only DATABASE_URL is read.
    """
    from bot.platform import settings
    from bot.serving import migrate as schema

    url = settings.load_database_url()
    if check:
        schema.require_current(url)
        schema.check(url)
        typer.echo("The database is at the newest version.")
    else:
        typer.echo(schema.upgrade(url))


@app.command()
@_in_words()
def schedule(
    team: Annotated[
        str | None, typer.Option(help="Only this one; its beginning is enough. Left out: all teams.")
    ] = None,
    next_: Annotated[int, typer.Option("--next", min=1, max=500, help="How many lines.")] = 10,
) -> None:
    """Print what will be asked next, of whom and when.

    One line for all who are asked at the same moment in the same zone, with the time on their clocks; the soonest
    first. Below it stands of which teams nobody is asked, and why. Only DATABASE_URL is read; nothing is changed.
    """
    from bot.cli import schedule as timetable
    from bot.platform import clock, settings

    for line in timetable.lines(settings.load_database_url(), team, count=next_, now=clock.now()):
        typer.echo(line)


export = typer.Typer(name="export", no_args_is_help=True, rich_markup_mode="markdown")
app.add_typer(export, help="Take what is stored elsewhere: as CSV for a spreadsheet, or as JSON for a program.")


class Format(StrEnum):
    """How a file is written. It stands here as well, so that `--help` imports nothing."""

    CSV = "csv"
    JSON = "json"


@export.command()
@_in_words()
def intake(
    format_: Annotated[Format, typer.Option("--format", help="A line a request, or everything, nested.")] = Format.CSV,
    output: Annotated[Path | None, typer.Option(help="The file to write. Left out: the terminal.")] = None,
) -> None:
    """Write down everything that was asked of the AI team, and what came of it.

    All requests in any state, with brief, questions, routings, decisions, bookings and outcomes; instants in UTC. A
    cell that a spreadsheet would take for a formula begins with an apostrophe. Only DATABASE_URL is read; nothing is
    changed.
    """
    from bot.cli import export as exports
    from bot.platform import settings

    try:
        parts = exports.intake(settings.load_database_url(), exports.Format(format_))
        if output is None:
            for part in parts:
                typer.echo(part, nl=False)
        else:
            _write(output, parts)
    except OSError as error:
        raise _failed(f"{output} can't be written ({error.strerror}). Choose another --output.") from None


def _write(output: Path, parts: Iterator[str]) -> None:
    """Write a file that is there whole, or not at all."""
    first = next(parts)
    unfinished = output.with_name(f"{output.name}.part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            file.write(first)
            file.writelines(parts)
        unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)


@app.command()
def manifest(
    url: Annotated[
        str | None,
        typer.Option(help="The public https:// address of your Prickle. Left out, the app uses Socket Mode."),
    ] = None,
) -> None:
    """Print the Slack app manifest.

    Made from what this version really listens to. Paste it into Slack at "Create an app", "From a manifest".
    """
    import json

    from bot.serving.manifest import manifest as make
    from handlers import FEATURES
    from handlers.commands import COMMANDS

    if url is not None and not url.startswith("https://"):
        raise typer.BadParameter("Slack sends its requests to an https:// address only.", param_hint="--url")
    typer.echo(json.dumps(make(COMMANDS, FEATURES, public_url=url), indent=2, ensure_ascii=False))


@app.command()
def doctor() -> None:
    """Check settings, database, tokens, scopes and channels.

    One line for each, with ✓ or ✗ and what to do about it. Exits with 1 if anything is wrong; changes nothing, and
    prints no secret.
    """
    from bot.cli import doctor as examination

    healthy = True
    for finding in examination.examine():
        typer.echo(f"{'✓' if finding.ok else '✗'} {finding.words}")
        healthy = healthy and finding.ok
    raise typer.Exit(0 if healthy else 1)


@app.command("feedback-key")
def feedback_key() -> None:
    """Print a new key for FEEDBACK_KEYS.

    Feedback from person to person is encrypted in the database, and switched off without a key. Keep it as safe as the
    bot's token, and apart from the database's backups: whoever has both can read all feedback, and without the key nobody can.
    """
    from bot.platform.crypto import new_key

    typer.echo(new_key())


@app.command("rotate-feedback")
@_in_words()
def rotate_feedback() -> None:
    """Encrypt all feedback anew, under the first key of FEEDBACK_KEYS.

    Run it after an update when `prickle doctor` says so. To change the key, run it once a new key stands in front of the
    old one and every replica was started anew with both; afterwards the old key can go. Safe while the bot runs, and to
    stop and run again. Only DATABASE_URL and FEEDBACK_KEYS are read.
    """
    from bot.platform import settings
    from bot.platform.crypto import Unreadable, Vault
    from bot.platform.database import Database
    from bot.serving import migrate as schema
    from jobs import feedback

    chosen = settings.load_vault()
    schema.require_current(chosen.database_url)
    db = Database(chosen.database_url)
    try:
        done = feedback.rotate(db, Vault(chosen.vault_keys))
    except Unreadable:
        raise _failed(
            "Some feedback opens with no key in FEEDBACK_KEYS: add the key that it was written with, behind the others. "
            "What was encrypted anew so far stays readable."
        ) from None
    finally:
        db.dispose()
    typer.echo(f"Encrypted under the first key: {done.count}. The other keys can go now.")
    if done.misplaced:
        raise _failed(
            f"Left as they are: {done.misplaced}. Their words belong to other people or other rows, so nobody can read them. "
            "Somebody changed the database by hand, or restored a part of it."
        )


def _failed(words: str, code: int = 1) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(code)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """The folder is this process's alone until the block ends; the system gives it back even after a crash."""
    import fcntl

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise _failed(
            f"The demo can't keep its state in {folder} ({error.strerror}). Choose one with --folder."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _failed(f"Another demo runs in {folder}. Stop it first, or choose another --folder.") from None
        yield


def _forget(folder: Path) -> None:
    # Only what the demo made: the folder may be somebody's own.
    for name in ("slack.json", "prickle.db", "prickle.db-wal", "prickle.db-shm", "feedback.key"):
        (folder / name).unlink(missing_ok=True)


def _run_demo(port: int, folder: Path, reset: bool, stopped: threading.Event) -> None:
    from bot.app import Prickle
    from bot.demo.cast import CAST
    from bot.demo.company import begins_at, fill, settings
    from bot.demo.people import Roles
    from bot.demo.time_travel import Hands
    from bot.platform import clock, logs
    from bot.serving import migrate as schema

    try:
        from sandbox.people.cast import Line
        from sandbox.server import Server
        from sandbox.workspace import Workspace
    except ModuleNotFoundError as error:
        raise _failed(f"The demo needs the extra `sandbox`: {error.name} is not installed.") from None

    nobodys = Workspace()
    try:
        server = Server(nobodys, port=port)  # first of all: with the port taken, nothing is forgotten
    except OSError:
        raise _failed(
            f"Port {port} is taken, perhaps by another demo. Choose one with --port, such as --port 0."
        ) from None
    finally:
        nobodys.close()
    is_new = reset or not (folder / "slack.json").exists()
    workspace = server.workspace = _demo_slack(folder, is_new)
    server.start()
    server.refresh_sockets_after(10 * 60.0)  # what Slack does every few hours is seen in a demo, too
    url = f"sqlite:///{folder / 'prickle.db'}"
    schema.upgrade(url)
    key = _demo_key(folder)
    prickle = Prickle(settings(workspace.bot_token, workspace.app_token, server.api_url, url, key))
    clock.move_to(datetime.fromtimestamp(workspace.clock(), UTC))  # where time was left
    if is_new:
        typer.echo("A company moves in; the first time this takes some seconds.")
    with logs.without("apscheduler"):  # a tick that waits while time is moved comes a second later
        prickle.start()
        fill(prickle.db, prickle.client)
        server.hands, server.roles = Hands(prickle), Roles(prickle.db)
        if is_new:
            server.journeys.go_to(begins_at(clock.now()).timestamp())  # people in the east are asked on the way
            server.journeys.wait()
        server.cast = [Line(**line) for line in CAST]
        typer.echo(server.url)  # alone on its line: terminals take what comes behind an address for a part of it
        typer.echo("Open it, choose Ada, and let time move at the top: it is a minute before the turn.")
        typer.echo("Ctrl-C stops the demo; what you did stays.")
        stopped.wait()
        prickle.stop()
    server.stop()
    workspace.close()


def _demo_key(folder: Path) -> str:
    """The key of the demo's feedback, made the first time."""
    from bot.platform.crypto import new_key

    kept = folder / "feedback.key"
    kept.touch(mode=0o600)
    if not kept.read_text(encoding="utf-8"):
        kept.write_text(new_key(), encoding="utf-8")
    return kept.read_text(encoding="utf-8")


def _demo_slack(folder: Path, is_new: bool) -> "Workspace":
    """The workspace as it was left, or a new one in the night before the demo begins, with what people said that day."""
    from bot.demo.company import A_DAY_BEFORE, NIGHT, begins_at
    from bot.platform import clock
    from bot.serving.manifest import manifest as make
    from handlers import FEATURES
    from handlers.commands import COMMANDS
    from sandbox import seed
    from sandbox.workspace import Workspace
    from sandbox.world.clock import Clock
    from sandbox.world.errors import SandboxError

    if is_new:
        _forget(folder)  # a database without its Slack belongs to nobody
    begins = begins_at(clock.now())
    ahead = begins - A_DAY_BEFORE - clock.now()
    try:
        workspace = Workspace.load(
            folder / "slack.json", make(COMMANDS, FEATURES), clock=Clock(offset=ahead.total_seconds())
        )
    except SandboxError as error:
        raise _failed(str(error)) from None
    if not is_new:
        return seed.with_emoji(workspace)
    seed.company(workspace=workspace)
    workspace.move_to((begins - NIGHT).timestamp())
    return workspace


if __name__ == "__main__":
    app()
