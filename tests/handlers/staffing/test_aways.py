"""`/sprint away` and `/sprint back`, and what a Slack status says: nobody waits for who is away."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.calendar.asking_times import Whereabouts, occurrences
from bot.domain.calendar.cadence import Cadence, sprint_dates
from bot.domain.outbox import deliveries
from bot.domain.outbox.paces import Lane
from bot.domain.teams import worktimes
from bot.platform import clock
from jobs import sprints, staffing
from models.company import Away, AwaySource, Person
from models.outbox import Post, PostState
from models.teams import Team
from tests.stories import After
from tests.world import World


def replay_so_far(world: World) -> None:
    """Team Replay plans its first sprint, 13–24 July, on Thursday the ninth: Ada's plan is in, Lee's and Sam's are not."""
    world.slack.clock = lambda: clock.now().timestamp()  # a status ends by the clock that the test moves
    world.set_up()
    world.team("ada", "lee", "sam")
    world.plan("ada", high="Timeline")


@pytest.fixture
def replay(after: After) -> World:
    """Team Replay plans its first sprint, 13–24 July, on Thursday the ninth: Ada's plan is in, Lee's and Sam's are not."""
    world = after(replay_so_far)
    world.slack.clock = lambda: clock.now().timestamp()
    return world


def card(world: World) -> str:
    """What the plan in the team's channel says."""
    return str(world.card("team-replay", "Team Replay: sprint")["text"])


def head(world: World) -> str:
    """Who is off, as the plan in the team's channel shows it."""
    world.slack.settle()
    return str(world.card("team-replay", "Team Replay: sprint")["blocks"][:2])


def answer(world: World, name: str, line: str) -> str:
    """What somebody reads who typed this."""
    person = world.person(name)
    person.command(line)
    return str(person.ephemerals[-1]["text"])


def backs(world: World, name: str) -> list[str]:
    """What somebody read on coming back."""
    world.post()
    return [message["text"] for message in world.person(name).dms if "Welcome back" in message["text"]]


def epoch(moment: str) -> int:
    """A moment in UTC, as Slack writes it."""
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())


# --- said here --------------------------------------------------------------------------------------------------


def test_away_until_a_day_is_one_line_and_nobody_waits(replay: World) -> None:
    assert "Waiting for Lee and Sam." in card(replay)
    assert answer(replay, "sam", "/sprint away until 2 Aug") == (
        "You are away until Sun 2 August. Nobody waits for your plan; `/sprint back` when you are back earlier."
    )
    assert "Waiting for Lee." in card(replay)
    assert "🌴 Off: Sam'" in head(replay)


def test_back_earlier_is_answered_with_what_runs_and_nothing_else_is_sent(replay: World) -> None:
    answer(replay, "sam", "/sprint away until 2 Aug")
    assert answer(replay, "sam", "/sprint back") == "Welcome back. Replay is planning 13–24 July until Monday."
    replay.person("sam").press("Write my plan")
    assert (replay.person("sam").view or {})["callback_id"] == "my_plan"
    replay.person("sam").close_all()
    assert "Waiting for Lee and Sam." in card(replay)
    assert "Off" not in head(replay)
    for moment in ("2026-07-10 07:00:00", "2026-08-03 07:00:00"):
        replay.go_to(moment)
    assert backs(replay, "sam") == []
    assert answer(replay, "sam", "/sprint back").startswith("You are not away, as far as I know.")


@pytest.mark.parametrize(
    ("typed", "words"),
    [("2/8", "`2/8` can be two days."), ("until 8 July", "8 July 2026 is over."), ("2 Aug 2062", "Is the year right?")],
)
def test_a_day_that_cannot_be_meant_is_refused_in_words(replay: World, typed: str, words: str) -> None:
    assert words in answer(replay, "sam", f"/sprint away {typed}")
    assert replay.person("sam").view is None


