"""Planning a sprint in Slack, and the lead's final word."""

import json
from typing import Any

import pytest
from sqlalchemy import update

from bot.domain.planning.lines import MOST_ITEMS
from models.sprints import Item
from sandbox.people.person import Person
from tests.stories import After
from tests.world import World, of_another_window


def ada_founds_replay(world: World) -> None:
    """Lee and Noor are with her. The first sprint is 13–24 July."""
    world.set_up()
    world.team("ada", "lee", "noor")


def ada_plans(world: World) -> None:
    """She picks one item."""
    world.plan("ada", high="One")


def ada_finalizes(world: World) -> None:
    """Her plan is all there is in it."""
    world.finalize("ada")


def nothing_is_finished(world: World) -> None:
    """Ada plans three items and marks none of them until the last day of the sprint."""
    world.plan("ada", high="Timeline\nChangelog", side="Old path")
    world.finalize("ada")
    world.go_to("2026-07-24 08:00:00")


@pytest.fixture
def replay(after: After) -> World:
    """Team Replay: Ada leads, Lee and Noor are with her. Its first sprint is 13–24 July."""
    return after(ada_founds_replay)


@pytest.fixture
def planned(after: After) -> World:
    """The same team, where Ada's plan is in."""
    return after(ada_founds_replay, ada_plans)


@pytest.fixture
def final(after: After) -> World:
    """The same team, where the plan is final."""
    return after(ada_founds_replay, ada_plans, ada_finalizes)


def send(world: World, who: str, **fields: Any) -> dict[str, str]:
    """Open and submit somebody's plan; the errors under its fields."""
    person = world.person(who)
    person.command("/sprint plan")
    return person.submit(**fields)


# --- my plan ----------------------------------------------------------------------------------------------------


def test_three_people_plan_and_the_lead_finalizes(replay: World) -> None:
    replay.plan("ada", high="Ship the new timeline\nWrite the changelog")
    assert "Waiting for Lee and Noor" in replay.card("team-replay", "sprint")["text"]
    replay.plan("lee", high="Cut first-frame time")
    replay.plan("noor", side="Interview five customers")
    assert "Everybody has answered" in replay.card("team-replay", "sprint")["text"]
    replay.finalize("ada")
    assert "Playback first." in replay.card("team-replay", "Playback first")["text"]
    assert len(replay.texts("sprints")) == 1
    assert len(replay.texts("team-replay")) == 3  # the founding, the planning card, the final plan


def test_who_sent_their_plan_sees_on_home_and_in_the_overview_that_it_is_in(replay: World) -> None:
    lee = replay.person("lee")
    assert "*To plan: 13–24 July" in str(lee.open_home())
    replay.plan("lee", high="One")
    assert "*Your plan is in: 13–24 July" in str(lee.open_home())
    lee.command("/sprint")
    assert "*Your plan is in: 13–24 July" in str(lee.view)


def test_a_plan_sent_by_a_command_ends_with_a_receipt_and_the_way_to_change_it(replay: World) -> None:
    lee = replay.person("lee")
    assert send(replay, "lee", high="One\nTwo", side="Three") == {}
    assert "2 high-priority items and 1 side quest for 13–24 July" in str(lee.view)
    lee.click("plan_write")
    assert lee.submit(high="One", side="") == {}
    assert "1 high-priority item and 0 side quests for 13–24 July" in str(lee.view)


def test_a_plan_sent_from_home_or_from_a_message_closes_where_it_is_seen(replay: World) -> None:
    lee, noor = replay.person("lee"), replay.person("noor")
    lee.open_home()
    lee.click("plan_write", home=True)
    assert lee.submit(high="One") == {}
    assert lee.view is None
    assert "*Your plan is in: 13–24 July" in str(lee.open_home())
    noor.press("Write my plan", replay.card("team-replay", "sprint"))
    assert noor.submit(high="Two") == {}
    assert noor.view is None
    assert "Two — Noor" in replay.card("team-replay", "sprint")["text"]


def test_a_final_plan_changed_by_a_command_ends_with_a_receipt(final: World) -> None:
    ada = final.person("ada")
    assert send(final, "ada", add="Another", reason="We have time") == {}
    assert "1 high-priority item and 1 side quest for 13–24 July" in str(ada.view)


