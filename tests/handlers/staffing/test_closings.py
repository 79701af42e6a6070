"""Teams end: a team of one is closed, and any team merges into another, with everybody in it."""

from sqlalchemy import select

from bot.domain.teams import teams
from models.desks import Desk
from models.retros import Action, ActionState, Retro
from models.sharing import Follow
from models.sprints import Change, Sprint
from models.teams import Team
from tests import intake
from tests.domain.company import NOW
from tests.retro import write
from tests.stories import After
from tests.world import World


def alone(world: World) -> None:
    """Ada is alone in Replay, and has a plan; Lee and Noor are in Ingestion."""
    world.set_up()
    world.team("ada", weeks=1)
    world.plan("ada", high="Buffer the last minute")
    world.team("lee", "noor", name="Ingestion")
    world.post()


def two_teams(world: World) -> None:
    """Ada leads Replay with Sam and Mia; Lee leads Ingestion with Noor."""
    world.set_up()
    world.team("ada", "sam", "mia")
    world.team("lee", "noor", name="Ingestion")
    for name in ("ada", "sam"):
        world.plan(name, high=f"What {name} does")
    world.post()


def close(world: World, name: str = "ada") -> None:
    world.person(name).command("/small-team close")
    assert world.person(name).submit() == {}
    world.person(name).close_all()
    world.post()


def merge(world: World, name: str = "ada", into: str = "Ingestion") -> dict[str, str]:
    world.person(name).command("/small-team merge")
    errors = world.person(name).submit(team=str(world.team_id(into)))
    world.post()
    return errors


def test_a_team_of_one_is_closed_and_its_plan_stays_readable(after: After) -> None:
    world = after(alone)
    close(world)
    assert world.texts("team-replay")[-1] == "Replay is closed. Its plans and retros stay readable here."
    lee = world.person("lee")
    lee.command("/sprint show Replay")
    assert "Buffer the last minute" in str(lee.view)
    lee.close_all()
    lee.command("/small-team show Replay")
    assert "The team was closed on" in str(lee.view)
    assert "Join" not in str(lee.view)


def test_its_name_and_channel_are_free_for_another_team(after: After) -> None:
    world = after(alone)
    close(world)
    world.team("sam", "mia")
    assert world.members("Replay") == ["Mia", "Sam"]
    lee = world.person("lee")
    lee.command("/small-team show replay")
    assert "Sam" in str(lee.view)


def test_its_lead_can_join_another_team(after: After) -> None:
    world = after(alone)
    close(world)
    ada = world.person("ada")
    ada.command("/small-team join Ingestion")
    assert ada.submit() == {}
    assert world.members("Ingestion") == ["Ada", "Lee", "Noor"]
    assert world.moves("ada") == [(None, "Replay"), ("Replay", None), (None, "Ingestion")]


def test_a_closed_team_is_in_no_list_and_takes_nobody(after: After) -> None:
    world = after(alone)
    tom = world.person("tom")
    tom.command("/small-team join Replay")
    close(world)
    tom.submit()
    assert "Replay was closed. Choose another team; `/small-team list` shows them." in str(tom.view)
    tom.close_all()
    tom.command("/small-team list")
    assert "Replay" not in str(tom.view)
    with world.db.read() as session:
        assert [team.name for team in teams.search(session, "")] == ["Ingestion"]


def test_nobody_of_a_closed_team_is_asked_anything_any_more(after: After) -> None:
    world = after(alone)
    close(world)
    before = len(world.person("ada").dms)
    for day in range(10, 31):
        world.go_to(f"2026-07-{day} 14:00:00")
    assert len(world.person("ada").dms) == before


def test_a_sprint_that_has_not_begun_when_its_team_closes_never_begins(after: After) -> None:
    world = after(alone)
    close(world)
    with world.db.read() as session:
        assert all(sprint.closed_at is not None for sprint in session.scalars(select(Sprint)))


def test_a_team_with_others_in_it_is_not_closed(after: After) -> None:
    world = after(two_teams)
    world.person("ada").command("/small-team close")
    words = world.person("ada").ephemerals[-1]["text"]
    assert words == "Sam, Mia would be without a team. Merge Replay into another one: everybody moves at once."


