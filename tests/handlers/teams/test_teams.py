"""Small teams in Slack: founding, reading, joining, moving, leaving, handing over."""

import re
from typing import Any

import pytest

from tests.world import World


def words(view: dict[str, Any] | None) -> str:
    """Everything that a view says."""
    return str(view)


def create(world: World, who: str, **values: Any) -> dict[str, str]:
    """Fill the form that founds a team, as its only member unless told otherwise."""
    person = world.person(who)
    person.command("/small-team create")
    form: dict[str, Any] = {
        "name": "Replay",
        "area": "Session replay",
        "customer": "Product engineers",
        "channel": world.id("team-replay"),
        "lead": person.id,
        "zone": "Europe/Berlin",
    }
    return person.submit(**{**form, **values})


def join(world: World, who: str, team: str) -> dict[str, str]:
    """Take a seat in a team, by its name."""
    person = world.person(who)
    person.command(f"/small-team join {team}")
    return person.submit()


# --- founding ---------------------------------------------------------------------------------------------------


def test_a_team_is_founded_shown_and_announced_in_its_channel(world: World) -> None:
    world.team("ada", "lee", name="Replay")
    assert world.texts("team-replay") == [
        "Team Replay begins here: Ada and Lee, led by Ada. It owns: Session replay: quality, usage, revenue. "
        "`/sprint plan` starts the first sprint."
    ]
    tom = world.person("tom")
    tom.command("/small-team show rep")
    assert "Session replay" in words(tom.view)
    assert "Ada · lead" in words(tom.view)


def test_a_team_of_one_is_forming_and_not_broken(world: World) -> None:
    assert create(world, "ada") == {}
    world.person("ada").close_all()
    lee = world.person("lee")
    lee.command("/small-team list")
    assert "forming" in words(lee.view)


def test_a_seventh_member_is_refused_by_the_form_and_by_the_domain(world: World) -> None:
    members = [world.id(name) for name in ("lee", "noor", "sam", "mia", "tom", "yuki")]
    errors = create(world, "ada", members=members)
    assert errors == {"members": "That is 7 people. A small team has at most 6."}


def test_a_full_team_takes_nobody_else(world: World) -> None:
    world.team("ada", "lee", "noor", "sam", "mia", "tom")
    yuki = world.person("yuki")
    yuki.command("/small-team join Replay")
    refused = "Replay has 6 people, and a small team has no more."
    assert refused in yuki.ephemerals[-1]["text"]
    assert yuki.view is None, "and no form opens"
    yuki.command("/small-team show Replay")
    yuki.click("team_join")
    assert refused in words(yuki.view)
    yuki.close_all()
    yuki.command("/small-team join")
    assert yuki.submit(team=str(world.team_id("Replay")))["team"].startswith(refused)
    assert len(world.members("Replay")) == 6


def test_nobody_is_put_into_a_second_team_by_somebody_else(world: World) -> None:
    world.team("ada", "lee")
    errors = create(world, "noor", name="Ingestion", channel=world.id("team-ingestion"), members=[world.id("lee")])
    assert errors["members"].startswith("Lee is in Replay, and nobody is in two small teams.")


@pytest.mark.parametrize(
    ("trait", "words"),
    [
        ({"is_bot": True}, "is an app, and only people sit in a small team."),
        ({"deleted": True}, "account is deactivated."),
        ({"is_restricted": True}, "is a guest in this workspace."),
    ],
)
def test_apps_guests_and_deactivated_accounts_get_no_seat(world: World, trait: dict[str, Any], words: str) -> None:
    stranger = world.slack.add_user("kim", **trait)
    world.meet()
    errors = create(world, "ada", members=[stranger.id])
    assert words in errors["members"]


def test_a_taken_name_and_a_taken_channel_are_refused_under_their_fields(world: World) -> None:
    world.team("ada", "lee")
    assert "name" in create(world, "noor", name="team  REPLAY", channel=world.id("team-ingestion"))
    assert "channel" in create(world, "noor", name="Ingestion", channel=world.id("team-replay"))


