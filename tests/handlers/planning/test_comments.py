"""Feedback on plans: anybody gives it in the open, its owner answers, and no plan waits for it."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from bot.domain.outbox import deliveries
from bot.domain.planning import comments
from bot.domain.sprints import sprints
from bot.platform import clock
from bot.platform.errors import Refusal
from models.company import Person
from models.planning import Comment, Reply
from models.sprints import Item, Sprint
from tests.retro import begin
from tests.stories import After
from tests.world import World

ROOT = Path(__file__).parents[3]
WORDS = "The first frame is fast by now. I would look at seeking."
ON_THE_PLAN = "💬 Give feedback on this plan"
BECAUSE = "long recordings are still slow"


def toms_feedback(world: World) -> None:
    """Tom, who is in no team, thinks that Lee's item matters less by now."""
    give(world, "tom", "First frame")


def feedback_on_the_whole(world: World) -> None:
    """Tom thinks that the plan as a whole is too much."""
    give(world, "tom", None, "This is too much for one sprint.")


@pytest.fixture
def replay(after: After) -> World:
    """Team Replay in the middle of a sprint: Ada leads, with Lee and Noor; Ada and Lee have items."""
    return after(begin)


@pytest.fixture
def told(after: After) -> World:
    """The same, with Tom's feedback on Lee's item."""
    return after(begin, toms_feedback)


@pytest.fixture
def whole(after: After) -> World:
    """The same, with Tom's feedback on the plan as a whole."""
    return after(begin, feedback_on_the_whole)


def plan(world: World) -> dict[str, Any]:
    """The final plan in the team's channel."""
    return world.card("team-replay", "Playback first")


def open_form(world: World, name: str, title: str | None = "First frame") -> None:
    """Open the form: behind the three dots of an item in the whole plan, or of the plan's card."""
    person = world.person(name)
    if title is None:
        person.click("comment_give", message=plan(world), select=ON_THE_PLAN)
        return
    person.command("/sprint show Replay")
    person.click(f"comment_give_{world.item_id(title)}", select="💬 Give feedback")


def give(world: World, name: str, title: str | None, text: str = WORDS) -> None:
    """Give feedback on an item, or on the plan as a whole."""
    open_form(world, name, title)
    assert world.person(name).submit(text=text) == {}
    world.person(name).close_all()
    world.post()


def thread(world: World) -> list[dict[str, Any]]:
    """What stands in the plan's thread."""
    world.post()
    return world.slack.messages("team-replay", plan(world)["ts"])[1:]


def press(world: World, name: str, action_id: str) -> None:
    """Press a button of the newest feedback."""
    world.person(name).click(action_id, message=thread(world)[-1])


def sprint_id(world: World) -> int:
    """The sprint that runs, or is planned."""
    with world.db.read() as session:
        return max(session.scalars(select(Sprint.id)))


def shown(world: World, name: str) -> str:
    """What somebody has on their screen."""
    return str(world.person(name).view)


def stored(world: World) -> list[Comment]:
    """All that was said."""
    with world.db.read() as session:
        return list(session.scalars(select(Comment).order_by(Comment.id)))


def dms(world: World, name: str) -> list[str]:
    """What somebody was told about answers."""
    world.post()
    return [message["text"] for message in world.person(name).dms if "answered" in message["text"]]


# --- giving -----------------------------------------------------------------------------------------------------


def test_anybody_gives_feedback_on_an_item_and_it_stands_in_the_plans_thread_for_its_owner_and_the_lead(
    told: World,
) -> None:
    said = thread(told)[-1]
    assert said["text"] == (
        f"💬 Tom to <@{told.id('lee')}> and <@{told.id('ada')}>, on this item:\n>First frame\n{WORDS}"
    )
    assert "Changed it" in str(said["blocks"])
    assert "Keeping it, because…" in str(said["blocks"])


