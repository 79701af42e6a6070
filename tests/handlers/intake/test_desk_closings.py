"""A desk is closed from its form in `/reach-out setup`, and another one takes what goes on there."""

import pytest
from sqlalchemy import select, update

from bot.domain.desks import desks
from bot.platform.errors import Refusal
from models.desks import Desk
from models.intake.requests import Ball, Request, State
from tests import decided
from tests.decided import RANKING, SUMMARIES, card, press, stored, thread
from tests.intake import CHANNEL, begin, desk, desk_id
from tests.stories import After
from tests.world import World


def two_desks(world: World) -> None:
    """Requests 1 and 2 are at PostHog AI, of Sam's team Crew; Array, of Yuki's team Ingestion, is the other desk."""
    decided.two_requests(world)
    desk(world, "Array", owns="Agents", team="Ingestion", lead="yuki")
    world.post()


@pytest.fixture
def crew(after: After) -> World:
    """Requests 1 and 2 are at PostHog AI, of Sam's team Crew; Array, of Yuki's team Ingestion, is the other desk."""
    return after(two_desks)


def open_form(world: World, name: str = "PostHog AI", *, by: str = "ivy") -> None:
    """Press *Close this desk* in its form."""
    person = world.person(by)
    person.command("/reach-out setup")
    person.click(f"desk_edit_{desk_id(world, name)}")
    person.click("desk_close")


def close(world: World, name: str = "PostHog AI", *, to: str | None = "Array", by: str = "ivy") -> dict[str, str]:
    """Close a desk, and have its requests go to another one. Returns the errors."""
    open_form(world, name, by=by)
    answer = world.person(by).submit(**({"desk": str(desk_id(world, to))} if to else {}))
    world.post()
    return answer


def test_what_goes_on_at_a_closed_desk_is_another_desks_and_each_thread_says_so_in_one_line(crew: World) -> None:
    assert close(crew) == {}
    assert "PostHog AI" not in str(crew.person("ivy").view)
    for request in (SUMMARIES, RANKING):
        assert stored(crew, request).desk_id == desk_id(crew, "Array")
        assert thread(crew, request) == ["PostHog AI takes no requests any more. *Array* answers here from now on."]
        assert "waiting on Array" in card(crew, request)["text"]


def test_nobody_answers_at_a_closed_desk_and_its_name_is_free(crew: World) -> None:
    assert close(crew) == {}
    with crew.db.read() as session:
        with pytest.raises(Refusal, match=r"Array \(lead Yuki\)\. "):
            desks.require_at_a_desk(session, crew.id("mia"))
        with pytest.raises(Refusal, match="Nobody answers there"):
            desks.get(session, desk_id(crew))
    assert "PostHog AI" not in crew.card(CHANNEL, "Reach out")["text"]
    before = desk_id(crew)
    crew.person("ivy").close_all()
    crew.person("ivy").command("/reach-out setup")
    crew.person("ivy").click("desk_new")
    fields = {"name": "PostHog AI", "owns": "Whatever talks", "team": str(crew.team_id("Crew")), "lead": crew.id("sam")}
    assert crew.person("ivy").submit(**fields) == {}
    with crew.db.read() as session:
        assert len(session.scalars(select(Desk).where(Desk.name == "PostHog AI", Desk.id >= before)).all()) == 2


def test_what_comes_in_after_it_is_at_the_first_desk_that_is_open(crew: World) -> None:
    assert close(crew) == {}
    crew.person("ada").command("/reach-out Group errors")
    crew.post()
    assert "waiting on Array" in crew.card(CHANNEL, "Group errors")["text"]


def test_the_last_desk_is_not_closed_while_requests_are_open_there(after: After) -> None:
    world = after(decided.two_requests)
    open_form(world)
    words = "PostHog AI is the last desk, and 2 requests are open there. Answer them, or found another desk first."
    assert words in str(world.person("ivy").view)
    with world.db.read() as session:
        assert [each.name for each in desks.all(session)] == ["PostHog AI"]


def test_the_last_desk_without_a_request_is_closed_and_the_pinned_card_says_so(after: After) -> None:
    world = after(begin)
    assert close(world, to=None) == {}
    assert "There is no desk yet" in str(world.person("ivy").view)
    assert "Nobody answers at the moment" in world.card(CHANNEL, "Reach out")["text"]
    world.person("ada").command("/reach-out Group errors")
    desk(world, "Array", owns="Agents", team="Replay", lead="ada")
    world.post()
    assert "waiting on Array" in world.card(CHANNEL, "Group errors")["text"]


