"""Planning a sprint in Slack."""

from tests.world import World


def test_three_people_plan_and_the_lead_finalizes(world: World) -> None:
    world.set_up()
    world.team("ada", "lee", "noor")
    world.plan("ada", high="Ship the new timeline\nWrite the changelog")
    assert "Waiting for Lee and Noor" in world.card("team-replay", "sprint")["text"]
    world.plan("lee", high="Cut first-frame time")
    world.plan("noor", side="Interview five customers")
    assert "Everybody has answered" in world.card("team-replay", "sprint")["text"]
    world.finalize("ada")
    card = world.card("sprints")
    assert "Playback first." in card["text"]
    assert len(world.texts("sprints")) == 1