def test_without_a_day_that_can_be_read_a_form_asks_and_keeps_what_was_typed(replay: World) -> None:
    sam = replay.person("sam")
    sam.command("/sprint away until the <baby> comes & sleeps")
    assert "“until the &lt;baby&gt; comes &amp; sleeps” is no day that I can read." in str(sam.view)
    assert sam.submit(first="2026-07-20", last="2026-07-19") == {
        "last": "The last day away is before the first one. Swap them."
    }
    assert sam.submit(last="2026-07-24") == {}
    assert "You are away from Mon 20 July until Fri 24 July." in str(sam.view)
    assert "You keep your team's public holidays." in str(sam.view)
    sam.close_all()
    assert "🌴 Off: Sam (20–24 July)" in head(replay)
    assert "Waiting for Lee and Sam." in card(replay)
    replay.go_to("2026-07-20 08:00:00")
    assert "Waiting for Lee." in card(replay)
    sam.command("/sprint away")
    assert "'initial_date': '2026-07-24'" in str(sam.view)


def test_one_day_away_needs_one_date_and_holidays_need_none(replay: World) -> None:
    sam = replay.person("sam")
    sam.command("/sprint away")
    assert sam.submit(first="2026-07-20") == {}
    assert "You are away on Mon 20 July." in str(sam.view)
    sam.close_all()
    assert "🌴 Off: Sam (20 July)" in head(replay)
    sam.command("/sprint away")
    assert sam.submit(last="", country="NL") == {}
    assert "You are away" not in str(sam.view)
    assert "🌴 Off: Sam (20 July)" in head(replay), "the day that the form showed stands as it was said"
    sam.close_all()
    sam.command("/sprint away")
    assert sam.submit(first="", last="") == {"first": "When are you away? Choose a day."}


def test_a_country_whose_parts_have_different_holidays_is_asked_for_its_part(replay: World) -> None:
    sam = replay.person("sam")
    sam.command("/sprint away")
    sam.fill(country="DE")
    assert "Which part of Germany?" in str(sam.view)
    assert "Its parts have different public holidays." in str(sam.view)
    sam.fill(part_DE="DE-BY")
    sam.fill(country="NL")
    assert "Which part" not in str(sam.view)
    sam.fill(country="DE")
    assert sam.submit(part_DE="DE-BY") == {}
    assert "You keep the public holidays of Germany, Bayern." in str(sam.view)


def test_whose_part_is_unknown_keeps_the_days_that_the_country_shares(replay: World) -> None:
    sam = replay.person("sam")
    sam.command("/sprint away")
    sam.fill(country="CH")
    assert sam.submit(part_CH="CH") == {}
    with replay.db.read() as session:
        assert session.get_one(Person, sam.id).country == "CH"


def test_public_holidays_are_looked_up_while_somebody_types(replay: World) -> None:
    sam = replay.person("sam")
    sam.command("/sprint away")
    first = sam.suggest("away_country", "")
    assert first[0]["text"]["text"] == "The same as my team"
    assert len(first) == 100
    found = sam.suggest("away_country", "germany, bay")
    assert [option["value"] for option in found] == ["DE-BY"]
    assert sam.submit(country=found[0]["value"]) == {}
    assert "You keep the public holidays of Germany, Bayern." in str(sam.view)
    sam.close_all()
    sam.command("/sprint away")
    assert "Germany, Bayern" in str(sam.view)
    sam.suggest("away_country", "")
    assert sam.submit(country="The same as my team") == {}
    with replay.db.read() as session:
        assert session.get_one(Person, sam.id).country is None
        assert session.scalars(select(Away)).all() == []


def test_home_has_a_button_for_both(replay: World) -> None:
    sam = replay.person("sam")
    sam.open_home()
    sam.click("away_days", home=True)
    assert sam.submit(last="2026-07-31") == {}
    sam.close_all()
    sam.open_home()
    assert "You are away until Fri 31 July." in str(sam.home)
    assert "I'm away" not in str(sam.home)
    sam.click("away_back", home=True)
    assert "You are away" not in str(sam.home)
    assert "I'm away" in str(sam.home)


def test_away_is_undone_beside_its_receipt_in_the_channel_it_was_typed_in(replay: World) -> None:
    answer(replay, "sam", "/sprint away until 2 Aug")
    assert "Waiting for Lee." in card(replay)
    sam = replay.person("sam")
    sam.press("Undo", sam.ephemerals[-1])
    assert sam.ephemerals[-1]["text"] == "Undone. You are not away."
    assert "Waiting for Lee and Sam." in card(replay)
    assert "Off:" not in head(replay)


