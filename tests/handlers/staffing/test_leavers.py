"""People leave: their team, their desk and whoever waits for them are told, with a next step."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.calendar import cadence
from bot.domain.rhythm import schedules
from bot.domain.teams import teams
from bot.platform import clock
from models.desks import Desk
from models.intake.requests import Ball, State
from models.outbox import Post
from models.retros import Action, ActionState, Retro
from models.sprints import Sprint
from tests import decided, intake
from tests.decided import booked, card, stands, stored, thread
from tests.domain.company import NOW
from tests.stories import After
from tests.world import World

MORNINGS = ("2026-07-10 08:01:00", "2026-07-13 07:01:00")  # of the turn, and of the reminder
HOW = {
    "left": ({"deleted": True}, "has left the company"),
    "became a guest": ({"is_restricted": True}, "is a guest here now"),
}


def goes(world: World, name: str, how: str = "left") -> str:
    """Somebody is no full member any more. Returns in which words that is told."""
    changes, words = HOW[how]
    world.slack.change_user(name, **changes)
    world.slack.settle()
    world.post()
    return words


def replay(world: World) -> None:
    """Ada leads Replay, with Lee and Noor; their plan is open."""
    world.set_up()
    world.team("ada", "lee", "noor", weeks=1)
    world.plan("ada", high="Buffer")
    world.post()


def action(world: World, owner: str, text: str = "Write less") -> int:
    """An open action of a retro that is over."""
    with world.db.begin() as session:
        sprint = session.scalars(select(Sprint)).first()
        assert sprint is not None
        retro = Retro(sprint_id=sprint.id, created_at=NOW, closed_at=NOW, revealed_at=NOW)
        session.add(retro)
        session.flush()
        values = {"text": text, "owner_id": world.id(owner), "state": ActionState.OPEN, "created_at": NOW}
        made = Action(team_id=sprint.team_id, retro_id=retro.id, **values)
        session.add(made)
        session.flush()
        return made.id


# --- a team's lead ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", HOW)
def test_the_lead_is_gone_and_the_team_is_told_in_its_channel(after: After, how: str) -> None:
    world = after(replay)
    words = goes(world, "ada", how)
    assert world.texts("team-replay")[-1] == f"Ada {words}, so nobody leads Replay now. Who of you takes the lead?"


@pytest.mark.parametrize("how", HOW)
def test_whoever_presses_ill_lead_leads_and_the_old_leads_seat_is_free(after: After, how: str) -> None:
    world = after(replay)
    goes(world, "ada", how)
    world.person("lee").press("I'll lead")
    assert "Lee leads Replay from" in world.texts("team-replay")[-1]
    assert world.members("Replay") == ["Lee", "Noor"]
    world.person("lee").command("/sprint finalize")
    assert world.person("lee").view is not None


def test_the_second_who_presses_ill_lead_reads_who_was_faster(after: After) -> None:
    world = after(replay)
    goes(world, "ada")
    world.person("lee").press("I'll lead")
    world.person("noor").press("I'll lead")
    assert "Only the lead of Replay, Lee, can hand the lead over." in str(world.person("noor").view)


def test_ill_lead_is_in_the_teams_window_too(after: After) -> None:
    world = after(replay)
    goes(world, "ada")
    noor = world.person("noor")
    noor.command("/small-team")
    noor.click("team_take_lead")
    with world.db.read() as session:
        assert teams.leads(teams.get(session, world.team_id("Replay")), world.id("noor"))


def test_somebody_of_another_team_cant_take_the_lead(after: After) -> None:
    world = after(replay)
    goes(world, "ada")
    world.person("tom").press("I'll lead", world.card("team-replay", "nobody leads"))
    assert "Only people of Replay can choose its lead." in str(world.person("tom").view)


def test_a_team_in_which_nobody_is_left_is_closed(world: World) -> None:
    world.set_up()
    world.team("ada")
    goes(world, "ada")
    assert world.texts("team-replay")[-1] == "Replay is closed. Its plans and retros stay readable here."
    world.team("sam", "mia")
    assert world.members("Replay") == ["Mia", "Sam"]


def test_a_lead_who_left_while_nobody_listened_is_told_of_with_the_next_look(after: After) -> None:
    world = after(replay)
    world.slack.user("ada").deleted = True
    world.meet()
    assert "so nobody leads Replay now" in world.texts("team-replay")[-1]


def turn_ahead(world: World) -> None:
    """Ada leads Replay, with Lee and Noor, whose first turn is ahead; Noor has answered."""
    world.set_up()
    world.team("ada", "lee", "noor", weeks=1)
    world.plan("noor", high="Buffer")
    world.post()


@pytest.mark.parametrize("how", HOW)
def test_a_lead_who_is_gone_is_neither_asked_nor_waited_for(after: After, how: str) -> None:
    world = after(turn_ahead)
    goes(world, "ada", how)
    before = len(world.person("ada").dms)
    for moment in MORNINGS:
        world.go_to(moment)
    assert len(world.person("lee").dms) == 2
    assert len(world.person("ada").dms) == before
    with world.db.read() as session:
        planned = session.scalars(select(Post.channel_id).where(Post.card.in_(cadence.ASKS)).distinct()).all()
    assert world.id("lee") in planned
    assert world.id("ada") not in planned
    assert waiting_line(str(world.card("team-replay", "Waiting for"))) == "Waiting for Lee"
    lee = world.person("lee")
    lee.command("/sprint")
    assert waiting_line(str(lee.view)) == "Waiting for Lee"


def test_what_a_lead_was_asked_before_becoming_a_guest_asks_nothing_any_more(after: After) -> None:
    world = after(turn_ahead)
    world.go_to(MORNINGS[0])
    asked = world.person("ada").dms[-1]
    assert "Nothing new" in str(asked["blocks"])
    goes(world, "ada", "became a guest")
    world.go_to(MORNINGS[1])
    assert len(world.person("lee").dms) == 2
    assert "Nothing new" not in str(world.person("ada").dms[-1]["blocks"])
    assert world.person("ada").dms[-1]["ts"] == asked["ts"]


@pytest.mark.parametrize("how", HOW)
def test_a_lead_who_is_gone_holds_up_neither_reveal_nor_schedule(after: After, how: str) -> None:
    world = after(turn_ahead)
    words = goes(world, "ada", how)
    with world.db.read() as session:
        coming = schedules.upcoming(session, teams.all_teams(session), now=clock.now(), count=10)
    assert {seat.name for each in coming for seat in each.people} == {"Lee", "Noor"}
    world.go_to(MORNINGS[0])
    world.plan("lee", high="Player")
    world.go_to("2026-07-10 08:30:00")
    asked = world.card("team-replay", "Anyone in the team can finalize")
    assert f"Ada {words}." in asked["text"]


def waiting_line(words: str) -> str:
    """For whom somebody reads that the team waits."""
    return words[words.index("Waiting for") :].partition(".")[0]


# --- actions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", ["ada", "lee"])
def test_the_open_actions_of_somebody_who_left_are_offered_to_the_team(after: After, owner: str) -> None:
    world = after(replay)
    number = action(world, owner)
    goes(world, owner)
    offer = world.card("team-replay", "Who takes what is still open?")
    assert "• Write less" in offer["text"]
    world.person("noor").click(f"action_take_{number}", message=offer)
    assert world.texts("team-replay")[-1] == "Noor takes over: Write less"
    with world.db.read() as session:
        assert session.get_one(Action, number).owner_id == world.id("noor")


def test_the_open_actions_of_somebody_who_moved_are_offered_to_the_team(after: After) -> None:
    world = after(replay)
    number = action(world, "lee")
    world.team("sam", "mia", name="Ingestion")
    lee = world.person("lee")
    lee.command("/small-team join Ingestion")
    assert lee.submit() == {}
    offer = world.card("team-replay", "Who takes what is still open?")
    world.person("ada").click(f"action_take_{number}", message=offer)
    world.person("noor").click(f"action_take_{number}", message=offer)
    assert "Ada has it." in str(world.person("noor").view)


def test_a_member_without_actions_leaves_without_a_word_about_them(after: After) -> None:
    world = after(replay)
    goes(world, "lee")
    assert not [text for text in world.texts("team-replay") if "still open" in text]


# --- who was to do something for a request ---------------------------------------------------------------------------


def leaves_the_company(world: World) -> str:
    return goes(world, "mia")


def becomes_a_guest(world: World) -> str:
    return goes(world, "mia", "became a guest")


def moves_away(world: World) -> str:
    mia = world.person("mia")
    mia.command("/small-team join Ingestion")
    assert mia.submit() == {}
    world.post()
    return "moved to Ingestion"


DECISIONS = {
    decided.embedded: "was to join the team",
    decided.built: "was to build this",
    decided.advised: "was to advise here",
}


@pytest.mark.parametrize("go", [leaves_the_company, becomes_a_guest, moves_away])
@pytest.mark.parametrize(("story", "what"), DECISIONS.items())
def test_who_was_to_do_it_is_gone_and_the_desk_owes_it(after: After, story: Any, what: str, go: Any) -> None:
    world = after(story)
    words = go(world)
    assert f"Mia {words}, and {what}. That is open again: PostHog AI answers anew." in thread(world)
    request = stored(world)
    assert (request.state, request.waiting_on) == (State.OPEN, Ball.DESK)
    assert stands(world) is None
    assert booked(world) == []
    assert world.id("mia") not in card(world)["text"]


@pytest.mark.parametrize("go", [leaves_the_company, moves_away])
def test_the_hosts_plan_names_an_engineer_who_is_gone_no_more(after: After, go: Any) -> None:
    world = after(decided.embedded)
    world.plan("ada", high="Summaries")
    assert "Mia" in str(world.card("team-replay", "13")["blocks"])
    go(world)
    assert "Mia" not in str(world.card("team-replay", "13")["blocks"])


def test_an_engineer_who_moves_to_the_team_that_they_were_to_join_is_booked_no_more(after: After) -> None:
    world = after(decided.embedded)
    mia = world.person("mia")
    mia.command("/small-team join Replay")
    assert mia.submit() == {}
    world.post()
    assert booked(world) == []
    assert "Mia moved to Replay, and was to join the team." in " ".join(thread(world))


def test_an_engineer_who_moves_and_stays_at_the_desk_keeps_what_they_were_to_do(after: After) -> None:
    world = after(decided.built)
    with world.db.begin() as session:
        session.scalars(select(Desk)).one().lead_id = world.id("mia")
    moves_away(world)
    assert stored(world).state == State.DECIDED


def test_somebody_who_is_held_leaves_and_is_held_no_more(after: After) -> None:
    world = after(decided.two_requests)
    decided.press(world, "sam", "request_claim")
    sam = world.person("sam")
    decided.from_details(world, "sam", "booking_hold")
    sam.fill(engineer=world.id("mia"))
    assert sam.submit() == {}
    world.post()
    assert booked(world) != []
    goes(world, "mia")
    assert booked(world) == []
    assert "so nobody is held for this." in thread(world)[-1]


# --- a desk -----------------------------------------------------------------------------------------------------


def test_a_desks_lead_leaves_and_the_desk_is_told(after: After) -> None:
    world = after(intake.begin)
    goes(world, "sam")
    words = "Sam has left the company, so nobody leads the desk PostHog AI now. Any of you can choose its next lead with `/reach-out setup`."
    assert words in world.texts("team-crew")


def test_anybody_of_the_desk_chooses_its_next_lead(after: After) -> None:
    world = after(intake.begin)
    goes(world, "sam")
    tom = world.person("tom")
    tom.command("/reach-out setup")
    tom.click("desk_edit_1")
    assert tom.submit(lead=world.id("tom")) == {}
    with world.db.read() as session:
        assert session.scalars(select(Desk.lead_id)).one() == world.id("tom")


def test_while_the_lead_is_there_nobody_else_of_the_desk_changes_it(after: After) -> None:
    world = after(intake.begin)
    world.person("tom").command("/reach-out setup")
    assert "Only an admin of this Slack workspace sets desks up" in world.person("tom").ephemerals[-1]["text"]


def test_the_card_says_who_stands_in_for_a_claimer_who_goes_away(after: After) -> None:
    world = after(decided.two_requests)
    decided.press(world, "mia", "request_claim")
    assert "since Mia is away" not in card(world)["text"]
    world.person("mia").command("/sprint away until 31 July")
    assert "since Mia is away" in card(world)["text"]
    world.person("mia").command("/sprint back")
    assert "since Mia is away" not in card(world)["text"]


def on_triage(world: World) -> list[str]:
    """Whom the request's card names as who has triage."""
    return [each for each in ("mia", "tom", "sam") if f"<@{world.id(each)}> has triage" in card(world)["text"]]


