"""`/reach-out setup` and `/reach-out rota`."""

from collections.abc import Callable

import pytest

from tests.intake import begin, lines
from tests.stories import Story
from tests.world import World


def with_a_desk(world: World) -> None:
    """The AI team has a desk."""
    begin(world)


@pytest.fixture
def crew(after: Callable[[Story], World]) -> World:
    """Sam, Mia and Tom answer at PostHog AI."""
    return after(with_a_desk)


def test_an_admin_founds_a_desk_and_its_rota_is_filled(crew: World) -> None:
    ivy = crew.person("ivy")
    ivy.command("/reach-out setup")
    assert "*PostHog AI* · The assistant, and everything that talks" in lines(ivy.view)[0]
    assert "Mia, Sam and Tom (team Crew)" in lines(ivy.view)[0]
    mia = crew.person("mia")
    mia.command("/reach-out rota")
    assert lines(mia.view)[1:4] == ["This week: Mia", "From Mon 13 July: Sam", "From Mon 20 July: Tom"]
    assert "triage this week: Mia" in crew.card("team-posthog-ai", "Reach out")["text"]