def test_undo_brings_back_what_was_said_before(replay: World) -> None:
    answer(replay, "sam", "/sprint away until 17 July")
    answer(replay, "sam", "/sprint away until 2 Aug")
    sam = replay.person("sam")
    sam.press("Undo", sam.ephemerals[-1])
    assert sam.ephemerals[-1]["text"] == "Undone. You are away until Fri 17 July, as you had said before."
    sam.command("/sprint")
    assert "You are away until Fri 17 July." in str(sam.view)
    assert "Undo" not in str(sam.view), "an earlier act is not to be undone after it"


def test_the_form_closes_where_home_shows_the_change_and_undo_is_there(replay: World) -> None:
    sam = replay.person("sam")
    sam.open_home()
    sam.click("away_days", home=True)
    assert sam.submit(last="2026-07-31") == {}
    assert sam.view is None
    sam.open_home()
    assert "You are away until Fri 31 July." in str(sam.home)
    sam.click("away_undo", home=True)
    assert "You are away" not in str(sam.home)
    assert "Waiting for Lee and Sam." in card(replay)


def test_a_form_that_was_typed_for_says_what_it_did_and_has_undo(replay: World) -> None:
    sam = replay.person("sam")
    sam.command("/sprint away")
    assert sam.submit(first="2026-07-20", last="2026-07-31") == {}
    assert "You are away from Mon 20 July until Fri 31 July." in str(sam.view)
    sam.click("away_undo")
    assert away(replay, "sam") is None
    sam.command("/sprint away")
    assert sam.submit(country="FR") == {}
    assert "You keep the public holidays of France." in str(sam.view)
    assert "Undo" not in str(sam.view)


def test_who_has_come_back_has_nothing_to_undo(replay: World) -> None:
    answer(replay, "sam", "/sprint away until 2 Aug")
    sam = replay.person("sam")
    whispered = sam.ephemerals[-1]
    sam.command("/sprint back")
    sam.press("Undo", whispered)
    assert "This has changed since, so you can't undo it any more." in str(sam.view)


def test_somebody_without_a_team_undoes_it_as_well_and_nobody_does_it_late(replay: World) -> None:
    answer(replay, "ivy", "/sprint away until 2 Aug")
    ivy = replay.person("ivy")
    ivy.press("Undo", ivy.ephemerals[-1])
    assert ivy.ephemerals[-1]["text"] == "Undone. You are not away."
    answer(replay, "ivy", "/sprint away until 2 Aug")
    replay.hands.tick(timedelta(minutes=10))
    ivy.press("Undo", ivy.ephemerals[-1])
    assert "It's too late to undo that" in str(ivy.view)
    assert away(replay, "ivy") is not None


def away(world: World, name: str) -> Away | None:
    """What somebody said."""
    with world.db.read() as session:
        return session.get(Away, (world.id(name), AwaySource.SAID))


def test_the_overview_says_so_and_has_the_way_back(replay: World) -> None:
    answer(replay, "sam", "/sprint away until friday")
    sam, ada = replay.person("sam"), replay.person("ada")
    ada.command("/sprint")
    assert "Waiting for Lee." in str(ada.view)
    sam.command("/sprint")
    assert "You are away until Fri 10 July." in str(sam.view)
    sam.click("away_back")
    assert "You are away" not in str(sam.view)
    assert "Waiting for Lee and Sam." in str(sam.view)


def test_every_plan_says_who_is_off(replay: World) -> None:
    replay.plan("lee", high="Player", off_from="2026-07-20", off_until="2026-07-21")
    answer(replay, "sam", "/sprint away until 14 July")
    ada = replay.person("ada")
    ada.command("/sprint show")
    assert "🌴 Off: Sam (13–14 July), Lee (20–21 July)" in str(ada.view)
    ada.click("sprint_export")
    assert "**Off during the sprint:** Sam (13–14 July), Lee (20–21 July)" in str(ada.view)
    ada.close_all()
    ada.command("/sprint finalize")
    assert "🌴 Off: Sam (13–14 July)" in str(ada.view)
    assert ada.submit(direction="Playback first.") == {}
    ada.close_all()
    assert "🌴 Off: Sam (13–14 July), Lee (20–21 July)" in head(replay)
    replay.go_to("2026-07-16 08:00:00")
    ada.command("/sprint export")
    assert "**Off during the sprint:** Sam (13–14 July), Lee (20–21 July)" in str(ada.view)


