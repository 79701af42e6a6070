"""`/small-team pause` and `/small-team resume`: a team takes a break from sprints."""

from datetime import datetime

import pytest
from sqlalchemy import select

from bot.domain.calendar.cadence import PromptKind
from bot.platform import clock
from jobs import staffing
from models.outbox import Post, PostState
from models.teams import Team
from tests.stories import After
from tests.world import World, of_another_window


def replay_so_far(world: World) -> None:
    """Team Replay of Ada, who leads, and Lee, on Thursday 9 July; planning of 27 July–7 August opens on the 23rd."""
    world.set_up()
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")


@pytest.fixture
def replay(after: After) -> World:
    """Team Replay of Ada, who leads, and Lee, on Thursday 9 July; planning of 27 July–7 August opens on the 23rd."""
    return after(replay_so_far)


def pause(world: World, who: str = "ada", **values: str | None) -> dict[str, str]:
    """Pause the team as its lead."""
    person = world.person(who)
    person.command("/small-team pause")
    return person.submit(**{"because": "offsite in Lisbon", **values})


def team(world: World) -> Team:
    """The team, as it is stored."""
    with world.db.read() as session:
        return session.scalars(select(Team)).one()


def said(world: World, word: str) -> list[str]:
    """What the team's channel reads of its pause."""
    return [text for text in world.texts("team-replay") if word in text]


def answer(world: World, name: str, line: str) -> str:
    """What somebody reads who typed this."""
    person = world.person(name)
    person.command(line)
    return str(person.ephemerals[-1]["text"])


def asked(world: World) -> list[str]:
    """What was asked of anybody, in the order of time."""
    with world.db.read() as session:
        query = select(Post.card).where(Post.card.in_(PromptKind), Post.state == PostState.SENT)
        return [str(card) for card in session.scalars(query.order_by(Post.id))]


def test_a_paused_team_is_shown_as_such_and_its_channel_reads_it_once(replay: World) -> None:
    assert pause(replay, until="2026-08-02", because="offsite <in> Lisbon") == {}
    ada, tom = replay.person("ada"), replay.person("tom")
    assert "The team is paused until 2 August: offsite &lt;in&gt; Lisbon" in str(ada.view), "the team's window says so"
    ada.close_all()
    assert said(replay, "pauses") == ["Ada pauses the sprints of Replay until 2 August: offsite &lt;in&gt; Lisbon"]
    for line in ("/small-team list", "/small-team show Replay"):
        tom.command(line)
        assert "paused until 2 August: offsite &lt;in&gt; Lisbon" in str(tom.view)
        tom.close_all()
    ada.command("/sprint")
    assert "The team is paused until 2 August" in str(ada.view)
    ada.close_all()
    assert "The team is paused until 2 August" in str(ada.open_home())
    assert "The team is paused until 2 August" in replay.card("team-replay", "sprint 13")["text"]
    replay.go_to("2026-07-13 07:00:00")
    assert not [text for text in replay.texts("sprints") if "Replay: plans" in text]


def test_nobody_is_asked_while_it_lasts_and_planning_is_asked_anew_when_it_is_over(replay: World) -> None:
    assert pause(replay, until="2026-07-24") == {}
    assert team(replay).next_at is None
    for moment in ("2026-07-13 07:30:00", "2026-07-23 08:00:00", "2026-07-24 12:00:00", "2026-07-24 21:59:00"):
        replay.go_to(moment)
    assert asked(replay) == []
    assert team(replay).paused_at is not None
    replay.go_to("2026-07-24 22:00:30")  # midnight in Berlin
    assert (team(replay).paused_at, team(replay).paused_until, team(replay).paused_because) == (None, None, None)
    assert said(replay, "over") == ["The pause of Replay is over: its sprints continue."]
    replay.go_to("2026-07-27 07:00:00")
    assert asked(replay).count("turn") == 2


def test_the_lead_ends_it_with_a_word_or_a_button(replay: World) -> None:
    assert pause(replay) == {}
    ada = replay.person("ada")
    assert "is paused: offsite in Lisbon" in str(ada.view)
    ada.close_all()
    assert answer(replay, "ada", "/small-team resume").startswith("Replay is back.")
    assert team(replay).cadence_since == clock.now()
    assert team(replay).next_at == clock.now()
    replay.hands.tick(60)
    ada.command("/small-team")
    ada.click("menu_part_teams")
    ada.click("go_small_team_pause")
    assert ada.submit(because="holidays") == {}
    ada.close_all()
    ada.command("/small-team")
    ada.click("team_resume")
    assert "paused" not in str(ada.view)
    assert team(replay).paused_at is None
    assert len(said(replay, "over")) == 2


def test_only_the_lead_pauses_and_resumes(replay: World) -> None:
    assert answer(replay, "lee", "/small-team pause") == "Only the lead of Replay, Ada, can pause it."
    assert answer(replay, "lee", "/small-team resume") == "Only the lead of Replay, Ada, can end its pause."
    assert answer(replay, "tom", "/small-team pause").startswith("You are in no small team yet.")


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"until": "2026-07-08"}, "until", "That day has passed."),
        ({"because": "   "}, "because", "Say in one line why"),
    ],
)
def test_a_day_that_is_over_and_no_reason_are_refused(
    replay: World, values: dict[str, str], field: str, words: str
) -> None:
    errors = pause(replay, **values)
    assert errors[field].startswith(words)
    assert team(replay).paused_at is None
    assert replay.person("ada").submit(until="2026-07-09", because="today only") == {}


def test_pausing_twice_and_resuming_what_runs_are_sentences(replay: World) -> None:
    assert answer(replay, "ada", "/small-team resume").startswith("Replay is not paused.")
    assert pause(replay, until="2026-08-02") == {}
    replay.person("ada").close_all()
    assert answer(replay, "ada", "/small-team pause").startswith("Replay is paused already until 2 August.")


def test_two_forms_that_are_sent_at_once_pause_it_once(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/small-team pause")
    ada.fill(because="offsite")
    payload = replay.submission("ada")
    other = of_another_window(payload)
    answers = replay.at_once(
        lambda: replay.slack.deliver("interactive", payload), lambda: replay.slack.deliver("interactive", other)
    )
    assert sorted("is paused already" in str(each) for each in answers) == [False, True]
    assert len(said(replay, "pauses")) == 1


def test_two_replicas_end_a_pause_once(replay: World) -> None:
    assert pause(replay, until="2026-07-10") == {}
    replay.hands.move_to("2026-07-10 22:00:00")
    ends = [lambda: staffing.end_over(replay.db, clock.now)] * 2
    assert sum(replay.at_once(*ends)) == 1
    assert len(said(replay, "over")) == 1


def test_a_pause_ends_by_the_teams_own_calendar(replay: World) -> None:
    zone(replay, "Pacific/Honolulu")
    assert pause(replay, until="2026-07-10") == {}
    replay.go_to("2026-07-11 09:59:00")
    assert team(replay).paused_at is not None
    replay.go_to("2026-07-11 10:00:00")
    assert team(replay).paused_at is None


def zone(world: World, name: str) -> None:
    """The team moves to another zone."""
    with world.db.begin() as session:
        session.scalars(select(Team)).one().zone = name


def test_after_a_long_stop_the_pause_is_over_at_the_first_look(replay: World) -> None:
    assert pause(replay, until="2026-07-10") == {}
    replay.go_to("2026-07-22 08:00:00")
    assert team(replay).paused_at is None
    assert team(replay).next_at == datetime.fromisoformat("2026-07-24 08:00:00+00:00")
