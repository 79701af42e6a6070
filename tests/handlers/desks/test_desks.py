"""`/reach-out setup` and `/reach-out rota`."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.desks import desks, duties, setups
from bot.platform import clock
from bot.platform.errors import Refusal
from models.company import Company, Person
from models.desks import Desk, TriageWeek
from tests.intake import CHANNEL, MONDAY, begin, desk, desk_id, lines, try_desk
from tests.stories import Story
from tests.world import World

Case = dict[str, Any]


@pytest.fixture
def crew(after: Callable[[Story], World]) -> World:
    """Sam, Mia and Tom answer at PostHog AI."""
    return after(begin)


def weeks(world: World, name: str = "PostHog AI") -> list[str]:
    """Who has triage, week by week, by their ids' names."""
    with world.db.read() as session:
        query = select(Person.name).join(TriageWeek).where(TriageWeek.desk_id == desk_id(world, name))
        return list(session.scalars(query.order_by(TriageWeek.week_on)))


def choose(world: World, name: str, week: int, words: str) -> None:
    """Choose from the menu beside a week of the only desk, in a fresh window."""
    person = world.person(name)
    person.command("/reach-out rota")
    menus = [block["accessory"] for block in (person.view or {})["blocks"] if "accessory" in block]
    option = next(each for each in menus[week]["options"] if words in each["text"]["text"])
    person.click(menus[week]["action_id"], select=option["value"])


def swap(world: World, name: str, week: int, other: int) -> dict[str, str]:
    """Swap two weeks in the rota's window. Returns the errors."""
    choose(world, name, week, "Swap")
    return submit_swap(world, name, other)


def submit_swap(world: World, name: str, other: int) -> dict[str, str]:
    """Choose the other week, by its number, in the form that is open, and send it."""
    person = world.person(name)
    block = next(each for each in (person.view or {})["blocks"] if each.get("block_id") == "other")
    day = f"2026-{('07-06', '07-13', '07-20', '07-27', '08-03', '08-10')[other]}"
    option = next(each["value"] for each in block["element"]["options"] if day in each["value"])
    return person.submit(other=option)


def on_triage(world: World, name: str = "PostHog AI") -> str | None:
    """Who answers first at a desk now."""
    with world.db.read() as session:
        person = duties.on_triage(session, desk_id(world, name), now=clock.now())
    return person.name if person else None


# --- setting up -------------------------------------------------------------------------------------------------


def test_an_admin_founds_a_desk_and_its_rota_is_filled(crew: World) -> None:
    ivy = crew.person("ivy")
    ivy.command("/reach-out setup")
    assert "*PostHog AI* · The assistant, and everything that talks" in lines(ivy.view)[0]
    assert "Mia, Sam and Tom (team Crew)" in lines(ivy.view)[0]
    mia = crew.person("mia")
    mia.command("/reach-out rota")
    assert lines(mia.view)[1:4] == ["This week: Mia", "From Mon 13 July: Sam", "From Mon 20 July: Tom"]


def test_the_list_comes_back_with_the_new_desk(crew: World) -> None:
    assert try_desk(crew, name="Array", owns="Agents that write code") == {}
    assert "*Array* · Agents that write code" in str(crew.person("ivy").view)


def test_the_card_says_what_each_desk_owns_and_who_has_triage_and_is_edited_in_place(crew: World) -> None:
    crew.post()
    before = crew.card(CHANNEL, "Reach out")
    assert "• *PostHog AI*: The assistant, and everything that talks · triage this week: Mia" in before["text"]
    desk(crew, "Array", owns="Agents", team="Replay", lead="ada")
    card = crew.card(CHANNEL, "Reach out")
    assert card["ts"] == before["ts"]
    assert "• *Array*: Agents · triage this week: Ada" in card["text"]


def test_a_desks_lead_edits_their_own_desk_and_no_other(crew: World) -> None:
    array = desk(crew, "Array", owns="Agents", team="Replay", lead="ada")
    sam = crew.person("sam")
    sam.command("/reach-out setup")
    assert "New desk" not in str(sam.view)
    assert f"desk_edit_{array}" not in str(sam.view)
    sam.click(f"desk_edit_{desk_id(crew)}")
    assert sam.submit(owns="Whatever talks") == {}
    assert "Whatever talks" in lines(sam.view)[0]
    with crew.db.read() as session, pytest.raises(Refusal, match="or Ada, its lead, can do that"):
        setups.require_setter(session, array, crew.id("sam"))


