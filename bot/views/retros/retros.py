"""What people see of a retro in a window: the whole of it, as Markdown, and the team's settings."""

from collections.abc import Mapping
from typing import Any

from bot.domain.calendar import cadence
from bot.domain.planning import exports
from bot.domain.retros import retros
from bot.domain.retros.boards import Board
from bot.domain.retros.openings import Settings
from bot.domain.teams import teams
from bot.views import kit
from bot.views.kit import Fields, View, keys
from bot.views.retros import actions as action_views
from bot.views.retros import agreements as agreement_views
from bot.views.retros import boards as board_views
from bot.views.retros import notes as note_views
from models.retros import Retro
from models.teams import Team

TURN = "retro_turn"
EXPORT = "retro_export"
SETTINGS = "retro_settings"


def whole_view(shown: Board, neighbours: tuple[int | None, int | None], viewer: str) -> View:
    """Anybody's look at a team's whole retro, and from there at those before and after it."""
    retro = shown.retro
    team = retro.sprint.team
    today = cadence.local_date(shown.now, team.zone)
    visible = retros.visible(retro, viewer)
    hidden = [] if retros.sees(retro, viewer) else [kit.context(_hidden_words(retro, viewer))]
    mine = teams.is_member(team, viewer)
    blocks = [
        kit.header(board_views.plain_title(retro).removeprefix("Retro: ")),
        *board_views.improvement_blocks(shown),
        *(agreement_views.rows(shown.agreements) if mine else kit.paragraphs(agreement_views.lines(shown.agreements))),
        *(action_views.settled_rows(shown.settled) if mine else []),
        *(action_views.rows(shown.open, team, today, undecided=shown.undecided) if mine else []),
        *kit.paragraphs(board_views.earlier_lines(shown, most=action_views.PAST)),
        *kit.paragraphs(board_views.status_pass(shown.items, whole=True)),
        kit.context(kit.clip(" · ".join(board_views.board_facts(shown)) or "Being written", kit.SECTION_TEXT)),
        *hidden,
        *note_views.columns(retro, visible, menus=viewer),
    ]
    before, after = neighbours
    foot = kit.actions(
        kit.button("Export as Markdown", EXPORT, str(retro.id)),
        kit.button("Earlier retro", f"{TURN}_{before}", str(before)) if before else None,
        kit.button("Later retro", f"{TURN}_{after}", str(after)) if after else None,
    )
    more = "There is more: *Export as Markdown* shows all of it."
    fitting = kit.fit_view(blocks, [foot], more)
    # It may stand on top of an older look at the same retro, after a merge: both are closed together.
    return kit.modal("retro_whole", "Retro", fitting, metadata=str(retro.id), clear_on_close=True)


def _hidden_words(retro: Retro, viewer: str) -> str:
    if teams.is_member(retro.sprint.team, viewer):
        return "You can read the others' notes once you have sent your own, or at the reveal."
    return "The notes are hidden until the reveal."


def read_retro(view: Mapping[str, Any]) -> int | None:
    """Which retro a window shows; None for a window that shows something else."""
    metadata = str(view.get("private_metadata") or "")
    return keys.number(metadata) if view.get("callback_id") == "retro_whole" and metadata.isdigit() else None


def no_retro_view(team: Team) -> View:
    """A team that has held no retro yet."""
    return kit.notice(
        "Retro", f"*{kit.escape(team.name)}* has held no retro yet. It opens by itself at the end of a sprint."
    )


def export_view(team: Team, markdown: str) -> View:
    """The Markdown, to copy."""
    boxes = [kit.preformatted(part) for part in exports.parts(markdown, kit.SECTION_TEXT)]
    return kit.modal(EXPORT, "Retro as Markdown", [kit.context(f"Team {kit.escape(team.name)}, to copy:"), *boxes])


def settings_form(team: Team) -> View:
    """What the lead chooses for the team's retros."""
    return kit.modal(
        SETTINGS,
        "Retro settings",
        [
            kit.context(
                f"Team {kit.escape(team.name)}. The retro opens with the turn to the next sprint, and its notes are revealed "
                "once all have answered. `/sprint rhythm` shows the times."
            ),
            kit.field(
                "retro_emoji",
                "This emoji on a message makes it a note",
                kit.text_input("retro_emoji", initial=f":{team.retro_emoji}:", most=102),
            ),
        ],
        submit="Save",
        close="Cancel",
        metadata=str(team.id),
    )


def read_settings(view: Mapping[str, Any]) -> tuple[int, Settings]:
    """The team's id and what was chosen."""
    fields = Fields(view)
    settings = Settings(retro_emoji=fields.text("retro_emoji"))
    return keys.number(view["private_metadata"]), settings