def test_the_card_names_who_stands_in_for_triage_no_more_when_they_are_gone(after: After) -> None:
    world = after(decided.two_requests)
    (first,) = on_triage(world)
    world.person(first).command("/sprint away until 31 July")
    (stand_in,) = on_triage(world)
    assert stand_in != first
    goes(world, stand_in)
    assert on_triage(world) not in ([first], [stand_in])


def test_a_message_about_a_week_is_not_sent_after_it(after: After) -> None:
    world = after(intake.begin)
    world.go_to(intake.MONDAY)
    world.go_to("2026-07-13 08:01:00")
    triager = next(name for name in ("mia", "sam", "tom") if dms_of(world, name))
    other = next(name for name in ("mia", "tom", "sam") if name != triager)
    world.go_to("2026-07-19 15:00:00")  # Sunday: whoever has the week now works again on the Monday after
    goes(world, triager)
    world.go_to("2026-07-20 06:00:00")
    world.go_to("2026-07-20 09:00:00")
    told = [each["text"] for name in ("mia", "tom", "sam") if name != triager for each in dms_of(world, name)]
    assert len(told) == 1, (other, told)


def dms_of(world: World, name: str) -> list[dict[str, Any]]:
    """What somebody was told of their week of triage."""
    return [each for each in world.person(name).dms if "triage" in each["text"].lower()]