def test_who_is_neither_reads_whom_to_ask(crew: World) -> None:
    lee = crew.person("lee")
    lee.command("/reach-out setup")
    assert "sets desks up, and a desk's lead their own: Sam (PostHog AI)" in lee.ephemerals[-1]["text"]


REFUSED: dict[str, tuple[Case, str, str]] = {
    "a name that is taken, whatever its capitals": (
        {"name": "posthog  AI"},
        "name",
        "There is a desk called posthog AI",
    ),
    "markup in a name": ({"name": "*Array*"}, "name", "Leave asterisks"),
    "a lead who is an app": ({"lead": "hedge"}, "lead", "is an app"),
    "a lead who is a guest": ({"lead": "guest"}, "lead", "is a guest"),
    "a lead who is gone": ({"lead": "gone"}, "lead", "deactivated"),
    "a channel that is archived": ({"channel": "old"}, "channel", "#old is archived"),
    "a channel with another company in it": ({"channel": "partners"}, "channel", "another company"),
    "both a channel and a user group": ({"channel": "team-crew", "usergroup": "ai"}, "usergroup", "not both"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_is_refused_in_words(crew: World, case: str) -> None:
    changes, field, words = REFUSED[case]
    slack = crew.slack
    people = {
        "hedge": slack.add_user("hedge", is_bot=True),
        "guest": slack.add_user("guest", is_restricted=True),
        "gone": slack.add_user("gone"),
    }
    people["gone"].deleted = True
    crew.meet()
    slack.add_channel("old").is_archived = True
    slack.add_channel("partners").is_ext_shared = True
    group = slack.add_usergroup("ai", users=["lee"])
    ids = {"ai": group.id, **{name: user.id for name, user in people.items()}}
    channels = {name: slack.channel(name).id for name in ("old", "partners", "team-crew")}
    chosen = {key: {**ids, **channels}.get(value, value) for key, value in changes.items()}
    errors = refused(crew, **{"name": "Array", "owns": "Agents", **chosen})
    assert words in errors[field]


def refused(world: World, *, lead: str | None = None, **fields: Any) -> dict[str, str]:
    """Found a desk as an admin through the form, whatever Slack's pickers would offer. Returns the errors."""
    ivy = world.person("ivy")
    ivy.command("/reach-out setup")
    ivy.click("desk_new")
    ivy.fill(team=str(world.team_id("Crew")), lead=lead or world.id("sam"))
    return ivy.submit(**fields)


def test_a_channel_that_slack_does_not_know_is_refused(crew: World) -> None:
    crew.slack.faults.add("error", "conversations.info", code="channel_not_found", times=1)
    errors = refused(crew, name="Array", owns="Agents", channel=crew.id("team-replay"))
    assert errors == {"channel": "Slack knows no such channel any more. Choose another one."}


def test_blanks_are_no_name_and_no_line(crew: World) -> None:
    assert "Give the desk a name" in refused(crew, name="  ", owns="Agents").get("name", "")
    crew.person("ivy").close_all()
    assert "Say in one line" in refused(crew, name="Array", owns="  ").get("owns", "")


def test_two_who_found_the_same_desk_at_once_found_one(crew: World) -> None:
    crew.slack.user("ada").is_admin = True
    crew.meet()
    for name in ("ivy", "ada"):
        person = crew.person(name)
        person.command("/reach-out setup")
        person.click("desk_new")
        person.fill(name="Array", owns="Agents", team=str(crew.team_id("Replay")), lead=crew.id("ada"))
    answers = crew.at_once(*[crew.person(name).submit for name in ("ivy", "ada")])
    assert sorted(len(errors) for errors in answers) == [0, 1]
    with crew.db.read() as session:
        assert len(session.scalars(select(Desk)).all()) == 2


def test_a_user_group_is_looked_up_and_shown(crew: World) -> None:
    group = crew.slack.add_usergroup("ai-crew", name="The AI crew", users=["lee"])
    ivy = crew.person("ivy")
    ivy.command("/reach-out setup")
    ivy.click("desk_new")
    assert [each["text"]["text"] for each in ivy.suggest("usergroup", "@AI")] == ["The AI crew (@ai-crew)"]
    assert ivy.suggest("usergroup", "nobody") == []
    ivy.close_all()
    desk(crew, "Array", owns="Agents", team="Replay", lead="ada", usergroup=group.id)
    ivy.command("/reach-out setup")
    assert f"Ada, Lee and Noor (<!subteam^{group.id}> and team Replay)" in str(ivy.view)
    ivy.click(f"desk_edit_{desk_id(crew, 'Array')}")
    assert ivy.submit(owns="Coding agents") == {}
    with crew.db.read() as session:
        assert session.get_one(Desk, desk_id(crew, "Array")).usergroup_id == group.id


def test_an_admin_changes_what_makes_a_request(crew: World) -> None:
    ivy = crew.person("ivy")
    ivy.command("/reach-out setup")
    ivy.click("desk_settings")
    assert "emoji's name" in ivy.submit(emoji="two words")["emoji"]
    assert "prefix" in ivy.submit(prefix="  ", emoji=":bulb:")
    assert ivy.submit(prefix=":zzz:", emoji=":Bulb:") == {}
    assert "begins with :zzz: makes no request. The emoji :bulb: on a message in a public channel" in str(ivy.view)
    with crew.db.read() as session:
        company = session.get_one(Company, 1)
        assert (company.intake_prefix, company.intake_emoji) == (":zzz:", "bulb")
    assert ":bulb: on a message in a public channel" in crew.card(CHANNEL, "Reach out")["text"]


def test_the_intake_channel_is_chosen_from_there(crew: World) -> None:
    ivy = crew.person("ivy")
    ivy.command("/reach-out setup")
    ivy.click("company_set_up")
    crew.slack.add_channel("ask-ai")
    assert ivy.submit(intake_channel=crew.slack.channel("ask-ai").id) == {}
    ivy.close_all()
    assert "PostHog AI" in crew.card("ask-ai", "Reach out")["text"]


# --- who is at a desk -------------------------------------------------------------------------------------------


def test_who_is_at_no_desk_reads_who_is(crew: World) -> None:
    with crew.db.read() as session:
        desks.require_at_a_desk(session, crew.id("mia"))
        assert [each.name for each in desks.at_a_desk(session, crew.id("sam"))] == ["PostHog AI"]
        assert not desks.is_at(session, desk_id(crew), crew.id("lee"))
        with pytest.raises(Refusal, match=r"PostHog AI \(lead Sam\)"):
            desks.require_at_a_desk(session, crew.id("lee"))


def test_who_is_deactivated_answers_nowhere(crew: World) -> None:
    crew.slack.user("mia").deleted = True
    crew.meet()
    with crew.db.read() as session, pytest.raises(Refusal):
        desks.require_at_a_desk(session, crew.id("mia"))
    with crew.db.read() as session:
        assert [person.name for person in desks.people(session, desk_id(crew))] == ["Sam", "Tom"]


def test_without_a_desk_everybody_reads_how_to_found_one(world: World) -> None:
    ada = world.person("ada")
    ada.command("/reach-out rota")
    assert "A Slack admin sets up who does" in str(ada.view)
    with world.db.read() as session, pytest.raises(Refusal, match="Nobody answers requests yet"):
        desks.require_at_a_desk(session, world.id("ada"))


# --- the rota ---------------------------------------------------------------------------------------------------


def test_two_weeks_are_swapped_and_both_read_it(crew: World) -> None:
    assert swap(crew, "mia", 0, 2) == {}
    assert lines(crew.person("mia").view)[1:4] == ["This week: Tom", "From Mon 13 July: Sam", "From Mon 20 July: Mia"]
    assert weeks(crew) == ["Tom", "Sam", "Mia", "Mia", "Sam", "Tom"]
    assert "triage this week: Tom" in crew.card(CHANNEL, "Reach out")["text"]
    assert "the week of Mon 6 July is yours, instead of Mia's" in crew.person("tom").dms[-1]["text"]
    assert "the week of Mon 20 July is Mia's now. Mia changed it." in crew.person("tom").dms[-1]["text"]
    assert "the week of Mon 20 July is yours" in crew.person("mia").dms[-1]["text"]


def test_anybody_at_the_desk_takes_a_week(crew: World) -> None:
    choose(crew, "tom", 1, "Take")
    assert weeks(crew)[:3] == ["Mia", "Tom", "Tom"]
    crew.post()
    assert "the week of Mon 13 July is Tom's now" in crew.person("sam").dms[-1]["text"]
    crew.person("tom").close_all()
    choose(crew, "tom", 1, "Take")
    assert "yours already" in str(crew.person("tom").view)


def test_who_is_not_at_the_desk_reads_the_rota_and_changes_nothing(crew: World) -> None:
    lee = crew.person("lee")
    lee.command("/reach-out rota")
    assert "From Mon 13 July: Sam" in str(lee.view)
    assert "accessory" not in str(lee.view)
    mia = crew.person("mia")
    mia.command("/reach-out rota")
    week = next(block["accessory"] for block in (mia.view or {})["blocks"] if "accessory" in block)
    press = crew.press("mia", week["action_id"], None)
    press["actions"][0]["selected_option"] = week["options"][1]
    press["user"]["id"] = crew.id("lee")
    crew.slack.deliver("interactive", press)
    assert weeks(crew)[0] == "Mia"


def test_of_two_swaps_of_one_week_at_once_one_holds_and_nobody_loses_a_week(crew: World) -> None:
    before = sorted(weeks(crew))
    for name in ("mia", "tom"):
        choose(crew, name, 0, "Swap")
    answers = crew.at_once(lambda: submit_swap(crew, "mia", 1), lambda: submit_swap(crew, "tom", 2))
    assert sorted(len(errors) for errors in answers) == [0, 1]
    assert "The rota changed a moment ago" in str(answers)
    assert sorted(weeks(crew)) == before


def test_two_swaps_of_other_weeks_at_once_both_hold(crew: World) -> None:
    for name, week in (("mia", 0), ("tom", 2)):
        choose(crew, name, week, "Swap")
    answers = crew.at_once(lambda: submit_swap(crew, "mia", 1), lambda: submit_swap(crew, "tom", 3))
    assert answers == [{}, {}]
    assert weeks(crew) == ["Sam", "Mia", "Mia", "Tom", "Sam", "Tom"]


def test_who_takes_no_turns_has_no_week_and_may_take_them_again(crew: World) -> None:
    mia = crew.person("mia")
    mia.command("/reach-out rota")
    mia.click(f"desk_turns_{desk_id(crew)}")
    assert "I take turns again" in str(mia.view)
    assert "Mia" not in weeks(crew)
    assert "triage this week: Tom" in crew.card(CHANNEL, "Reach out")["text"]
    crew.desks.turn()
    assert "Mia" not in weeks(crew)
    mia.click(f"desk_turns_{desk_id(crew)}")
    assert "I don't take turns" in str(mia.view)
    crew.go_to("2026-07-13 07:05:00")
    assert weeks(crew)[-1] == "Mia"


def test_a_desk_whose_last_one_takes_no_turns_has_nobody_on_triage(crew: World) -> None:
    for name in ("mia", "sam", "tom"):
        person = crew.person(name)
        person.command("/reach-out rota")
        person.click(f"desk_turns_{desk_id(crew)}")
    assert weeks(crew) == []
    assert on_triage(crew) is None
    assert "triage this week: nobody at the moment" in crew.card(CHANNEL, "Reach out")["text"]


def test_who_is_away_at_the_moment_is_stood_in_for_and_the_card_says_so(crew: World) -> None:
    crew.post()
    mia = crew.person("mia")
    mia.command("/sprint away until friday")
    assert weeks(crew)[0] == "Mia"
    assert on_triage(crew) == "Sam"
    assert "triage this week: Sam" in crew.card(CHANNEL, "Reach out")["text"]
    crew.go_to("2026-07-10 22:05:00")
    assert on_triage(crew) == "Mia"
    assert "triage this week: Mia" in crew.card(CHANNEL, "Reach out")["text"]


def test_home_names_who_has_triage(crew: World) -> None:
    desk(crew, "Array", owns="Agents", team="Replay", lead="ada")
    assert "This week's triage: PostHog AI: Mia · Array: Ada" in str(crew.person("lee").open_home())
    crew.person("mia").command("/sprint away until friday")
    assert "This week's triage: PostHog AI: Sam · Array: Ada" in str(crew.person("lee").open_home())


def test_the_week_turns_and_whoever_has_it_reads_it_once_on_monday_morning(crew: World) -> None:
    crew.go_to("2026-07-12 22:30:00")  # it is Monday in Berlin, and night
    assert "triage this week: Sam" in crew.card(CHANNEL, "Reach out")["text"]
    assert not [each for each in crew.person("sam").dms if "You have triage" in each["text"]]
    crew.go_to(MONDAY)
    crew.go_to("2026-07-13 09:05:00")
    assert len([each for each in crew.person("sam").dms if "You have triage at PostHog AI" in each["text"]]) == 1


def test_who_gave_the_week_away_before_monday_morning_is_not_told_that_they_have_it(crew: World) -> None:
    crew.go_to("2026-07-12 22:30:00")
    assert swap(crew, "tom", 0, 2) == {}
    crew.go_to(MONDAY)
    assert not [each for each in crew.person("sam").dms if "You have triage" in each["text"]]
