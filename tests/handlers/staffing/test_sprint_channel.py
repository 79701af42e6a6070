"""The company's sprint channel is shared, archived, made private, or we are removed: nobody else reads along, and an admin is told once."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from jobs import staffing
from models.company import Company
from models.teams import Lost
from tests import intake
from tests.handlers.staffing.test_lost_channels import lost, replay_so_far, told
from tests.handlers.staffing.test_rules_hold import intake_lost
from tests.stories import After
from tests.world import World

SPRINTS = "sprints"


def with_a_page(world: World) -> None:
    """Team Replay's plan is final, and the company's page stands."""
    replay_so_far(world)
    world.go_to("2026-07-10 08:05:00")
    world.finalize("ada")
    world.go_to("2026-07-10 08:15:00")


@pytest.fixture
def replay(after: After) -> World:
    """Team Replay of Ada, who leads, and Lee: its plan is final, and the company's page stands."""
    return after(with_a_page)


def sprints_lost(world: World) -> str | None:
    """Why the sprint channel is lost, once everything is heard."""
    world.slack.settle()
    world.post()
    with world.db.read() as session:
        return session.scalars(select(Company.sprint_lost)).one()


def share(world: World, words: str) -> str:
    """Lee shares context in a line. Returns what Lee reads."""
    lee = world.person("lee")
    lee.command(f"/context {words}")
    return str(lee.ephemerals[-1]["text"])


def of_the_channel(world: World, name: str = "ivy") -> list[str]:
    """What an admin was told of the sprint channel."""
    return [words for words in told(world, name) if "`/prickle setup`" in words]


def look(world: World) -> None:
    """Look whether what is lost can be posted in again."""
    staffing.look_at_lost(world.db, world.client, world.replica_of_jobs.now)
    world.post()


# --- lost -------------------------------------------------------------------------------------------------------


def test_nothing_more_is_posted_where_another_company_reads_along(replay: World) -> None:
    replay.slack.share(SPRINTS)
    assert sprints_lost(replay) == Lost.SHARED
    before = replay.texts(SPRINTS)
    assert "nothing can be posted at the moment" in share(replay, "A customer leaves us")
    replay.mark("ada", "Timeline", "Finished")
    replay.hands.tick(61)
    assert replay.texts(SPRINTS) == before
    (words,) = of_the_channel(replay)
    assert "shared with another company, and plans are internal" in words


def test_a_second_message_in_the_same_minute_is_not_posted_either(replay: World) -> None:
    replay.slack.channel(SPRINTS).is_ext_shared = True  # and no event tells of it
    replay.hands.tick(61)
    for words in ("A customer leaves us", "Another one, too"):
        share(replay, words)
        replay.post()
    assert "customer leaves" not in str(replay.slack.messages(SPRINTS))
    assert "Another one" not in str(replay.slack.messages(SPRINTS))
    assert sprints_lost(replay) == Lost.SHARED
    assert len(of_the_channel(replay)) == 1


@pytest.mark.parametrize(
    ("what", "kind", "words"),
    [
        ("archive", Lost.ARCHIVED, "the channel is archived"),
        ("kick", Lost.REMOVED, "somebody removed me"),
        ("private", Lost.HIDDEN, "it is private, and plans are for everybody"),
    ],
)
def test_an_admin_is_told_once_and_home_names_the_channel(replay: World, what: str, kind: Lost, words: str) -> None:
    acts: dict[str, Callable[[str], None]] = {
        "archive": replay.slack.archive,
        "kick": replay.slack.kick,
        "private": replay.slack.make_private,
    }
    replay.hands.tick(61)
    acts[what](SPRINTS)
    share(replay, "A customer leaves us")
    assert sprints_lost(replay) == kind
    share(replay, "Another one, too")
    (read,) = of_the_channel(replay)
    assert words in read
    ivy = replay.person("ivy")
    assert words in str(ivy.open_home())
    assert words not in str(replay.person("lee").open_home())
    assert "customer leaves" not in str(replay.slack.messages(SPRINTS))


def test_when_who_set_up_has_left_another_admin_is_told(replay: World) -> None:
    replay.slack.join_team("zoe", is_admin=True)
    replay.slack.settle()
    replay.slack.change_user("ivy", deleted=True)
    replay.slack.settle()
    replay.slack.archive(SPRINTS)
    assert sprints_lost(replay) == Lost.ARCHIVED
    assert len(of_the_channel(replay, "zoe")) == 1
    assert of_the_channel(replay) == []


# --- found again ------------------------------------------------------------------------------------------------


def test_once_it_is_shared_no_more_what_was_kept_stands_there(replay: World) -> None:
    replay.slack.share(SPRINTS)
    assert sprints_lost(replay) == Lost.SHARED
    share(replay, "A customer leaves us")
    replay.mark("ada", "Timeline", "Finished")
    replay.post()
    replay.slack.share(SPRINTS, shared=False)
    assert sprints_lost(replay) is None
    assert "A customer leaves us" in str(replay.slack.messages(SPRINTS))


