"""The command line. What a command needs is imported inside it, so that `--help` answers at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

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
@_in_words()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port of the page; 0 takes a free one.")] = 3210,
    folder: Annotated[Path, typer.Option(help="Where the demo keeps its state.")] = Path(".demo"),
    reset: Annotated[bool, typer.Option("--reset", help="Forget everything and start anew.")] = False,
) -> None:
    """Try Prickle in a small Slack on your own machine.

    Starts a sandbox workspace with a company in it, and the bot beside it. Nothing leaves this machine, no account is
    needed, and what you do there is still there the next time.
    """
    from bot.platform import logs, stopping

    try:
        from bot.demo import running
    except ModuleNotFoundError as error:
        raise _failed(f"The demo needs the extra `sandbox`: {error.name} is not installed.") from None
    logs.configure("WARNING", "human")
    running.run(port, folder, reset=reset, stopped=stopping.on_signal(), say=typer.echo)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"Prickle {version('prickle')}")
        raise typer.Exit


@app.callback()
def prickle(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print which version this is, and stop."),
    ] = False,
) -> None:
    """The options of Prickle itself."""


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
        bool, typer.Option("--check", help="Change nothing; exit with 1 if there is something to do.")
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
        str | None, typer.Option(help="Only this team; the beginning of its name is enough. Left out: all teams.")
    ] = None,
    next_: Annotated[int, typer.Option("--next", min=1, max=500, help="How many lines.")] = 10,
) -> None:
    """Print who is asked what next, and when.

    One line for all who are asked at the same moment in the same zone, with the time on their clocks; the soonest
    first. Below it stands of which teams nobody is asked, and why. Only DATABASE_URL is read; nothing is changed.
    """
    from bot.cli import schedule as timetable
    from bot.platform import clock, settings

    for line in timetable.lines(settings.load_database_url(), team, count=next_, now=clock.now()):
        typer.echo(line)


export = typer.Typer(name="export", no_args_is_help=True, rich_markup_mode="markdown")
app.add_typer(export, help="Export what is stored: as CSV for a spreadsheet, or as JSON for a program.")


class Format(StrEnum):
    """How a file is written. It stands here as well, so that `--help` imports nothing."""

    CSV = "csv"
    JSON = "json"


@export.command()
@_in_words()
def intake(
    format_: Annotated[Format, typer.Option("--format", help="csv: a line for each; json: all, nested.")] = Format.CSV,
    output: Annotated[Path | None, typer.Option(help="The file to write. Left out: the terminal.")] = None,
) -> None:
    """Write everything that people asked the AI team for, and what came of it, to a file or the terminal.

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
    explain: Annotated[bool, typer.Option("--explain", help="Print instead why the app needs each scope.")] = False,
) -> None:
    """Print the Slack app manifest.

    Made from what this version really listens to. Paste it into Slack at "Create an app", "From a manifest".
    """
    import json

    from bot.serving.manifest import SCOPES
    from bot.serving.manifest import manifest as make
    from handlers import FEATURES
    from handlers.commands import COMMANDS

    if url is not None and not url.startswith("https://"):
        raise typer.BadParameter("Slack sends its requests to an https:// address only.", param_hint="--url")
    if explain:
        typer.echo("\n".join(f"{scope}\n  {why}" for scope, why in SCOPES.items()))
        return
    typer.echo(json.dumps(make(COMMANDS, FEATURES, public_url=url), indent=2, ensure_ascii=False))


@app.command()
def texts() -> None:
    """Print every text that people read, by where it is shown.

    Use it to review the wording, or to translate it. `…` marks what is filled in later.
    """
    from bot.cli import texts as reader

    for line in reader.lines():
        typer.echo(line)


@app.command()
def doctor() -> None:
    """Check settings, database, tokens, scopes and channels.

    One line for each, with ✓ or ✗ and what to do about it, or – for what is switched off. Exits with 1 if anything is
    wrong; changes nothing, and prints no secret.
    """
    from bot.cli import doctor as examination

    healthy = True
    for finding in examination.examine():
        sign = "–" if finding.is_off else "✓" if finding.ok else "✗"
        typer.echo(f"{sign} {finding.words}")
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


if __name__ == "__main__":
    app()
