"""The command line: what it says, and with which exit status."""

import csv
import io
import json
import logging
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from sqlalchemy import select, text, update
from sqlalchemy.orm import selectinload
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.domain.feedback import sealing
from bot.domain.feedback.sealing import Shut, Words
from bot.domain.outbox.set_asides import What
from bot.domain.teams.seats import join
from bot.platform import clock
from bot.platform.crypto import MARK, Vault, new_key
from bot.platform.database import Database
from bot.platform.settings import Settings, load_vault
from bot.serving import migrate
from bot.serving.manifest import SCOPES
from bot.serving.migrate import revisions
from jobs import feedback
from models.company import Away, AwaySource, Company, Person
from models.desks import Desk
from models.feedback import Feedback, FeedbackAsk, FeedbackAsked
from models.intake.bookings import Booking
from models.intake.decisions import Decision, HandBack, Mode, Outcome, Tick
from models.intake.requests import Ball, Brief, CoAsker, Question, Request, Routing, Why
from models.outbox import SetAside
from models.teams import Team
from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.databases import SqliteDatabases
from tests.domain.company import found, meet
from tests.which import BOTH
from tests.world import MANIFEST

pytestmark = BOTH

COMMANDS = ("demo", "serve", "migrate", "manifest", "doctor", "schedule", "export", "feedback-key", "rotate-feedback")


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """An empty folder and no settings; what a command changes in this process is changed back."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    signals = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for number, handler in signals.items():
        signal.signal(number, handler)


def prickle(*words: str) -> Result:
    return CliRunner().invoke(app, words)


# --- help -------------------------------------------------------------------------------------------------------


def test_without_a_command_it_says_which_there_are() -> None:
    shown = prickle().output
    assert all(command in shown for command in COMMANDS)
    assert "prickle demo" in shown
    steps = [shown.index(f"prickle {step}") for step in ("manifest", "migrate", "doctor", "serve")]
    assert steps == sorted(steps)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    shown = prickle(command, "--help")
    assert shown.exit_code == 0
    assert len(shown.output.split()) > 20


# --- manifest ---------------------------------------------------------------------------------------------------


def test_the_manifest_turns_socket_mode_on_when_there_is_no_address() -> None:
    made = json.loads(prickle("manifest").output)
    assert made["settings"]["socket_mode_enabled"] is True
    assert made == MANIFEST


def test_the_manifest_names_the_address_where_there_is_one() -> None:
    made = json.loads(prickle("manifest", "--url", "https://prickle.example/").output)
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://prickle.example/slack/events"
    assert {each["url"] for each in made["features"]["slash_commands"]} == {"https://prickle.example/slack/events"}


def test_the_manifest_refuses_an_address_that_slack_would_refuse() -> None:
    refused = prickle("manifest", "--url", "http://prickle.example")
    assert refused.exit_code == 2
    assert "https://" in refused.output


def test_the_manifest_explains_every_scope() -> None:
    shown = prickle("manifest", "--explain").output
    assert [line for line in shown.splitlines() if not line.startswith(" ")] == list(SCOPES)
    assert all(why in shown for why in SCOPES.values())


def test_it_says_which_version_it_is() -> None:
    shown = prickle("--version")
    assert (shown.exit_code, shown.output) == (0, f"Prickle {metadata.version('prickle')}\n")


def test_every_text_is_printed_below_where_it_is_shown() -> None:
    shown = prickle("texts").output
    assert "\nviews: planning.finalizing.finalize_form\n" in shown
    assert "  What matters most this sprint, and why? One sentence is enough.\n" in shown


# --- migrate ----------------------------------------------------------------------------------------------------


def test_migrate_makes_the_tables_and_can_be_run_again() -> None:
    assert prickle("migrate", "--check").exit_code == 1
    done = prickle("migrate")
    newest = revisions()[-1]
    steps = f"{len(revisions())} steps, {revisions()[0]} to {newest} done."
    assert (done.exit_code, done.output) == (0, f"The database is at the newest version: {steps}\n")
    again = prickle("migrate")
    assert (again.exit_code, again.output) == (
        0,
        "The database is at the newest version already. Nothing was changed.\n",
    )
    assert prickle("migrate", "--check").exit_code == 0
    assert Path("prickle.db").exists()


def test_the_check_sees_a_database_that_was_never_migrated() -> None:
    checked = prickle("migrate", "--check")
    assert (checked.exit_code, checked.output) == (1, "The database has no tables yet: run `prickle migrate`.\n")
    assert list(Path().iterdir()) == []


def test_the_check_sees_the_tables_of_an_older_version(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    known = migrate.revisions()
    monkeypatch.setattr(migrate, "revisions", lambda: [*known, "a newer one"])
    monkeypatch.setenv("DATABASE_URL", database_url)
    checked = prickle("migrate", "--check")
    assert checked.output == "The database's tables are of an older version: run `prickle migrate`.\n"


def test_the_check_sees_a_column_that_no_migration_makes(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert prickle("migrate", "--check").exit_code == 0
    database = Database(database_url)
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE teams ADD COLUMN mascot INTEGER"))
    database.dispose()
    checked = prickle("migrate", "--check")
    assert checked.exit_code == 1
    assert "The models and the migrations disagree" in checked.output


def test_old_code_runs_on_the_tables_of_a_later_release(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    from bot.serving import migrate

    database = Database(database_url)
    assert migrate.is_current(database)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert migrate.is_current(database)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    assert not migrate.is_current(database)
    database.dispose()


def test_a_container_that_was_rolled_back_starts_on_the_tables_of_a_later_release(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    change(database_url, "UPDATE alembic_version SET version_num = '9999'")
    change(database_url, "CREATE TABLE mascots (id INTEGER)")
    migrated = prickle("migrate")
    assert migrated.output == "The database is of a later version, and this one runs on it. Nothing was changed.\n"
    assert migrated.exit_code == prickle("migrate", "--check").exit_code == 0
    assert prickle("schedule").exit_code == 0


def test_tables_of_a_later_release_that_lack_what_this_one_needs_are_named(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    change(database_url, "UPDATE alembic_version SET version_num = '9999'")
    change(database_url, "ALTER TABLE homes RENAME COLUMN opened_at TO seen_at")
    words = "The database is of a later version that lacks homes.opened_at: install that version again.\n"
    for command in (["migrate"], ["migrate", "--check"], ["schedule"]):
        refused = prickle(*command)
        assert (refused.exit_code, refused.output) == (1, words)


def change(url: str, statement: str) -> None:
    """Change the tables behind everybody's back."""
    database = Database(url)
    with database.engine.begin() as connection:
        connection.execute(text(statement))
    database.dispose()


