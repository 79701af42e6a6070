"""The Home tab and the shortcut: the verbs for those who are not in a channel."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.home import home
from bot.platform import clock
from jobs import JOBS
from models.feedback import Feedback
from tests import decided, feedback, follow, intake, retro
from tests.stories import After, Story
from tests.world import World

PLANNING = "2026-07-24 08:00:00"  # the sprint runs until tonight, and the turn to the next one has come
DELIVERED = (feedback.SECRET, feedback.EFFECT, feedback.ADVICE)


def begin(world: World) -> None:
    """Sam leads Crew, which answers at a desk, with Mia; Ada leads Replay, with Lee and Noor. Of everything Mia has something."""
    intake.begin(world)
    world.plan("mia", high="Timeline\nEvaluation", heroes=["2026-07-20"])
    world.plan("sam", high="Roadmap")
    world.plan("ada", high="Playback")
    world.finalize("sam")
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")
    world.person("mia").command("/small-team follow Replay")
    world.person("ada").command("/reach-out summarise tickets")
    world.post()
    world.person("mia").press("I'll take it", world.card(intake.CHANNEL, "summarise"))
    for saw in (feedback.SECRET, "Your notes helped"):
        feedback.give(world, "ada", "mia", saw)
    world.post()
    with world.db.begin() as session:
        kept = session.scalars(select(Feedback).order_by(Feedback.id)).first()
        assert kept is not None
        kept.kept_at = clock.now()
    lee = world.person("lee")
    lee.command("/sprint show Crew")
    lee.click(f"comment_give_{world.item_id('Evaluation')}", select=_about(lee.view, world.item_id("Evaluation")))
    assert lee.submit(text="Is it worth the <time>?") == {}
    lee.close_all()
    world.post()


def _about(view: Any, item_id: int) -> str:
    menus = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    values = [option["value"] for menu in menus for option in menu.get("options", ())]
    return str(next(value for value in values if value.endswith(f":{item_id}")))


def planning_is_open(world: World) -> None:
    """It is the sprint's last Friday; Tom is away, and everybody is asked."""
    tom = world.person("tom")
    tom.command("/sprint away until 31 July")
    world.go_to(PLANNING)


def texts(shown: Any) -> list[str]:
    """What the paragraphs of Home say, from above."""
    return [
        block["text"]["text"] if block["type"] == "section" else block["elements"][0]["text"]
        for block in shown["blocks"]
        if block["type"] in ("section", "context")
    ]


def places(shown: Any, *words: str) -> list[int]:
    """Where on Home these words stand first."""
    lines = texts(shown)
    found = [next((number for number, line in enumerate(lines) if word in line), -1) for word in words]
    assert -1 not in found, [word for word, place in zip(words, found, strict=True) if place < 0]
    return found


def buttons(shown: Any) -> list[str]:
    """What all buttons of Home say."""
    elements = [
        each for block in shown["blocks"] for each in [*block.get("elements", []), block.get("accessory") or {}]
    ]
    return [each["text"]["text"] for each in elements if each.get("type") == "button"]


def test_everything_stands_in_its_order_what_is_mine_to_do_first(after: After) -> None:
    shown = after(begin, planning_is_open).person("mia").open_home()
    found = places(
        shown,
        "For you now",
        "What comes next: *27 July",
        "*My items* · 13–24 July",
        "Timeline",
        "Requests waiting on you",
        "Feedback on your plan",
        "Lee, <http",
        "My actions",
        "What you kept of Ada's feedback",
        "Feedback for you",
        "From Ada",
        "*Team Crew*",
        "Off today: Tom (until Fri 31 July)",
        "Teams you follow",
        "*Replay* · 13–24 July · ⚪ 1",
        "This week's triage",
    )
    assert found == sorted(found)
    assert "Is it worth the &lt;time&gt;?" in str(shown)
    assert "Support hero: Mia" in str(shown)
    assert {"Wrap up and plan", "Nothing new", "Done", "Read", "Show the plan", "Reach out to the AI team"} <= {
        *buttons(shown)
    }
    assert buttons(shown).count("Wrap up and plan") == 1


