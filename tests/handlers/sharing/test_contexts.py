"""`/context`: what helps others to plan, told through Slack."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.sharing import contexts
from bot.platform import clock
from models.sharing import Context
from tests.follow import begin, lines, queries, said_to
from tests.stories import After
from tests.world import World

PLANNING = "2026-07-17 08:00:00"  # the turn to Ingestion's next sprint, at ten in Berlin


@pytest.fixture
def company(after: After) -> World:
    """Two teams, whose sprints run."""
    return after(begin)


def notes(world: World) -> list[str]:
    """The notes in the company's sprint channel."""
    return [text for text in world.texts("sprints") if text.startswith("📣")]


def prompt(world: World, name: str) -> dict[str, Any]:
    """What somebody is asked at the turn."""
    world.go_to(PLANNING)
    return next(message for message in reversed(world.person(name).dms) if "20–24 July" in message["text"])


def test_a_line_is_posted_at_once_with_its_authors_name(company: World) -> None:
    company.person("tom").command("/context Two customers asked for <exports> & more")
    assert notes(company) == ["📣 *Good to know* · Tom\nTwo customers asked for &lt;exports&gt; &amp; more"]
    assert "and for a week above everybody's next plan" in said_to(company, "tom")


def test_the_bare_command_asks_what_it_is_in_a_form(company: World) -> None:
    tom = company.person("tom")
    tom.command("/context")
    assert tom.submit(kind="metric", text="Lag has doubled", link="https://example.com/lag?a=1&b=2") == {}
    assert notes(company) == ["📣 *What a metric says* · Tom\nLag has doubled\nhttps://example.com/lag?a=1&amp;b=2"]
    assert tom.view is None, "its message in the channel is the receipt"


# --- taking it back ---------------------------------------------------------------------------------------------


def card(world: World) -> dict[str, Any]:
    """The newest note in the company's sprint channel."""
    return world.card("sprints", "📣")


def test_who_shared_a_note_takes_it_back_from_its_message_or_from_the_receipt(company: World) -> None:
    tom = company.person("tom")
    tom.command("/context Two customers asked for exports")
    card(company)
    tom.press("Undo", tom.ephemerals[-1])
    assert notes(company) == ["📣 Tom took this note back."]
    assert tom.ephemerals[-1]["text"] == "Undone. Nobody sees your note any more."
    tom.command("/context Lag has doubled")
    tom.press("Undo", card(company))
    assert notes(company) == ["📣 Tom took this note back."] * 2
    assert "📣" not in str(prompt(company, "noor")), "nobody is shown it any more"


def test_a_note_stays_once_ten_minutes_have_passed(company: World) -> None:
    tom = company.person("tom")
    tom.command("/context Lag has doubled")
    shared = card(company)
    (button,) = (block["accessory"] for block in shared["blocks"])
    company.go_to(f"{clock.now() + timedelta(minutes=10, seconds=5):%Y-%m-%d %H:%M:%S}")
    assert "Undo" not in str(card(company)["blocks"])
    company.forge_press("tom", shared, button)
    assert "Ten minutes have passed" in str(tom.view)
    assert notes(company) == ["📣 *Good to know* · Tom\nLag has doubled"]


def test_nobody_takes_back_what_another_person_shared(company: World) -> None:
    company.person("tom").command("/context Lag has doubled")
    mia = company.person("mia")
    mia.press("Undo", card(company))
    assert "Tom did this, so only they can undo it." in str(mia.view)
    assert "Lag has doubled" in notes(company)[0]


def test_a_note_taken_back_twice_at_once_is_taken_back_once(company: World) -> None:
    tom = company.person("tom")
    tom.command("/context Lag has doubled")
    shared = card(company)
    (button,) = (block["accessory"] for block in shared["blocks"])
    company.at_once(*[lambda: company.forge_press("tom", shared, button)] * 2)
    assert notes(company) == ["📣 Tom took this note back."]
    assert tom.view is None


# --- what it does not take --------------------------------------------------------------------------------------


def test_what_cannot_be_taken_is_refused_under_its_field_and_the_words_stay(company: World) -> None:
    tom = company.person("tom")
    tom.command("/context")
    assert tom.submit(text=" ")["text"].startswith("Say in a sentence or two")
    assert tom.submit(text="Lag", link="see the dashboard")["link"].startswith("A link begins with https://")
    assert tom.submit(text="Lag", link="javascript:alert(1)")["link"].startswith("A link begins with https://")
    tom.command(f"/context {'a' * 501}")
    assert said_to(company, "tom").startswith("That is 501 characters, and a note takes 500.")
    assert notes(company) == []


def test_without_a_sprint_channel_it_is_refused_in_words(world: World) -> None:
    tom = world.person("tom")
    for words in ("/context", "/context Two customers asked for exports"):
        tom.command(words)
        assert "Ask a Slack admin to run `/prickle setup`." in said_to(world, "tom")
    assert tom.view is None


