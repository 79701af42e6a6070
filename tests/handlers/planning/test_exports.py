"""The plan as Markdown, entered and read through Slack."""

from pathlib import Path

from tests.world import World

SAMPLE = Path(__file__).parents[2] / "samples" / "sprint-plan.md"
EXTENDED = SAMPLE.with_name("sprint-plan-extended.md")
CUT = "Cut first-frame time below one second for long recordings"
DELETE = "Delete the old ingestion path"


def exported(world: World, name: str, line: str = "/sprint export") -> str:
    """The Markdown that somebody gets to copy."""
    person = world.person(name)
    person.command(line)
    boxes = [block for block in (person.view or {})["blocks"] if block["type"] == "rich_text"]
    return "".join(box["elements"][0]["elements"][0]["text"] for box in boxes)


def test_a_plan_entered_in_slack_is_exported_byte_for_byte_as_people_wrote_it(world: World) -> None:
    world.go_to("2026-06-11 08:00:00")
    world.set_up()
    world.team("ada", "lee", "noor", "sam")
    world.plan("lee", high=CUT)
    world.finalize("ada")

    world.go_to("2026-06-26 08:00:00")
    world.plan("ada", high="Ship the new timeline behind a flag")
    world.plan("lee")
    world.plan("noor", high="Interview five customers about mobile replay")
    world.plan("sam", side=DELETE)
    ids = [world.item_id(title) for title in ("Ship the new timeline behind a flag", CUT)]
    world.finalize("ada", high=[*map(str, ids), str(world.item_id("Interview five customers about mobile replay"))])

    world.go_to("2026-07-10 08:00:00")
    world.mark("ada", "Ship the new timeline", "Finished")
    world.mark("lee", CUT, "In progress")
    note(world, "lee", CUT, "P95 is down from 4.1 s to 1.9 s; snapshots of canvas elements are what is left")
    world.plan("lee")
    world.plan(
        "ada",
        high="Roll the new timeline out to everybody & write the changelog entry",
        side='Try an "explain this session" prompt with the AI team',
    )
    drop_and_plan(world)
    world.plan("sam", off_from="2026-07-20", off_until="2026-07-21")
    world.finalize(
        "ada",
        "Playback must never be the reason a customer leaves. "
        "Anything that makes the first second of a recording faster comes first.",
        impacted="Ingestion: the old path goes away; Mobile: timeline API changes",
        high=[
            str(world.item_id(title))
            for title in (
                CUT,
                "Roll the new timeline out to everybody & write the changelog entry",
                "Fix the three data-loss bugs from the <player> incident review",
            )
        ],
    )
    world.go_to("2026-07-13 08:00:00")
    assert exported(world, "tom", "/sprint export replay") == SAMPLE.read_text()
    assert exported(world, "ada") == SAMPLE.read_text()


def note(world: World, name: str, title: str, text: str) -> None:
    """Write a note under an item."""
    world.mark(name, title, "Write a note")
    assert world.person(name).submit(note=text) == {}


def drop_and_plan(world: World) -> None:
    """Noor drops what she did not finish, says why, and plans something else."""
    noor = world.person("noor")
    noor.command("/sprint plan")
    dropped = world.first_item_id("Interview five customers about mobile replay")
    noor.fill(**{f"mark_{dropped}": "wont_finish"})
    because = "Two done; the other three moved to next quarter with the mobile team"
    errors = noor.submit(
        **{f"because_{dropped}": because},
        high="Fix the three data-loss bugs from the <player> incident review",
        heroes=["2026-07-13", "2026-07-20"],
    )
    assert errors == {}


def test_points_headings_several_people_and_two_heroes_are_exported_in_the_same_shape(world: World) -> None:
    world.go_to("2026-07-10 08:00:00")
    world.set_up()
    world.team("ada", "lee", "noor", "sam")
    ada = world.person("ada")
    ada.command("/sprint plan")
    typed = (
        "- Roll the new timeline out\n  - ten teams on Monday\n  - everybody on Thursday, if `replay_errors` stays flat\n"
        "## Reliability\n- [ ] Fix <Select> crash (@ada and @lee)\n\t- see [the issue](https://git.example/issues/7)\n"
    )
    assert ada.submit(high=typed, heroes=["2026-07-13"]) == {}
    assert ada.submit() == {}
    world.plan("lee", side="Delete the old path\n  - ask Mobile first", heroes=["2026-07-20"])
    world.finalize("ada", "Quality first.")
    assert exported(world, "noor") == EXTENDED.read_text()