def test_a_plan_sent_again_edits_it_and_keeps_marks_and_places(replay: World) -> None:
    replay.plan("ada", high="One\nTwo\nThree")
    replay.mark_of("Two", "in_progress")
    replay.plan("ada", high="Three\nTwo, but better\nTwo", side="One")
    text = replay.card("team-replay", "sprint")["text"]
    assert "High priority:\n⚪ Three — Ada\n⚪ Two, but better — Ada\n🟡 Two — Ada\nSide quests:\n⚪ One — Ada" in text


def test_bullets_and_numbers_are_taken_off_and_an_indented_line_is_a_point(replay: World) -> None:
    replay.plan("ada", high="- One\n  - because of the incident\n2. Two\n\n   \n• Three")
    card = str(replay.card("team-replay", "sprint")["blocks"])
    assert "⚪ One — Ada\\n\\u2003\\u2002• because of the incident" in card
    assert "⚪ Two — Ada" in card
    assert "⚪ Three — Ada" in card


def test_points_stay_when_the_plan_is_edited_and_go_when_their_lines_go(replay: World) -> None:
    replay.plan("ada", high="One\n  why\n  how")
    ada = replay.person("ada")
    ada.command("/sprint plan")
    assert ada.submit() == {}
    ada.close_all()
    assert "• why\\n\\u2003\\u2002• how" in str(replay.card("team-replay", "sprint")["blocks"])
    replay.plan("ada", high="One")
    assert "• why" not in str(replay.card("team-replay", "sprint")["blocks"])


def test_a_note_stays_whatever_happens_to_the_lines_of_the_form(replay: World) -> None:
    replay.plan("ada", high="One\n  how")
    item = replay.item_id("One")
    with replay.db.begin() as session:
        session.execute(update(Item).where(Item.id == item).values(note="blocked"))
    replay.plan("ada", high="One")
    card = str(replay.card("team-replay", "sprint")["blocks"])
    assert "_blocked_" in card
    assert "• how" not in card


def test_nine_points_are_taken_and_of_many_the_first_are_shown(replay: World) -> None:
    replay.plan("ada", high="One\n" + "\n".join(f"    - Point {number} {'x' * 40}" for number in range(1, 14)))
    card = str(replay.card("team-replay", "sprint")["blocks"])
    assert "• Point 10 " in card
    assert "Point 11" not in card
    assert "… and 3 more" in card
    ada = replay.person("ada")
    ada.command("/sprint export")
    assert "  - Point 13 " in str(ada.view)


def test_a_typed_mark_or_box_marks_the_item_and_leaves_its_title(replay: World) -> None:
    replay.plan("ada", high="🟡 Already begun\n- [x] Done\n- [ ] Open")
    card = replay.card("team-replay", "sprint")["text"]
    assert "🟡 Already begun — Ada\n🟢 Done — Ada\n⚪ Open — Ada" in card
    replay.plan("ada", high="Already begun\nDone\nOpen")
    assert "🟡 Already begun — Ada\n🟢 Done — Ada\n⚪ Open — Ada" in replay.card("team-replay", "sprint")["text"]


def test_a_pasted_link_is_a_link_with_its_words_and_is_exported_as_markdown(replay: World) -> None:
    replay.plan("ada", high="<https://a.example/1?b=1&c=2|The <issue> & more>\n[Docs](https://a.example/2)")
    card = str(replay.card("team-replay", "sprint")["blocks"])
    assert "<https://a.example/2|Docs>" in card
    ada = replay.person("ada")
    ada.command("/sprint export")
    assert "[Docs](https://a.example/2)" in str(ada.view)


def test_what_was_typed_stands_on_card_overview_home_and_in_the_next_plan(replay: World) -> None:
    replay.plan("ada", high="One\n\t- how\n\t- when")
    ada = replay.person("ada")
    replay.finalize("ada")
    replay.go_to("2026-07-14 08:00:00")
    for seen in (ada.open_home(), _opened(ada, "/sprint"), _opened(ada, "/sprint show")):
        assert "• how\\n\\u2003\\u2002• when" in str(seen)
    replay.go_to("2026-07-24 08:00:00")
    replay.post()
    replay.plan("ada", high="Two")
    text = str(replay.card("team-replay", "27 July")["blocks"])
    assert "One — Ada _(carried over)_\\n\\u2003\\u2002• how" in text


