"""A rule holds while it is used: channels are shared, made private, renamed, and we are removed, while up and while down."""

import pytest
from sqlalchemy import select

from bot.platform import clock
from jobs.intake import sweeping as sweeps
from models.company import Company
from models.teams import Lost
from tests import intake
from tests.handlers.staffing.test_lost_channels import lost, next_at, replay_so_far, told
from tests.stories import After
from tests.world import World

INTAKE = "team-posthog-ai"


@pytest.fixture
def replay(after: After) -> World:
    """Team Replay of Ada, who leads, and Lee: its channel has a plan in it."""
    return after(replay_so_far)


def intake_lost(world: World) -> str | None:
    """Why the intake channel is lost, once everything is heard."""
    world.slack.settle()
    with world.db.read() as session:
        return session.scalars(select(Company.intake_lost)).one()


def said_in(world: World, channel: str) -> int:
    """How many messages of ours stand in a channel."""
    return len(world.texts(channel))


# --- a team's channel ---------------------------------------------------------------------------------------------


def test_nothing_new_is_posted_in_a_shared_channel_and_the_lead_is_told_once(replay: World) -> None:
    before = said_in(replay, "team-replay")
    replay.slack.share("team-replay")
    assert lost(replay) == Lost.SHARED
    assert next_at(replay) is None
    replay.plan("lee", high="Player")
    replay.go_to("2026-07-09 08:10:00")
    assert said_in(replay, "team-replay") == before
    assert "Player" not in str(replay.slack.messages("team-replay"))
    (words,) = told(replay)
    assert "shared with another company, and plans are internal" in words
    assert "`/small-team edit`" in words


def test_a_channel_that_was_shared_while_nobody_listened_is_seen_before_the_next_post(replay: World) -> None:
    replay.slack.channel("team-replay").is_ext_shared = True
    replay.hands.tick(61)
    replay.plan("lee", high="Player")
    replay.post()
    assert "Player" not in str(replay.slack.messages("team-replay"))
    assert lost(replay) == Lost.SHARED
    assert len(told(replay)) == 1


def test_while_slack_fails_to_say_whose_channel_it_is_nothing_is_posted_there(replay: World) -> None:
    replay.slack.channel("team-replay").is_ext_shared = True
    replay.hands.tick(61)
    replay.slack.faults.add("server_error", "conversations.info", times=None)
    replay.plan("lee", high="Player")
    for _ in range(4):
        replay.post()
        replay.hands.tick(120)
    assert "Player" not in str(replay.slack.messages("team-replay"))
    replay.slack.faults.clear()
    replay.post()
    assert "Player" not in str(replay.slack.messages("team-replay"))
    assert lost(replay) == Lost.SHARED


def test_after_ten_minutes_without_word_of_the_channel_the_plan_is_posted_all_the_same(replay: World) -> None:
    replay.hands.tick(61)
    replay.slack.faults.add("server_error", "conversations.info", times=None)
    replay.plan("lee", high="Player")
    replay.post()
    assert "Player" not in str(replay.slack.messages("team-replay"))
    replay.hands.tick(601)
    replay.post()
    assert "Player" in str(replay.slack.messages("team-replay"))


def test_a_channel_that_is_shared_no_more_is_used_again(replay: World) -> None:
    replay.slack.share("team-replay")
    assert lost(replay) == Lost.SHARED
    replay.plan("lee", high="Player")
    replay.post()
    replay.slack.share("team-replay", shared=False)
    assert lost(replay) is None
    assert next_at(replay) is not None
    assert "Player" in replay.card("team-replay", "sprint 13")["text"]


def test_a_screen_says_that_the_channel_is_shared(replay: World) -> None:
    replay.slack.share("team-replay")
    assert lost(replay) == Lost.SHARED
    ada = replay.person("ada")
    ada.command("/small-team")
    assert "shared with another company" in str(ada.view)