def test_a_desk_without_a_request_needs_no_other(crew: World) -> None:
    open_form(crew, "Array")
    assert "No request is open there." in str(crew.person("ivy").view)
    assert crew.person("ivy").submit() == {}
    with crew.db.read() as session:
        assert [each.name for each in desks.all(session)] == ["PostHog AI"]


def test_a_request_that_came_in_while_the_form_was_open_is_asked_about(crew: World) -> None:
    open_form(crew, "Array")
    array = desk_id(crew, "Array")
    with crew.db.begin() as session:
        session.execute(update(Request).where(Request.id == RANKING).values(desk_id=array))
    assert crew.person("ivy").submit() == {"desk": "Choose the desk that takes its requests."}
    with crew.db.read() as session:
        assert len(desks.all(session)) == 2


def test_who_was_on_it_and_is_at_no_desk_any_more_leaves_it_free(crew: World) -> None:
    press(crew, "mia", "request_claim")
    assert stored(crew).claimer_id == crew.id("mia")
    assert close(crew) == {}
    assert (stored(crew).claimer_id, stored(crew).waiting_on) == (None, Ball.DESK)
    assert "Mia was on it, and does not answer requests any more." in thread(crew)[-1]


def test_who_is_at_the_other_desk_as_well_stays_on_it(after: After) -> None:
    world = after(decided.two_requests)
    desk(world, "Array", owns="Agents", team="Crew", lead="mia")
    press(world, "tom", "request_claim")
    assert close(world) == {}
    assert (stored(world).claimer_id, stored(world).waiting_on) == (world.id("tom"), Ball.CLAIMER)
    assert thread(world)[-1] == "PostHog AI takes no requests any more. *Array* answers here from now on."


def test_what_somebody_of_a_closed_desk_was_to_do_is_decided_anew(after: After) -> None:
    world = after(decided.built)
    desk(world, "Array", owns="Agents", team="Ingestion", lead="yuki")
    assert close(world) == {}
    assert (stored(world).state, stored(world).waiting_on) == (State.OPEN, Ball.DESK)
    assert (
        "Mia does not answer requests any more, and was to build this. That is open again: Array answers anew"
        in thread(world)[-1]
    )


def test_whoever_leads_a_desk_closes_it_and_has_nothing_left_to_set_up(crew: World) -> None:
    assert close(crew, by="sam") == {}
    assert crew.person("sam").view is None
    crew.person("sam").command("/reach-out setup")
    assert "Only an admin" in crew.person("sam").ephemerals[-1]["text"]


def test_whoever_leads_another_desk_closes_none(crew: World) -> None:
    yuki = crew.person("yuki")
    yuki.command("/reach-out setup")
    yuki.click(f"desk_edit_{desk_id(crew, 'Array')}")
    press_ = crew.press("yuki", "desk_close", None)
    press_["actions"][0]["value"] = str(desk_id(crew))
    crew.slack.deliver("interactive", press_)
    assert "Only an admin of this Slack workspace or Sam, its lead, can do that." in str(yuki.view)
    with crew.db.read() as session:
        assert len(desks.all(session)) == 2


def test_of_two_who_close_the_last_two_desks_at_once_one_is_told_that_theirs_is_the_last(crew: World) -> None:
    crew.slack.user("ada").is_admin = True
    crew.meet()
    open_form(crew, "PostHog AI", by="ivy")
    open_form(crew, "Array", by="ada")
    array = str(desk_id(crew, "Array"))
    crew.at_once(lambda: crew.person("ivy").submit(desk=array), crew.person("ada").submit)
    with crew.db.read() as session:
        (left,) = desks.all(session)
        assert {each.desk_id for each in session.scalars(select(Request))} == {left.id}


def test_a_request_that_is_made_while_a_desk_is_closed_is_at_one_that_is_open(crew: World) -> None:
    open_form(crew)
    array = str(desk_id(crew, "Array"))
    crew.at_once(
        lambda: crew.person("ivy").submit(desk=array), lambda: crew.person("ada").command("/reach-out Group errors")
    )
    with crew.db.read() as session:
        assert {each.desk_id for each in session.scalars(select(Request))} == {int(array)}
