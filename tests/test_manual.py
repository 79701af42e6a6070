"""The README and the map say what the code does, and the code does what they say."""

import re
from collections.abc import Iterator
from pathlib import Path

import typer.main

import models.feedback
import models.intake.bookings
import models.intake.decisions
import models.intake.events
import models.intake.nudges
import models.outbox
import models.sprints
from bot import __main__
from bot.platform.settings import Settings
from bot.serving.manifest import SCOPES
from handlers import FEATURES
from handlers.commands import COMMANDS, PRICKLE
from jobs import JOBS
from jobs.outbox import cards
from models.base import Base
from sandbox.api.dispatch import METHODS
from sandbox.world.events import SCOPES as EVENT_SCOPES
from tests.world import MANIFEST

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MAP = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def _table(text: str, heading: str) -> list[list[str]]:
    """The cells of the table whose heading begins so, without backquotes."""
    _before, found, after = text.partition(f"| {heading} |")
    assert found, f"there is no table called {heading}"
    rows = after.split("\n\n")[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in row.strip("|").split("|")] for row in rows]


def _first(text: str, heading: str) -> set[str]:
    return {row[0] for row in _table(text, heading)}


def _verbs() -> Iterator[str]:
    for feature in FEATURES:
        for command, verbs in feature.verbs.items():
            yield from (f"{command} {verb}".strip() for verb in verbs)


def _typed(line: str) -> str:
    """`/sprint show [team]` without what may be left out."""
    return re.sub(r" \[.*?\]", "", line)


def test_the_readme_lists_every_verb_and_no_other() -> None:
    assert {_typed(line) for line in _first(README, "In Slack")} == set(_verbs())


def test_a_commands_usage_names_the_words_that_its_help_names() -> None:
    for command in COMMANDS:
        words = [word for word in command.help if word] or ["setup"] * (command.name == PRICKLE)
        first = command.usage.partition("]")[0]
        assert set(re.findall(r"[\w-]+", first)) == {*words, "help"}


def test_the_readme_lists_every_command_of_the_terminal_and_no_other() -> None:
    commands = typer.main.get_group(__main__.app).commands
    assert _first(README, "In a terminal") == {"prickle " + str(name) for name in commands}


def test_the_readme_lists_every_setting_with_its_default_and_meaning() -> None:
    rows = [tuple(row) for row in _table(README, "Setting")]
    settings = []
    for name, field in Settings.model_fields.items():
        default = "needed" if field.is_required() else "" if field.default is None else str(field.default)
        settings.append((name.upper(), default, str(field.description)))
    assert rows == settings


def test_the_map_lists_every_table_and_no_other() -> None:
    assert {
        models.intake.bookings.Booking.__tablename__,
        models.intake.decisions.Decision.__tablename__,
        models.feedback.Feedback.__tablename__,
        models.intake.events.InboundEvent.__tablename__,
        models.intake.nudges.Nudge.__tablename__,
        models.sprints.Page.__tablename__,
        models.outbox.Post.__tablename__,
        models.sprints.Sprint.__tablename__,
    } <= Base.metadata.tables.keys()
    assert _first(MAP, "Table") == set(Base.metadata.tables)


def test_the_map_lists_every_job_and_no_other() -> None:
    assert _first(MAP, "Job") == {job.name for job in JOBS}


def test_the_map_lists_every_card_and_no_other() -> None:
    named = {name for cell in _first(MAP, "Card") for name in cell.replace("`", "").split(", ")}
    assert named == set(cards.CARDS)


def test_the_map_lists_every_scope_and_no_other() -> None:
    assert _first(MAP, "Scope") == set(SCOPES)
    assert MANIFEST["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)


def test_every_scope_is_there_for_a_call_that_the_bot_makes_or_an_event_that_it_hears() -> None:
    files = [file for room in ("bot", "handlers", "jobs") for file in (ROOT / room).rglob("*.py")]
    called = set(re.findall(r"client\.(\w+)\(", "".join(file.read_text("utf-8") for file in files)))
    endpoints = [endpoint for method, endpoint in METHODS.items() if method.replace(".", "_") in called]
    used = {scope for endpoint in endpoints for scope in endpoint.scopes}
    used |= {scope for feature in FEATURES for event in feature.events for scope in EVENT_SCOPES.get(event, ())}
    assert set(SCOPES) - used == {"commands"}  # which no call needs


def test_the_map_lists_every_room() -> None:
    assert all((ROOT / room).is_dir() for room in _first(MAP, "Room"))


def test_the_manifest_holds_what_the_app_listens_to_and_no_more() -> None:
    features = MANIFEST["features"]
    assert {each["command"] for each in features["slash_commands"]} == {command.name for command in COMMANDS}
    listened = {(shortcut.callback_id, shortcut.kind) for feature in FEATURES for shortcut in feature.shortcuts}
    assert {(each["callback_id"], each["type"]) for each in features["shortcuts"]} == listened
    events = {event for feature in FEATURES for event in feature.events}
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == events


def test_the_manifest_keeps_slacks_limits() -> None:
    for command in MANIFEST["features"]["slash_commands"]:
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    for shortcut in MANIFEST["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    assert len(MANIFEST["display_information"]["name"]) <= 35
    assert len(MANIFEST["display_information"]["description"]) <= 140


def test_the_readme_and_the_map_link_to_files_that_exist() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README + MAP)
    assert {"LICENSE", "CONTRIBUTING.md"} <= set(links)
    assert not [link for link in links if not link.startswith("docs/") and not (ROOT / link).exists()]


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)`", README + MAP))
    assert {"demo-reset", "test", "check"} <= named <= targets
