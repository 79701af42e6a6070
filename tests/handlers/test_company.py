"""`/prickle`: what it is, and the setup."""

from tests.world import World


def test_an_admin_sets_the_company_up_and_its_zone_is_offered_to_new_teams(world: World) -> None:
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    errors = ivy.submit(
        sprint_channel=world.id("sprints"), intake_channel=world.id("team-posthog-ai"), zone="Asia/Tokyo"
    )
    assert errors == {}
    assert "Next: `/small-team create`" in str(ivy.view)
    tom = world.person("tom")
    tom.command("/small-team create")
    assert "Asia/Tokyo" in str(tom.view)


def test_who_is_no_admin_reads_whom_to_ask(world: World) -> None:
    ada = world.person("ada")
    ada.command("/prickle setup")
    assert "Only an admin of this Slack workspace can set Prickle up." in ada.ephemerals[-1]["text"]
    assert ada.view is None


def test_one_channel_for_both_is_refused(world: World) -> None:
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    errors = ivy.submit(sprint_channel=world.id("sprints"), intake_channel=world.id("sprints"))
    assert errors["intake_channel"].startswith("Choose two channels")


def test_a_channel_that_is_shared_with_another_company_is_refused(world: World) -> None:
    world.slack.channel("sprints").is_ext_shared = True
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    errors = ivy.submit(sprint_channel=world.id("sprints"), intake_channel=world.id("team-posthog-ai"))
    assert errors == {"sprint_channel": "#sprints is shared with another company. Plans are internal: choose another."}


def test_the_bare_command_says_what_prickle_does(world: World) -> None:
    tom = world.person("tom")
    tom.command("/prickle")
    assert "keeps small teams in rhythm" in tom.ephemerals[-1]["text"]