def test_the_team_of_a_desk_is_not_closed_before_the_desk_has_another(after: After) -> None:
    world = after(intake.begin)
    for name in ("mia", "tom"):
        world.person(name).command("/small-team leave")
        world.person(name).submit()
        world.person(name).close_all()
    world.person("sam").command("/small-team close")
    assert "is the team of the desk PostHog AI" in world.person("sam").ephemerals[-1]["text"]


def test_only_who_is_alone_sees_close_and_only_a_lead_sees_merge(after: After) -> None:
    world = after(alone)
    close, merge = "go_small_team_close", "go_small_team_merge"
    for name, seen in (("ada", {close, merge}), ("lee", {merge}), ("noor", set())):
        person = world.person(name)
        person.command("/small-team")
        person.click("menu_part_teams")
        shown = {
            each["action_id"]
            for block in (person.view or {})["blocks"]
            for each in block.get("elements", [])
            if "action_id" in each
        }
        assert shown & {close, merge} == seen
        person.close_all()


def test_a_team_merges_into_another_with_moves_for_everybody(after: After) -> None:
    world = after(two_teams)
    assert merge(world) == {}
    assert world.members("Ingestion") == ["Ada", "Lee", "Mia", "Noor", "Sam"]
    for name in ("ada", "sam", "mia"):
        assert world.moves(name)[-1] == ("Replay", "Ingestion")
    with world.db.read() as session:
        into = teams.get(session, world.team_id("Ingestion"))
        assert [member.person.name for member in into.members if member.is_lead] == ["Lee"]
        assert session.scalars(select(Team).where(Team.name == "Replay")).one().merged_into_id == into.id
    assert "Replay merges into Ingestion: Ada, Sam and Mia move to" in world.texts("team-replay")[-1]
    assert world.texts("team-ingestion")[-1] == (
        "Replay merges into Ingestion. Welcome, Ada, Sam and Mia! What they had planned is in the plan for 13–24 July now."
    )


def test_what_a_merged_team_had_planned_for_a_sprint_ahead_is_in_the_others_plan(after: After) -> None:
    world = after(two_teams)
    world.plan("lee", high="Backpressure")
    merge(world)
    plan = world.card("team-ingestion", "Backpressure")["text"]
    assert "What ada does — Ada" in plan
    assert "What sam does — Sam" in plan
    ada = world.person("ada")
    ada.command("/sprint plan")
    assert "What ada does" in str(ada.view)
    ada.close_all()
    ada.command("/sprint show Replay")
    assert "What ada does" not in str(ada.view)


def test_it_joins_a_final_plan_as_a_change_with_its_reason(after: After) -> None:
    world = after(two_teams)
    world.plan("lee", high="Backpressure")
    world.finalize("lee")
    merge(world)
    lee = world.person("lee")
    lee.command("/sprint show")
    assert "What ada does" in str(lee.view)
    with world.db.read() as session:
        reasons = session.execute(select(Change.title, Change.reason).where(Change.kind == "added"))
        assert sorted(map(tuple, reasons)) == [
            ("What ada does", "came with Replay"),
            ("What sam does", "came with Replay"),
        ]


def test_a_team_that_had_planned_nothing_ahead_brings_nothing(world: World) -> None:
    world.set_up()
    world.team("ada", "sam")
    world.team("lee", "noor", name="Ingestion")
    merge(world)
    assert world.texts("team-ingestion")[-1] == "Replay merges into Ingestion. Welcome, Ada and Sam!"


def test_a_merger_of_more_than_six_is_refused_and_nobody_moves(after: After) -> None:
    world = after(two_teams)
    for name in ("tom", "yuki"):
        world.person(name).command("/small-team join Ingestion")
        world.person(name).submit()
        world.person(name).close_all()
    assert merge(world) == {"team": "Together that is 7 people, and a small team has at most 6. Choose another team."}
    assert world.members("Replay") == ["Ada", "Mia", "Sam"]


def test_a_team_of_one_merges_too(after: After) -> None:
    world = after(alone)
    assert merge(world) == {}
    assert world.members("Ingestion") == ["Ada", "Lee", "Noor"]


