"""`/retro`: asked for at the sprint's end, revealed to all at once, and closed with one improvement."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from models.retros import NOTE_LENGTH
from tests.retro import (
    ASKS,
    CLOSES,
    MIDDLE,
    REVEALS,
    SECRET,
    board,
    dm,
    ended,
    everything_but_the_author_reads,
    menu,
    note_id,
    notes_are_revealed,
    replay,
    reveal,
    revealed,
    the_retro,
    waiting,
    write,
)
from tests.world import World

__all__ = ["ended", "replay", "revealed", "waiting"]  # fixtures, which pytest finds by name


def close(world: World, name: str, **fields: Any) -> dict[str, str]:
    """Close the retro through its board."""
    person = world.person(name)
    person.press("Close the retro", board(world))
    return person.submit(**fields)


def test_a_retro_goes_from_a_note_in_mid_sprint_to_an_action_in_the_next_plan(replay: World) -> None:
    write(replay, "lee", better=f"{SECRET}\nReviews wait", well="The demo")
    replay.go_to(ASKS)
    asked = dm(replay, "lee")
    assert "First frame" in asked["text"]
    lee = replay.person("lee")
    lee.press("Wrap up and plan", asked)
    assert SECRET in str(lee.view)
    assert lee.submit() == {}
    lee.close_all()
    assert "Written: Lee" in board(replay)["text"]
    notes_are_revealed(replay)
    shown = board(replay)
    assert f"{SECRET} — Lee" in shown["text"]
    replay.person("ada").click(f"note_me_too_{note_id(replay, SECRET)}", message=shown)
    assert f"{SECRET} — Lee · 👍 1" in board(replay)["text"]
    replay.person("noor").press("Close the retro", board(replay))
    form = replay.person("noor").view or {}
    assert SECRET in str(form), "what most people stand behind is suggested"
    assert replay.person("noor").submit(action_0="Deploy in five minutes") == {}
    assert "*One improvement:* Deploy in five minutes\n*Who takes it?*" in replay.texts("team-replay")[-1]
    assert "🔁 Retro: Deploy in five minutes" in str(replay.slack.messages("sprints"))
    lee.press("I'll take it", board(replay))
    assert "Deploy in five minutes — Lee" in replay.card("team-replay", "27 July")["text"]
    lee.command("/retro actions")
    assert "Deploy in five minutes" in str(lee.view)
    lee.close_all()
    replay.mark("lee", "Deploy in five minutes", "Finished")
    lee.close_all()
    lee.command("/retro actions")
    assert "no open action" in str(lee.view)


def test_nothing_of_a_hidden_note_leaks_before_the_reveal(replay: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    for ours in ("bot", "handlers", "jobs"):
        caplog.set_level(logging.DEBUG, logger=ours)
    write(replay, "lee", better=SECRET)
    assert SECRET not in everything_but_the_author_reads(replay, "ada", "noor", "ivy", "sam")
    replay.go_to(ASKS)
    assert the_retro(replay).facilitator_id == replay.id("ada")
    assert SECRET not in everything_but_the_author_reads(replay, "ada", "noor", "ivy", "sam")
    replay.person("lee").press("Nothing new", dm(replay, "lee"))
    assert SECRET not in everything_but_the_author_reads(replay, "ada", "noor", "ivy", "sam")
    assert SECRET not in caplog.text


def test_who_has_sent_theirs_reads_the_others_and_who_has_not_does_not(waiting: World) -> None:
    noor = waiting.person("noor")
    noor.command("/retro show")
    assert SECRET not in str(noor.view)
    assert "You can read the others' notes once you have sent your own" in str(noor.view)
    noor.close_all()
    noor.press("Nothing new", dm(waiting, "noor"))
    noor.command("/retro show")
    assert SECRET in str(noor.view)


def test_a_click_is_shown_in_its_message_at_once_and_edited_no_second_time(ended: World) -> None:
    asked = dm(ended, "noor")
    calls = len(ended.slack.calls)
    ended.person("noor").press("Nothing new", asked)
    ended.post()
    assert "Your plan for" in dm(ended, "noor", "is in")["text"]
    edited = [call.args["ts"] for call in ended.slack.calls[calls:] if call.method == "chat.update"]
    assert asked["ts"] not in edited


def test_it_opens_by_itself_for_everybody_even_with_nothing_left_to_mark(replay: World) -> None:
    replay.mark_of("First frame", "finished")
    replay.go_to(ASKS)
    assert "First frame" in dm(replay, "lee")["text"]
    assert "what did you learn" in dm(replay, "noor")["text"]
    assert "Not written yet: Ada, Lee and Noor" in board(replay)["text"]
    assert "Facilitator: Ada" in board(replay)["text"]


def test_anybody_in_the_team_reveals_earlier_and_the_lead_is_asked_with_it(waiting: World) -> None:
    lee = waiting.person("lee")
    lee.click("retro_menu", select=f"{the_retro(waiting).id}:reveal", message=board(waiting))
    assert SECRET in board(waiting)["text"]
    assert "for you to finalize" in dm(waiting, "ada", "for you to finalize")["text"]


def test_the_facilitators_turn_goes_round_and_can_be_taken_and_skipped(ended: World) -> None:
    retro = the_retro(ended)
    ended.person("noor").click("retro_menu", select=f"{retro.id}:mine", message=board(ended))
    assert "Facilitator: Noor" in board(ended)["text"]
    ended.person("noor").click("retro_menu", select=f"{retro.id}:skip", message=board(ended))
    assert "Facilitator: Ada" in board(ended)["text"]
    reveal(ended)
    ended.go_to("2026-08-07 08:00:00")
    assert "Facilitator: Lee" in ended.card("team-replay", "Retro: Replay, 27 July")["text"]


def test_handing_the_facilitators_turn_on_again_and_again_asks_everybody(ended: World) -> None:
    asked = []
    for _ in range(4):
        asked.append(the_retro(ended).facilitator_id)
        ended.person("noor").click("retro_menu", select=f"{the_retro(ended).id}:skip", message=board(ended))
    assert asked == [ended.id(name) for name in ("ada", "lee", "noor", "ada")]


@pytest.mark.parametrize("how", ["leaves the team", "is away", "leaves the company", "leaves the company as the lead"])
def test_the_board_names_no_facilitator_who_is_not_there_any_more(waiting: World, how: str) -> None:
    name = "ada" if how.endswith("lead") else "noor"
    noor, menu = waiting.person(name), f"{the_retro(waiting).id}"
    noor.click("retro_menu", select=f"{menu}:mine", message=board(waiting))
    assert f"Facilitator: {name.capitalize()}" in board(waiting)["text"]
    if how == "is away":
        noor.command("/sprint away until 31 july")
    elif how == "leaves the team":
        noor.command("/small-team leave")
        noor.submit()
    else:
        waiting.slack.change_user(name, deleted=True)
        waiting.slack.settle()
    other = "Lee" if name == "ada" else "Ada"
    assert f"Facilitator: {other}" in board(waiting)["text"]


def test_a_facilitator_who_left_the_team_reveals_nothing(waiting: World) -> None:
    noor, menu = waiting.person("noor"), f"{the_retro(waiting).id}"
    noor.click("retro_menu", select=f"{menu}:mine", message=board(waiting))
    noor.command("/small-team leave")
    noor.submit()
    noor.close_all()
    noor.click("retro_menu", select=f"{menu}:reveal", message=board(waiting))
    assert "Only people of Replay can reveal its notes." in str(noor.view)
    assert SECRET not in board(waiting)["text"]


def test_a_retro_that_is_revealed_late_after_a_downtime_still_gives_the_team_its_days(waiting: World) -> None:
    waiting.go_to("2026-07-30 09:00:00")
    assert SECRET in board(waiting)["text"]
    assert the_retro(waiting).closed_at is None
    waiting.go_to("2026-07-31 16:00:00")
    assert the_retro(waiting).closed_at is not None


def test_on_the_weekend_after_a_retro_that_is_closed_a_note_is_of_the_next_sprint(waiting: World) -> None:
    waiting.plan("lee", high="Seeking")
    waiting.person("ada").click("retro_menu", select=f"{the_retro(waiting).id}:reveal", message=board(waiting))
    assert close(waiting, "ada", action_0="") == {}
    for moment in ("2026-07-24 14:00:00", "2026-07-25 12:00:00"):
        waiting.go_to(moment)
        waiting.person("noor").command("/retro")
        assert "27 July–7 August" in str(waiting.person("noor").view)
        waiting.person("noor").close_all()


def test_revealing_while_somebody_sends_and_revealing_twice_end_in_one_state(ended: World) -> None:
    write(ended, "lee", better=SECRET)
    retro, shown = the_retro(ended), board(ended)
    ada, noor = ended.person("ada"), ended.person("noor")
    noor.command("/retro")
    ended.at_once(
        lambda: ada.click("retro_menu", select=f"{retro.id}:reveal", message=shown),
        lambda: noor.submit(puzzle="Who decides?"),
    )
    text = board(ended)["text"]
    assert SECRET in text
    assert "Who decides? — Noor" in text
    pressed = {"type": "overflow", "action_id": "retro_menu", "block_id": "b"}
    ended.forge_press("ada", board(ended), {**pressed, "selected_option": {"value": f"{retro.id}:reveal"}})
    assert "revealed already" in str(ada.view)


def test_closing_twice_ends_in_one_improvement_and_a_sentence(revealed: World) -> None:
    shown = board(revealed)
    for name in ("ada", "noor"):
        revealed.person(name).press("Close the retro", shown)
    fields = {"action_0": "Deploy in five minutes"}
    errors = revealed.at_once(
        lambda: revealed.person("ada").submit(**fields), lambda: revealed.person("noor").submit(**fields)
    )
    assert [each for each in errors if each] == [
        {"action_0": "This retro is closed already: somebody was faster. The board shows what it led to."}
    ]
    assert sum("One improvement" in text for text in revealed.texts("team-replay")) == 2, "the board, and one summary"


def test_what_strikes_people_after_their_retro_is_closed_is_for_the_next_sprint(waiting: World) -> None:
    ada = waiting.person("ada")
    ada.click("retro_menu", select=f"{the_retro(waiting).id}:reveal", message=board(waiting))
    assert close(waiting, "ada", action_0="") == {}
    for sprint in ("not begun", "begun by a plan"):
        write(waiting, "noor", puzzle=f"Who decides? It has {sprint}")
        noor = waiting.person("noor")
        noor.command("/retro")
        assert "27 July–7 August" in str(noor.view)
        noor.close_all()
        waiting.plan("ada", high="Deploys")
    assert "Who decides?" not in everything_but_the_author_reads(waiting, "ada", "lee")


def test_a_merge_shows_at_once_in_the_window_it_was_made_in(replay: World) -> None:
    write(replay, "lee", better=f"{SECRET}\nDeploying takes an hour", well="Pairing")
    reveal(replay)
    ada = replay.person("ada")
    ada.press("Show it all", board(replay))
    menu(replay, "ada", f"note_menu_{note_id(replay, SECRET)}", "Merge")
    choices = [each["text"]["text"] for each in (ada.view or {})["blocks"][-1]["element"]["options"]]
    assert choices == ["Deploying takes an hour — Lee", "Pairing — Lee"], "of the same column first"
    assert ada.submit(into=str(note_id(replay, "Deploying takes an hour"))) == {}
    assert f"↳ {SECRET} — Lee" in str(ada.view)
    menu(replay, "ada", f"note_menu_{note_id(replay, 'Pairing')}", "Discuss")
    assert "the board's thread" in str(ada.view)
    ada.close_all()


def test_a_further_action_needs_an_owner_and_a_retro_may_close_without_any(revealed: World) -> None:
    ada = revealed.person("ada")
    ada.press("Close the retro", board(revealed))
    ada.click("retro_more_actions")
    assert ada.submit(action_0="", action_1="Deploy faster") == {
        "owner_1": "Choose an owner: what nobody owns, nobody does."
    }
    assert ada.submit(action_1="") == {}
    assert "No improvement this time." in revealed.texts("team-replay")[-1]


def test_further_actions_are_added_in_the_same_form(revealed: World) -> None:
    ada = revealed.person("ada")
    ada.press("Close the retro", board(revealed))
    ada.click("retro_more_actions")
    fields = {
        "action_0": "Deploy faster",
        "action_1": "Ask Sam",
        "owner_1": revealed.id("ada"),
    }
    assert ada.submit(**fields, due_1="2026-07-31") == {}
    ada.close_all()
    ada.command("/retro actions")
    assert "Ask Sam — Ada · new · by " in str(ada.view)


def test_nobody_wrote_so_it_closes_with_one_line_and_nags_nobody(ended: World) -> None:
    notes_are_revealed(ended)
    sent = len(ended.texts("team-replay"))
    ended.go_to(CLOSES)
    assert "nobody wrote anything this time" in board(ended)["text"]
    assert len(ended.texts("team-replay")) == sent
    assert the_retro(ended).closed_at is not None


def test_a_retro_that_nobody_closes_closes_by_itself(revealed: World) -> None:
    revealed.go_to(CLOSES)
    assert the_retro(revealed).closed_at is not None
    assert "Close the retro" not in str(board(revealed)["blocks"])


def test_a_sprint_without_a_plan_still_has_its_retro(world: World) -> None:
    world.set_up()
    world.team("ada", "lee")
    world.go_to(MIDDLE)
    write(world, "lee", well="We survived")
    world.go_to(ASKS)
    assert "This sprint had no plan." in board(world)["text"]
    reveal(world)
    assert "We survived — Lee" in board(world)["text"]


def test_somebody_of_another_team_reads_after_the_reveal_and_writes_nothing(revealed: World) -> None:
    sam = revealed.person("sam")
    sam.command("/retro show replay")
    assert SECRET in str(sam.view)
    sam.close_all()
    sam.press("Write notes", board(revealed))
    assert "Only people of Replay can write in its retro." in str(sam.view)
    sam.close_all()
    sam.press("Close the retro", board(revealed))
    assert "Only people of Replay can close its retro." in str(sam.view)
    sam.close_all()
    sam.command("/retro")
    assert "no small team" in str(sam.view)


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """What the database is asked meanwhile. The engine outlives the test, so nobody goes on listening to it."""
    sent: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(world.db.engine, "before_cursor_execute", listen)
    yield sent
    event.remove(world.db.engine, "before_cursor_execute", listen)


def test_a_board_of_six_people_with_fifteen_long_notes_each_pages_itself_in_few_queries(world: World) -> None:
    world.set_up()
    world.team("ada", "lee", "noor", "sam", "mia", "tom")
    world.plan("ada", high="Timeline")
    world.go_to(MIDDLE)
    for name in ("ada", "lee", "noor", "sam", "mia", "tom"):
        lines = [f"{name} {number} & {'x' * NOTE_LENGTH}"[:NOTE_LENGTH] for number in range(15)]
        for start in range(0, 15, 2):  # a field takes 3,000 characters
            write(world, name, better="\n".join(lines[start : start + 2]))
    world.go_to(ASKS)
    shown, retro, ada = board(world), the_retro(world), world.person("ada")
    with statements(world) as revealing:
        ada.click("retro_menu", select=f"{retro.id}:reveal", message=shown)
    shown = board(world)
    pages = world.texts("team-replay", shown["ts"])
    said = " ".join([shown["text"], *pages, str(world.slack.messages("team-replay", shown["ts"]))])
    assert all(f"{name} {number} &amp; x" in said for name in ("ada", "tom") for number in range(15))
    ada.press("Close the retro", shown)
    with statements(world) as closing:
        assert ada.submit(action_0="Write less") == {}
    assert len(revealing) <= 39, revealing  # the lead is asked with it
    assert len(closing) <= 19, closing


def test_the_lead_chooses_the_emoji_and_nobody_else_does(ended: World) -> None:
    lee, ada = ended.person("lee"), ended.person("ada")
    lee.command("/retro settings")
    assert "Only the lead of Replay, Ada, can change its retro." in str(lee.ephemerals[-1])
    ada.command("/retro settings")
    assert ada.submit(retro_emoji=":two words:") == {
        "retro_emoji": "Type an emoji's name as in Slack, such as :retro:."
    }
    assert ada.submit(retro_emoji=":dart:") == {}


def test_the_export_has_the_retro_in_the_shape_of_the_sprint_page(replay: World) -> None:
    write(replay, "lee", better=SECRET, well="The demo")
    replay.mark_of("First frame", "finished")
    reveal(replay)
    assert close(replay, "ada", action_0="Deploy in five minutes") == {}
    sam = replay.person("sam")
    sam.command("/retro export replay")
    exported = "".join(
        part["elements"][0]["elements"][0]["text"] for part in (sam.view or {})["blocks"] if part["type"] == "rich_text"
    )
    assert exported == (
        "# Team Replay — retro 13–24 July 2026\n\n## Retro\n\n### Tasks\n\n⚪ Timeline".replace("⚪", "- ⚪")
        + " — Ada\n- 🟢 First frame — Lee\n- ⚪ Changelog — Ada\n\n### What went well\n\n- The demo — Lee\n\n"
        f"### What could be better\n\n- {SECRET} — Lee\n\n### Actions\n\n"
        "- **One improvement:** Deploy in five minutes\n"
    )


def test_a_paused_team_is_not_asked_for_a_retro(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/small-team pause")
    assert ada.submit(until="2026-08-30", because="an offsite") == {}
    replay.go_to(ASKS)
    assert all("Retro: Replay" not in text for text in replay.texts("team-replay"))


def test_a_sprint_that_is_closed_early_opens_its_retro_and_asks_once(replay: World) -> None:
    write(replay, "lee", better=SECRET)
    ada = replay.person("ada")
    ada.command("/sprint close")
    assert ada.submit() == {}
    assert "Facilitator: Ada" in board(replay)["text"]
    replay.go_to(ASKS)
    assert sum("27 July" in each["text"] for each in replay.person("noor").dms) == 1
    notes_are_revealed(replay)
    assert SECRET in board(replay)["text"]


def test_after_a_downtime_over_the_weekend_the_retro_opens_late_and_is_revealed_two_hours_after_the_reminder(
    replay: World,
) -> None:
    write(replay, "lee", better=SECRET)
    replay.go_to(REVEALS)
    assert SECRET not in board(replay)["text"]
    assert "Facilitator: Ada" in board(replay)["text"]
    replay.go_to("2026-07-27 11:02:00")
    assert SECRET in board(replay)["text"]


def test_in_another_channel_the_board_is_posted_anew(waiting: World) -> None:
    ada = waiting.person("ada")
    ada.command("/small-team edit")
    assert ada.submit(channel=waiting.id("team-ingestion")) == {}
    assert "Retro: Replay" in waiting.card("team-ingestion", "Retro: Replay")["text"]


def test_what_stood_in_the_channel_before_says_where_it_stands_now_and_asks_nothing(waiting: World) -> None:
    before = board(waiting)["ts"]
    ada = waiting.person("ada")
    ada.command("/small-team edit")
    assert ada.submit(channel=waiting.id("team-ingestion")) == {}
    waiting.post()
    moved = f"The plans and retros of Replay are in <#{waiting.id('team-ingestion')}> now."
    left = [each for each in waiting.slack.messages("team-replay") if each["text"] == moved]
    assert before in [each["ts"] for each in left]
    assert len(left) == 3, "the final plan, the next one, and the board"
    assert "actions" not in {block["type"] for each in left for block in each["blocks"]}
    waiting.plan("lee", high="Seeking")
    assert "Seeking" in waiting.card("team-ingestion", "27 July")["text"]
    assert "Seeking" not in str(waiting.slack.messages("team-replay"))


def test_the_next_plans_export_holds_the_retro_too(revealed: World) -> None:
    assert close(revealed, "ada", action_0="Deploy in five minutes") == {}
    revealed.person("ada").close_all()
    revealed.plan("noor", high="A new thing")
    sam = revealed.person("sam")
    sam.command("/sprint export replay")
    exported = str(sam.view)
    assert f"- {SECRET} — Lee" in exported
    assert "**One improvement:** Deploy in five minutes" in exported
    assert "A new thing — Noor" in exported


def test_a_window_shows_the_retro_before_and_turns_back(revealed: World) -> None:
    revealed.go_to("2026-08-07 08:00:00")
    lee = revealed.person("lee")
    lee.command("/retro show")
    assert "27 July–7 August" in str(lee.view)
    turns = [each for each in (lee.view or {})["blocks"][-1]["elements"] if each["text"]["text"] == "Earlier retro"]
    lee.click(turns[0]["action_id"])
    assert SECRET in str(lee.view)
    turns = [each for each in (lee.view or {})["blocks"][-1]["elements"] if each["text"]["text"] == "Later retro"]
    lee.click(turns[0]["action_id"])
    assert "27 July–7 August" in str(lee.view)
