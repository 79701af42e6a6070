"""The README, the pages in docs/ and the map say what the code does, and the code does what they say."""

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
from docs import reference
from docs.cards import CARDS
from handlers import FEATURES
from handlers.commands import COMMANDS, PRICKLE
from jobs import JOBS
from jobs.outbox import cards
from models.base import Base
from sandbox.api.dispatch import METHODS
from sandbox.world.events import SCOPES as EVENT_SCOPES
from tests.end_to_end import pictures
from tests.test_texts import STUMBLING
from tests.world import MANIFEST

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
MAP = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
REFERENCE = (ROOT / "docs" / "reference.md").read_text("utf-8")
PAGES = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in (ROOT / "docs").glob("*.md")}
ALL = "".join([README, MAP, *PAGES.values()])
FOR_PEOPLE = {"README.md": README, **PAGES}
README_WORDS = 600


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


def _said(text: str) -> dict[str, set[str]]:
    """The places in a text that name something of ours: targets of make, commands of the terminal, and of Slack."""
    slack = re.findall(rf"`({'|'.join(command.name for command in COMMANDS)})(?: ([a-z-]+))?", text)
    return {
        "make": set(re.findall(r"`make ([a-z-]+)", text)),
        "terminal": set(re.findall(r"`prickle ([a-z-]+)", text)),
        "slack": {f"{command} {word}".strip() for command, word in slack},
    }


def test_the_readme_is_read_in_five_minutes() -> None:
    assert len(README.split()) <= README_WORDS


def test_the_reference_is_as_it_would_be_written() -> None:
    assert reference.page() == REFERENCE, "run make reference"


def test_every_card_has_words_and_no_other() -> None:
    assert set(CARDS) == {str(name) for name in cards.CARDS}


def test_the_reference_says_something_of_everything() -> None:
    for heading in ("In Slack", "In a terminal", "Job", "Card", "Table", "Scope"):
        assert not [row for row in _table(REFERENCE, heading) if not all(row[: 3 if heading in ("Job", "Card") else 2])]


def test_the_reference_lists_every_verb_and_no_other() -> None:
    assert {_typed(line) for line in _first(REFERENCE, "In Slack")} == set(_verbs())


def test_the_reference_lists_every_entry_of_slacks_menus() -> None:
    names = [shortcut.name for feature in FEATURES for shortcut in feature.shortcuts]
    assert [row[0] for row in _table(REFERENCE, "Shortcut")] == names


def test_a_commands_usage_names_the_words_that_its_help_names() -> None:
    for command in COMMANDS:
        words = [word for word in command.help if word] or ["setup"] * (command.name == PRICKLE)
        first = command.usage.partition("]")[0]
        assert set(re.findall(r"[\w-]+", first)) == {*words, "help"}


def test_the_reference_lists_every_command_of_the_terminal_and_no_other() -> None:
    commands = typer.main.get_group(__main__.app).commands
    listed = _first(REFERENCE, "In a terminal")
    assert {" ".join(line.split()[:2]) for line in listed} == {"prickle " + str(name) for name in commands}
    assert "prickle export intake" in listed


def test_the_reference_lists_every_setting_with_its_default_and_meaning() -> None:
    rows = [tuple(row) for row in _table(REFERENCE, "Setting")]
    settings = []
    for name, field in Settings.model_fields.items():
        default = "needed" if field.is_required() else "" if field.default is None else str(field.default)
        settings.append((name.upper(), default, str(field.description)))
    assert rows == settings


def test_the_reference_lists_every_table_and_no_other() -> None:
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
    assert _first(REFERENCE, "Table") == set(Base.metadata.tables)


def test_the_reference_lists_every_job_and_no_other() -> None:
    assert _first(REFERENCE, "Job") == {job.name for job in JOBS}


def test_the_reference_lists_every_card_and_no_other() -> None:
    assert _first(REFERENCE, "Card") == set(cards.CARDS)


def test_the_reference_lists_every_scope_and_no_other() -> None:
    assert _first(REFERENCE, "Scope") == set(SCOPES)
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


# --- what the pages name ----------------------------------------------------------------------------------------


def _anchors(text: str) -> set[str]:
    """What a link may point at: each heading, as GitHub and the site spell it."""
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _dead_links(path: str, text: str) -> list[str]:
    """The links of a file to files that aren't there, or to headings that those don't have."""
    dead = []
    for target, anchor in re.findall(r"\]\(([^)#:\s]*)(?:#([^)\s]*))?\)", text):
        file = (ROOT / path).parent / target if target else ROOT / path
        if not file.exists() or (anchor and anchor not in _anchors(file.read_text("utf-8"))):
            dead.append(f"{target}#{anchor}" if anchor else target)
    return dead


def test_no_link_is_dead() -> None:
    files = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "sandbox" / "README.md"]
    assert {"LICENSE", "CONTRIBUTING.md", "docs/admins.md"} <= set(re.findall(r"\]\(([^)]+)\)", README))
    assert not [(file.name, dead) for file in files if (dead := _dead_links(str(file), file.read_text("utf-8")))]


def test_a_dead_link_is_seen() -> None:
    text = "[a](LICENSE) [b](NONE) [c](docs/reference.md#jobs) [d](docs/reference.md#none) [e](#x) [f](https://x.y/#z)"
    assert _dead_links("README.md", text) == ["NONE", "docs/reference.md#none", "#x"]


def test_everything_that_the_pages_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    said = _said(ALL)
    assert {"demo-reset", "test", "check", "docs", "reference"} <= said["make"] <= targets
    assert {"serve", "migrate", "doctor"} <= said["terminal"] <= set(typer.main.get_group(__main__.app).commands)
    takes_text = {command.name for command in COMMANDS if command.takes_text}
    assert not {line for line in said["slack"] if line.split()[0] not in takes_text} - set(_verbs())


def test_what_the_pages_name_is_seen() -> None:
    said = _said("`make magic` and `prickle conjure`, then `/retro vanish`, `/sprint`.")
    assert said == {"make": {"magic"}, "terminal": {"conjure"}, "slack": {"/retro vanish", "/sprint"}}


def test_a_test_makes_every_picture_that_the_pages_show_and_no_other() -> None:
    tests = "".join(file.read_text("utf-8") for file in (ROOT / "tests" / "end_to_end").glob("test_*.py"))
    shown = pictures.promised()
    assert set(re.findall(r'\.picture\("([\w-]+)"', tests)) == set(shown)
    assert {file.stem for file in pictures.FOLDER.iterdir()} == set(shown), "write them: WRITE_PICTURES=1"
    assert all(shown.values()), "a caption promises no words that its test could look for"


def test_the_pages_are_in_plain_words() -> None:
    lines = [(path, line) for path, text in FOR_PEOPLE.items() for line in text.splitlines()]
    assert not [(path, line) for path, line in lines if STUMBLING.search(line)]
