"""The lead was asked to finalize, and then goes away, leaves, or hands the lead over: somebody else is asked."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.domain.calendar.cadence import PromptKind
from bot.domain.rhythm import next_due
from bot.platform import clock
from models.outbox import Post
from tests.jobs.test_rhythm import asked, dms, is_revealed, live, move, newest, nothing_new
from tests.retro import begin, sprint_ends
from tests.stories import After
from tests.world import World

ANYONE = "Anyone in the team can finalize"


def all_answer(world: World) -> None:
    """Everybody has nothing to add, the lead first: Ada is asked to finalize."""
    nothing_new(world, "ada", "lee", "noor")


@pytest.fixture
def gathered(after: After) -> World:
    """Ada, Lee and Noor have answered; Ada, who leads, is asked to finalize."""
    return after(begin, sprint_ends, all_answer)


def in_the_channel(world: World, words: str = ANYONE) -> list[str]:
    """What the team reads of it in its channel."""
    return [text for text in world.texts("team-replay") if words in text]


def test_when_the_lead_goes_away_after_being_asked_the_team_is_asked_once(gathered: World) -> None:
    assert in_the_channel(gathered) == []
    gathered.person("ada").command("/sprint away until 7 august")
    (words,) = in_the_channel(gathered)
    assert words.startswith("Ada is away. Anyone in the team can finalize *Replay, 27 July–7 August*.")
    assert "Finalize" not in str([message["blocks"] for message in gathered.person("ada").dms])
    gathered.go_to("2026-07-27 12:00:00")
    assert len(in_the_channel(gathered)) == 1
    lee = gathered.person("lee")
    lee.press("Finalize", gathered.card("team-replay", ANYONE))
    assert lee.submit(direction="Speed first.") == {}
    assert "Finalized by Lee, for Ada." in gathered.card("team-replay", "Speed first")["text"]


def test_a_lead_who_answered_last_and_falls_ill_leaves_the_plan_to_the_team(after: After) -> None:
    world = after(begin, sprint_ends)
    nothing_new(world, "lee", "noor", "ada")
    assert asked(world, PromptKind.LEAD) == []
    world.slack.set_status("ada", "Out sick", ":face_with_thermometer:")
    world.slack.settle()
    assert in_the_channel(world)[0].startswith("Ada is away.")


def test_when_the_lead_is_back_the_channel_says_whose_it_is(gathered: World) -> None:
    ada = gathered.person("ada")
    ada.command("/sprint away until 7 august")
    assert len(in_the_channel(gathered)) == 1
    ada.command("/sprint back")
    assert in_the_channel(gathered) == []
    assert len(in_the_channel(gathered, "Ada is back, and can finalize")) == 1
    assert "is ready for you to finalize" in newest(gathered, "ada")["text"]


def test_when_the_leads_account_is_closed_after_they_were_asked_the_team_is_asked(gathered: World) -> None:
    gathered.slack.change_user("ada", deleted=True)
    gathered.slack.settle()
    assert in_the_channel(gathered)[0].startswith("Ada has left the company. Anyone in the team can finalize")


def test_who_takes_the_lead_over_is_asked_to_finalize(gathered: World) -> None:
    ada = gathered.person("ada")
    ada.command("/small-team lead")
    assert ada.submit(lead=gathered.id("lee")) == {}
    gathered.post()
    assert dms(gathered, "lee", "is ready for you to finalize") != []
    assert dms(gathered, "ada", "is ready for you to finalize") == []
    assert in_the_channel(gathered) == []
    lee = gathered.person("lee")
    lee.press("Finalize", newest(gathered, "lee", "for you to finalize"))
    assert lee.submit(direction="Speed first.") == {}


def test_once_the_plan_is_final_nobody_is_asked_whoever_leaves(gathered: World) -> None:
    gathered.finalize("ada", "Speed first.")
    gathered.person("ada").command("/sprint away until 7 august")
    assert in_the_channel(gathered) == []
    assert dms(gathered, "lee", "finalize") == []


# --- wherever the lead is -----------------------------------------------------------------------------------------

END = datetime(2026, 7, 28, 22, tzinfo=UTC)
ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/New_York")


@pytest.mark.parametrize("is_silent", [False, True], ids=["all answer", "nobody answers"])
@pytest.mark.parametrize("turned", range(3), ids=[zone.rpartition("/")[2] for zone in ZONES])
def test_wherever_lead_and_members_are_the_notes_come_first_and_everything_by_day(
    after: After, turned: int, is_silent: bool
) -> None:
    world = after(begin)
    zones = dict(zip(("ada", "lee", "noor"), [*ZONES[turned:], *ZONES[:turned]], strict=True))
    for name, zone in zones.items():
        move(world, name, zone)
    moment, revealed_at = datetime(2026, 7, 23, 20, 1, tzinfo=UTC), None
    while moment < END:
        world.go_to(f"{moment:%Y-%m-%d %H:%M:%S}")
        for name in zones:
            if not is_silent and live(world, name):
                nothing_new(world, name)
        revealed_at = revealed_at or (moment if is_revealed(world) else None)
        with world.db.read() as session:
            moment = max(next_due.following(session, clock.now()) or END, moment) + timedelta(seconds=1)
    with world.db.read() as session:
        sent = session.scalars(select(Post).where(Post.card.in_(list(PromptKind)), Post.sent_at.is_not(None))).all()
    assert revealed_at is not None
    for post in sent:
        name = next(each for each in zones if world.id(each) == post.channel_id)
        local = (post.sent_at or moment).astimezone(ZoneInfo(zones[name]))
        assert 9 <= local.hour < 18
        if post.card == PromptKind.LEAD:
            assert (post.sent_at or moment) >= revealed_at
    reminders = [post.sent_at for post in sent if post.card == PromptKind.REMINDER and post.sent_at]
    assert len(reminders) == (3 if is_silent else 0)
    if is_silent:
        assert revealed_at >= max(reminders) + timedelta(hours=2)
    told = [post for post in sent if post.card == PromptKind.LEAD]
    assert len(told) == 1 or "now you can finalize it" in newest(world, "ada")["text"]