def test_a_plan_that_nobody_wrote_for_yet_says_who_is_away_too(world: World) -> None:
    world.team("ada", "lee")
    answer(world, "lee", "/sprint away until 14 July")
    ada = world.person("ada")
    ada.command("/sprint finalize")
    assert "🌴 Off: Lee (13–14 July)" in str(ada.view)


# --- as a status says -------------------------------------------------------------------------------------------


def test_a_status_counts_as_soon_as_slack_tells_of_it_and_until_it_is_cleared(replay: World) -> None:
    replay.slack.set_status("sam", "Vacationing", ":palm_tree:")
    assert "🌴 Off: Sam'" in head(replay)
    assert "Waiting for Lee." in card(replay)
    replay.hands.tick(timedelta(hours=2))
    replay.slack.set_status("sam", "")
    replay.slack.settle()
    assert backs(replay, "sam") == ["Welcome back. Replay is planning 13–24 July until Monday."]
    assert "Waiting for Lee and Sam." in card(replay)


def test_a_meeting_is_not_away(replay: World) -> None:
    replay.slack.set_status("sam", "In a meeting", ":calendar:", epoch("2026-07-09 12:00:00"))
    assert "Off" not in head(replay)
    assert "Waiting for Lee and Sam." in card(replay)


@pytest.mark.parametrize("how", [{"deleted": True}, {"is_restricted": True}])
def test_the_status_of_who_is_no_full_member_any_more_says_nothing(replay: World, how: dict[str, bool]) -> None:
    replay.slack.set_status("sam", "Vacationing", ":palm_tree:")
    replay.slack.change_user("sam", **how)
    replay.slack.settle()
    replay.slack.set_status("sam", "Out sick", ":face_with_thermometer:")
    replay.meet()
    with replay.db.read() as session:
        assert session.scalars(select(Away)).all() == []


def test_a_status_that_was_set_while_nobody_listened_is_read_with_everybody(replay: World) -> None:
    user = replay.slack.user("sam")
    user.status_text, user.status_emoji = "Out sick", ":face_with_thermometer:"
    replay.meet()
    assert "Waiting for Lee." in card(replay)
    user.status_text, user.status_emoji = "", ""
    replay.meet()
    assert len(backs(replay, "sam")) == 1


def test_back_while_the_status_still_says_away_says_so_and_stands(replay: World) -> None:
    replay.slack.set_status("sam", "Vacationing", ":palm_tree:")
    replay.slack.settle()
    assert "Your Slack status still says that you are away" in answer(replay, "sam", "/sprint back")
    replay.meet()
    assert "Waiting for Lee and Sam." in card(replay)


def test_a_status_and_words_together_are_over_when_both_are(replay: World) -> None:
    answer(replay, "sam", "/sprint away until 14 July")
    replay.slack.set_status("sam", "Vacationing", ":palm_tree:", epoch("2026-07-16 10:00:00"))
    replay.slack.settle()
    replay.go_to("2026-07-15 08:00:00")
    assert backs(replay, "sam") == []
    replay.go_to("2026-07-16 10:00:30")
    replay.slack.settle()
    replay.go_to("2026-07-16 10:01:30")
    assert len(asks(replay, "sam")) == 1


# --- back again -------------------------------------------------------------------------------------------------


def test_who_is_back_is_asked_at_nine_instead_of_being_welcomed_and_writes_from_there(replay: World) -> None:
    answer(replay, "sam", "/sprint away until sunday")
    replay.go_to("2026-07-10 08:00:00")
    replay.go_to("2026-07-13 06:59:00")
    assert asks(replay, "sam") == backs(replay, "sam") == []
    for minute in range(4):
        replay.go_to(f"2026-07-13 07:0{minute}:00")
    assert asks(replay, "sam") == ["What do you plan for *Replay, 13–24 July*?"]
    assert backs(replay, "sam") == []
    replay.person("sam").press("Write my plan")
    assert replay.person("sam").submit(high="Speed") == {}


def asks(world: World, name: str) -> list[str]:
    """What the bot asks somebody about a sprint."""
    world.post()
    return [message["text"] for message in world.person(name).dms if "plan" in message["text"]]