def test_the_form_says_that_it_is_public_and_is_open_at_the_item_that_was_pressed(replay: World) -> None:
    open_form(replay, "tom", "Changelog")
    assert "with your name, for everybody to read" in shown(replay, "tom")
    fields = {block.get("block_id"): block for block in (replay.person("tom").view or {})["blocks"]}
    assert fields["item"]["element"]["initial_option"]["text"]["text"] == "Changelog — Ada"
    assert "The plan as a whole" in str(fields["item"])


def test_the_form_closes_for_its_words_arrive_in_the_plans_thread(replay: World) -> None:
    open_form(replay, "tom")
    replay.person("tom").submit(text=WORDS)
    assert replay.person("tom").view is None
    assert WORDS in thread(replay)[-1]["text"]


def test_feedback_on_the_plan_as_a_whole_is_the_leads(whole: World) -> None:
    assert thread(whole)[-1]["text"] == (
        f"💬 Tom to <@{whole.id('ada')}>, on the plan as a whole:\nThis is too much for one sprint."
    )


def test_somebody_of_the_team_gives_feedback_too_and_the_lead_is_named_once(replay: World) -> None:
    give(replay, "noor", "Timeline")
    assert thread(replay)[-1]["text"].startswith(f"💬 Noor to <@{replay.id('ada')}>, on this item:")


def test_a_lead_who_gives_feedback_is_not_told_of_it(replay: World) -> None:
    give(replay, "ada", "First frame")
    assert thread(replay)[-1]["text"].startswith(f"💬 Ada to <@{replay.id('lee')}>, on this item:")


def test_a_plan_takes_feedback_while_it_is_written(world: World) -> None:
    world.team("ada", "lee")
    world.plan("lee", high="First frame")
    card = world.card("team-replay", "First frame")
    tom = world.person("tom")
    tom.click("comment_give", message=card, select=ON_THE_PLAN)
    assert tom.submit(item=str(world.item_id("First frame")), text=WORDS) == {}
    assert WORDS in world.texts("team-replay", card["ts"])[-1]


def test_a_plan_that_nobody_has_written_yet_takes_feedback_as_a_whole(replay: World) -> None:
    with replay.db.begin() as session:
        row = sprints.load(session, sprint_id(replay))
        late = Sprint(
            team_id=row.team_id, starts_on=row.ends_on + timedelta(days=3), ends_on=row.ends_on + timedelta(days=14)
        )
        late.over_at, late.created_at = row.over_at + timedelta(days=14), clock.now()
        session.add(late)
        session.flush()
        said = comments.Said("test", late.id, None, "Plan less this time.")
        comments.give(session, said, by=replay.id("tom"), now=clock.now())
    card = replay.card("team-replay", "27 July")
    assert "Plan less this time." in replay.texts("team-replay", card["ts"])[-1]


def test_what_was_typed_arrives_as_text(replay: World) -> None:
    give(replay, "tom", "First frame", "<!channel> look & <@U1> see")
    said = thread(replay)[-1]
    assert "&lt;!channel&gt; look &amp; &lt;@U1&gt; see" in said["text"]
    assert "<!channel>" not in str(said)


def test_a_form_that_is_sent_twice_at_once_is_one_comment(replay: World) -> None:
    open_form(replay, "tom")
    replay.person("tom").fill(text=WORDS)
    payload = replay.submission("tom")
    answers = replay.at_once(
        lambda: replay.slack.deliver("interactive", payload), lambda: replay.slack.deliver("interactive", payload)
    )
    assert sorted('"clear"' in each.body for each in answers) == [False, True]
    assert sorted("This has arrived already" in each.body for each in answers) == [False, True]
    assert len(stored(replay)) == 1
    assert len(thread(replay)) == 1


def test_a_second_sending_changes_nothing_even_after_the_sprint(replay: World) -> None:
    open_form(replay, "tom")
    replay.person("tom").fill(text=WORDS)
    payload = replay.submission("tom")
    replay.slack.deliver("interactive", payload)
    replay.go_to("2026-07-29 08:00:00")
    assert "This has arrived already" in replay.slack.deliver("interactive", payload).body
    assert len(stored(replay)) == 1


# --- refused ----------------------------------------------------------------------------------------------------