def test_home_is_drawn_in_eight_queries_for_a_person_with_everything(after: After) -> None:
    world = after(begin, planning_is_open)
    for name in ("mia", "sam", "ada", "yuki"):
        with follow.queries(world.db.engine) as sent, world.db.read() as session:
            home.for_person(session, world.id(name), now=clock.now())
        assert len([each for each in sent if each != "BEGIN"]) <= 8, (name, sent)


def test_home_is_drawn_in_eight_queries_also_while_who_has_triage_is_away(after: After) -> None:
    world = after(begin)
    world.go_to("2026-07-16 12:00:00")
    line = next(line for line in texts(world.person("mia").open_home()) if "triage" in line)
    first = next(name for name in ("sam", "mia", "tom") if name.capitalize() in line)
    world.person(first).command("/sprint away until 31 July")
    with follow.queries(world.db.engine) as sent, world.db.read() as session:
        shown = home.for_person(session, world.id("mia"), now=clock.now())
    assert len([each for each in sent if each != "BEGIN"]) <= 8, sent
    assert shown.triage[0][1] not in (None, first.capitalize())


def test_a_lead_sees_for_whom_the_plan_waits_and_finalizes_it(after: After) -> None:
    world = after(begin, planning_is_open)
    shown = world.person("sam").open_home()
    assert "Waiting for Sam and Mia." in str(shown)
    world.plan("mia", high="Next thing")
    shown = world.person("sam").open_home()
    assert "Waiting for Sam." in str(shown)
    assert "Finalize" in buttons(shown)
    assert "Finalize" not in buttons(world.person("mia").open_home())
    assert "Waiting for" not in str(world.person("mia").home), "that is the lead's"


def test_nothing_new_on_home_answers_at_once(after: After) -> None:
    world = after(begin, planning_is_open)
    mia = world.person("mia")
    mia.open_home()
    mia.click("prompt_again", home=True)
    assert "What comes next" not in str(mia.home)
    assert "Change my plan, 27 July–7 August" in buttons(mia.home)


def test_an_action_and_what_was_kept_are_done_with_one_click(after: After) -> None:
    world = after(begin)
    mia = world.person("mia")
    mia.open_home()
    mia.click("feedback_done_1", home=True)
    assert "My actions" not in str(mia.home)
    mia.click("feedback_mine_2", home=True)
    assert "Your notes helped" in str(mia.view)


def test_what_somebody_said_of_my_plan_is_answered_from_home(after: After) -> None:
    world = after(begin)
    mia = world.person("mia")
    mia.open_home()
    mia.click("comment_changed_1", home=True)
    mia.close_all()
    assert "Feedback on your plan" not in str(mia.open_home())


def test_at_the_sprints_end_home_asks_for_notes_and_marks_until_one_has_answered(after: After) -> None:
    world = after(retro.begin, retro.sprint_ends)
    lee = world.person("lee")
    shown = lee.open_home()
    assert "What comes next: *27 July–7 August*" in str(shown)
    lee.click("plan_write", home=True)
    assert lee.submit(said_well="We shipped", high="") == {}
    lee.close_all()
    assert "What comes next" not in str(lee.open_home())
    assert "its notes are hidden until the reveal" in str(lee.home)
    world.go_to("2026-07-25 08:00:00")
    lee.open_home()
    assert "How far did you get?" not in str(lee.home), "Lee has answered; what is unfinished can still be marked"
    item = world.first_item_id("First frame")
    lee.click(f"item_mark_{item}", home=True, select=f"{item}:finished")
    assert "How far did you get?" not in str(lee.home)
    assert "🟢 First frame" in str(lee.home)


def test_nobody_away_is_asked_anything_on_home(after: After) -> None:
    shown = str(after(begin, planning_is_open).person("tom").open_home())
    assert "You are away until Fri 31 July" in shown
    assert "For you now" not in shown