def test_a_form_that_is_sent_twice_at_once_is_one_note(company: World) -> None:
    company.person("tom").command("/context")
    company.person("tom").fill(text="Lag has doubled")
    payload = company.submission("tom")
    answers = company.at_once(*[lambda: company.slack.deliver("interactive", payload)] * 3)
    assert sorted('"clear"' in str(answer) for answer in answers) == [False, False, True]
    with company.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Context)) == 1
    assert len(notes(company)) == 1


def test_the_notes_of_the_week_ride_on_everybodys_next_turn_with_a_link(company: World) -> None:
    company.person("tom").command("/context Two customers asked for exports")
    company.post()
    message = prompt(company, "noor")
    lines = str(message["blocks"])
    assert "|Good to know>: Two customers asked for exports — Tom" in lines
    (note,) = [each for each in company.slack.messages("sprints") if each["text"].startswith("📣")]
    assert f"/p{note['ts'].replace('.', '')}|" in lines
    assert "Ingestion" in message["blocks"][0]["text"]["text"], "it begins with why somebody is asked"


def test_three_are_enough_the_newest_first_and_clipped(company: World) -> None:
    for number in range(7):
        company.person("tom").command(f"/context Number {number} {'and so on ' * 40}")
        company.hands.tick(timedelta(seconds=1))
    company.post()
    texts = [block.get("text", {}).get("text", "") for block in prompt(company, "noor")["blocks"]]
    shown = [line for text in texts for line in text.splitlines() if "📣" in line]
    assert [line.partition("Number ")[2][0] for line in shown] == ["6", "5", "4"]
    assert max(map(len, shown)) < 350


def messages(world: World, name: str) -> list[str]:
    """What somebody was asked about the next sprint, oldest first."""
    return [each["text"] for each in world.person(name).dms if "20–24 July" in each["text"]]


def test_a_note_is_shown_to_a_person_once_and_not_again_in_the_reminder(company: World) -> None:
    company.person("tom").command("/context Two customers asked for exports")
    company.go_to(PLANNING)
    assert "Two customers asked for exports" in messages(company, "noor")[-1]
    company.person("tom").command("/context Lag has doubled")
    company.post()
    assert "Lag has doubled" not in messages(company, "noor")[-1], "a message stays as it was"
    company.go_to("2026-07-20 07:00:00")
    reminder = messages(company, "noor")[-1]
    assert "A reminder" in reminder
    assert "Lag has doubled" in reminder
    assert "Two customers asked for exports" not in reminder


def test_a_note_that_stood_in_the_reminder_is_not_in_the_next_turn(company: World) -> None:
    company.go_to(PLANNING)
    company.hands.move_to("2026-07-19 07:00:00")
    company.person("tom").command("/context Lag has doubled")
    company.go_to("2026-07-20 07:00:00")
    assert "Lag has doubled" in messages(company, "noor")[-1]
    company.go_to("2026-07-24 08:00:00")
    turn = next(each["text"] for each in reversed(company.person("noor").dms) if "27–31 July" in each["text"])
    assert "Lag has doubled" not in turn


def test_what_the_message_has_no_room_for_stands_in_the_form(company: World) -> None:
    for number in range(5):
        company.person("tom").command(f"/context Number {number}")
        company.hands.tick(timedelta(seconds=1))
    message = prompt(company, "noor")
    assert "… and in the form 2 more to know." in message["text"]
    noor = company.person("noor")
    noor.press("Wrap up and plan" if "Wrap up and plan" in str(message["blocks"]) else "Write my plan", message)
    form = str(noor.view)
    assert ["Number 1" in form, "Number 0" in form, "Number 4" in form] == [True, True, False]


def test_what_is_older_than_a_week_stands_there_no_more(company: World) -> None:
    company.hands.move_to("2026-07-16 07:00:00")
    company.person("tom").command("/context Two customers asked for exports")
    with company.db.read() as session:
        assert len(contexts.fresh(session, now=clock.now() + timedelta(days=6, hours=23))) == 1
        assert contexts.fresh(session, now=clock.now() + timedelta(days=7)) == []


def test_it_stands_above_all_teams_sprints_and_can_be_shared_from_there(company: World) -> None:
    tom = company.person("tom")
    tom.command("/sprint company")
    tom.click("context_share")
    assert tom.submit(kind="goal", text="Exports by September") == {}
    tom.close_all()
    tom.command("/sprint company")
    assert lines(tom.view)[0] == "📣 A goal: Exports by September — Tom"


def test_it_takes_one_query_whatever_the_number_of_notes(company: World) -> None:
    def asked() -> int:
        with company.db.read() as session, queries(company.db.engine) as sent:
            contexts.fresh(session, now=clock.now())
        return len(sent)

    before = asked()
    for number in range(6):
        company.person("tom").command(f"/context Number {number}")
    assert asked() == before <= 3  # the notes, the company, and SQLite's BEGIN


def test_its_help_says_what_it_is_for(company: World) -> None:
    company.person("tom").command("/context help")
    assert "what helps others to plan" in said_to(company, "tom")
    assert notes(company) == []