def test_ones_own_item_is_changed_and_not_commented(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/sprint show Replay")
    assert f"comment_give_{replay.item_id('First frame')}" not in shown(replay, "lee")
    lee.close_all()
    open_form(replay, "lee", None)
    assert "First frame" not in shown(replay, "lee")
    lee.close_all()
    forged = {
        "type": "button",
        "action_id": "comment_give",
        "value": f"{sprint_id(replay)}:{replay.item_id('First frame')}",
    }
    replay.forge_press("lee", plan(replay), forged)
    assert "This one is yours: change it, with *Change my plan*" in shown(replay, "lee")


def test_a_lead_says_what_the_whole_plan_is_for_with_its_direction(replay: World) -> None:
    open_form(replay, "ada", None)
    assert "The plan as a whole" not in shown(replay, "ada")
    assert "First frame — Lee" in shown(replay, "ada")
    with replay.db.begin() as session, pytest.raises(Refusal, match="as the plan's direction"):
        comments.give(
            session, comments.Said("test", sprint_id(replay), None, WORDS), by=replay.id("ada"), now=clock.now()
        )


def test_a_lead_whose_plan_holds_nobody_elses_items_reads_why_there_is_no_form(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    ada = world.person("ada")
    card = world.card("team-replay", "Timeline")
    ada.click("comment_give", message=card, select=ON_THE_PLAN)
    assert "Nobody else has anything in this plan yet." in shown(world, "ada")


def test_no_words_and_too_many_are_refused_under_their_field(replay: World) -> None:
    open_form(replay, "tom")
    assert replay.person("tom").submit(text="   ") == {"text": "Write what you think: one sentence is enough."}
    payload = replay.submission("tom")
    payload["view"]["state"]["values"]["text"]["text"]["value"] = "x" * 1_001
    assert "1001 characters; 1,000 will do." in str(replay.slack.deliver("interactive", payload).body)
    assert replay.person("tom").submit(text="x" * 1_000) == {}


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("is_guest", "you are a guest here"),
        ("is_stranger", "you are from another organization"),
        ("is_deactivated", "Your Slack account is deactivated"),
        ("is_bot", "this account is an app"),
    ],
)
def test_feedback_is_for_people_of_the_company(replay: World, why: str, words: str) -> None:
    open_form(replay, "tom")
    with replay.db.begin() as session:
        setattr(session.get_one(Person, replay.id("tom")), why, True)
    assert words in str(replay.person("tom").submit(text=WORDS))
    replay.person("tom").close_all()
    open_form(replay, "tom", None)
    assert words in shown(replay, "tom")
    assert stored(replay) == []


def test_a_sprint_that_is_over_takes_no_feedback(replay: World) -> None:
    open_form(replay, "tom")
    replay.go_to("2026-07-25 08:00:00")
    assert "This sprint is over, and its plan stays as it was." in str(replay.person("tom").submit(text=WORDS))
    replay.person("tom").close_all()
    open_form(replay, "tom", None)
    assert "/sprint show Replay" in shown(replay, "tom")
    replay.person("tom").close_all()
    replay.go_to("2026-07-29 16:00:01")
    assert "comment_give" not in str(plan(replay)["blocks"])
    replay.person("tom").command("/sprint show Replay")
    before = re.search(r"sprint_turn_\d+", shown(replay, "tom"))
    assert before is not None
    replay.person("tom").click(before[0])
    assert "First frame" in shown(replay, "tom")
    assert "comment_give" not in shown(replay, "tom")


def test_an_item_that_was_dropped_meanwhile_takes_no_feedback(replay: World) -> None:
    open_form(replay, "tom")
    drop(replay)
    errors = replay.person("tom").submit(text=WORDS)
    assert errors == {"item": "This item is not in the plan any more: it was dropped meanwhile."}
    assert replay.person("tom").submit(item="plan", text=WORDS) == {}


def drop(world: World) -> None:
    """Lee drops the item."""
    lee = world.person("lee")
    lee.click("plan_change", message=plan(world))
    assert lee.submit(drop=[str(world.item_id("First frame"))], reason="Somebody else does it") == {}
    lee.close_all()


# --- answering --------------------------------------------------------------------------------------------------