def test_no_word_of_anybodys_feedback_stands_on_any_home(after: After) -> None:
    world = after(begin)
    for name in ("ada", "mia", "sam", "lee", "ivy"):
        shown = json.dumps(world.person(name).open_home())
        assert not [words for words in (*DELIVERED, "Your notes helped") if words in shown]
        assert ("Feedback for you" in shown) == (name == "mia")


def test_somebody_without_a_team_sees_all_the_same_what_is_theirs(after: After) -> None:
    world = after(begin)
    feedback.give(world, "ada", "yuki", "Your talk was clear")
    world.person("yuki").command("/small-team follow Replay")
    world.post()
    shown = world.person("yuki").open_home()
    found = places(shown, "Feedback for you", "You are in no small team yet.", "Teams you follow")
    assert found == sorted(found)
    assert {"Join", "Create a team", "Give feedback", "Reach out to the AI team"} <= {*buttons(shown)}
    assert "I'm away" not in buttons(shown)
    assert "My items" not in str(shown), "what is empty is left out"


def test_home_leads_with_my_items_and_marks_them_with_one_choice(world: World) -> None:
    world.set_up()
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")
    ada = world.person("ada")
    ada.open_home()
    item = world.item_id("Timeline")
    ada.click(f"item_mark_{item}", home=True, select=f"{item}:finished")
    assert "🟢 Timeline" in str(ada.home)
    ada.click(f"item_mark_{item}", home=True, select=f"{item}:note")
    assert ada.submit(note="done early") == {}
    assert "done early" in str(ada.home)


def test_a_newcomers_home_shows_the_way_to_a_team(world: World) -> None:
    world.team("ada", "lee")
    tom = world.person("tom")
    tom.open_home()
    assert "You are in no small team yet." in str(tom.home)
    tom.click(f"team_join_{world.team_id('Replay')}", home=True)
    assert tom.submit() == {}
    tom.open_home()
    assert "*Team Replay*" in str(tom.home)


def test_home_holds_at_most_a_hundred_blocks(world: World) -> None:
    world.many_teams(80)
    tom = world.person("tom")
    tom.open_home()
    assert 8 < len((tom.home or {})["blocks"]) <= 100


def test_an_admin_sets_the_company_up_from_home_and_nobody_else_is_asked(world: World) -> None:
    ada, ivy = world.person("ada"), world.person("ivy")
    assert "Set up" not in str(ada.open_home())
    ivy.open_home()
    ivy.click("company_set_up", home=True)
    assert ivy.submit(sprint_channel=world.id("sprints"), intake_channel=world.id("team-posthog-ai")) == {}
    assert "Set up" not in str(ivy.open_home())


def test_an_admins_home_names_the_intake_channel_while_it_is_lost(after: After) -> None:
    world = after(begin)
    ivy, ada = world.person("ivy"), world.person("ada")
    for person in (ivy, ada):
        assert "any more" not in str(person.open_home())
    world.slack.archive("team-posthog-ai")
    world.slack.settle()
    words = f"I can't post in <#{world.id('team-posthog-ai')}> any more: the channel is archived."
    world.hands.tick(timedelta(seconds=3))
    next(job for job in JOBS if job.name == "home").run(world.replica_of_jobs)
    assert words in str(ivy.home), "it is published anew at once"
    assert words not in str(ada.open_home())
    world.slack.unarchive("team-posthog-ai")
    world.slack.settle()
    assert "any more" not in str(ivy.open_home())


def test_the_setup_stays_on_an_admins_home_while_they_mark(world: World) -> None:
    world.team("ivy", "lee")
    world.plan("ivy", high="Timeline")
    world.finalize("ivy")
    world.go_to("2026-07-14 08:00:00")
    ivy = world.person("ivy")
    ivy.open_home()
    item = world.item_id("Timeline")
    ivy.click(f"item_mark_{item}", home=True, select=f"{item}:finished")
    assert "🟢 Timeline" in str(ivy.home)
    assert "Set up" in str(ivy.home)


