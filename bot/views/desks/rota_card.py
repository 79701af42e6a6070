"""The card that says how to reach out and who has triage, and the note it leaves in its old channel."""

from collections.abc import Sequence

from bot.domain.desks.duties import OnTriage
from bot.domain.desks.triage import Ways
from bot.domain.outbox.posts import Message
from bot.views import kit, routes
from bot.views.desks import desks as desk_views
from bot.views.desks import triage as triage_views
from bot.views.kit import Block

NO_DESK = "Nobody answers at the moment. Prickle keeps what you write until somebody does."


def moved_card(channel_id: str) -> Message:
    """What is left of the card in a channel before."""
    text = f"Reach out to the AI team in {kit.channel(channel_id)} from now on."
    return Message(text, [kit.section(text)])


def card(ways: Ways) -> Message:
    """The pinned card: how to reach out, what each desk owns, and who has triage."""
    how = (
        "*Reach out to the AI team early, with even a vague idea.* "
        f"Write a message here, type `/reach-out` with one line, or put :{kit.escape(ways.company.intake_emoji)}: "
        "on a message in a public channel."
    )
    out = f"A message that begins with {kit.escape(ways.company.intake_prefix)} makes no request."
    lines = [_card_line(turn) for turn in ways.turns] or [NO_DESK]
    foot = [
        kit.context(out),
        kit.actions(routes.REACH_OUT.button("Reach out", style="primary"), kit.button("Rota", triage_views.ROTA)),
    ]
    blocks = kit.fit_message([kit.section(how), *kit.paragraphs(lines)], foot, "… and more: *Rota* shows everybody.")
    return Message(kit.in_short([how, *lines, out]), blocks)


def _card_line(turn: OnTriage) -> str:
    name, owns = kit.escape(turn.desk.name), kit.escape(turn.desk.owns)
    return f"• *{name}*: {owns} · triage this week: {desk_views.name_or_nobody(turn.person)}"


def home_line(triage: Sequence[tuple[str, str | None]]) -> list[Block]:
    """Who has triage at which desk, by their names, in one line; nothing while there is no desk."""
    words = [f"{kit.escape(desk)}: {kit.escape(person or desk_views.NOBODY)}" for desk, person in triage]
    return [kit.context(kit.clip(f"This week's triage: {' · '.join(words)}", kit.SECTION_TEXT))] if words else []