def test_the_owner_keeps_it_with_a_reason_and_who_said_it_is_told_with_a_link(told: World) -> None:
    press(told, "lee", "comment_keep")
    assert WORDS in shown(told, "lee")
    assert told.person("lee").submit(because=BECAUSE) == {}
    said = thread(told)[-1]
    assert f"Lee: keeping it, because {BECAUSE}" in said["text"]
    assert f"Lee: keeping it, because {BECAUSE}" in str(said["blocks"])
    assert "comment_" not in str(said["blocks"])
    link = f"archives/{told.id('team-replay')}/p{said['ts'].replace('.', '')}?thread_ts={plan(told)['ts']}"
    [line] = dms(told, "tom")
    assert link in line
    assert line.startswith("Lee answered <http")
    assert line.endswith(f"|your feedback> on “First frame”: keeping it, because {BECAUSE}")


def test_the_owner_changed_it_and_is_shown_the_way_to_change_it(told: World) -> None:
    press(told, "lee", "comment_changed")
    assert "Prickle tells Tom" in shown(told, "lee")
    assert "Lee: changed it." in thread(told)[-1]["text"]
    assert dms(told, "tom")[0].endswith("on “First frame”: changed it.")
    assert "First frame" in plan(told)["text"]  # saying so does not do it
    told.person("lee").click("plan_change")
    assert told.person("lee").submit(drop=[str(told.item_id("First frame"))], reason="Tom is right") == {}


def test_the_lead_answers_for_the_plan_and_is_shown_the_way_to_finalize_it(whole: World) -> None:
    press(whole, "ada", "comment_changed")
    assert "Ada: changed it." in thread(whole)[-1]["text"]
    assert "on the plan of Replay: changed it." in dms(whole, "tom")[0]
    whole.person("ada").click("plan_finalize")
    assert "Finalize the plan" in shown(whole, "ada")


def test_an_owner_changes_an_open_plan_in_its_form(world: World) -> None:
    world.team("ada", "lee")
    world.plan("lee", high="First frame")
    tom, card = world.person("tom"), world.card("team-replay", "First frame")
    tom.click("comment_give", message=card, select=ON_THE_PLAN)
    assert tom.submit(item=str(world.item_id("First frame")), text=WORDS) == {}
    world.post()
    lee = world.person("lee")
    lee.click("comment_changed")
    lee.click("plan_write")
    assert (lee.view or {})["callback_id"] == "my_plan"


@pytest.mark.parametrize("name", ["tom", "ada", "noor"])
@pytest.mark.parametrize("action_id", ["comment_changed", "comment_keep"])
def test_nobody_answers_for_somebody_elses_item(told: World, name: str, action_id: str) -> None:
    press(told, name, action_id)
    assert "Lee answers this one." in shown(told, name)
    assert stored(told)[0].answer is None


def test_a_stolen_form_does_not_answer_either(told: World) -> None:
    press(told, "lee", "comment_keep")
    told.person("lee").fill(because=BECAUSE)
    payload = told.submission("lee")
    payload["user"]["id"] = told.id("noor")
    assert "Lee answers this one." in str(told.slack.deliver("interactive", payload).body)
    assert stored(told)[0].answer is None


def test_nobody_but_the_lead_answers_for_the_plan(whole: World) -> None:
    press(whole, "lee", "comment_changed")
    assert "Ada answers this one." in shown(whole, "lee")


def test_two_answers_at_once_are_one(told: World) -> None:
    said = thread(told)[-1]
    press(told, "lee", "comment_keep")
    told.person("lee").fill(because=BECAUSE)
    kept = told.submission("lee")
    changed = {"type": "button", "action_id": "comment_changed", "value": str(stored(told)[0].id)}
    told.at_once(
        lambda: told.slack.deliver("interactive", kept),
        lambda: told.forge_press("lee", said, changed),
        lambda: told.forge_press("lee", said, changed),
    )
    assert stored(told)[0].answer in set(Reply)
    assert len(dms(told, "tom")) == 1
    assert thread(told)[-1]["text"].count("Lee:") == 1


