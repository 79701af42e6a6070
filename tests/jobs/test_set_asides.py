"""One bad row never stops the others: it is tried three times, set aside, and tried again when Prickle starts."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot.domain.calendar.cadence import PromptKind
from bot.domain.desks import desks
from bot.domain.intake import decisions, digests, nudges
from bot.domain.outbox import set_asides
from bot.domain.outbox.set_asides import TRIES, What
from bot.domain.retros import revealing
from bot.domain.rhythm import turns
from bot.domain.sprints import cards, closings, sprints
from bot.domain.staffing import away_statuses, aways, pauses
from bot.platform import clock
from jobs import JOBS, batches
from models.intake.events import InboundEvent
from models.outbox import Post, PostState, SetAside
from models.sprints import Sprint
from models.teams import Team
from tests.decided import two_requests
from tests.intake import begin, desk, desk_id
from tests.stories import After
from tests.world import World

TURN = "2026-07-10 08:10:00"


def two_teams(world: World) -> None:
    """Replay of Ada and Lee, Ingestion of Noor and Sam."""
    world.set_up()
    world.team("ada", "lee")
    world.team("noor", "sam", name="Ingestion")


@pytest.fixture
def teams(after: After) -> World:
    """Replay of Ada and Lee, Ingestion of Noor and Sam."""
    return after(two_teams)


def asides(world: World) -> list[tuple[str, str, int]]:
    """What failed, for which row, and how often."""
    with world.db.read() as session:
        found = session.scalars(select(SetAside).order_by(SetAside.what, SetAside.subject)).all()
        return [(row.what, row.subject, row.attempts) for row in found]


def asked(world: World) -> set[str]:
    """Who was asked to plan."""
    names = {world.id(name): name for name in ("ada", "lee", "noor", "sam")}
    with world.db.read() as session:
        return {names[each] for each in session.scalars(select(Post.channel_id).where(Post.card == PromptKind.TURN))}


def run(world: World, name: str) -> None:
    """Let one job have its tick."""
    next(job for job in JOBS if job.name == name).run(world.replica_of_jobs)


def fail(world: World, name: str, *, times: int) -> None:
    """Let it tick until what fails has failed so often."""
    for _ in range(times):
        run(world, name)
        world.hands.tick(timedelta(minutes=6))


def breaking(monkeypatch: pytest.MonkeyPatch, module: object, name: str, is_bad: Callable[..., bool]) -> list[Any]:
    """Have a rule of the bot's fail for one row, as a bug in it would. Returns what it was called with and went well."""
    right, went_well = getattr(module, name), []

    def wrong(*args: Any, **words: Any) -> Any:
        if is_bad(*args, **words):
            raise ZeroDivisionError
        went_well.append(args)
        return right(*args, **words)

    monkeypatch.setattr(module, name, wrong)
    return went_well


