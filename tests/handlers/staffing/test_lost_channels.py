"""A team's channel that is archived or that we are removed from: nobody is asked, and the lead is told once."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from models.teams import Lost, Team
from sandbox.world import events
from sandbox.world import manifest as manifests
from tests.stories import After
from tests.world import MANIFEST, World


def replay_so_far(world: World) -> None:
    """Team Replay of Ada, who leads, and Lee: its channel has a plan in it."""
    world.set_up()
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    world.post()


@pytest.fixture
def replay(after: After) -> World:
    """Team Replay of Ada, who leads, and Lee: its channel has a plan in it."""
    return after(replay_so_far)


def lost(world: World) -> Lost | None:
    """Why the team has no channel, once everything is heard."""
    world.slack.settle()
    with world.db.read() as session:
        return session.scalars(select(Team.channel_lost)).one()


def next_at(world: World) -> object:
    """When the clock looks at the team again."""
    with world.db.read() as session:
        return session.scalars(select(Team.next_at)).one()


def told(world: World, name: str = "ada") -> list[str]:
    """What somebody reads of the channel in their DM."""
    world.slack.settle()
    world.post()
    return [message["text"] for message in world.person(name).dms]


def test_an_archived_channel_is_told_once_with_what_to_do_and_nobody_is_asked(replay: World) -> None:
    replay.slack.archive("team-replay")
    assert lost(replay) == Lost.ARCHIVED
    assert next_at(replay) is None
    replay.plan("lee", high="Player")  # whose card Slack refuses
    for moment in ("2026-07-09 08:10:00", "2026-07-10 12:00:00", "2026-07-13 07:30:00"):
        replay.go_to(moment)
    words = told(replay)
    assert len(words) == 1
    assert "the channel is archived" in words[0]
    assert "Nobody of Replay is asked for plans until somebody unarchives it" in words[0]
    assert "`/small-team edit`" in words[0]
    assert told(replay, "lee") == []


def test_a_removal_is_told_once_with_what_to_do(replay: World) -> None:
    replay.slack.kick("team-replay")
    assert lost(replay) == Lost.REMOVED
    assert len(told(replay)) == 1
    assert "I was removed from <#" in told(replay)[0]
    assert "`/invite`" in told(replay)[0]


def test_every_screen_of_the_team_says_so(replay: World) -> None:
    replay.slack.archive("team-replay")
    assert lost(replay) == Lost.ARCHIVED
    ada = replay.person("ada")
    for line in ("/sprint", "/small-team"):
        ada.command(line)
        assert "the channel is archived" in str(ada.view)
        ada.close_all()


def test_nobody_is_pointed_to_a_channel_in_which_nothing_is_posted(replay: World) -> None:
    replay.slack.archive("team-replay")
    assert lost(replay) == Lost.ARCHIVED
    tom = replay.person("tom")
    tom.command("/small-team join Replay")
    assert tom.submit() == {}
    assert "You are in *Replay* now.'" in str(tom.view)
    tom.command("/sprint plan")
    assert tom.submit(high="One") == {}
    assert "for 13–24 July.'" in str(tom.view)


def test_unarchiving_finds_it_again_and_posts_what_could_not_be_posted(replay: World) -> None:
    replay.slack.archive("team-replay")
    assert lost(replay) == Lost.ARCHIVED
    replay.plan("lee", high="Player")
    replay.post()
    replay.slack.unarchive("team-replay")
    assert lost(replay) is None
    assert next_at(replay) is not None
    assert "Player" in replay.card("team-replay", "sprint 13")["text"]
    replay.slack.archive("team-replay")
    replay.hands.tick(1)
    assert len(told(replay)) == 2  # another loss


def test_an_invitation_finds_it_again(replay: World) -> None:
    replay.slack.kick("team-replay")
    assert lost(replay) == Lost.REMOVED
    replay.person("lee").invite("Prickle", "team-replay")
    assert lost(replay) is None
    assert next_at(replay) is not None


def test_somebody_elses_joining_finds_nothing(replay: World) -> None:
    replay.slack.add_user("kim")
    replay.slack.archive("team-replay")
    assert lost(replay) == Lost.ARCHIVED
    with replay.slack.lock:
        kim = replay.slack.user("kim").id
        channel = replay.id("team-replay")
        events.emit(replay.slack, {"type": "member_joined_channel", "user": kim, "channel": channel})
    assert lost(replay) == Lost.ARCHIVED


def test_another_channel_for_the_team_ends_it(replay: World) -> None:
    replay.slack.archive("team-replay")
    assert lost(replay) == Lost.ARCHIVED
    ada = replay.person("ada")
    ada.command("/small-team edit")
    assert ada.submit(channel=replay.id("team-ingestion")) == {}
    assert lost(replay) is None
    assert next_at(replay) is not None


def test_a_channel_of_no_team_is_nobodys_matter(replay: World) -> None:
    calls = len(replay.slack.calls)
    replay.slack.archive("team-ingestion")
    replay.slack.settle()
    assert [call.method for call in replay.slack.calls[calls:]] == []
    assert told(replay) == []


@pytest.mark.parametrize("mend", ["unarchive", "invite"])
def test_an_event_that_comes_after_it_was_mended_changes_nothing(replay: World, mend: str) -> None:
    with replay.slack.lock:
        kind = "channel_archive" if mend == "unarchive" else "channel_left"
        events.emit(replay.slack, {"type": kind, "channel": replay.id("team-replay")})
    assert lost(replay) is None
    assert told(replay) == []


def test_an_event_that_slack_sends_twice_is_told_once(replay: World) -> None:
    replay.slack.faults.add("duplicate_event", "channel_archive")
    replay.slack.archive("team-replay")
    assert lost(replay) == Lost.ARCHIVED
    assert len(told(replay)) == 1


def test_a_loss_whose_event_was_missed_is_told_by_the_first_refused_post(replay: World) -> None:
    replay.slack.channel("team-replay").is_archived = True
    replay.plan("lee", high="Player")
    assert len(told(replay)) == 1
    assert lost(replay) == Lost.ARCHIVED
    assert next_at(replay) is None
    with replay.slack.lock:
        events.emit(replay.slack, {"type": "channel_archive", "channel": replay.id("team-replay")})
    assert len(told(replay)) == 1


def test_while_the_leads_account_is_deactivated_somebody_else_of_the_team_is_told(replay: World) -> None:
    replay.slack.change_user("ada", deleted=True)
    replay.slack.settle()
    replay.slack.archive("team-replay")
    assert len(told(replay, "lee")) == 1


def test_a_card_that_could_not_be_edited_in_an_archived_channel_says_why_and_is_right_once_it_is_back(
    replay: World,
) -> None:
    replay.slack.manifest = replace(replay.slack.manifest, events=frozenset())  # nothing is heard of the archiving
    replay.slack.archive("team-replay")
    replay.plan("lee", high="Player")
    (words,) = told(replay)
    assert "the channel is archived" in words
    assert lost(replay) == Lost.ARCHIVED

    replay.slack.manifest = manifests.read(MANIFEST)
    replay.slack.unarchive("team-replay")
    replay.slack.settle()
    assert "Player" in replay.card("team-replay", "sprint")["text"]


def test_a_card_of_no_team_is_right_once_its_channel_is_unarchived(replay: World) -> None:
    replay.go_to("2026-07-10 08:05:00")
    replay.finalize("ada")
    replay.go_to("2026-07-10 08:15:00")
    assert "Replay: 1 item." in replay.card("sprints", "Replay: ")["text"]
    replay.slack.archive("sprints")
    replay.plan("lee", high="Seeking")
    replay.go_to("2026-07-10 08:25:00")
    replay.slack.unarchive("sprints")
    replay.slack.settle()
    assert "Replay: 2 items." in replay.card("sprints", "Replay: ")["text"]