def test_who_answers_while_another_answer_is_written_reads_that_one(told: World) -> None:
    comment_id, lee = stored(told)[0].id, told.id("lee")

    def keep() -> Reply | None:
        with told.db.begin() as session:
            return comments.keep(session, comment_id, BECAUSE, by=lee, now=clock.now()).answer

    with ThreadPoolExecutor(1) as pool:
        with told.db.begin() as session:
            comments.changed(session, comment_id, by=lee, now=clock.now())
            second = pool.submit(keep)
            wait([second], timeout=0.3)  # it has got as far as it can
        with pytest.raises(Refusal, match="Lee has answered this already"):
            second.result(timeout=10)
    assert stored(told)[0].answer == Reply.CHANGED


def test_what_was_answered_is_not_answered_again(told: World) -> None:
    said = thread(told)[-1]
    press(told, "lee", "comment_changed")
    told.person("lee").close_all()
    told.forge_press("lee", said, {"type": "button", "action_id": "comment_keep", "value": str(stored(told)[0].id)})
    assert "Lee has answered this already" in shown(told, "lee")


def test_a_reason_is_one_line(told: World) -> None:
    press(told, "lee", "comment_keep")
    assert "one line why" in told.person("lee").submit(because="  ")["because"]
    payload = told.submission("lee")
    payload["view"]["state"]["values"]["because"]["because"]["value"] = "x" * 301
    assert "301 characters" in str(told.slack.deliver("interactive", payload).body)
    assert told.person("lee").submit(because="because of <!channel>") == {}
    assert "&lt;!channel&gt;" in thread(told)[-1]["text"]
    assert "&lt;!channel&gt;" in dms(told, "tom")[0]


def test_an_item_that_was_dropped_meanwhile_is_not_kept(told: World) -> None:
    drop(told)
    press_on(told, "lee", "comment_keep")
    assert "This item is not in the plan any more. Say *Changed it*." in shown(told, "lee")
    told.person("lee").close_all()
    press_on(told, "lee", "comment_changed")
    assert ">~First frame~ _(not in the plan any more)_" in feedback(told)["text"]


def feedback(world: World) -> dict[str, Any]:
    """Tom's words in the plan's thread."""
    return next(message for message in thread(world) if "💬" in message["text"])


def press_on(world: World, name: str, action_id: str) -> None:
    """Press a button of Tom's feedback, which other messages follow by now."""
    world.person(name).click(action_id, message=feedback(world))


def test_what_was_said_of_an_item_that_its_owner_deleted_stands(world: World) -> None:
    world.team("ada", "lee")
    world.plan("lee", high="First frame\nPlayer")
    tom, card = world.person("tom"), world.card("team-replay", "First frame")
    tom.click("comment_give", message=card, select=ON_THE_PLAN)
    assert tom.submit(item=str(world.item_id("First frame")), text=WORDS) == {}
    world.plan("lee", high="Player")
    with world.db.read() as session:
        assert session.scalars(select(Item.title)).all() == ["Player"]
    world.post()
    world.person("lee").click("comment_changed")
    said = world.texts("team-replay", card["ts"])[-1]
    assert ">~First frame~ _(not in the plan any more)_" in said
    assert "Lee: changed it." in said


def test_when_the_owner_has_left_the_team_the_lead_answers(told: World) -> None:
    lee = told.person("lee")
    lee.command("/small-team leave")
    assert lee.submit() == {}
    lee.close_all()
    press_on(told, "lee", "comment_changed")
    assert "Ada answers this one." in shown(told, "lee")
    press_on(told, "ada", "comment_keep")
    assert told.person("ada").submit(because=BECAUSE) == {}
    assert f"Ada: keeping it, because {BECAUSE}" in feedback(told)["text"]


def test_who_is_gone_is_told_nothing(told: World) -> None:
    with told.db.begin() as session:
        session.get_one(Person, told.id("tom")).is_deactivated = True
    press(told, "lee", "comment_changed")
    assert dms(told, "tom") == []


