"""Who may do what, found out by trying: every verb and some buttons, by every kind of person.

`WRITE_SECURITY=1 .venv/bin/python -m pytest tests/test_security.py -k would_be_written` writes the table in SECURITY.md anew.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.domain.company import parts
from handlers import FEATURES, errors
from sandbox.app import payloads
from tests import intake
from tests.rota import switch
from tests.world import World

FILE = Path(__file__).parent.parent / "SECURITY.md"
PEOPLE = {
    "In no team": "yuki",
    "Of a team": "lee",
    "Its lead": "ada",
    "Alone in a team": "zoe",
    "At a desk": "mia",
    "Slack admin": "ivy",
    "Guest": "rosa",
    "Other organization": "otto",
    "Deactivated": "tom",
}
BUTTONS = {
    "*I'll take it* on a request": "request_claim",
    "*Ask* about a request": "request_ask",
    "*Decide* a request": "decision_decide",
    "open the *Details* of a request": "request_details_0",
}
# What has to be so for a verb to mean anything: who is back was away, and only a paused team goes on.
# These may name a team, and so are about any.
NAMED = (
    *("/retro show", "/retro actions", "/retro export", "/retro trends", "/sprint show", "/sprint export"),
    *("/small-team show", "/small-team follow", "/small-team unfollow", "/small-team rota"),
)
BEFORE: dict[str, Callable[[World, str], object]] = {
    "/sprint back": lambda world, who: say(world, who, "/sprint away until 31 July"),
    "/small-team unfollow": lambda world, who: say(world, who, "/small-team follow Replay"),
    "/small-team resume": lambda world, _who: pause(world),
}


def company(world: World) -> None:
    """Teams, a desk, a sprint that runs, and a request; a guest, a stranger, and somebody whose account is closed."""
    intake.begin(world)
    switch(world, *parts.CHOSEN)
    for name in ("ada", "lee"):
        world.plan(name, high=f"What {name} does")
    world.person("ada").command("/sprint finalize")
    world.person("ada").submit(direction="Quality")
    world.person("noor").command("/reach-out Summarise tickets")
    world.go_to(intake.MONDAY)
    world.slack.join_team("zoe", tz="Europe/Berlin")
    world.slack.add_channel("team-apps")
    world.slack.settle()
    zoe = world.slack.person("zoe")
    zoe.command("/small-team create")
    zoe.submit(
        name="Apps",
        area="Apps",
        customer="Everybody",
        channel=world.slack.channel("team-apps").id,
        sprint_weeks="1",
        zone="Europe/Berlin",
        start_weekday="0",
    )
    zoe.close_all()
    world.slack.join_team("rosa", is_restricted=True)
    otto = world.slack.add_user("otto")
    otto.team_id = "T0ELSEWHERE"
    world.slack.change_user("tom", deleted=True)
    world.slack.settle()
    world.post()


def pause(world: World) -> None:
    ada = world.person("ada")
    ada.command("/small-team pause")
    if ada.view is not None:
        ada.submit(because="Offsite")
        ada.close_all()


def say(world: World, who: str, line: str) -> str:
    """What Prickle answers to a command, without Slack's client between."""
    user = world.slack.user(who)
    name, _, text = line.partition(" ")
    place = world.slack.channel(world.slack.dm(user.id))
    return str(world.slack.deliver("command", payloads.command(world.slack, user, place, name, text)).body)


def may_type(world: World, who: str, line: str) -> bool:
    """Whether this person may; a "no" is the one that `handlers.errors` makes of a Refusal."""
    if line in BEFORE:
        BEFORE[line](world, who)
    return "response_type" not in say(world, who, f"{line} Replay" if line in NAMED else line)


def may_press(world: World, who: str, action_id: str) -> bool:
    """The same for a button on the request's card."""
    message = next(each for each in world.slack.messages(intake.CHANNEL) if "#1 " in str(each.get("text")))
    before = len(windows(world, who))
    action = {"type": "button", "action_id": action_id, "value": "1"}
    world.forge_press(who, message, action)
    shown = windows(world, who)[before:]
    return not any(errors.REFUSED in str(each) for each in shown)


def windows(world: World, who: str) -> list[Any]:
    """Every window that was opened for somebody so far, by the calls of the bot."""
    return [call.args for call in world.slack.calls if call.method == "views.open"]


def verbs() -> Iterator[str]:
    """Every verb, as it is typed."""
    for feature in FEATURES:
        for command, words in feature.verbs.items():
            yield from (f"{command} {word}".strip() for word in words)


def rows(world: World) -> Iterator[list[str]]:
    """The table's rows: an act, and for each kind of person whether they may."""
    for line in sorted(verbs()):
        shown = f"{line} NAME" if line in NAMED else line
        yield [f"`{shown}`", *("yes" if may_type(world, who, line) else "no" for who in PEOPLE.values())]
    for words, action_id in BUTTONS.items():
        yield [words, *("yes" if may_press(world, who, action_id) else "no" for who in PEOPLE.values())]


def table(world: World) -> str:
    """The table as it stands in SECURITY.md."""
    head = ["What", *PEOPLE]
    lines = [head, ["---"] * len(head), *rows(world)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