def test_only_the_lead_merges_a_team(after: After) -> None:
    world = after(two_teams)
    world.person("sam").command("/small-team merge")
    assert "Only the lead of Replay, Ada, can merge it." in world.person("sam").ephemerals[-1]["text"]


def test_two_teams_that_merge_into_each_other_at_once_end_as_one(after: After) -> None:
    world = after(two_teams)
    for name, into in (("ada", "Ingestion"), ("lee", "Replay")):
        world.person(name).command("/small-team merge")
        world.person(name).fill(team=str(world.team_id(into)))

    def send(name: str) -> dict[str, str]:
        return world.person(name).submit()

    world.at_once(lambda: send("ada"), lambda: send("lee"))
    with world.db.read() as session:
        there = [len(team.members) for team in teams.all_teams(session)]
    assert there == [5]


def test_whoever_followed_a_merged_team_follows_the_other_one(after: After) -> None:
    world = after(two_teams)
    world.person("tom").command("/small-team follow Replay")
    merge(world)
    with world.db.read() as session:
        follow = session.scalars(select(Follow)).one()
        assert (follow.person_id, follow.team_id) == (world.id("tom"), world.team_id("Ingestion"))


def test_a_desk_whose_team_merges_is_the_other_teams(after: After) -> None:
    world = after(intake.begin)
    assert merge(world, "sam", "Replay") == {}
    with world.db.read() as session:
        assert session.scalars(select(Desk.team_id)).one() == world.team_id("Replay")


def requests_card(world: World) -> str:
    return str(world.card(intake.CHANNEL, "#1 ")["text"])


def test_the_card_of_a_request_names_its_team_also_once_that_is_renamed_merged_or_closed(after: After) -> None:
    world = after(intake.begin)
    world.team("yuki", name="Ingestion")
    world.person("yuki").command("/reach-out Summarise tickets")
    assert "for *Ingestion*" in requests_card(world)
    yuki = world.person("yuki")
    yuki.command("/small-team edit")
    assert yuki.submit(name="Pipelines") == {}
    yuki.close_all()
    assert "for *Pipelines*" in requests_card(world)
    assert merge(world, "yuki", "Replay") == {}
    assert "for *Replay*" in requests_card(world)
    for name in ("lee", "noor", "yuki"):
        world.person(name).command("/small-team leave")
        world.person(name).submit()
        world.person(name).close_all()
    close(world)
    assert "Replay" not in requests_card(world)


def test_the_notes_for_a_retro_that_a_merged_team_does_not_hold_any_more_are_there_to_be_read(after: After) -> None:
    world = after(two_teams)
    write(world, "sam", better="The deploys are slow")
    world.go_to("2026-07-24 08:05:00")  # its first sprint ends, and the board asks for notes
    write(world, "mia", well="The demos")
    merge(world)
    assert "The demos" in world.card("team-replay", "Retro: Replay")["text"]
    lee = world.person("lee")
    lee.command("/retro show Replay")
    assert "The deploys are slow" in str(lee.view)
    assert "The demos" in str(lee.view)


def test_a_note_of_somebody_who_closes_their_team_of_one_is_there_to_be_read(after: After) -> None:
    world = after(alone)
    write(world, "ada", better="Alone is too few")
    close(world)
    lee = world.person("lee")
    lee.command("/retro show Replay")
    assert "Alone is too few" in str(lee.view)


def test_an_open_action_goes_with_a_merged_team(after: After) -> None:
    world = after(two_teams)
    with world.db.begin() as session:
        sprint = session.scalars(select(Sprint)).one()
        retro = Retro(sprint_id=sprint.id, created_at=NOW, closed_at=NOW, revealed_at=NOW)
        session.add(retro)
        session.flush()
        action = {"text": "Write less", "owner_id": world.id("sam"), "state": ActionState.OPEN, "created_at": NOW}
        session.add(Action(team_id=sprint.team_id, retro_id=retro.id, **action))
    merge(world)
    lee = world.person("lee")
    lee.command("/retro actions")
    assert "Write less — Sam" in str(lee.view)
