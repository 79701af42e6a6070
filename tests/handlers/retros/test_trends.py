"""`/retro trends`, typed in Slack and read there."""

from typing import Any

import pytest

from tests.stories import After
from tests.world import World


def replay_so_far(world: World) -> None:
    """A team one of whose sprints is over."""
    world.go_to("2026-06-25 08:00:00")
    world.team("ada", "lee")
    world.plan("ada", high="One\nTwo")
    world.finalize("ada")
    world.mark_of("One", "finished")
    world.go_to("2026-07-14 08:00:00")


@pytest.fixture
def replay(after: After) -> World:
    """A team one of whose sprints is over."""
    return after(replay_so_far)


def pictures(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The image blocks of messages."""
    return [block for message in messages for block in message.get("blocks", []) if block["type"] == "image"]


def said_to(world: World, name: str) -> str:
    """The last thing that only this person sees."""
    return str(world.person(name).ephemerals[-1]["text"])


def test_wherever_it_is_typed_the_picture_comes_to_who_asked_alone(replay: World) -> None:
    replay.person("ada").command("/retro trends", "team-replay")
    assert "in our direct messages" in said_to(replay, "ada")
    replay.post()
    message = replay.person("ada").dms[-1]
    [image] = pictures([message])
    assert image["alt_text"].splitlines()[1:] == [
        "29 June: 1 finished, 1 carried, 0 dropped; retro: 0 of 2 took part.",
        "No open actions.",
    ]
    assert image["alt_text"] in message["text"]
    file = replay.slack.store.files[image["slack_file"]["id"]]
    assert (file.content or b"").startswith(b"\x89PNG")
    assert pictures(replay.slack.messages("team-replay")) == []


def test_from_there_it_is_shared_in_the_teams_channel_once(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/retro trends")
    replay.post()
    for _ in range(2):
        ada.press("Share in the team's channel", ada.dms[-1])
    replay.post()
    [shared] = [each for each in replay.slack.messages("team-replay") if pictures([each])]
    assert "Share" not in str(shared["blocks"])


def test_only_the_team_shares_its_trends(replay: World) -> None:
    tom = replay.person("tom")
    tom.command("/retro trends Replay")
    replay.post()
    tom.press("Share in the team's channel", tom.dms[-1])
    assert "Replay" in str(tom.view)
    replay.post()
    assert pictures(replay.slack.messages("team-replay")) == []


def test_trends_are_not_shared_where_nothing_can_be_posted(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/retro trends")
    replay.post()
    replay.slack.archive("team-replay")
    replay.slack.settle()
    ada.press("Share in the team's channel", ada.dms[-1])
    assert "Nothing can be posted in the channel of Replay" in str(ada.view)


def test_elsewhere_the_picture_comes_in_a_dm_and_for_any_team(replay: World) -> None:
    replay.person("tom").command("/retro trends repl", "sprints")
    assert "in our direct messages" in said_to(replay, "tom")
    replay.post()
    assert len(pictures(replay.person("tom").dms)) == 1
    assert pictures(replay.slack.messages("sprints") + replay.slack.messages("team-replay")) == []


def test_nobody_is_named_in_it(replay: World) -> None:
    replay.person("ada").command("/retro trends", "team-replay")
    replay.post()
    text = replay.person("ada").dms[-1]["text"]
    assert not [name for name in ("ada", "lee", "Ada", "Lee", replay.id("ada")) if name in text]


def test_a_team_without_a_sprint_that_is_over_gets_a_sentence(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    world.person("ada").command("/retro trends")
    assert "No sprint of Replay is over yet" in said_to(world, "ada")
    world.post()
    assert pictures(world.person("ada").dms) == []


def test_who_has_no_team_or_names_none_that_exists_is_told_what_to_do(replay: World) -> None:
    replay.person("tom").command("/retro trends")
    assert "You are in no small team yet" in said_to(replay, "tom")
    replay.person("tom").command("/retro trends <Nowhere>")
    assert "There is no team called “&lt;Nowhere&gt;”" in said_to(replay, "tom")


def test_its_help_names_it(replay: World) -> None:
    replay.person("ada").command("/retro help")
    assert "`/retro trends`" in said_to(replay, "ada")