@pytest.mark.parametrize("command", ["migrate", "serve", "schedule", "export intake"])
def test_a_malformed_setting_stops_with_2(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("DATABASE_URL", "prickle.db")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    refused = prickle(*command.split())
    assert refused.exit_code == 2
    assert refused.output.startswith("DATABASE_URL is malformed")


OUT_OF_REACH = {
    "postgresql://u:geheim@127.0.0.1:1/prickle": ("refused", "Check DATABASE_URL, and that the database is running."),
    "sqlite:////proc/nowhere/prickle.db": ("unable to open", "The folder /proc/nowhere is not there: make it, or"),
    "sqlite:///text.db": ("file is not a database", "text.db is no SQLite database, or Prickle may not write in"),
}


@pytest.mark.parametrize("url", OUT_OF_REACH, ids=["postgresql", "no folder", "no database"])
@pytest.mark.parametrize(
    "command", [("migrate",), ("migrate", "--check"), ("serve",), ("schedule",), ("export", "intake")], ids=" ".join
)
def test_a_database_out_of_reach_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, url: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    Path("text.db").write_text("No SQLite file begins with these words, and none is so long by chance." * 20)
    refused = prickle(*command)
    reason, remedy = OUT_OF_REACH[url]
    assert refused.exit_code == 1
    assert refused.output.startswith("The database does not answer (")
    assert reason in refused.output
    assert f"). {remedy}" in refused.output
    assert "geheim" not in refused.output
    assert len(refused.output.splitlines()) == 1


# --- schedule ---------------------------------------------------------------------------------------------------


@pytest.fixture
def teams(monkeypatch: pytest.MonkeyPatch, database_url: str, db: Database, hands: FrozenDateTimeFactory) -> Database:
    """Replay with people in two zones, Ingestion with one person so far; it is Wednesday 8 July, before their first sprints."""
    hands.move_to("2026-07-08 06:00:00")
    monkeypatch.setenv("DATABASE_URL", database_url)
    with db.begin() as session:
        meet(session, zone="Europe/Berlin")
        found(session, "ada", "lee", "noor")
        found(session, "sam", name="Ingestion")
        session.execute(update(Team).values(cadence_since=clock.now()))
        session.execute(update(Person).where(Person.id == "noor").values(zone="America/New_York"))
        session.add(Away(person_id="lee", source=AwaySource.SAID, starts_at=clock.now(), ends_at=None))
    return db


def test_the_schedule_is_a_table_of_what_comes_next(teams: Database) -> None:
    with teams.begin() as session:
        join(session, 2, person_id="mia", now=clock.now())
    shown = prickle("schedule", "--next", "5")
    assert shown.exit_code == 0
    assert shown.output == (
        "When              Where     Team       What                                               Who              Sprint\n"
        "Fri 10 Jul 10:00  Berlin    Ingestion  wrap up and plan, in one message                   Sam, Mia         13–24 July\n"
        "Fri 10 Jul 10:00  Berlin    Replay     wrap up and plan, in one message                   Ada, Lee (away)  13–24 July\n"
        "Fri 10 Jul 10:00  New York  Replay     wrap up and plan, in one message                   Noor             13–24 July\n"
        "Mon 13 Jul 09:00  Berlin    Ingestion  the one reminder, to people who have not answered  Sam, Mia         13–24 July\n"
        "Mon 13 Jul 09:00  Berlin    Replay     the one reminder, to people who have not answered  Ada, Lee (away)  13–24 July\n"
    )


def test_the_schedule_of_one_team_takes_the_beginning_of_its_name(teams: Database) -> None:
    shown = prickle("schedule", "--team", "rep").output.splitlines()
    assert len(shown) == 11
    assert shown[0].split() == ["When", "Where", "What", "Who", "Sprint"]
    assert "Nobody of" not in "".join(shown)
    # Two hours after the last reminder, which Noor reads at nine in New York.
    assert shown[10].split(maxsplit=5)[:5] == ["Mon", "27", "Jul", "17:00", "Berlin"]
    assert "the reveal at the latest, and the lead finalizes" in shown[10]


def test_the_schedule_says_of_which_teams_nobody_is_asked_and_why(teams: Database) -> None:
    why = "Nobody of Ingestion is asked yet: it is forming, and begins with its second member."
    assert prickle("schedule", "--next", "1").output.splitlines()[2:] == ["", why]
    assert prickle("schedule", "--team", "Ingestion").output == f"{why}\n"


def test_the_schedule_names_the_year_where_it_is_another_one(teams: Database) -> None:
    assert "Mon 11 Jan 2027 09:00  Berlin" in prickle("schedule", "--team", "replay", "--next", "150").output


def test_the_schedule_of_an_unknown_team_is_a_sentence(teams: Database) -> None:
    refused = prickle("schedule", "--team", "Nobody")
    assert (refused.exit_code, refused.output) == (
        1,
        "There is no team called “Nobody”. `/small-team list` shows them all.\n",
    )


def test_the_schedule_of_a_company_without_teams_says_so() -> None:
    assert prickle("schedule").output == "The database has no tables yet: run `prickle migrate`.\n"
    prickle("migrate")
    shown = prickle("schedule")
    assert (shown.exit_code, shown.output) == (
        0,
        "There is no small team yet. `/small-team create` founds the first one.\n",
    )


# --- export -----------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(teams: Database) -> Database:
    """Two requests: one with everything that there can be, and one whose title is a formula."""
    at = datetime(2026, 7, 8, 6, 30, tzinfo=UTC)
    with teams.begin() as session:
        desk = Desk(name="PostHog AI", name_key="posthog ai", owns="All", team_id=2, lead_id="sam", created_at=at)
        session.add(desk)
        session.flush()
        whole = {"claimer_id": "sam", "team_id": 1, "desk_id": desk.id, "why": Why.UNSURE, "tried": "A regex"}
        session.add(_request("Summarise ‘tickets’", text="Summarise ‘tickets’\nin one line", **whole))
        session.add(_request("=1+1", text='=HYPERLINK("https://example.com","a, b")', wanted_on=date(2026, 8, 1)))
        session.flush()
        brief = {"problem": "Too long", "audience": "Support", "smallest": "One line", "measure": "Time saved"}
        decision = Decision(request_id=1, mode=Mode.EMBED, person_id="sam", team_id=1, sprints=2, words="@Replay first")
        decision.due_on, decision.by_id, decision.at = date(2026, 7, 24), "sam", at
        session.add_all(
            [
                CoAsker(request_id=1, person_id="lee", at=at),
                CoAsker(request_id=1, person_id="noor", at=at),
                Brief(request_id=1, version=1, **{**brief, "problem": "Long"}, by_id="ada", at=at),
                Brief(request_id=1, version=2, **brief, by_id="sam", at=at),
                Question(request_id=1, text="How long?\nHow many?", by_id="sam", at=at, answered_at=at),
                Routing(request_id=1, from_desk_id=1, to_desk_id=1, why="Ours", by_id="sam", at=at),
                Tick(request_id=1, line="workflows", by_id="ada", at=at),
                Outcome(request_id=1, helped="yes", words="-5 minutes each", in_use=True, in_use_at=at),
                decision,
            ]
        )
        days = {"starts_on": date(2026, 7, 13), "ends_on": date(2026, 7, 24), "created_at": at}
        session.add(Booking(person_id="sam", desk_id=1, team_id=1, request_id=1, is_firm=True, by_id="sam", **days))
        session.flush()
        session.add(HandBack(decision_id=1, owner="Ada", docs="The wiki", measure="Weekly", by_id="sam", at=at))
    return teams


def _request(title: str, **values: Any) -> Request:
    at = datetime(2026, 7, 8, 6, 30, tzinfo=UTC)
    given = {"source": title, "asker_id": "ada", "waiting_on": Ball.DESK, "waiting_since": at, "created_at": at}
    return Request(title=title, **{"text": title, **given, **values})


def test_the_export_for_a_spreadsheet_is_a_line_a_request(asked: Database) -> None:
    shown = prickle("export", "intake")
    assert shown.exit_code == 0
    whole, _formula = csv.DictReader(io.StringIO(shown.output))
    assert (whole["title"], whole["text"]) == ("Summarise ‘tickets’", "Summarise ‘tickets’\nin one line")
    assert (whole["asked_by"], whole["also_asked_by"], whole["team"]) == ("Ada", "Lee, Noor", "Replay")
    assert (whole["created_at"], whole["decision_due_on"]) == ("2026-07-08T06:30:00Z", "2026-07-24")
    assert (whole["brief_problem"], whole["decision_mode"], whole["decision_person"]) == ("Too long", "embed", "Sam")
    assert whole["questions"].startswith("text: How long? How many?; by: Sam; at: 2026-07-08T06:30:00Z")
    assert (whole["hand_back_owner"], whole["outcome_in_use"]) == ("Ada", "yes")
    assert "is_firm: yes; starts_on: 2026-07-13" in whole["bookings"]


def test_no_cell_is_a_formula(asked: Database) -> None:
    whole, formula = csv.DictReader(io.StringIO(prickle("export", "intake").output))
    assert (formula["title"], formula["text"]) == ("'=1+1", """'=HYPERLINK("https://example.com","a, b")""")
    assert (whole["decision_words"], whole["outcome_words"]) == ("'@Replay first", "'-5 minutes each")


def test_the_export_for_a_program_nests_everything(asked: Database) -> None:
    whole, formula = json.loads(prickle("export", "intake", "--format", "json").output)
    assert formula["title"] == "=1+1", "a program runs no formulas"
    assert whole["asked_by"] == {"id": "ada", "name": "Ada"}
    assert [each["version"] for each in whole["brief"]] == [1, 2]
    assert whole["decisions"][0]["hand_back"] == {"owner": "Ada", "docs": "The wiki", "measure": "Weekly"}
    assert whole["outcome"]["in_use_at"] == "2026-07-08T06:30:00Z"
    assert (formula["wanted_on"], formula["decisions"], formula["outcome"]) == ("2026-08-01", [], None)


def test_the_export_reads_in_batches_and_loses_none(asked: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.domain.intake.records.BATCH", 2)
    with asked.begin() as session:
        session.add_all([_request(f"Number {number}") for number in range(3)])
    found = json.loads(prickle("export", "intake", "--format", "json").output)
    assert [each["id"] for each in found] == [1, 2, 3, 4, 5]


def test_the_export_writes_a_file_that_is_whole_or_not_there(asked: Database) -> None:
    assert prickle("export", "intake", "--output", "requests.csv").exit_code == 0
    assert Path("requests.csv").read_text("utf-8").startswith("id,title,text,state,link,asked_by")
    refused = prickle("export", "intake", "--output", "nowhere/requests.csv")
    assert (refused.exit_code, refused.output) == (
        1,
        "nowhere/requests.csv can't be written (No such file or directory). Choose another --output.\n",
    )
    assert [file.name for file in Path().iterdir()] == ["requests.csv"]


@pytest.mark.parametrize(("chosen", "nothing"), [("json", "[]\n"), ("csv", "id,title,")])
def test_the_export_of_nothing_is_an_empty_file(teams: Database, chosen: str, nothing: str) -> None:
    shown = prickle("export", "intake", "--format", chosen)
    assert (shown.exit_code, shown.output.startswith(nothing), shown.output.count("\n")) == (0, True, 1)


# --- doctor -----------------------------------------------------------------------------------------------------


@pytest.fixture
def slack(
    slack_server: Server, sqlite_databases: SqliteDatabases, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """A healthy deployment: a database with its tables, good tokens, and a company that is set up."""
    workspace = Workspace(MANIFEST)
    slack_server.workspace = workspace
    ivy = workspace.add_user("ivy", is_admin=True)
    channel = workspace.add_channel("sprints", members=[ivy.id])
    with sqlite_databases.new() as url:
        database = Database(url)
        with database.begin() as session:
            session.get_one(Company, 1).sprint_channel_id = channel.id
        database.dispose()
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", workspace.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", workspace.app_token)
        monkeypatch.setenv("SLACK_API_URL", slack_server.api_url)
        yield workspace
    workspace.close()


def test_the_doctor_finds_nothing_wrong(slack: Workspace) -> None:
    found = prickle("doctor")
    assert found.exit_code == 0, found.output
    assert len(found.output.splitlines()) == 11
    signs = {line[0] for line in found.output.splitlines() if "switched off" not in line}
    assert signs == {"✓"}
    assert "– FEEDBACK_KEYS is not set: feedback is switched off." in found.output
    assert "– PUBLIC_URL is not set: calendars to subscribe to are switched off." in found.output


def test_the_doctor_says_where_calendars_are(slack: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://prickle.example/")
    assert "✓ PUBLIC_URL is set: calendars are at https://prickle.example/calendar/" in prickle("doctor").output


def test_the_doctor_says_which_file_is_meant(slack: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///new.db")
    assert f"✓ The database will be {Path.cwd() / 'new.db'}." in prickle("doctor").output
    prickle("migrate")
    assert f"✓ The database answers: {Path.cwd() / 'new.db'}." in prickle("doctor").output


def wrong(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.startswith("✗ ")]


def test_the_doctor_names_missing_settings() -> None:
    found = prickle("doctor")
    assert found.exit_code == 1
    assert found.output.startswith("✗ SLACK_BOT_TOKEN is missing.")


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("SLACK_BOT_TOKEN", "xoxb-of-another-app", "Slack refused SLACK_BOT_TOKEN (invalid_auth)."),
        ("SLACK_APP_TOKEN", "xapp-of-another-app", "Slack refused SLACK_APP_TOKEN (invalid_auth)."),
        ("SLACK_API_URL", "http://127.0.0.1:1/", "Slack does not answer at http://127.0.0.1:1/"),
        ("DATABASE_URL", "postgresql://127.0.0.1:1/x", "The database does not answer (connection"),
        ("DATABASE_URL", "sqlite:////proc/nowhere/x.db", "The database does not answer (unable to open database file)"),
        ("DATABASE_URL", "sqlite:///empty.db", "The database has no tables yet: run `prickle migrate`."),
    ],
)
def test_the_doctor_says_what_is_wrong(
    slack: Workspace, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, words: str
) -> None:
    monkeypatch.setenv(setting, value)
    found = prickle("doctor")
    assert found.exit_code == 1
    assert [line[2:].startswith(words) for line in wrong(found.output)] == [True]
    assert "of-another-app" not in found.output
    assert list(Path().iterdir()) == []


def test_the_doctor_names_the_scopes_that_are_missing(slack: Workspace, slack_server: Server) -> None:
    scopes = [scope for scope in MANIFEST["oauth_config"]["scopes"]["bot"] if scope not in ("commands", "im:write")]
    poor = Workspace({**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}})
    poor.store = slack.store
    slack_server.workspace = poor
    (line,) = wrong(prickle("doctor").output)
    assert line.startswith("✗ The app lacks commands, im:write.")
    poor.close()


def test_the_doctor_sees_a_company_that_is_not_set_up(slack: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///new.db")
    prickle("migrate")
    assert wrong(prickle("doctor").output) == ["✗ The company is not set up. A Slack admin types `/prickle setup`."]


def test_the_doctor_sees_a_sprint_channel_that_is_archived(slack: Workspace) -> None:
    slack.archive("sprints")
    (line,) = wrong(prickle("doctor").output)
    assert line.startswith("✗ The sprint channel #sprints is archived.")


def test_the_doctor_shows_what_was_set_aside(slack: Workspace) -> None:
    database = Database(Settings().database_url)  # type: ignore[call-arg]
    at = datetime(2026, 7, 9, 8, tzinfo=UTC)
    with database.begin() as session:
        for subject, attempts in (("Ev1", 3), ("Ev2", 2)):
            row = {"what": What.EVENT, "subject": subject, "attempts": attempts, "since": at, "until": at}
            session.add(SetAside(**row, why="Unreadable in events.py:7"))
    database.dispose()
    (line,) = wrong(prickle("doctor").output)
    assert line.startswith(
        "✗ Set aside since 2026-07-09 08:00 UTC: acting on Slack's event Ev1 (Unreadable in events.py:7)."
    )


def test_the_doctor_prints_no_secret(slack: Workspace) -> None:
    output = prickle("doctor").output
    assert not [secret for secret in (slack.bot_token, slack.app_token, slack.signing_secret) if secret in output]


# --- the keys of feedback ---------------------------------------------------------------------------------------


def test_a_key_is_printed_that_the_settings_take_and_never_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {prickle("feedback-key").output.strip() for _ in range(2)}
    assert len(keys) == 2
    monkeypatch.setenv("FEEDBACK_KEYS", ",".join(keys))
    assert set(load_vault().vault_keys) == keys


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch, database_url: str) -> tuple[str, str]:
    """An old and a new key, and a database with feedback and a question under the old one."""
    old, new = new_key(), new_key()
    database = Database(database_url)
    with database.begin() as session:
        meet(session)
        for number in range(5):
            row = Feedback(giver_id="ada", receiver_id="lee", source=str(number), is_open=False, given_at=clock.now())
            row.sealed = sealing.UNSEALED
            session.add(row)
            session.flush()
            sealing.seal(Vault([old]), row, Words(f"Number {number}"))
        ask = FeedbackAsk(asker_id="ada", source="a", until=clock.now().date(), created_at=clock.now())
        ask.sealed, ask.asked = sealing.UNSEALED, [FeedbackAsked(person_id="lee")]
        session.add(ask)
        session.flush()
        sealing.seal_question(Vault([old]), ask, "How was the demo?")
    database.dispose()
    monkeypatch.setenv("DATABASE_URL", database_url)
    return old, new


def read_with(url: str, *keys: str) -> list[str]:
    """All that is sealed, opened with these keys alone."""
    database, vault = Database(url), Vault(keys)
    with database.read() as session:
        given = session.scalars(select(Feedback).order_by(Feedback.id)).all()
        asks = session.scalars(select(FeedbackAsk).options(selectinload(FeedbackAsk.asked))).all()
    database.dispose()
    return [
        *(sealing.words_of(vault, each).saw for each in given),
        *(sealing.question_of(vault, each) for each in asks),
    ]


EVERYTHING = [*(f"Number {number}" for number in range(5)), "How was the demo?"]


def test_after_a_rotation_the_first_key_alone_opens_everything(
    monkeypatch: pytest.MonkeyPatch, keys: tuple[str, str], database_url: str
) -> None:
    old, new = keys
    monkeypatch.setattr("jobs.feedback.BATCH", 2)
    monkeypatch.setenv("FEEDBACK_KEYS", f"{new},{old}")
    assert read_with(database_url, new, old) == EVERYTHING
    for _ in range(2):
        done = prickle("rotate-feedback")
        assert (done.exit_code, done.output) == (0, "Encrypted under the first key: 6. The other keys can go now.\n")
    assert read_with(database_url, new) == EVERYTHING
    with pytest.raises(Shut):
        read_with(database_url, old)


def test_a_rotation_that_lacks_the_old_key_changes_nothing_and_says_so(
    monkeypatch: pytest.MonkeyPatch, keys: tuple[str, str], database_url: str
) -> None:
    old, new = keys
    monkeypatch.setenv("FEEDBACK_KEYS", new)
    done = prickle("rotate-feedback")
    assert done.exit_code == 1
    assert done.output.startswith("Some feedback opens with no key in FEEDBACK_KEYS")
    assert read_with(database_url, old) == EVERYTHING


def test_what_is_edited_while_the_keys_are_rotated_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, keys: tuple[str, str], database_url: str
) -> None:
    old, new = keys
    database, both = Database(database_url), Vault([new, old])

    def edit() -> None:
        for number in range(20):
            with database.begin() as session:
                row = session.scalars(select(Feedback).where(Feedback.source == "3").with_for_update()).one()
                sealing.seal(both, row, Words(f"Edit {number}"))

    with ThreadPoolExecutor(2) as pool:
        edits, rotated = pool.submit(edit), pool.submit(feedback.rotate, database, both)
        edits.result(timeout=20)
        assert rotated.result(timeout=20).count == 6
    database.dispose()
    assert read_with(database_url, new)[3] == "Edit 19"