def _opened(person: Person, line: str) -> object:
    person.command(line)
    view = person.view
    person.close_all()
    return view


@pytest.mark.parametrize(
    "title",
    [
        "<!channel> look & <@U123> see <b>this</b>",
        "Fix https://example.com/a?b=1&c=2",
        "🚀 שלום, זה מימין לשמאל 👋",
        "*bold* _it_ `code`",
        "x" * 200,
    ],
)
def test_what_somebody_types_arrives_as_text(replay: World, title: str) -> None:
    replay.plan("ada", high=title)
    safe = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    card = replay.card("team-replay", "sprint")
    assert f"⚪ {safe} — Ada" in card["text"]
    assert safe in str(card["blocks"])
    ada = replay.person("ada")
    ada.command("/sprint plan")
    high = next(block for block in (ada.view or {})["blocks"] if block["block_id"] == "high")
    assert high["element"]["initial_value"] == title


def test_a_title_of_201_characters_is_refused_under_its_field_and_nothing_is_lost(replay: World) -> None:
    errors = send(replay, "ada", high="Fine", side="y" * 201)
    assert errors["side"].startswith("“yyy")
    assert "is 201 characters long; a title takes 200." in errors["side"]
    ada = replay.person("ada")
    assert (ada.view or {})["state"]["values"]["high"]["high"]["value"] == "Fine"
    assert ada.submit(side="y" * 200) == {}


def test_forty_items_are_refused_with_what_to_do(replay: World) -> None:
    errors = send(replay, "ada", high="\n".join(f"Item {number}" for number in range(40)))
    assert errors["high"].startswith(
        f"That is 40 items; a plan takes {MOST_ITEMS} a person, and most people pick 3 to 6."
    )


def test_the_same_item_twice_is_refused(replay: World) -> None:
    assert "twice" in send(replay, "ada", high="One", side="one ")["side"]


def test_an_empty_plan_is_an_answer_too(replay: World) -> None:
    replay.plan("lee", high="\n  \n")
    assert "Waiting for Ada and Noor" in replay.card("team-replay", "sprint")["text"]


def test_somebody_of_another_team_who_presses_my_buttons_reads_a_sentence(planned: World) -> None:
    card = planned.card("team-replay", "sprint")
    tom = planned.person("tom")
    tom.click("plan_write", message=card)
    assert "Only people of Replay can plan its sprint." in str(tom.view)
    tom.close_all()
    tom.click("plan_finalize", message=card)
    assert "Only people of Replay can finalize its plan." in str(tom.view)


def test_a_person_of_no_team_gets_the_way_to_one(replay: World) -> None:
    tom = replay.person("tom")
    tom.command("/sprint")
    assert "You are in no small team yet." in str(tom.view)
    tom.close_all()
    tom.command("/sprint plan")
    assert "You are in no small team yet." in str(tom.view)
    tom.click(f"team_join_{replay.team_id('Replay')}")
    assert tom.submit() == {}


def test_a_plan_for_a_sprint_that_was_closed_meanwhile_is_refused_and_nothing_is_lost(replay: World) -> None:
    lee = replay.person("lee")
    replay.plan("ada", high="One")
    lee.command("/sprint plan")
    lee.fill(high="Mine")
    replay.go_to("2026-07-25 08:00:00")
    assert lee.submit()["high"].startswith("This sprint is over")
    assert (lee.view or {})["state"]["values"]["high"]["high"]["value"] == "Mine"


def test_days_off_are_shown_on_the_plan_and_must_lie_in_the_sprint(replay: World) -> None:
    assert "off_from" in send(replay, "lee", off_until="2026-07-20")
    assert "off_from" in replay.person("lee").submit(off_from="2026-08-20", off_until="2026-08-21")
    assert "off_until" in replay.person("lee").submit(off_from="2026-07-21", off_until="2026-07-20")
    assert replay.person("lee").submit(off_from="2026-07-20", off_until="2026-07-21") == {}
    assert "🌴 Off: Lee (20–21 July)" in str(replay.card("team-replay", "sprint")["blocks"])


def test_one_day_off_needs_one_date(replay: World) -> None:
    assert send(replay, "lee", off_from="2026-07-20") == {}
    assert "Off: Lee (20 July)" in str(replay.card("team-replay", "sprint")["blocks"])