def test_feedback_can_be_answered_after_the_sprint_but_nobody_waits_for_it(told: World) -> None:
    told.go_to("2026-07-29 16:00:01")
    assert waiting(told, "lee") == []
    press_on(told, "lee", "comment_changed")
    assert "Change my plan" not in shown(told, "lee")
    assert "Lee: changed it." in feedback(told)["text"]


def test_feedback_that_is_gone_is_said_to_be(told: World) -> None:
    said = thread(told)[-1]
    with told.db.begin() as session:
        session.execute(delete(Comment))
    told.person("lee").click("comment_changed", message=said)
    assert "This feedback is gone." in shown(told, "lee")


# --- it blocks nothing ------------------------------------------------------------------------------------------


def test_the_lead_reads_how_much_is_open_and_finalizes_all_the_same(told: World) -> None:
    give(told, "noor", "First frame")
    ada = told.person("ada")
    forged = {"type": "button", "action_id": "plan_finalize", "value": f"{told.team_id('Replay')}:2026-07-13"}
    told.forge_press("ada", plan(told), forged)
    assert "💬 2 comments are open, in the plan's thread." in shown(told, "ada")
    assert ada.submit(direction="Seeking first.") == {}


def test_the_leads_prompt_says_how_much_is_open(replay: World) -> None:
    replay.go_to("2026-07-23 08:00:00")
    replay.plan("lee", high="Something next")
    card = replay.card("team-replay", "Something next")
    tom = replay.person("tom")
    tom.click("comment_give", message=card, select=ON_THE_PLAN)
    assert tom.submit(item=str(replay.item_id("Something next")), text=WORDS) == {}
    for moment in ("2026-07-24 08:00:00", "2026-07-27 07:00:00", "2026-07-27 09:01:00"):
        replay.go_to(moment)
    prompt = next(each for each in replay.person("ada").dms if "is ready for you to finalize" in each["text"])
    assert "💬 1 comment is open, in the plan's thread." in prompt["text"]


def waiting(world: World, name: str) -> list[str]:
    """What waits for somebody's answer."""
    with world.db.read() as session:
        found = comments.waiting_for(session, world.id(name))
        return [f"{each.author.name} to {each.sprint.team.name}: {each.title or 'the plan'}" for each in found]


def test_what_waits_for_whom_is_what_they_can_answer(told: World) -> None:
    give(told, "tom", None, "And too much of it.")
    give(told, "noor", "Timeline")
    assert waiting(told, "lee") == ["Tom to Replay: First frame"]
    assert waiting(told, "ada") == ["Tom to Replay: the plan", "Noor to Replay: Timeline"]
    assert waiting(told, "tom") == waiting(told, "noor") == []
    with told.db.begin() as session:
        session.get_one(Person, told.id("lee")).is_deactivated = True
    assert waiting(told, "ada")[0] == "Tom to Replay: First frame"
    with told.db.begin() as session:
        for name in ("lee", "ada", "noor", "tom"):
            found = {each.id for each in comments.waiting_for(session, told.id(name))}
            able = {each.id for each in stored(told) if answers(comments.load(session, each.id), told.id(name))}
            assert found == able


def answers(comment: Comment, person_id: str) -> bool:
    """Whether this person can answer it."""
    person = comments.answerer(comment)
    return person is not None and person.id == person_id


# --- on both sides of a restart ---------------------------------------------------------------------------------


def test_a_bot_that_dies_between_posting_it_and_knowing_so_leaves_it_there_once(replay: World) -> None:
    open_form(replay, "tom")
    assert replay.person("tom").submit(text=WORDS) == {}
    command = [sys.executable, "-m", "tests.jobs.crash", replay.url, replay.settings.slack_api_url]
    died = subprocess.run(
        [*command, replay.slack.bot_token, clock.now().isoformat()],
        cwd=ROOT,
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert died.returncode == -9, died.stderr
    replay.hands.tick(deliveries.LEASE + timedelta(seconds=1))
    assert [message["text"].count(WORDS) for message in thread(replay)] == [1]
    press(replay, "lee", "comment_changed")
    assert "Lee: changed it." in thread(replay)[-1]["text"]