def as_earlier_versions_sealed(url: str, key: str) -> None:
    """Have all texts bound to their people alone."""
    database, vault = Database(url), Vault([key])
    with database.begin() as session:
        for row in session.scalars(select(Feedback)):
            words = {"saw": sealing.words_of(vault, row).saw, "effect": "", "suggestion": "", "link": None}
            row.sealed = vault.seal(json.dumps(words), bound_to="ada>lee").removeprefix(MARK)
        for ask in session.scalars(select(FeedbackAsk)):
            ask.sealed = vault.seal("How was the demo?", bound_to="ada?").removeprefix(MARK)
    database.dispose()


def test_what_an_earlier_version_sealed_opens_and_a_rotation_binds_it_to_its_row(
    monkeypatch: pytest.MonkeyPatch, slack: Workspace, keys: tuple[str, str], database_url: str
) -> None:
    old, _new = keys
    as_earlier_versions_sealed(database_url, old)
    assert read_with(database_url, old) == EVERYTHING
    monkeypatch.setenv("FEEDBACK_KEYS", old)
    asked = "✗ An earlier version encrypted 6 of the texts of feedback: run `prickle rotate-feedback`, once."
    assert asked in prickle("doctor").output
    assert prickle("rotate-feedback").output.startswith("Encrypted under the first key: 6.")
    assert "An earlier version" not in prickle("doctor").output
    assert read_with(database_url, old) == EVERYTHING

    swap(database_url, "0", "1")
    with pytest.raises(Shut, match="somebody changed it in the database"):
        read_with(database_url, old)