def test_another_sprint_channel_shows_what_could_not_be_posted(replay: World) -> None:
    replay.slack.archive(SPRINTS)
    assert sprints_lost(replay) == Lost.ARCHIVED
    share(replay, "A customer leaves us")
    replay.post()
    ivy = replay.person("ivy")
    ivy.command("/prickle setup")
    assert ivy.submit(sprint_channel=replay.id("team-ingestion")) == {}
    assert sprints_lost(replay) is None
    said = str(replay.texts("team-ingestion"))
    assert "A customer leaves us" in said
    assert "Replay" in said
    assert "any more" not in str(ivy.open_home())


def test_the_page_in_the_channel_before_says_where_it_stands_now(replay: World) -> None:
    assert len(replay.texts(SPRINTS)) == 1
    ivy = replay.person("ivy")
    ivy.command("/prickle setup")
    assert ivy.submit(sprint_channel=replay.id("team-ingestion")) == {}
    replay.post()
    moved = f"All teams' sprints are in <#{replay.id('team-ingestion')}> now."
    assert replay.texts(SPRINTS) == [moved]
    replay.mark("ada", "Timeline", "Finished")
    replay.go_to("2026-07-10 08:20:00")
    assert replay.texts(SPRINTS) == [moved]
    (page,) = replay.texts("team-ingestion")
    assert "Replay" in page


@pytest.mark.parametrize("what", ["archived", "shared", "private"])
@pytest.mark.parametrize("channel", [SPRINTS, "team-replay", "team-posthog-ai"])
def test_what_was_mended_while_nobody_listened_is_found_by_a_look(replay: World, channel: str, what: str) -> None:
    intake.desk(replay, team="Replay", lead="ada")
    replay.sweep()
    replay.hands.tick(61)
    found = replay.slack.channel(channel)
    flag = {"archived": "is_archived", "shared": "is_ext_shared", "private": "is_private"}[what]
    setattr(found, flag, True)
    share(replay, "A customer leaves us")
    replay.mark("ada", "Timeline", "Finished")
    replay.person("lee").command("/reach-out A model for titles")
    replay.sweep()
    look(replay)
    why = {SPRINTS: sprints_lost, "team-replay": lost, "team-posthog-ai": intake_lost}[channel]
    assert why(replay) is not None
    setattr(found, flag, False)
    look(replay)
    assert why(replay) is None
    kept = {SPRINTS: "A customer leaves us", "team-replay": "🟢 Timeline", "team-posthog-ai": "A model for titles"}
    assert kept[channel] in str(replay.slack.messages(channel))


def test_where_somebody_removed_us_we_stay_out_whatever_else_changes_there(replay: World) -> None:
    for channel, why in ((SPRINTS, sprints_lost), ("team-replay", lost)):
        replay.slack.kick(channel)
        assert why(replay) == Lost.REMOVED
        replay.slack.share(channel)
        replay.slack.share(channel, shared=False)
        look(replay)
        assert why(replay) == Lost.REMOVED
        assert replay.slack.bot_user_id not in replay.slack.channel(channel).members


def test_a_channel_that_is_unarchived_and_shared_by_then_stays_lost(replay: World) -> None:
    replay.slack.archive("team-replay")
    assert lost(replay) == Lost.ARCHIVED
    replay.slack.channel("team-replay").is_ext_shared = True
    replay.slack.unarchive("team-replay")
    assert lost(replay) is not None


# --- a team's channel, and the intake channel -----------------------------------------------------------------------


def test_a_teams_channel_that_is_made_private_is_seen_before_the_next_post(replay: World) -> None:
    replay.hands.tick(61)
    replay.slack.make_private("team-replay")
    replay.mark("ada", "Timeline", "Finished")
    replay.post()
    assert lost(replay) == Lost.HIDDEN
    assert "🟢 Timeline" not in str(replay.slack.messages("team-replay"))
    (words,) = [each for each in told(replay) if "`/small-team edit`" in each]
    assert "it is private, and plans are for everybody" in words


def test_an_admin_is_told_that_only_some_people_may_post_in_the_intake_channel(replay: World) -> None:
    intake.desk(replay, team="Replay", lead="ada")
    replay.slack.restrict("team-posthog-ai", "read_only")
    replay.person("lee").command("/reach-out A model for titles")
    replay.post()
    (words,) = of_the_channel(replay)
    assert "only some people may post there" in words


def test_where_requests_stayed_behind_nothing_is_posted_once_another_company_reads_along(replay: World) -> None:
    intake.desk(replay, team="Replay", lead="ada")
    replay.sweep()
    replay.person("lee").command("/reach-out A model for titles")
    replay.post()
    ivy = replay.person("ivy")
    ivy.command("/prickle setup")
    assert ivy.submit(intake_channel=replay.id("team-ingestion")) == {}
    replay.post()
    replay.slack.channel("team-posthog-ai").is_ext_shared = True
    replay.hands.tick(61)
    before = str(replay.slack.messages("team-posthog-ai"))
    card = next(each for each in replay.slack.messages("team-posthog-ai") if "A model" in str(each))
    replay.person("ada").press("I'll take it", card)
    replay.post()
    assert str(replay.slack.messages("team-posthog-ai")) == before
    assert f"waiting on <@{replay.id('ada')}>" in replay.card("team-ingestion", "A model for titles")["text"]
