"""The rhythm in Slack: everybody reads what it means, and the lead changes it in one form."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.calendar.cadence import PromptKind
from bot.domain.rhythm import rhythms
from bot.domain.sprints import sprints
from bot.platform import clock
from models.company import Person
from models.outbox import Post
from models.sprints import Sprint
from models.teams import Team
from tests.stories import After
from tests.world import World


def replay_so_far(world: World) -> None:
    """Ada leads Replay in Berlin; Lee is with her in New York. Sprints of two weeks, the first one 13–24 July."""
    world.slack.change_user("lee", tz="America/New_York")
    world.meet()
    world.set_up()
    world.team("ada", "lee")
    world.hands.move_to("2026-07-08 08:00:00")


@pytest.fixture
def replay(after: After) -> World:
    """Ada leads Replay in Berlin; Lee is with her in New York. Sprints of two weeks, the first one 13–24 July."""
    return after(replay_so_far)


def preview(world: World, who: str) -> list[str]:
    """The lines that say what the rhythm means, in the view on top."""
    blocks = (world.person(who).view or {})["blocks"]
    return [
        line
        for block in blocks
        if block["block_id"].startswith("preview")
        for line in block["text"]["text"].splitlines()
    ]


def line(world: World, who: str, label: str) -> str:
    """The line about one thing, without its label."""
    return next(each for each in preview(world, who) if each.startswith(f"*{label}")).partition(":* ")[2]


def fields(world: World, who: str) -> list[str]:
    """The fields of the view on top."""
    return [block["block_id"] for block in (world.person(who).view or {})["blocks"] if block["type"] == "input"]


def typed(world: World, who: str, block_id: str) -> dict[str, Any]:
    """What is filled into a field of the view on top."""
    values = (world.person(who).view or {})["state"]["values"][block_id]
    return dict(next(iter(values.values())))


def stored(world: World) -> Team:
    """Team Replay as it is stored, without its members."""
    with world.db.read() as session:
        return session.scalars(select(Team).where(Team.name == "Replay")).one()


def change(world: World, who: str = "ada", **values: Any) -> dict[str, str]:
    """Open the form, fill it and save it; the errors under its fields."""
    person = world.person(who)
    person.command("/sprint rhythm")
    errors = person.submit(**values)
    if not errors:
        person.close_all()
    return errors


def answered(world: World, submission: dict[str, Any]) -> dict[str, Any]:
    """What the bot answers to a submission that Slack sends."""
    return dict(world.slack.deliver("interactive", submission).json() or {})


# --- reading ----------------------------------------------------------------------------------------------------


def test_the_next_dates_of_everything_are_said_in_words(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/sprint rhythm")
    assert preview(replay, "lee") == [
        "*Next sprints:* 13–24 July, 27 July–7 August and 10–21 August",
        "*Wrap up and plan:* Fri 10 Jul, 10:00 for Ada in Berlin, 10:00 for Lee in New York; then Fri 24 Jul and Fri 7 Aug",
        "*One reminder:* Mon 13 Jul, 09:00 for everybody; then Mon 27 Jul and Mon 10 Aug",
        "*Reveal, and the lead finalizes, at the latest:* Mon 13 Jul, 17:00 in Berlin; then Mon 27 Jul and Mon 10 Aug",
        "*The retro closes:* Wed 29 Jul, 18:00 in Berlin; then Wed 12 Aug and Wed 26 Aug",
    ]


def test_everybody_reads_the_rhythm_and_only_the_lead_gets_the_form(replay: World) -> None:
    for name, command in (("lee", "/sprint rhythm"), ("tom", "/sprint rhythm rep")):
        replay.person(name).command(command)
        assert fields(replay, name) == []
        assert "Two-week sprints from Monday · Berlin" in str(replay.person(name).view)
        assert "Its lead, Ada, can change it." in str(replay.person(name).view)
    ada = replay.person("ada")
    ada.command("/sprint rhythm")
    assert "zone" in fields(replay, "ada")
    assert "Fri 10 Jul, 10:00 for Ada in Berlin" in line(replay, "ada", "Wrap up and plan")


def test_the_rhythm_is_a_button_under_a_team_for_whoever_looks_at_it(replay: World) -> None:
    for name in ("ada", "lee", "tom"):
        person = replay.person(name)
        person.command("/small-team show Replay")
        person.click("team_rhythm")
        assert line(replay, name, "Wrap up and plan").startswith("Fri 10 Jul")
        assert ("zone" in fields(replay, name)) is (name == "ada")
        person.close_all()


def test_without_a_team_and_with_an_unknown_name_it_is_a_sentence(replay: World) -> None:
    tom = replay.person("tom")
    tom.command("/sprint rhythm")
    assert "You are in no small team yet." in tom.ephemerals[-1]["text"]
    tom.command("/sprint rhythm <!here>")
    assert "There is no team called “&lt;!here&gt;”." in tom.ephemerals[-1]["text"]


def test_who_has_a_holiday_of_their_own_is_said_with_the_reason(replay: World) -> None:
    with replay.db.begin() as session:
        session.execute(update(Person).where(Person.name == "Lee").values(country="US"))
    replay.hands.move_to("2026-11-20 10:00:00")
    replay.person("lee").command("/sprint rhythm")
    assert line(replay, "lee", "One reminder") == ("Mon 30 Nov, 09:00 for everybody; then Mon 14 Dec and Mon 28 Dec")
    replay.hands.move_to("2026-12-20 10:00:00")
    replay.person("lee").close_all()
    replay.person("lee").command("/sprint rhythm")
    assert line(replay, "lee", "Wrap up and plan").startswith(
        "Thu 24 Dec, 10:00 for Lee in New York; Fri 25 Dec for Ada"
    )


def test_a_team_of_one_reads_why_nobody_is_asked(world: World) -> None:
    world.team("ada")
    world.person("ada").command("/sprint rhythm")
    assert preview(world, "ada")[0] == (
        "⚠️ Nobody of Replay is asked yet: it is forming, and begins with its second member."
    )


def test_names_are_shown_as_text(replay: World) -> None:
    with replay.db.begin() as session:
        session.execute(update(Person).where(Person.name == "Lee").values(name="<!channel>"))
    replay.person("ada").command("/sprint rhythm")
    assert "for &lt;!channel&gt; in New York" in line(replay, "ada", "Wrap up and plan")


# --- choosing ---------------------------------------------------------------------------------------------------


def test_the_dates_follow_what_is_chosen_and_what_was_chosen_stays(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/sprint rhythm")
    ada.fill(turn_days="1", turn_at="08:15")
    assert line(replay, "ada", "Wrap up and plan").startswith("Thu 9 Jul, 08:15 for Ada in Berlin, 08:15 for Lee")
    ada.fill(sprint_weeks="1")
    assert preview(replay, "ada")[0] == "*Next sprints:* 13–17 July, 20–24 July and 27–31 July"
    assert typed(replay, "ada", "turn_at")["selected_time"] == "08:15"
    assert stored(replay).turn_days == 0


def test_another_zone_and_other_holidays_are_looked_up_and_shown(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/sprint rhythm")
    assert ada.suggest("country", "germ")[0]["text"]["text"].startswith("Germany")
    assert ada.suggest("country", "")[0]["text"]["text"] == "No public holidays"
    assert len(ada.suggest("country", "")) == 100
    ada.fill(country="NL", zone="Asia/Tokyo", start_weekday="2")
    assert line(replay, "ada", "The retro closes").startswith("Fri 24 Jul, 18:00 in Tokyo")
    assert ada.submit() == {}
    assert (stored(replay).country, stored(replay).zone) == ("NL", "Asia/Tokyo")
    ada.close_all()
    assert change(replay, country="No public holidays") == {}
    assert stored(replay).country is None


def test_a_country_whose_parts_differ_is_asked_for_its_part_in_the_rhythm_too(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/sprint rhythm")
    ada.fill(country="DE")
    assert "Which part of Germany?" in str(ada.view)
    ada.fill(part_DE="DE-BY")
    assert ada.submit() == {}
    assert stored(replay).country == "DE-BY"


def test_what_is_no_rhythm_is_said_below_while_the_form_is_filled(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/sprint rhythm")
    ada.fill(turn_at="22:00")
    assert preview(replay, "ada") == ["⚠️ Choose a time between 07:00 and 20:00: nobody is asked at night."]
    ada.fill(turn_at="19:00")
    assert line(replay, "ada", "Wrap up and plan").startswith("Fri 10 Jul, 19:00 for Ada")


# --- saving -----------------------------------------------------------------------------------------------------


def test_the_lead_saves_a_rhythm_and_reads_what_comes_next(replay: World) -> None:
    assert change(replay) == {}
    before = stored(replay)
    ada = replay.person("ada")
    ada.command("/sprint rhythm")
    assert ada.submit(turn_days="2", turn_at="08:30", reminder_at="10:00", nudge_at="11:00") == {}
    assert "has this rhythm now" in str(ada.view)
    assert line(replay, "ada", "Wrap up and plan").startswith("Wed 8 Jul, 10:00 for Ada in Berlin, 08:30 for Lee")
    now = rhythms.for_team(stored(replay))
    assert (now.turn_days, f"{now.turn_at:%H:%M}") == (2, "08:30")
    assert (f"{now.reminder_at:%H:%M}", f"{now.nudge_at:%H:%M}") == ("10:00", "11:00")
    assert stored(replay).cadence_since == clock.now() != before.cadence_since


def test_a_form_that_is_saved_as_it_was_changes_nothing(replay: World) -> None:
    before = stored(replay)
    assert change(replay) == {}
    assert stored(replay).cadence_since == before.cadence_since
    assert rhythms.for_team(stored(replay)) == rhythms.for_team(before)


@pytest.mark.parametrize("field", rhythms.TIMES)
@pytest.mark.parametrize("at", ["06:59", "20:01"])
def test_times_at_night_are_refused_under_their_field(replay: World, field: str, at: str) -> None:
    words = "Choose a time between 07:00 and 20:00: nobody is asked at night."
    assert change(replay, **{field: at}) == {field: words}
    assert replay.person("ada").submit(**{field: "20:00"}) == {}


def test_the_turn_is_never_before_the_third_working_day_of_its_sprint(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/sprint rhythm")
    ada.fill(sprint_weeks="1", turn_days="3")
    assert "then Wed 15 Jul and Wed 22 Jul" in line(replay, "ada", "Wrap up and plan")


@pytest.mark.parametrize(("field", "words"), [("zone", "Choose a time zone"), ("country", "Choose a country")])
def test_a_forged_zone_or_country_is_refused(replay: World, field: str, words: str) -> None:
    ada = replay.person("ada")
    ada.command("/sprint rhythm")
    payload = replay.submission("ada")
    value = payload["view"]["state"]["values"][field]
    next(iter(value.values()))["selected_option"] = {"text": {"type": "plain_text", "text": "?"}, "value": "Atlantis"}
    assert answered(replay, payload)["errors"][field].startswith(words)
    assert stored(replay).zone == "Europe/Berlin"


def test_who_leads_no_longer_changes_nothing(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/sprint rhythm")
    payload = replay.submission("ada")
    ada.close_all()
    ada.command("/small-team lead")
    assert ada.submit(lead=replay.id("lee")) == {}
    payload["view"]["state"]["values"]["turn_at"]["turn_at"]["selected_time"] = "12:00"
    assert "Only the lead of Replay, Lee, can change its rhythm." in str(answered(replay, payload)["errors"])
    assert f"{stored(replay).turn_at:%H:%M}" == "10:00"


def test_a_form_that_was_open_before_somebody_else_saved_does_not_undo_that(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/sprint rhythm")
    old = replay.submission("ada")
    old["view"]["state"]["values"]["turn_at"]["turn_at"]["selected_time"] = "12:00"
    ada.close_all()
    assert change(replay, reminder_at="08:00") == {}
    assert answered(replay, old)["errors"]["sprint_weeks"].startswith("The rhythm was changed in the meantime")
    assert (f"{stored(replay).remind_at:%H:%M}", f"{stored(replay).turn_at:%H:%M}") == ("08:00", "10:00")


def test_of_two_rhythms_that_are_saved_at_once_one_stands_whole(replay: World) -> None:
    replay.person("ada").command("/sprint rhythm")
    forms = [replay.submission("ada") for _ in range(2)]
    for form, at in zip(forms, ("08:00", "09:00"), strict=True):
        for field in ("reminder_at", "turn_at"):
            form["view"]["state"]["values"][field][field]["selected_time"] = at
    found = replay.at_once(*(partial(answered, replay, form) for form in forms))
    assert sorted(answer["response_action"] for answer in found) == ["errors", "update"]
    assert stored(replay).remind_at == stored(replay).turn_at


def test_the_same_form_sent_twice_is_one_change_and_two_receipts(replay: World) -> None:
    replay.person("ada").command("/sprint rhythm")
    form = replay.submission("ada")
    form["view"]["state"]["values"]["turn_at"]["turn_at"]["selected_time"] = "12:00"
    assert answered(replay, form)["response_action"] == "update"
    since = stored(replay).cadence_since
    replay.hands.tick(60)  # the answer was lost, and the lead pressed once more
    assert answered(replay, form)["response_action"] == "update"
    assert stored(replay).cadence_since == since


def test_a_save_that_breaks_halfway_saves_nothing(replay: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sprints, "open_ones", fail)
    errors = change(replay, turn_at="12:00")
    assert "Something went wrong, and it is not your fault." in str(errors)
    assert f"{stored(replay).turn_at:%H:%M}" == "10:00"
    monkeypatch.undo()
    assert replay.person("ada").submit() == {}
    assert f"{stored(replay).turn_at:%H:%M}" == "12:00"


# --- what a new rhythm does -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change_to", "over", "next_start"),
    [
        ({"zone": "America/Los_Angeles"}, "2026-07-25 06:59:00", "27 July"),
        ({"sprint_weeks": "1"}, "2026-07-24 21:59:00", "27–31 July"),
        ({"start_weekday": "2"}, "2026-07-24 21:59:00", "29 July"),
    ],
)
def test_a_new_rhythm_leaves_the_running_sprint_and_begins_right_after_it(
    world: World, change_to: dict[str, Any], over: str, next_start: str
) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    world.finalize("ada")
    world.go_to("2026-07-21 08:00:00")
    assert change(world, **change_to) == {}
    ada = world.person("ada")
    ada.command("/sprint plan")
    assert next_start in str(ada.view)
    ada.close_all()
    world.go_to(over)
    ada.command("/sprint")
    assert "No sprint is running" not in str(ada.view)
    ada.close_all()
    world.hands.tick(120)
    ada.command("/sprint")
    assert "No sprint is running" in str(ada.view)


def test_a_rhythm_that_is_changed_and_changed_back_loses_no_week(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")
    for weeks in ("1", "2"):
        assert change(world, sprint_weeks=weeks) == {}
    world.go_to("2026-07-23 08:00:00")
    world.person("ada").command("/sprint plan")
    assert "27 July–7 August" in str(world.person("ada").view)


def test_the_running_sprint_closes_by_the_new_holidays(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="One")
    assert change(world, zone="America/New_York", country="US") == {}
    with world.db.read() as session:
        sprint = session.scalars(select(Sprint)).one()
    assert f"{sprint.over_at:%d %H:%M}" == "25 04:00"
    assert f"{sprint.closes_at:%d %H:%M}" == "29 22:00"


def asked(world: World, kind: PromptKind) -> list[str]:
    """Who was asked this, by name; a name for each post."""
    with world.db.read() as session:
        query = select(Person.name).join(Post, Post.channel_id == Person.id).where(Post.card == kind)
        return sorted(session.scalars(query))


def test_the_clock_asks_in_the_new_rhythm(replay: World) -> None:
    replay.go_to("2026-07-08 09:00:00")
    assert change(replay, turn_days="1", turn_at="12:00") == {}
    replay.go_to("2026-07-09 09:59:00")
    assert asked(replay, PromptKind.TURN) == []
    replay.go_to("2026-07-09 10:00:00")
    assert asked(replay, PromptKind.TURN) == ["Ada"]
    replay.go_to("2026-07-09 16:00:00")
    assert asked(replay, PromptKind.TURN) == ["Ada", "Lee"]


def test_who_was_asked_in_the_old_rhythm_is_not_asked_again_in_the_new_one(replay: World) -> None:
    replay.go_to("2026-07-10 12:00:00")
    assert asked(replay, PromptKind.TURN) == ["Ada"]
    assert change(replay, turn_at="11:00") == {}
    replay.person("ada").command("/sprint rhythm")
    assert line(replay, "ada", "Wrap up and plan").startswith("Fri 10 Jul, 11:00 for Lee in New York; then")
    replay.go_to("2026-07-10 20:00:00")
    assert asked(replay, PromptKind.TURN) == ["Ada", "Lee"]


def test_a_new_rhythm_whose_turn_would_have_come_already_asks_at_once(replay: World) -> None:
    assert change(replay, turn_days="3") == {}
    replay.go_to("2026-07-08 12:00:00")
    assert asked(replay, PromptKind.TURN) == ["Ada"]  # Wednesday at ten, when the lead saved it
    replay.go_to("2026-07-08 15:00:00")
    assert asked(replay, PromptKind.TURN) == ["Ada", "Lee"]


def test_what_the_team_is_and_its_rhythm_are_two_forms(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/small-team edit")
    assert fields(replay, "ada") == ["name", "area", "customer_kind", "customer", "channel", "meets_at", "meets_link"]