def test_a_guest_word_in_a_name_is_shown_as_text(world: World) -> None:
    assert create(world, "ada", name="<!channel> & Co") == {}
    assert "Team &lt;!channel&gt; &amp; Co begins here" in world.texts("team-replay")[0]


@pytest.mark.parametrize("trait", ["is_ext_shared", "is_archived"])
def test_plans_do_not_stand_where_another_company_reads_along_or_nobody_can_post(world: World, trait: str) -> None:
    setattr(world.slack.channel("team-replay"), trait, True)
    assert list(create(world, "ada")) == ["channel"]
    setattr(world.slack.channel("team-replay"), trait, False)
    assert world.person("ada").submit() == {}


# --- seats ------------------------------------------------------------------------------------------------------


def test_joining_from_another_team_is_a_move_that_both_channels_read(world: World) -> None:
    world.team("ada", "lee")
    world.team("noor", "sam", name="Ingestion")
    world.go_to("2026-12-20 09:00:00")
    lee = world.person("lee")
    lee.command("/small-team join Ingestion")
    assert "This is a move: your seat in *Replay* is freed." in words(lee.view)
    assert "*5 months*" in words(lee.view)
    assert "Moves usually happen every 3 to 9 months." in words(lee.view)
    assert lee.submit() == {}
    assert "Lee leaves Replay for Ingestion. Thank you! A seat is free." in world.texts("team-replay")
    assert "Lee joins Ingestion from Replay. Welcome!" in world.texts("team-ingestion")
    assert world.moves("lee") == [(None, "Replay"), ("Replay", "Ingestion")]


def test_who_took_a_seat_is_shown_the_channel_to_join(world: World) -> None:
    world.team("ada", "lee")
    tom = world.person("tom")
    tom.command("/small-team join Replay")
    assert tom.submit() == {}
    assert f"Join <#{world.slack.channel('team-replay').id}> to read its plans and retros." in words(tom.view)


def test_two_people_who_take_the_sixth_seat_at_once_get_one_seat_and_one_sentence(world: World) -> None:
    world.team("ada", "lee", "noor", "sam", "mia")
    forms = [world.person("tom"), world.person("yuki")]
    for person in forms:
        person.command("/small-team join Replay")
    world.at_once(*(person.submit for person in forms))
    read = [words(person.view) for person in forms]
    assert sum("You are in *Replay* now" in each for each in read) == 1
    assert sum("Replay has 6 people" in each or "a moment ago" in each for each in read) == 1
    assert len(world.members("Replay")) == 6


def test_who_chose_the_team_already_is_not_asked_for_it_again(world: World) -> None:
    world.team("ada", "lee")
    tom = world.person("tom")
    tom.command("/small-team list")
    tom.click(f"team_show_{world.team_id('Replay')}")
    tom.click("team_join")
    assert not [each for each in (tom.view or {})["blocks"] if each["type"] == "input"]
    assert "You take a seat in *Replay*: 2 of 6 are taken." in words(tom.view)
    assert tom.submit() == {}
    assert world.members("Replay") == ["Ada", "Lee", "Tom"]
    world.person("yuki").command("/small-team join")
    assert list(world.person("yuki").submit(team=None)) == ["team"], "who did not choose one is asked"


def test_two_people_who_swap_teams_at_once_both_arrive(world: World) -> None:
    world.team("ada", "lee")
    world.team("noor", "sam", name="Ingestion")
    world.person("lee").command("/small-team join Ingestion")
    world.person("sam").command("/small-team join Replay")
    assert world.at_once(world.person("lee").submit, world.person("sam").submit) == [{}, {}]
    assert world.members("Replay") == ["Ada", "Sam"]
    assert world.members("Ingestion") == ["Lee", "Noor"]


def test_a_lead_hands_over_before_leaving(world: World) -> None:
    world.team("ada", "lee")
    ada = world.person("ada")
    ada.command("/small-team leave")
    assert "You lead Replay. Hand the lead over first" in ada.ephemerals[-1]["text"]
    world.team("noor", "sam", name="Ingestion")
    for team in ("", " Ingestion"):
        ada.command(f"/small-team join{team}")
        assert "You lead Replay. Hand the lead over first" in ada.ephemerals[-1]["text"]
        assert ada.view is None, "and no form opens"
    ada.command("/small-team lead")
    assert ada.submit(lead=world.id("lee")) == {}
    ada.close_all()
    ada.command("/small-team leave")
    assert ada.submit() == {}
    assert world.members("Replay") == ["Lee"]
    assert "Lee leads Replay from 9 July on." in world.texts("team-replay")