def test_the_line_says_what_is_true_when_it_is_posted(replay: World) -> None:
    replay.plan("sam", high="Speed")
    answer(replay, "sam", "/sprint away until tuesday")
    replay.finalize("ada")
    replay.go_to("2026-07-15 07:00:00")
    assert backs(replay, "sam") == ["Welcome back. Your plan for 13–24 July is in."]
    assert "Write my plan" not in str(replay.person("sam").dms[-1])


def test_a_final_plan_and_a_pause_are_said_in_their_own_words(replay: World) -> None:
    replay.finalize("ada")
    answer(replay, "sam", "/sprint away until tuesday")
    replay.go_to("2026-07-10 08:00:00")
    replay.go_to("2026-07-15 07:00:00")
    assert asks(replay, "sam") == ["The plan for *Replay, 13–24 July* is final. Add yours when you like."]
    answer(replay, "sam", "/sprint away until thursday")
    ada = replay.person("ada")
    ada.command("/small-team pause")
    assert ada.submit(until="2026-08-02", because="offsite") == {}
    replay.go_to("2026-07-17 07:00:00")
    assert backs(replay, "sam")[-1] == "Welcome back. Replay is paused until 2 August: offsite."


def test_who_is_away_again_by_then_is_left_alone(replay: World) -> None:
    answer(replay, "sam", "/sprint away until sunday")
    replay.go_to("2026-07-12 22:01:00")
    answer(replay, "sam", "/sprint away until friday")
    replay.go_to("2026-07-13 08:00:00")
    assert backs(replay, "sam") == []
    replay.go_to("2026-07-20 07:00:00")
    assert len(asks(replay, "sam")) == 1


def test_who_left_the_team_meanwhile_is_told_nothing(replay: World) -> None:
    answer(replay, "sam", "/sprint away until sunday")
    replay.go_to("2026-07-12 22:01:00")
    sam = replay.person("sam")
    sam.command("/small-team leave")
    sam.submit()
    replay.go_to("2026-07-13 08:00:00")
    assert backs(replay, "sam") == []


def test_two_replicas_and_a_second_look_tell_it_once(replay: World) -> None:
    answer(replay, "sam", "/sprint away until today")
    replay.hands.move_to("2026-07-10 07:00:00")
    first, second = replay.deliveries[0], replay.replica()
    turn: Callable[[], int] = lambda: staffing.turn(replay.db, clock.now)  # noqa: E731
    assert sum(replay.at_once(turn, turn)) == 1
    for _ in range(3):
        replay.at_once(first.tick, second.tick)
        replay.hands.tick(timedelta(seconds=2))
    assert len(backs(replay, "sam")) == 1


def test_after_a_stop_of_hours_it_is_late_and_after_a_day_it_is_no_news(replay: World) -> None:
    for name in ("sam", "lee"):
        answer(replay, name, "/sprint away until today")
    replay.go_to("2026-07-10 16:00:00")
    assert len(backs(replay, "sam")) == 1
    answer(replay, "lee", "/sprint away until sunday")
    replay.go_to("2026-07-14 10:00:00")
    assert len(backs(replay, "lee")) == 1  # that of Friday


def test_a_replica_that_dies_after_planning_the_line_loses_nothing(replay: World) -> None:
    answer(replay, "sam", "/sprint away until today")
    replay.hands.move_to("2026-07-10 07:00:00")
    staffing.turn(replay.db, clock.now)
    with replay.db.begin() as session:
        due = deliveries.queue(session, Lane.MESSAGES, now=clock.now())
        deliveries.claim(session, Lane.MESSAGES, due, now=clock.now(), room=8)  # and it dies with the claim
    replay.hands.tick(deliveries.LEASE + timedelta(seconds=1))
    assert len(backs(replay, "sam")) == 1


def test_who_comes_back_in_the_afternoon_is_asked_then_and_reads_nothing_of_what_they_missed(replay: World) -> None:
    replay.go_to("2026-07-22 08:00:00")
    replay.slack.set_status("sam", "Out sick", ":face_with_thermometer:", epoch("2026-07-27 09:00:00"))
    replay.slack.settle()
    for moment in ("2026-07-24 08:00:00", "2026-07-27 07:00:00", "2026-07-27 09:00:30", "2026-07-27 09:01:30"):
        replay.go_to(moment)
        replay.slack.settle()
    [asked] = [message["text"] for message in replay.person("sam").dms if "27 July" in message["text"]]
    assert asked.startswith("Replay: *13–24 July* ends, *27 July–7 August* comes.")


