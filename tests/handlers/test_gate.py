"""Who may come in: one gate before every handler."""

from typing import Any

import pytest
from sqlalchemy import func, select, update

from handlers import FEATURES, gate
from models.base import Base
from models.company import Person
from models.intake.requests import Ball, Request
from sandbox.app import payloads
from sandbox.world.store import User
from tests.intake import CHANNEL, begin
from tests.stories import After
from tests.world import World

GUEST = "you are a guest here"
STRANGER = "you are from another organization"
GONE = "Your Slack account is deactivated"
ASK = "Ask a colleague to bring this: only full members of this workspace can reach out here."


def guest(world: World) -> User:
    """Rosa, a guest who was invited into the intake channel."""
    rosa = world.slack.join_team("rosa", is_restricted=True)
    world.slack.settle()
    world.slack.invite(CHANNEL, "rosa")
    return rosa


def stranger(world: World) -> User:
    """Otto, of another organization with which the intake channel is shared. Slack has told nobody of him."""
    otto = world.slack.add_user("otto")
    otto.team_id = "T0ELSEWHERE"
    world.slack.invite(CHANNEL, "otto")
    return otto


def rows(world: World) -> dict[str, int]:
    """How many rows each table has, but those of people, who may be met, and of what is said."""
    with world.db.read() as session:
        tables = [
            table
            for name, table in Base.metadata.tables.items()
            if name not in ("people", "posts", "inbound_events", "paces")
        ]
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


OUTSIDERS = [(guest, GUEST), (stranger, STRANGER)]


@pytest.mark.parametrize(("outsider", "words"), OUTSIDERS)
@pytest.mark.parametrize(
    "line", ["/sprint", "/small-team list", "/reach-out An idea", "/give-feedback", "/prickle setup"]
)
def test_who_is_no_full_member_types_a_command_and_reads_one_sentence(
    after: After, outsider: Any, words: str, line: str
) -> None:
    world = after(begin)
    person = world.slack.person(outsider(world).name)
    before = rows(world)
    person.command(line)
    assert words in person.ephemerals[-1]["text"]
    assert person.views == []
    assert rows(world) == before


@pytest.mark.parametrize(("outsider", "words"), OUTSIDERS)
def test_who_is_no_full_member_presses_a_button_and_reads_one_sentence(after: After, outsider: Any, words: str) -> None:
    world = after(begin)
    person = world.slack.person(outsider(world).name)
    world.person("ada").command("/reach-out Summarise tickets")
    card = world.card(CHANNEL, "#1 ")
    before = rows(world)
    for button, choice in (("request_claim", None), ("decision_decide", None), ("request_menu", "details:1")):
        person.click(button, message=card, select=choice)
        assert words in str(person.view)
        person.close_all()
    assert rows(world) == before


@pytest.mark.parametrize(("outsider", "words"), OUTSIDERS)
def test_who_is_no_full_member_opens_home_and_reads_one_sentence(after: After, outsider: Any, words: str) -> None:
    world = after(begin)
    person = world.slack.person(outsider(world).name)
    home = person.open_home() or {}
    assert words in str(home)
    assert len(home["blocks"]) == 1


def test_a_form_that_was_open_when_its_writer_became_a_guest_is_not_taken(after: After) -> None:
    world = after(begin)
    lee = world.person("lee")
    lee.command("/sprint plan")
    world.slack.change_user("lee", is_restricted=True)
    world.slack.settle()
    assert GUEST in str(lee.submit(high="Buffer", side=""))
    assert rows(world)["items"] == 0


def test_a_deactivated_admin_cant_set_anything_up(after: After) -> None:
    world = after(begin)
    ivy = world.person("ivy")
    ivy.command("/prickle setup")
    forged = world.submission("ivy")
    world.slack.change_user("ivy", deleted=True)
    world.slack.settle()
    answer = world.slack.deliver("interactive", forged)
    assert GONE in str(answer.body)


def test_an_emoji_of_a_guest_makes_no_note_and_no_request(after: After) -> None:
    world = after(begin)
    guest(world)
    message = world.person("ada").say(":speech_balloon: We could rank results", channel=CHANNEL)
    before = rows(world)
    for emoji in ("hedgehog", "retro"):
        world.slack.person("rosa").react(emoji, message=message)
    world.post()
    assert rows(world) == before