def test_a_member_who_is_no_lead_can_neither_edit_nor_hand_over(world: World) -> None:
    world.team("ada", "lee")
    lee = world.person("lee")
    for verb in ("edit", "lead"):
        lee.command(f"/small-team {verb}")
        assert "Only the lead of Replay, Ada, can" in lee.ephemerals[-1]["text"]


def test_the_lead_edits_what_the_team_is(world: World) -> None:
    world.team("ada", "lee")
    ada = world.person("ada")
    ada.command("/small-team edit")
    assert ada.submit(area="Playback", customer="Data engineers") == {}
    ada.close_all()
    ada.command("/small-team")
    assert "Playback" in words(ada.view)
    assert "Data engineers" in words(ada.view)


def test_a_deactivated_member_frees_the_seat_and_a_deactivated_lead_can_be_followed(world: World) -> None:
    world.team("ada", "lee", "noor")
    world.slack.change_user("lee", deleted=True)
    world.slack.settle()
    assert world.members("Replay") == ["Ada", "Noor"]
    world.slack.change_user("ada", deleted=True)
    world.slack.settle()
    noor = world.person("noor")
    noor.command("/small-team")
    assert "Anybody of the team can take over" in words(noor.view)
    noor.command("/small-team lead")
    assert noor.submit(lead=world.id("noor")) == {}
    assert "Noor leads Replay from 9 July on." in world.texts("team-replay")
    assert world.members("Replay") == ["Noor"]


def test_a_deactivated_lead_who_is_followed_takes_along_what_has_not_begun(world: World) -> None:
    world.team("ada", "lee", "noor")
    world.plan("ada", high="Nobody's now")
    world.plan("lee", high="Stays")
    world.slack.change_user("ada", deleted=True)
    world.slack.settle()
    lee = world.person("lee")
    lee.command("/small-team lead")
    assert lee.submit(lead=world.id("lee")) == {}
    card = world.card("team-replay", "sprint")
    assert "Stays" in card["text"]
    assert "Nobody's now" not in card["text"]


def test_leave_pressed_twice_is_one_leave_and_one_line(world: World) -> None:
    world.team("ada", "lee")
    lee = world.person("lee")
    lee.command("/small-team leave")
    payload = world.submission("lee")
    world.at_once(
        lambda: world.slack.deliver("interactive", payload), lambda: world.slack.deliver("interactive", payload)
    )
    assert world.moves("lee") == [(None, "Replay"), ("Replay", None)]
    assert len(world.texts("team-replay")) == 2


def test_who_moves_takes_along_what_was_picked_for_a_sprint_that_has_not_begun(world: World) -> None:
    world.team("ada", "lee")
    world.team("noor", "sam", name="Ingestion")
    world.plan("ada", high="Stays")
    world.plan("lee", high="Goes", off_from="2026-07-20", off_until="2026-07-21")
    assert join(world, "lee", "Ingestion") == {}
    card = world.card("team-replay", "sprint")
    assert "Stays" in card["text"]
    assert "Goes" not in card["text"]
    assert "Lee" not in str(card["blocks"])
    assert "Everybody has answered" in card["text"]
    world.finalize("ada")


