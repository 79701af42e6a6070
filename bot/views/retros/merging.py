"""The form that makes one of two notes that say the same."""

from collections.abc import Mapping
from typing import Any

from bot.domain.retros import notes, typed
from bot.views import kit
from bot.views.kit import Fields, View, keys
from bot.views.retros import notes as note_views
from models.retros import Note, Retro

MERGE = "note_merge"
SHORT = 60


def merge_form(retro: Retro, note: Note) -> View:
    """Asks which note this one says the same as."""
    # What is about the same stands first: that is where an alike one is likely to be.
    others = [each for each in notes.top(retro.notes) if each.id != note.id]
    others = sorted(others, key=lambda each: each.side != note.side)[: kit.OPTIONS]
    if not others:
        return kit.notice("Merge notes", "There is no other note to merge it into.", keep_below=True)
    choices = [
        kit.option(f"{kit.shorten(typed.headline(each.text), SHORT)} — {each.author.name}", str(each.id))
        for each in others
    ]
    return kit.modal(
        MERGE,
        "Merge notes",
        [
            kit.section(kit.clip(note_views.said_by(note), kit.SECTION_TEXT)),
            kit.field(
                "into", "says the same as", kit.select("into", choices), hint="Both keep their words and authors."
            ),
        ],
        submit="Merge",
        close="Cancel",
        metadata=str(note.id),
    )


def read_merge(view: Mapping[str, Any]) -> tuple[int, int]:
    """The note's id, and that of the one it is merged into."""
    return keys.number(view["private_metadata"]), (keys.optional(Fields(view).choice("into")) or 0)