def swap(url: str, *sources: str) -> None:
    """Exchange two texts, as somebody who writes to the database can."""
    database = Database(url)
    with database.begin() as session:
        one, other = (session.scalars(select(Feedback).where(Feedback.source == each)).one() for each in sources)
        one.sealed, other.sealed = other.sealed, one.sealed
    database.dispose()


def test_a_rotation_leaves_what_somebody_swapped_and_says_how_much_that_is(
    monkeypatch: pytest.MonkeyPatch, keys: tuple[str, str], database_url: str
) -> None:
    old, new = keys
    swap(database_url, "0", "1")
    monkeypatch.setenv("FEEDBACK_KEYS", f"{new},{old}")
    done = prickle("rotate-feedback")
    assert done.exit_code == 1
    assert done.output.startswith("Encrypted under the first key: 4. The other keys can go now.\nLeft as they are: 2.")


def test_a_rotation_without_a_key_or_tables_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = prickle("rotate-feedback")
    assert (asked.exit_code, asked.output) == (
        2,
        "FEEDBACK_KEYS is missing: `prickle feedback-key` makes a key for it.\n",
    )
    monkeypatch.setenv("FEEDBACK_KEYS", new_key())
    assert prickle("rotate-feedback").output == "The database has no tables yet: run `prickle migrate`.\n"


def test_the_doctor_sees_feedback_that_no_key_opens(
    slack: Workspace, keys: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDBACK_KEYS", keys[0])
    assert "✓ FEEDBACK_KEYS is good" in prickle("doctor").output
    for wrong_keys in ("", keys[1]):
        monkeypatch.setenv("FEEDBACK_KEYS", wrong_keys)
        output = prickle("doctor").output
        assert "✗ There is feedback that no key in FEEDBACK_KEYS opens." in output
        assert not [key for key in keys if key in output]