def test_who_joins_is_waited_for_on_the_card(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    assert "Waiting for Lee." in world.card("team-replay", "sprint")["text"]
    assert join(world, "tom", "Replay") == {}
    assert "Waiting for Lee and Tom." in world.card("team-replay", "sprint")["text"]


def test_a_mark_of_somebody_who_just_left_is_kept(world: World) -> None:
    world.team("ada", "lee")
    world.plan("lee", high="Mine")
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")
    lee = world.person("lee")
    lee.command("/sprint")
    payload = world.press("lee", f"item_mark_{world.item_id('Mine')}", "finished")
    lee.close_all()
    lee.command("/small-team leave")
    assert lee.submit() == {}
    lee.close_all()
    lee.command("/sprint")
    payload["view"]["id"] = (lee.view or {})["id"]
    world.slack.deliver("interactive", payload)
    assert "🟢 Mine — Lee" in world.card("team-replay", "Playback first")["text"]


def test_blank_words_and_formatting_in_a_name_are_refused(world: World) -> None:
    assert "area" in create(world, "ada", area="   ")
    assert "customer" in world.person("ada").submit(area="Playback", customer=" ")
    assert "name" in world.person("ada").submit(customer="People", name="*Re*play")


# --- reading ----------------------------------------------------------------------------------------------------


def test_somebody_without_a_team_gets_the_way_to_one_and_no_error(world: World) -> None:
    world.team("ada", "lee")
    tom = world.person("tom")
    tom.command("/small-team")
    assert "You are in no small team yet." in words(tom.view)
    tom.click(f"team_join_{world.team_id('Replay')}")
    assert tom.submit() == {}
    assert world.members("Replay") == ["Ada", "Lee", "Tom"]


def test_an_unknown_team_and_an_unknown_word_are_answered_with_what_to_do(world: World) -> None:
    tom = world.person("tom")
    tom.command("/small-team show Nobody")
    assert "There is no team called “Nobody”. `/small-team list` shows them all." in tom.ephemerals[-1]["text"]
    tom.command("/small-team dance")
    assert tom.ephemerals[-1]["text"].startswith("`/small-team dance` is not something I know.")
    assert "`/small-team join`" in tom.ephemerals[-1]["text"]


def test_sixty_teams_are_listed_page_by_page(world: World) -> None:
    world.many_teams(61)
    tom = world.person("tom")
    tom.command("/small-team list")
    pages = [words(tom.view)]
    while "More teams" in pages[-1]:
        tom.click(f"team_list_{len(pages)}")
        pages.append(words(tom.view))
        assert "Earlier" in pages[-1]
    seen = [name for page in pages for name in re.findall(r"Number \d{3}", page)]
    assert sorted(set(seen)) == [f"Number {number:03}" for number in range(61)]
    assert len(pages) == 7, "each window opens as fast as a small company's"


def test_browsing_from_team_to_team_never_ends_at_a_third_window(world: World) -> None:
    world.team("ada", "lee")
    tom = world.person("tom")
    tom.command("/small-team list")
    for _ in range(4):
        tom.click(f"team_show_{world.team_id('Replay')}")
        tom.click("go_small_team_list")
    tom.click(f"team_show_{world.team_id('Replay')}")
    tom.click("team_join")
    assert tom.submit() == {}


def test_what_somebody_typed_comes_back_as_text_in_a_refusal(world: World) -> None:
    tom = world.person("tom")
    tom.command("/small-team show <!channel>")
    assert "<!channel>" not in tom.ephemerals[-1]["text"]
    assert "&lt;!channel&gt;" in tom.ephemerals[-1]["text"]


def test_the_menu_of_teams_finds_by_part_of_a_name_and_the_menu_of_zones_by_city(world: World) -> None:
    world.team("ada", "lee")
    tom = world.person("tom")
    tom.command("/small-team join")
    assert [option["text"]["text"] for option in tom.suggest("team", "pla")] == ["Replay (2 of 6)"]
    assert tom.suggest("team", "%") == []
    tom.close_all()
    tom.command("/small-team create")
    assert tom.suggest("zone", "berl")[0]["value"] == "Europe/Berlin"
    assert len(tom.suggest("zone", "")) == 100


def test_pressing_create_twice_founds_one_team(world: World) -> None:
    for name in ("ada", "lee"):
        world.person(name).command("/small-team create")
        world.person(name).fill(
            name="Replay",
            area="Playback",
            customer="People",
            channel=world.id("team-replay"),
            lead=world.id("ada"),
            zone="Europe/Berlin",
        )
    answers = world.at_once(world.person("ada").submit, world.person("lee").submit)
    assert sorted(map(len, answers)) == [0, 1]
    assert world.members("Replay") == ["Ada"]