@pytest.mark.parametrize("outsider", [guest, stranger])
def test_a_message_of_a_guest_in_the_intake_channel_is_answered_in_its_thread(after: After, outsider: Any) -> None:
    world = after(begin)
    world.sweep()
    person = world.slack.person(outsider(world).name)
    message = person.say("Could you summarise our tickets?", channel=CHANNEL)
    world.slack.settle()
    world.post()
    assert [each["text"] for each in world.slack.messages(CHANNEL, message["ts"])][1:] == [ASK]
    with world.db.read() as session:
        assert session.scalar(select(func.count()).select_from(Request)) == 0


def test_an_answer_of_a_guest_in_a_thread_hands_no_ball_back(after: After) -> None:
    world = after(begin)
    world.sweep()
    guest(world)
    world.person("lee").command("/reach-out Summarise tickets")
    message = world.card(CHANNEL, "#1 ")
    world.person("mia").click("request_menu", message=world.card(CHANNEL, "#1 "), select="Ask something")
    world.person("mia").submit(text="Which tickets?")
    world.slack.change_user("lee", is_restricted=True)
    world.slack.settle()
    world.person("lee").say("Of support", channel=CHANNEL, thread_ts=message["ts"])
    world.slack.settle()
    world.post()
    with world.db.read() as session:
        assert session.scalars(select(Request.waiting_on)).one() == Ball.ASKER


def test_somebody_who_has_just_joined_is_looked_up_when_they_act(after: After) -> None:
    world = after(begin)
    world.slack.add_user("zoe", tz="Europe/Berlin")  # and no event told of her
    zoe = world.slack.person("zoe")
    zoe.command("/small-team join Replay")
    assert zoe.submit() == {}
    assert "Zoe" in world.members("Replay")


def test_somebody_new_who_is_picked_in_a_form_is_looked_up_at_once(world: World) -> None:
    zoe = world.slack.add_user("zoe", tz="Europe/Berlin")
    ada = world.person("ada")
    ada.command("/small-team create")
    errors = ada.submit(
        name="Replay", area="Playback", customer_kind="external", customer="Engineers", channel=world.id("team-replay"),
        lead=world.id("ada"), members=[zoe.id], zone="Europe/Berlin", sprint_weeks="2", start_weekday="0",
    )  # fmt: skip
    assert errors == {}
    assert world.members("Replay") == ["Ada", "Zoe"]


def test_somebody_of_another_organization_who_is_picked_is_named_with_why_not(world: World) -> None:
    otto = stranger(world)
    ada = world.person("ada")
    ada.command("/small-team create")
    errors = ada.submit(
        name="Replay", area="Playback", customer_kind="external", customer="Engineers", channel=world.id("team-replay"),
        lead=world.id("ada"), members=[otto.id], zone="Europe/Berlin", sprint_weeks="2", start_weekday="0",
    )  # fmt: skip
    assert errors == {"members": "Otto is from another organization. Choose somebody of this one."}


def test_the_same_person_acts_without_another_look(after: After) -> None:
    world = after(begin)
    before = len([call for call in world.slack.calls if call.method == "users.info"])
    world.person("ada").command("/sprint")
    assert len([call for call in world.slack.calls if call.method == "users.info"]) == before


def test_somebody_whom_slack_does_not_show_us_reads_so(after: After) -> None:
    world = after(begin)
    body = payloads.command(world.slack, world.slack.user("ada"), world.slack.channel(CHANNEL), "/sprint", "")
    answer = world.slack.deliver("command", {**body, "user_id": "U0NOBODY"})
    assert "Slack does not tell me who you are" in str(answer.body)


def test_a_colleague_of_another_workspace_of_the_same_organization_is_a_member(after: After) -> None:
    world = after(begin)
    with world.db.begin() as session:
        session.execute(update(Person).where(Person.id == world.id("ada")).values(synced_at=None))
    world.slack.user("ada").team_id = "T0SISTER"
    world.slack.user("ada").workspaces = ["T0SISTER", world.slack.team_id]
    world.person("ada").command("/sprint")
    assert world.person("ada").view is not None


def test_every_event_that_is_heard_is_an_act_or_told_by_slack() -> None:
    events = {event.partition(".")[0] for feature in FEATURES for event in feature.events}
    acts = {event for event in events if gate.is_an_act({"type": "event_callback", "event": {"type": event}})}
    assert acts == {"reaction_added", "reaction_removed", "app_home_opened"}
    assert {"message", "app_mention"} <= events - acts