def test_days_off_beyond_the_sprint_are_kept_as_away(replay: World) -> None:
    assert send(replay, "lee", high="One", off_from="2026-07-22", off_until="2026-08-05") == {}
    assert "🌴 Off: Lee (22–24 July)" in str(replay.card("team-replay", "sprint")["blocks"])
    replay.go_to("2026-07-28 08:00:00")
    assert "You are away until Wed 5 August" in str(replay.person("lee").open_home())
    assert "You are away" not in str(replay.person("noor").open_home())


def test_days_off_from_before_the_sprint_are_away_too_and_the_way_back_is_whole(replay: World) -> None:
    assert send(replay, "lee", high="One", off_from="2026-07-10", off_until="2026-07-24") == {}
    assert "🌴 Off: Lee" in str(replay.card("team-replay", "sprint")["blocks"])
    replay.person("lee").command("/sprint back")
    assert "Off: Lee" not in str(replay.card("team-replay", "sprint")["blocks"])


def test_days_off_that_join_what_was_said_before_are_one_time_away_and_others_are_refused(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/sprint away")
    assert lee.submit(first="2026-07-27", last="2026-08-07") == {}
    lee.close_all()
    assert send(replay, "lee", high="One", off_from="2026-07-20", off_until="2026-07-26") == {}
    replay.go_to("2026-07-28 08:00:00")
    assert "You are away until Fri 7 August" in str(lee.open_home())
    replay.go_to("2026-08-10 08:00:00")
    lee.command("/sprint away")
    assert lee.submit(first="2026-10-05", last="2026-10-09") == {}
    lee.close_all()
    lee.command("/sprint plan")
    errors = lee.submit(high="Two", off_from="2026-08-17", off_until="2026-09-30")
    assert "You said that you are away 5–9 October" in errors["off_until"]
    assert lee.submit(off_until="2026-08-21") == {}


def test_who_is_off_for_the_whole_sprint_is_not_waited_for(planned: World) -> None:
    planned.plan("noor", off_from="2026-07-13", off_until="2026-07-24")
    planned.finalize("ada")
    card = planned.card("team-replay", "Playback first")
    assert "🌴 Off: Noor" in str(card["blocks"])
    lee = planned.person("lee")
    lee.command("/sprint")
    assert "No plan from Lee yet; it is welcome at any time." in str(lee.view)


# --- unfinished items -------------------------------------------------------------------------------------------


@pytest.fixture
def unfinished(after: After) -> World:
    """Ada has unfinished items on the last day of the sprint."""
    return after(ada_founds_replay, nothing_is_finished)


def test_unfinished_items_carry_over_by_themselves(unfinished: World) -> None:
    unfinished.plan("ada")
    text = unfinished.card("team-replay", "27 July")["text"]
    assert "High priority:\n⚪ Timeline — Ada\n⚪ Changelog — Ada\nSide quests:\n⚪ Old path — Ada" in text
    assert "carried over" in str(unfinished.card("team-replay", "27 July")["blocks"])


def test_what_is_finished_is_marked_and_does_not_carry_over(unfinished: World) -> None:
    unfinished.plan("ada", **{f"mark_{unfinished.first_item_id('Timeline')}": "finished"})
    text = unfinished.card("team-replay", "27 July")["text"]
    assert "High priority:\n⚪ Changelog — Ada\nSide quests:\n⚪ Old path — Ada" in text
    assert "Timeline" not in text
    assert "🟢 Timeline — Ada" in unfinished.card("team-replay", "13–24 July")["text"]


def test_a_dropped_item_needs_a_reason_which_becomes_its_note(unfinished: World) -> None:
    ada = unfinished.person("ada")
    ada.command("/sprint plan")
    item = unfinished.first_item_id("Changelog")
    ada.fill(high="Something typed before")
    ada.fill(**{f"mark_{item}": "wont_finish"})
    assert (ada.view or {})["state"]["values"]["high"]["high"]["value"] == "Something typed before"
    assert ada.submit(**{f"because_{item}": " "}) == {
        f"because_{item}": "Say in one line why it won't be finished, so that the others can follow."
    }
    assert ada.submit(**{f"because_{item}": "nobody reads it"}) == {}
    assert "Changelog" not in unfinished.card("team-replay", "27 July")["text"]
    assert "🔴 Changelog — Ada\\n\\u2003\\u2002_nobody reads it_" in str(
        unfinished.card("team-replay", "13–24 July")["blocks"]
    )


def test_the_reason_of_an_item_that_is_dropped_already_is_not_asked_for_again(unfinished: World) -> None:
    ada = unfinished.person("ada")
    ada.command("/sprint plan")
    first, second = unfinished.first_item_id("Timeline"), unfinished.first_item_id("Changelog")
    ada.fill(**{f"mark_{first}": "wont_finish"})
    assert ada.submit(**{f"because_{first}": "moved"}) == {}
    ada.close_all()
    ada.command("/sprint plan")
    ada.fill(**{f"mark_{second}": "finished"})
    assert f"because_{first}" not in str(ada.view)
    assert ada.submit() == {}
    assert "Timeline — Ada\\n\\u2003\\u2002_moved_" in str(unfinished.card("team-replay", "13–24 July")["blocks"])


def test_the_form_asks_for_no_reason_of_what_a_message_or_home_has_marked_already(unfinished: World) -> None:
    item, ada = unfinished.first_item_id("Timeline"), unfinished.person("ada")
    ada.open_home()
    ada.click(f"item_mark_{item}", home=True, select=f"{item}:wont_finish")
    ada.command("/sprint plan")
    assert ada.submit(high="Player") == {}
    text = unfinished.card("team-replay", "27 July")["text"]
    assert "Player" in text
    assert "Timeline" not in text


def test_a_newcomer_is_not_asked_what_went_well_in_a_sprint_they_were_not_in(unfinished: World) -> None:
    unfinished.post()
    sam = unfinished.person("sam")
    sam.command("/small-team join Replay")
    sam.submit()
    sam.close_all()
    sam.command("/sprint plan")
    assert "What went well?" not in str(sam.view)
    lee = unfinished.person("lee")
    lee.command("/sprint plan")
    assert "What went well?" in str(lee.view)


def test_what_was_carried_can_be_dropped_by_editing_the_plan(unfinished: World) -> None:
    unfinished.plan("ada")
    ada = unfinished.person("ada")
    ada.command("/sprint plan")
    item = unfinished.first_item_id("Timeline")
    ada.fill(**{f"mark_{item}": "wont_finish"})
    assert ada.submit(**{f"because_{item}": "no"}) == {}
    assert "Timeline" not in unfinished.card("team-replay", "27 July")["text"]


def test_what_was_not_answered_for_a_whole_sprint_is_asked_again(unfinished: World) -> None:
    unfinished.plan("lee", high="Something")
    unfinished.go_to("2026-08-07 08:00:00")
    ada = unfinished.person("ada")
    ada.command("/sprint plan")
    assert "Timeline (carried over" in str(ada.view)


def test_what_is_finished_after_all_is_not_taken_along(unfinished: World) -> None:
    unfinished.plan("ada")
    unfinished.mark("ada", "Timeline", "Finished")
    ada = unfinished.person("ada")
    ada.close_all()
    ada.command("/sprint plan")
    assert ada.submit() == {}
    assert "Timeline" not in unfinished.card("team-replay", "27 July")["text"]


# --- the lead ---------------------------------------------------------------------------------------------------


def test_the_final_plan_says_what_the_lead_changed(replay: World) -> None:
    replay.plan("ada", high="One\nTwo")
    replay.plan("lee", high="Three", side="Four")
    order = [str(replay.item_id(title)) for title in ("Three", "Four", "One")]
    replay.finalize("ada", high=order, impacted="Mobile: the API\nIngestion: nothing")
    text = replay.card("team-replay", "Playback first")["text"]
    assert "High priority:\n⚪ Three — Lee\n⚪ Four — Lee\n⚪ One — Ada\nSide quests:\n⚪ Two — Ada" in text
    assert "Ada changed: “Four” is high priority now; “Two” is a side quest now; “Three” moved up to place 1" in text
    assert "• Mobile: the API\\n• Ingestion: nothing" in str(replay.card("team-replay", "Playback first")["blocks"])


def places(world: World, who: str) -> list[tuple[str, str]]:
    """The items in the form that makes a plan final, each with the place that is chosen."""
    blocks = (world.person(who).view or {})["blocks"]
    rows = [block for block in blocks if str(block.get("block_id")).startswith("place_")]
    return [(row["text"]["text"], row["accessory"]["initial_option"]["text"]["text"]) for row in rows]


def test_an_item_is_moved_by_choosing_its_place_and_the_others_make_room(replay: World) -> None:
    replay.plan("ada", high="One\nTwo\nThree", side="Four")
    ada = replay.person("ada")
    ada.command("/sprint finalize")
    ada.fill(direction="Playback first.")
    one, two, three, four = [("One — Ada"), ("Two — Ada"), ("Three — Ada"), ("Four — Ada")]
    assert places(replay, "ada") == [(one, "1"), (two, "2"), (three, "3"), (four, "Side quest")]
    ada.click(f"place_{replay.item_id('Three')}", select="1")
    assert places(replay, "ada") == [(three, "1"), (one, "2"), (two, "3"), (four, "Side quest")]
    ada.click(f"place_{replay.item_id('One')}", select="side")
    assert places(replay, "ada") == [(three, "1"), (two, "2"), (one, "Side quest"), (four, "Side quest")]
    ada.click(f"place_{replay.item_id('Four')}", select="2")
    assert places(replay, "ada") == [(three, "1"), (four, "2"), (two, "3"), (one, "Side quest")]
    assert ada.submit() == {}
    text = replay.card("team-replay", "Playback first.")["text"]
    assert "High priority:\n⚪ Three — Ada\n⚪ Four — Ada\n⚪ Two — Ada\nSide quests:\n⚪ One — Ada" in text


def test_two_quick_choices_of_places_both_count(replay: World) -> None:
    replay.plan("ada", high="One\nTwo\nThree")
    ada = replay.person("ada")
    ada.command("/sprint finalize")
    three, two = replay.item_id("Three"), replay.item_id("Two")
    first, second = replay.press("ada", f"place_{three}", "1"), replay.press("ada", f"place_{two}", "side")
    for payload, chosen in ((first, [first]), (second, [first, second])):
        for action in (each["actions"][0] for each in chosen):
            block = payload["view"]["state"]["values"][f"{action['action_id']}_0"]
            block[action["action_id"]]["selected_option"] = action["selected_option"]
    for payload in (first, second):
        replay.slack.deliver("interactive", payload)
    assert places(replay, "ada") == [("Three — Ada", "1"), ("One — Ada", "2"), ("Two — Ada", "Side quest")]


def test_nothing_on_any_screen_speaks_of_approval(planned: World) -> None:
    ada = planned.person("ada")
    ada.command("/sprint finalize")
    seen = str(ada.view)
    ada.submit(direction="Go")
    seen += str(ada.view) + str(planned.card("team-replay", "Go"))
    assert "approv" not in seen.casefold()


def test_two_people_who_finalize_at_once_get_one_final_plan_and_one_sentence(planned: World) -> None:
    ada = planned.person("ada")
    ada.command("/sprint finalize")
    ada.fill(direction="First")
    payload = planned.submission("ada")
    other = of_another_window(payload)
    answers = planned.at_once(
        lambda: planned.slack.deliver("interactive", payload), lambda: planned.slack.deliver("interactive", other)
    )
    refused = [answer for answer in answers if "finalized this plan a moment ago" in answer.body]
    assert len(refused) == 1
    assert len(planned.texts("sprints")) == 1


def test_a_plan_that_comes_in_while_the_lead_finalizes_keeps_its_priority(planned: World) -> None:
    ada = planned.person("ada")
    ada.command("/sprint finalize")
    planned.plan("lee", high="Late but high", off_from="2026-07-20", off_until="2026-07-20")
    assert ada.submit(direction="Go") == {}
    text = planned.card("team-replay", "Go")["text"]
    assert "High priority:\n⚪ One — Ada\n⚪ Late but high — Lee" in text
    assert "Off: Lee (20 July)" in str(planned.card("team-replay", "Go")["blocks"])


def test_a_first_answer_after_the_plan_is_final_is_taken_and_its_thread_says_so(final: World) -> None:
    final.plan("lee", high="Two")
    card = final.card("team-replay", "Playback first")
    assert "⚪ Two — Lee" in card["text"]
    assert final.texts("team-replay", card["ts"])[-1] == "Lee added their plan:\n• Two"


def test_who_is_in_a_final_plan_changes_it_with_a_reason(final: World) -> None:
    ada = final.person("ada")
    ada.command("/sprint plan")
    assert (ada.view or {})["callback_id"] == "change_plan"


def test_the_lead_can_finalize_again_and_the_thread_says_what_changed(replay: World) -> None:
    replay.plan("ada", high="One", side="Two")
    replay.finalize("ada")
    replay.finalize("ada", "Quality first.", high=[str(replay.item_id("Two")), str(replay.item_id("One"))])
    card = replay.card("team-replay", "Quality first.")
    assert (
        "finalized the plan once more.\nAda changed: “Two” is high priority now"
        in replay.texts("team-replay", card["ts"])[-1]
    )
    assert len(replay.texts("sprints")) == 1


def test_who_is_off_is_shown_to_the_lead_as_people_said_and_is_not_theirs_to_change(planned: World) -> None:
    planned.plan("lee", high="Two", off_from="2026-07-22", off_until="2026-07-23")
    ada = planned.person("ada")
    ada.command("/sprint finalize")
    assert "Off: Lee (22–23 July)" in str(ada.view)
    assert not [block for block in (ada.view or {})["blocks"] if block["block_id"].startswith("off")]


def test_what_an_owner_changes_while_the_lead_finalizes_is_not_taken_back(replay: World) -> None:
    replay.plan("lee", side="One\nTwo")
    ada = replay.person("ada")
    ada.command("/sprint finalize")
    replay.plan("lee", high="One", side="Two")
    assert ada.submit(direction="Go") == {}
    text = replay.card("team-replay", "Go")["text"]
    assert "High priority:\n⚪ One — Lee\nSide quests:\n⚪ Two — Lee" in text
    assert "changed" not in text


def test_opening_the_leads_form_stores_nothing(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/sprint finalize")
    ada.close_all()
    tom = replay.person("tom")
    tom.command("/sprint show Replay")
    assert "has written no plan yet" in str(tom.view)


def test_a_plan_that_is_finalized_again_says_what_was_there_before(planned: World) -> None:
    planned.finalize("ada", "Speed first.", impacted="Mobile: the API")
    planned.finalize("ada", "Quality first.", impacted="")
    text = planned.card("team-replay", "Quality first")["text"]
    assert "the direction was “Speed first.”" in text
    assert "other teams impacted were “Mobile: the API”" in text


def test_the_loser_of_a_double_finalize_reads_who_won(planned: World) -> None:
    ada = planned.person("ada")
    ada.command("/sprint finalize")
    ada.fill(direction="Mine")
    payload = planned.submission("ada")
    planned.slack.deliver("interactive", payload)
    other = of_another_window(payload)
    assert "Ada finalized this plan a moment ago." in planned.slack.deliver("interactive", other).body


def test_who_answers_in_the_sprint_has_a_button_in_the_overview_and_is_not_called_late(final: World) -> None:
    final.go_to("2026-07-14 08:00:00")
    lee = final.person("lee")
    lee.command("/sprint")
    lee.click("plan_write")
    assert lee.submit(high="Two") == {}
    card = final.card("team-replay", "Playback first")
    assert "⚪ Two — Lee" in card["text"]
    assert "late" not in card["text"].lower()


def test_what_somebody_added_with_a_reason_is_not_taken_away_by_an_empty_plan(final: World) -> None:
    lee = final.person("lee")
    lee.click("plan_change", message=final.card("team-replay", "Playback first"))
    assert lee.submit(add="Mine", reason="I was ill") == {}
    lee.close_all()
    lee.command("/sprint plan")
    assert (lee.view or {})["callback_id"] == "change_plan"
    assert "Mine — Lee" in final.card("team-replay", "Playback first")["text"]


def test_a_button_acts_on_the_sprint_of_its_own_card(replay: World) -> None:
    replay.plan("ada", high="This sprint")
    replay.finalize("ada")
    replay.go_to("2026-07-21 08:00:00")
    replay.plan("lee", high="Next sprint")
    tom = replay.person("tom")
    tom.click("sprint_show", message=replay.card("team-replay", "27 July"))
    assert "Next sprint — Lee" in str(tom.view)
    assert "This sprint" not in str(tom.view)


def test_a_plan_that_was_never_final_does_not_block_the_next_one(planned: World) -> None:
    planned.go_to("2026-07-23 08:00:00")
    ada = planned.person("ada")
    ada.command("/sprint plan")
    assert "27 July–7 August 2026" in str(ada.view)
    assert f"mark_{planned.item_id('One')}" in str(ada.view)
    ada.close_all()
    planned.go_to("2026-07-29 16:00:01")
    card = planned.card("team-replay", "13–24 July")
    assert "Closed: ⚪ 1" in card["text"]
    assert "plan_write" not in str(card["blocks"])


def test_a_title_that_begins_like_a_bullet_survives_an_untouched_edit(replay: World) -> None:
    replay.plan("ada", high="- 2. Quartal planen")
    replay.mark_of("2. Quartal planen", "in_progress")
    ada = replay.person("ada")
    ada.command("/sprint plan")
    assert ada.submit() == {}
    assert "🟡 2. Quartal planen — Ada" in replay.card("team-replay", "sprint")["text"]


def test_a_reason_to_drop_is_added_to_the_note_that_was_there(unfinished: World) -> None:
    with unfinished.db.begin() as session:
        session.execute(update(Item).where(Item.title == "Changelog").values(note="half done"))
    ada = unfinished.person("ada")
    ada.command("/sprint plan")
    item = unfinished.first_item_id("Changelog")
    ada.fill(**{f"mark_{item}": "wont_finish"})
    assert ada.submit(**{f"because_{item}": "no reader"}) == {}
    assert "half done; no reader" in str(unfinished.card("team-replay", "13–24 July")["blocks"])


def test_two_quick_choices_to_drop_both_ask_for_a_reason(unfinished: World) -> None:
    ada = unfinished.person("ada")
    ada.command("/sprint plan")
    first, second = unfinished.first_item_id("Timeline"), unfinished.first_item_id("Changelog")
    payloads = [unfinished.choice("ada", f"mark_{item}", "wont_finish") for item in (first, second)]
    for payload in payloads:
        unfinished.slack.deliver("interactive", payload)
    assert f"because_{second}" in str(ada.view)


def test_a_company_that_is_set_up_late_shows_the_final_plans_that_are_there(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    world.finalize("ada")
    world.set_up()
    assert "Replay: 1 item. Playback first." in world.card("sprints", "Sprints")["text"]


def test_the_form_that_finalizes_names_who_has_not_answered(world: World) -> None:
    world.team("ada", "lee", "noor")
    ada = world.person("ada")
    ada.command("/sprint finalize")
    assert "No answer from Ada, Lee and Noor yet." in str(ada.view)
    ada.close_all()
    world.plan("ada", high="One")
    ada.command("/sprint finalize")
    assert "No answer from Lee and Noor yet. They can still add theirs when the plan is final." in str(ada.view)
    assert ada.submit(direction="Go") == {}
    ada.command("/sprint finalize")
    assert "No answer" not in str(ada.view)


def test_a_company_that_is_not_set_up_is_said_to_the_lead(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    ada = world.person("ada")
    ada.command("/sprint finalize")
    assert "Ask a Slack admin to run `/prickle setup`" in str(ada.view)
    assert ada.submit(direction="Go") == {}
    assert ada.view is None, "the final plan in the team's channel is the receipt"


def test_signs_in_a_title_stay_as_they_are_however_often_an_item_is_moved(replay: World) -> None:
    replay.plan("ada", high="R&D <x> > 3\nTwo")
    ada = replay.person("ada")
    ada.command("/sprint finalize")
    for place in ("2", "1", "side"):
        ada.click(f"place_{replay.item_id('R&D <x> > 3')}", select=place)
    assert "R&amp;D &lt;x&gt; &gt; 3 — Ada" in [text for text, _place in places(replay, "ada")]


def test_a_forged_press_on_a_place_that_is_not_there_reads_a_sentence(replay: World) -> None:
    replay.plan("ada", high="One\nTwo")
    ada = replay.person("ada")
    ada.command("/sprint finalize")
    for spoilt in ({"order": 7}, {"order": ["x"]}, {"turn": None}):
        payload = replay.press("ada", f"place_{replay.item_id('One')}", "2")
        stored = json.loads(payload["view"]["private_metadata"])
        payload["view"]["private_metadata"] = json.dumps({**stored, **spoilt})
        replay.slack.deliver("interactive", payload)
        assert "This is from an older version." in str(ada.view)
        ada.close_view()