def test_a_team_that_cant_be_planned_stops_no_other(
    teams: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    breaking(monkeypatch, sprints, "cadence_with", lambda team, _weekend: team.name == "Replay")
    teams.hands.move_to(TURN)
    with caplog.at_level(logging.WARNING):
        fail(teams, "prompts", times=5)
    assert asked(teams) == {"noor", "sam"}
    assert asides(teams) == [("asking", str(teams.team_id("Replay")), TRIES)]
    said = [record for record in caplog.records if record.name == set_asides.__name__]
    assert [bool(record.exc_info) for record in said] == [False, False, True], "a line each, and one whole story"


def test_what_is_set_aside_is_tried_again_when_prickle_starts(teams: World, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, sprints, "cadence_with", lambda team, _weekend: team.name == "Replay")
    teams.hands.move_to(TURN)
    fail(teams, "prompts", times=TRIES)
    monkeypatch.undo()  # a new version
    run(teams, "prompts")
    assert asides(teams) != []
    batches.start(teams.db, clock.now)
    run(teams, "prompts")
    assert asides(teams) == []
    assert asked(teams) == {"ada", "lee", "noor", "sam"}


def test_a_sprint_that_cant_be_closed_stops_no_other(teams: World, monkeypatch: pytest.MonkeyPatch) -> None:
    teams.plan("ada", high="Timeline")
    teams.plan("noor", high="Kafka")
    with teams.db.begin() as session:
        first, other = session.scalars(select(Sprint).order_by(Sprint.id))
        first.closes_at = other.closes_at = clock.now()
    breaking(monkeypatch, closings, "_close", lambda _session, sprint, _now: sprint.id == first.id)
    fail(teams, "sprints", times=TRIES)
    with teams.db.read() as session:
        assert session.scalars(select(Sprint.id).where(Sprint.closed_at.is_not(None))).all() == [other.id]
    assert asides(teams) == [("closing", str(first.id), TRIES)]


def test_a_turn_that_cant_end_stops_no_other(teams: World, monkeypatch: pytest.MonkeyPatch) -> None:
    teams.hands.move_to(TURN)
    run(teams, "prompts")
    with teams.db.begin() as session:
        first, other = session.scalars(select(Sprint).order_by(Sprint.id))
        first.gathers_at = other.gathers_at = clock.now()
    breaking(monkeypatch, turns, "_look", lambda _session, sprint, _now: sprint.id == first.id)
    fail(teams, "turns", times=TRIES)
    with teams.db.read() as session:
        later = select(Sprint.id).where(Sprint.gathers_at > clock.now())
        assert session.scalars(later).all() == [other.id]
        assert not turns.due(session, clock.now())
    assert asides(teams) == [("gathering", str(first.id), TRIES)]


def test_somebody_whose_away_cant_end_stops_no_other(teams: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ada", "noor"):
        teams.person(name).command("/sprint away until 9 july")
    ada = teams.id("ada")
    breaking(monkeypatch, aways, "redraw", lambda _session, ids, _now: ada in ids)
    teams.hands.move_to("2026-07-10 08:10:00")
    fail(teams, "aways", times=TRIES)
    assert asides(teams) == [("away", ada, TRIES)]
    with teams.db.read() as session:
        assert session.scalars(select(Post.channel_id).where(Post.card == aways.CARD)).all() == [teams.id("noor")]


def test_a_pause_that_cant_end_stops_no_other(teams: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with teams.db.begin() as session:
        at = clock.now()
        session.execute(update(Team).values(paused_at=at, paused_until=at.date(), paused_because="Offsite"))
    first = teams.team_id("Replay")
    breaking(monkeypatch, pauses, "_show", lambda _session, team, _now: team.id == first)
    teams.hands.move_to("2026-07-10 08:10:00")
    fail(teams, "pauses", times=TRIES)
    with teams.db.read() as session:
        assert session.scalars(select(Team.name).where(Team.paused_at.is_(None))).all() == ["Ingestion"]
        assert session.scalars(select(Post.key).where(Post.key.startswith("resumed:"))).all() != []
    assert asides(teams) == [("pause", str(first), TRIES)]


@pytest.mark.parametrize(
    ("job", "module", "name"),
    [("nudges", nudges, "_places"), ("decisions", decisions, "let_go")],
    ids=["nudges", "decisions"],
)
def test_a_request_that_fails_stops_no_other(
    teams: World, monkeypatch: pytest.MonkeyPatch, job: str, module: object, name: str
) -> None:
    for words in ("A model for titles", "Search by meaning"):
        teams.person("ada").command(f"/reach-out {words}")
    with teams.db.begin() as session:
        session.execute(text("UPDATE requests SET nudge_at = NULL, returns_at = NULL"))
        column = "nudge_at" if job == "nudges" else "returns_at"
        session.execute(text(f"UPDATE requests SET {column} = :at").bindparams(at=clock.now()))  # noqa: S608
    tried = breaking(monkeypatch, module, name, lambda _session, request, *_more, **_words: request.id == 1)
    fail(teams, job, times=TRIES)
    assert {args[1].id for args in tried} == {2}
    assert [(subject, attempts) for _what, subject, attempts in asides(teams)] == [("1", TRIES)]


def test_an_account_that_cant_be_kept_stops_no_other(teams: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = teams.id("ada")
    breaking(monkeypatch, away_statuses, "says_away", lambda status, _now: status.text == "bad")
    teams.slack.user("ada").status_text = "bad"
    teams.slack.add_user("newcomer")
    for _ in range(TRIES):
        teams.meet()
    assert asides(teams) == [("status", ada, TRIES)]


def test_a_desk_whose_people_cant_be_read_stops_no_other(after: After, monkeypatch: pytest.MonkeyPatch) -> None:
    world = after(begin)
    for name, lead in (("Array", "ada"), ("Evals", "lee")):
        desk(world, name, owns="Agents", team="Replay", lead=lead, channel=world.id("team-crew"))
    world.slack.channel("team-crew").members.append(world.id("ivy"))
    array = desk_id(world, "Array")
    breaking(monkeypatch, desks, "sync", lambda _session, desk_id, *_more, **_words: desk_id == array)
    world.hands.tick(timedelta(minutes=11))
    fail(world, "desks", times=2 * TRIES)  # they are read every ten minutes
    assert asides(world) == [("desk_people", str(array), TRIES)]
    with world.db.read() as session:
        assert "Ivy" in [person.name for person in desks.people(session, desk_id(world, "Evals"))]
        assert "Ivy" not in [person.name for person in desks.people(session, array)]


def test_a_desk_that_is_read_again_is_set_aside_no_more(after: After, monkeypatch: pytest.MonkeyPatch) -> None:
    world = after(begin)
    array = desk(world, "Array", owns="Agents", team="Replay", lead="ada", channel=world.id("team-crew"))
    with monkeypatch.context() as patch:
        breaking(patch, desks, "sync", lambda _session, desk_id, *_more, **_words: desk_id == array)
        world.hands.tick(timedelta(minutes=11))
        run(world, "desks")
    assert [attempts for _what, _subject, attempts in asides(world)] == [1]
    world.hands.tick(timedelta(minutes=11))
    run(world, "desks")
    assert asides(world) == []


def test_a_digest_that_cant_be_planned_is_set_aside_like_the_rest(
    after: After, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = after(two_requests)
    world.hands.move_to("2026-07-13 07:05:00")
    with monkeypatch.context() as patch:
        breaking(patch, digests, "_ask", lambda *_any: True)
        fail(world, "digests", times=TRIES)
    assert asides(world) == [("digest", "2026-07-13", TRIES)]
    batches.start(world.db, clock.now)
    run(world, "digests")
    with world.db.read() as session:
        assert session.scalars(select(Post.id).where(Post.card == digests.CARD)).all() != []
    assert asides(world) == []


# --- events -----------------------------------------------------------------------------------------------------


def keep(world: World, event_id: str, **payload: Any) -> None:
    """Store an event as some version of the bot did."""
    with world.db.begin() as session:
        row = {"event_id": event_id, "payload": payload, "received_at": clock.now(), "attempts": 0}
        session.add(InboundEvent(**row))


def handled(world: World) -> list[str]:
    """The events that were acted on."""
    with world.db.read() as session:
        return sorted(session.scalars(select(InboundEvent.event_id).where(InboundEvent.handled_at.is_not(None))))


@pytest.mark.parametrize("payload", [{"kind": "message", "mood": "good"}, {"kind": "poem"}, {}, {"kind": None}])
def test_an_event_of_another_version_is_set_aside_and_the_rest_goes_on(teams: World, payload: dict[str, Any]) -> None:
    channel = teams.id("team-posthog-ai")
    keep(teams, "Ev0", **payload)
    keep(
        teams,
        "Ev1",
        kind="message",
        channel_id=channel,
        ts="1783584000.000100",
        person_id=teams.id("ada"),
        text="Titles",
    )
    teams.post()
    assert handled(teams) == ["Ev1"]
    fail(teams, "intake", times=TRIES)
    assert asides(teams) == [("event", "Ev0", TRIES)]
    with teams.db.begin() as session:  # the version that knows it is back
        good = {
            "kind": "message",
            "channel_id": channel,
            "ts": "1783584001.000100",
            "person_id": teams.id("lee"),
            "text": "Search",
        }
        session.get_one(InboundEvent, "Ev0").payload = good
    batches.start(teams.db, clock.now)
    teams.post()
    assert handled(teams) == ["Ev0", "Ev1"]
    assert asides(teams) == []


# --- messages ---------------------------------------------------------------------------------------------------


def test_a_message_that_cant_be_drawn_is_given_up_and_those_behind_it_are_posted(
    teams: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    teams.post()
    teams.plan("ada", high="Timeline")
    with teams.db.begin() as session:
        session.execute(update(Post).where(Post.card == cards.PLAN_CARD).values(subject_id=0))
    breaking(monkeypatch, sprints, "load", lambda _session, sprint_id, **_words: sprint_id == 0)
    for _ in range(TRIES):
        teams.deliveries[0].tick()
        teams.hands.tick(timedelta(seconds=61))
    with teams.db.read() as session:
        post = session.scalars(select(Post).where(Post.card == cards.PLAN_CARD)).one()
        assert (post.state, post.error) == (PostState.REFUSED, set_asides.NOT_DRAWN)
        assert set_asides.undrawn(session) == [post.key]


def test_every_kind_has_words_for_the_doctor() -> None:
    from bot.cli import doctor

    assert set(doctor.WORDS) == set(What)


def test_a_busy_database_is_no_fault_of_a_row(teams: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    def busy(*_args: object) -> None:
        raise OperationalError("UPDATE", {}, Exception("database is locked"))

    monkeypatch.setattr(revealing, "_reveal_all", busy)
    with teams.db.begin() as session, pytest.raises(OperationalError):
        set_asides.each(
            session, What.REVEAL, [1], lambda ids: revealing._reveal_all(session, ids, clock.now()), now=clock.now()
        )
    assert asides(teams) == []