def test_the_companys_page_says_who_is_away(replay: World) -> None:
    answer(replay, "sam", "/sprint away until 14 July")
    replay.finalize("ada")
    assert "🌴 Sam (13–14 July)" in str(replay.card("sprints", "Sprints")["blocks"])


# --- who is asked nothing ---------------------------------------------------------------------------------------


def test_a_deactivated_lead_is_asked_nothing_and_their_away_is_gone(replay: World) -> None:
    answer(replay, "ada", "/sprint away until today")
    replay.slack.change_user("ada", deleted=True)
    replay.slack.settle()
    for moment in ("2026-07-10 07:00:00", "2026-07-10 12:00:00", "2026-07-13 07:30:00"):
        replay.go_to(moment)
    with replay.db.read() as session:
        assert session.scalars(select(Away)).all() == []
        assert session.scalars(select(Post.id).where(Post.channel_id == replay.id("ada"), SENT)).all() == []


SENT = Post.state == PostState.SENT


def test_a_team_of_one_says_that_it_is_forming_and_that_nobody_is_asked(world: World) -> None:
    world.team("ada")
    ada = world.person("ada")
    for line in ("/small-team", "/sprint"):
        ada.command(line)
        assert "nobody is asked anything until a second person joins" in str(ada.view)
        ada.close_all()
    world.go_to("2026-07-09 09:00:00")
    assert next_look(world) is None
    lee = world.person("lee")
    lee.command("/small-team join Replay")
    assert lee.submit() == {}
    assert next_look(world) is not None
    ada.command("/small-team")
    assert "forming" not in str(ada.view)


def next_look(world: World) -> datetime | None:
    """When the clock looks at the team again."""
    with world.db.read() as session:
        return session.scalars(select(Team.next_at)).one()


def test_a_sprint_that_nobody_waits_for_closes_as_every_other(replay: World) -> None:
    answer(replay, "sam", "/sprint away until 2 Aug")
    answer(replay, "lee", "/sprint away until 2 Aug")
    assert "Everybody has answered." in card(replay)
    replay.hands.move_to("2026-07-29 16:00:00")
    assert sprints.close_over(replay.db, clock.now) == 1


# --- one's own weekend ------------------------------------------------------------------------------------------


def own_weekend(world: World, name: str, *days: str) -> dict[str, str]:
    """Somebody chooses the weekdays on which they don't work, and nothing else."""
    person = world.person(name)
    person.command("/sprint away")
    errors = person.submit(weekend=list(days))
    if not errors:
        person.close_all()
    return errors


def test_somebody_whose_week_is_sunday_to_thursday_has_a_weekend_of_their_own(replay: World) -> None:
    assert own_weekend(replay, "sam", "4", "5") == {}
    with replay.db.read() as session:
        sam, lee = session.get_one(Person, replay.id("sam")), session.get_one(Person, replay.id("lee"))
        assert (sam.weekend, lee.weekend) == ("45", None)
        sunday, friday = date(2026, 7, 12), date(2026, 7, 10)
        calendar = worktimes.for_person(session, sam).calendar
        assert calendar.is_working_day(sunday)
        assert not calendar.is_working_day(friday)
        assert worktimes.for_person(session, lee).calendar.is_working_day(friday)


def test_nobody_is_asked_on_their_own_weekend() -> None:
    rhythm = Cadence(date(2026, 7, 13), 1, "Europe/Berlin")
    dates = sprint_dates(date(2026, 7, 13), 1)
    asked = occurrences(rhythm, dates, Whereabouts("Europe/Berlin", None, "45"))
    assert {each.on.weekday() for each in asked}.isdisjoint({4, 5})


def test_the_companys_weekend_chosen_is_none_of_ones_own(replay: World) -> None:
    assert own_weekend(replay, "sam", "4", "5") == {}
    assert own_weekend(replay, "sam", "5", "6") == {}
    with replay.db.read() as session:
        assert session.get_one(Person, replay.id("sam")).weekend is None


def test_a_weekend_of_five_days_is_refused_under_its_field(replay: World) -> None:
    assert own_weekend(replay, "sam", "0", "1", "2", "3", "4") == {
        "weekend": "Choose one to 3 days on which nobody works."
    }