def test_a_channel_that_is_renamed_stays_the_teams(replay: World) -> None:
    replay.slack.rename("team-replay", "replay-and-friends")
    assert lost(replay) is None
    replay.plan("lee", high="Player")
    assert "Player" in replay.card("replay-and-friends", "sprint 13")["text"]


def test_who_was_removed_while_down_stays_out_as_while_up(replay: World) -> None:
    with replay.slack.lock:
        replay.slack.channel("team-replay").members.remove(replay.slack.bot_user_id)
    replay.finalize("ada")
    replay.post()
    assert replay.slack.bot_user_id not in replay.slack.channel("team-replay").members
    assert lost(replay) == Lost.REMOVED
    assert len([words for words in told(replay) if "I was removed from" in words]) == 1


def test_a_private_channel_is_refused_for_a_team(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/small-team edit")
    ada.fill(channel=replay.id("team-ingestion"))
    replay.slack.channel("team-ingestion").is_private = True  # while the form is open
    assert "it is gone, or private" in ada.submit()["channel"]


# --- the intake channel -------------------------------------------------------------------------------------------


def test_a_shared_intake_channel_is_refused_at_set_up(replay: World) -> None:
    replay.slack.channel("team-ingestion").is_ext_shared = True
    ivy = replay.person("ivy")
    ivy.command("/prickle setup")
    errors = ivy.submit(intake_channel=replay.id("team-ingestion"))
    assert "shared with another company. Requests are internal" in errors["intake_channel"]


def swept(world: World) -> None:
    """The bot is in the intake channel, and has read it."""
    sweeps.sweep(world.db, world.client, clock.now)
    world.post()
    world.hands.tick(301)


@pytest.mark.parametrize(
    ("change", "kind"), [("is_private", Lost.HIDDEN), ("deleted", Lost.HIDDEN), ("kicked", Lost.REMOVED)]
)
def test_who_set_up_is_told_once_when_ideas_would_vanish(replay: World, change: str, kind: Lost) -> None:
    swept(replay)
    channel = replay.slack.channel(INTAKE)
    with replay.slack.lock:
        if change == "is_private":
            channel.is_private = True
        elif change == "deleted":
            del replay.slack.store.channels[channel.id]
        else:
            channel.members.remove(replay.slack.bot_user_id)
    for _ in range(3):
        replay.sweep()
        replay.hands.tick(301)
    assert intake_lost(replay) == kind
    (words,) = [each for each in told(replay, "ivy") if "`/prickle setup`" in each]
    assert "nobody sees them" in words


def test_the_asker_reads_that_it_is_kept_while_nobody_can_post_there(replay: World) -> None:
    replay.slack.archive(INTAKE)
    assert intake_lost(replay) == Lost.ARCHIVED
    lee = replay.person("lee")
    lee.command("/reach-out A model for titles")
    said = lee.ephemerals[-1]["text"]
    assert said.startswith("Kept as #")
    assert "It is in" not in said


def test_the_first_desk_takes_the_requests_from_before(replay: World) -> None:
    replay.person("lee").command("/reach-out A model for titles")
    assert "Nobody answers yet" in str(replay.card(INTAKE, "A model for titles"))
    intake.desk(replay, team="Replay", lead="ada")
    assert "Nobody answers yet" not in str(replay.card(INTAKE, "A model for titles"))


def test_the_card_in_the_channel_before_says_where_to_go_and_is_unpinned(replay: World) -> None:
    intake.desk(replay, team="Replay", lead="ada")
    replay.post()
    replay.desks.turn()
    old = replay.slack.channel(INTAKE)
    assert len(old.pins) == 1
    ivy = replay.person("ivy")
    ivy.command("/prickle setup")
    assert ivy.submit(intake_channel=replay.id("team-ingestion")) == {}
    replay.post()
    replay.desks.turn()
    assert old.pins == []
    (card,) = [text for text in replay.texts(INTAKE) if "Reach out to the AI team in" in text and "from now on" in text]
    assert f"<#{replay.id('team-ingestion')}>" in card
    assert len(replay.slack.channel("team-ingestion").pins) == 1
