"""Notes in the shapes in which people paste them, entered through the form and read back wherever a retro is read."""

import json

from sqlalchemy import select

from models.retros import Note
from tests.retro import ASKS, REMINDS, REVEALS, board, replay
from tests.which import BOTH
from tests.world import World

__all__ = ["replay"]  # fixtures, which pytest finds by name
pytestmark = BOTH

# What is typed; the notes that it makes, with what stands below each.
SHAPES: tuple[tuple[str, list[list[str]]], ...] = (
    ("-better understanding of goals", [["better understanding of goals"]]),
    ("•\tPairing on Mondays", [["Pairing on Mondays"]]),
    ("1. Planning was short\n2) So was the demo", [["Planning was short"], ["So was the demo"]]),
    ("- [x] Fewer meetings\n- [ ] Fewer still", [["Fewer meetings"], ["Fewer still"]]),
    ("🟢 The new hire", [["The new hire"]]),
    ("   - All lines\n   - indented alike", [["All lines"], ["indented alike"]]),
    ("- Deploys were slow\n - an hour each", [["Deploys were slow", "an hour each"]]),
    ("- Builds broke\n\t- twice\n\t\t- on a Friday", [["Builds broke", "twice", "on a Friday"]]),
    ("* Reviews lagged\n    * two days\n* Tests lagged", [["Reviews lagged", "two days"], ["Tests lagged"]]),
    ("## Better\n- Calls started late", [["Calls started late"]]),
    ("**What hurt:**\n- The printer", [["The printer"]]),
    ("| who | what |\n|---|---|\n| Ada | demo |\n\nThe table above", [["The table above"]]),
    ("---\nA rule above me\n***", [["A rule above me"]]),
    ("The <https://example.com/r|report> helped", [["The [report](https://example.com/r) helped"]]),
    ("See [the page](https://example.com/p)", [["See [the page](https://example.com/p)"]]),
    ("Fix <Select> & <b> in R&D", [["Fix <Select> & <b> in R&D"]]),
    ("→ Write it down", [["→ Write it down"]]),
    ("-> Say it aloud", [["→ Say it aloud"]]),
    ("- Standups drag\n  => Stand on one leg", [["Standups drag", "→ Stand on one leg"]]),
    ("*Bold* from the start", [["*Bold* from the start"]]),
    ("-5 % churn", [["-5 % churn"]]),
    ("We shipped – at last – on time", [["We shipped – at last – on time"]]),
)
PARAGRAPH = "We waited four days for one review, and nobody had said that it was urgent, so nobody hurried. " * 6


def test_every_shape_is_stored_shown_and_exported_as_it_was_meant(replay: World) -> None:
    for name, shapes in (("lee", SHAPES[:11]), ("noor", SHAPES[11:])):
        person = replay.person(name)
        for typed, _notes in shapes:
            person.command("/retro")
            assert person.submit(better=typed) == {}, typed
            person.close_all()
    expected = [note for _typed, made in SHAPES for note in made]
    with replay.db.read() as session:
        assert [text.split("\n") for text in session.scalars(select(Note.text).order_by(Note.id))] == expected
    for moment in (ASKS, REMINDS, REVEALS):
        replay.go_to(moment)
    exported, shown = export(replay), whole(replay)
    posted = "\n".join([board(replay)["text"], *replay.texts("team-replay", board(replay)["ts"])])
    for first, *below in expected:
        assert f"- {first} — " in exported, first
        assert all(f"\n  - {line}\n" in exported for line in below), below
        assert f"{safe(first)} — " in posted, first
        assert f"{safe(first)} — " in shown, first
        assert all(f"\n\u2003\u2002• {safe(line)}" in posted for line in below), below
    assert "who | what" not in posted + exported
    assert "## Better" not in posted + exported


def safe(words: str) -> str:
    """Words as Slack shows them: escaped, and with links that lead there."""
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for label, url in (("report", "https://example.com/r"), ("the page", "https://example.com/p")):
        escaped = escaped.replace(f"[{label}]({url})", f"<{url}|{label}>")
    return escaped


def export(world: World) -> str:
    """The retro as Markdown."""
    ada = world.person("ada")
    ada.command("/retro export")
    parts = [block["elements"][0]["elements"][0]["text"] for block in (ada.view or {})["blocks"][1:]]
    ada.close_all()
    return "".join(parts)


def whole(world: World) -> str:
    """The retro's window, as one text."""
    ada = world.person("ada")
    ada.command("/retro show")
    texts = [str(block.get("text", {}).get("text", "")) for block in (ada.view or {})["blocks"]]
    ada.close_all()
    return "\n".join(texts)


def test_a_retro_of_one_paragraph_is_taken_whole(replay: World) -> None:
    lee = replay.person("lee")
    lee.command("/retro")
    assert lee.submit(better=PARAGRAPH) == {}
    assert "You have 1 note in this retro." in json.dumps(lee.view)
    with replay.db.read() as session:
        assert session.scalars(select(Note.text)).all() == [PARAGRAPH.strip()]