def test_the_shortcut_opens_my_plan_from_anywhere(world: World) -> None:
    world.team("ada", "lee")
    ada = world.person("ada")
    ada.shortcut("plan_sprint")
    assert (ada.view or {})["callback_id"] == "my_plan"


def test_a_refusal_without_a_command_is_shown_in_a_window(world: World) -> None:
    tom = world.person("tom")
    tom.shortcut("plan_sprint")
    assert "You are in no small team yet." in str(tom.view)


def test_home_leads_with_the_requests_that_wait_on_me_and_only_those(after: Callable[[Story], World]) -> None:
    world = after(intake.begin)
    world.person("ada").command("/reach-out summarise tickets")
    world.post()
    mia = world.person("mia")
    mia.press("I'll take it", world.card(intake.CHANNEL, "summarise"))
    home = str(mia.open_home())
    assert "Requests waiting on you" in home
    assert "/archives/" in home
    mia.click("nudge_open_1", home=True)
    assert "Requests waiting on you" not in str(world.person("tom").open_home())
    mia.click("request_menu", message=world.card(intake.CHANNEL, "summarise"), select="Ask something")
    assert mia.submit(text="Which?") == {}
    assert "Requests waiting on you" not in str(mia.open_home())
    assert "summarise tickets" in str(world.person("ada").open_home())


def test_who_asked_reads_the_answer_on_home_for_a_week_and_nobody_else_does(after: Callable[[Story], World]) -> None:
    world = after(decided.two_requests)
    ada = world.person("ada")
    decided.decide(world, mode="guidance", engineer="mia", words="Try <it> by hand", done="done")
    answered = "(#1) · Sam answered *Guidance*: Try &lt;it&gt; by hand"
    assert answered in str(ada.open_home())
    assert "/archives/" in next(line for line in texts(ada.home) if answered in line)
    for name in ("lee", "yuki", "sam", "mia"):
        assert "Answers to your requests" not in str(world.person(name).open_home())
    world.go_to("2026-07-17 12:00:00")
    assert "Answers to your requests" not in str(ada.open_home())


def test_open_leads_to_the_requests_card_with_its_thread_beside_it(after: Callable[[Story], World]) -> None:
    world = after(intake.listening)
    world.person("ada").command("/reach-out summarise tickets")
    world.post()
    said = intake.say(world, "lee", "Can we rank search results by meaning?")
    world.slack.settle()
    world.post()
    for name, line, root in (("ada", "summarise", None), ("lee", "rank", said["ts"])):
        shown = world.slack.messages(intake.CHANNEL, root) if root else world.slack.messages(intake.CHANNEL)
        card = next(each for each in shown if line in each["text"] and each["user"] == world.slack.bot_user_id)
        world.person("mia").click("request_menu", message=card, select="Ask something")
        assert world.person("mia").submit(text="Which?") == {}
        world.person(name).open_home()
        place = f"/archives/{world.id(intake.CHANNEL)}/p{card['ts'].replace('.', '')}"
        assert f"{place}?thread_ts={root or card['ts']}&cid={world.id(intake.CHANNEL)}" in str(world.person(name).home)


def test_everybody_reaches_out_from_home_also_without_a_team(world: World) -> None:
    intake.begin(world)
    ivy = world.person("ivy")
    ivy.open_home()
    ivy.click("request_reach_out", home=True)
    assert ivy.submit(title="we want to summarise tickets") == {}
    assert "as #1" in str(ivy.view)


def test_home_has_one_button_for_the_plan_of_a_sprint_that_runs_without_being_final(world: World) -> None:
    world.team("ada", "lee")
    world.plan("lee", high="One")
    world.go_to("2026-07-14 08:00:00")
    assert buttons(world.person("ada").open_home()).count("Write my plan") == 1
    assert buttons(world.person("lee").open_home()).count("Change my plan") == 1
