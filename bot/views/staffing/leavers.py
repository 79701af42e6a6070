"""What teams and desks read when somebody is no full member any more, or moved away."""

from bot.domain.company.people import how_gone
from bot.domain.outbox.posts import Message
from bot.domain.staffing.leavers import Left, Words
from bot.views import kit
from bot.views.intake.departures import departed_message
from bot.views.kit import Block
from bot.views.retros import actions as action_views
from bot.views.staffing import closings
from bot.views.teams import seats as seat_views
from models.desks import Desk

SHOWN = 8  # actions in one message; `/retro actions` has them all

Post = tuple[str, str, Message]


def posts_of(left: Left) -> list[Post]:
    """What is to be said in channels: a post's key, its channel, its message."""
    told: list[Post] = []
    if left.seated is not None:
        told += seat_views.seated_posts(left.seated)
    if left.closed is not None:
        told += closings.closed_posts(left.closed)
    if left.leaderless is not None:
        message = seat_views.leaderless_message(left.leaderless, left.person)
        told.append((f"leaderless:{left.leaderless.id}:{left.key}", left.leaderless.channel_id, message))
    if left.actions and left.team is not None:
        told.append((f"offered:{left.team.id}:{left.key}", left.team.channel_id, offered_message(left)))
    for desk in left.desks:
        told.append((f"desk-lead:{desk.id}:{left.key}", desk.team.channel_id, desk_message(desk, left)))
    return told


def offered_message(left: Left) -> Message:
    """The open actions of somebody who is not in the team any more: anybody of it can take them."""
    name = kit.escape(left.person.name)
    head = f"{name} is not in the team any more. Who takes what is still open?"
    titles = [f"• {kit.escape(action.text)}" for action in left.actions[:SHOWN]]
    more = ["… and more: `/retro actions` shows all of them."] if len(left.actions) > SHOWN else []
    blocks: list[Block] = [
        kit.section(head),
        *(
            kit.section(
                f"• {kit.escape(action.text)}",
                kit.button("I'll take it", f"{action_views.TAKE}_{action.id}", f"{action.id}:take"),
            )
            for action in left.actions[:SHOWN]
        ),
        *(kit.context(line) for line in more),
    ]
    return Message(kit.in_short([head, *titles, *more], more="… and more: `/retro actions` shows all of them."), blocks)


def desk_message(desk: Desk, left: Left) -> Message:
    """To the desk's team: its lead is gone."""
    name = kit.escape(left.person.name)
    return Message(
        f"{name} {how_gone(left.person)}, so nobody leads the desk {kit.escape(desk.name)} now. "
        "Any of you can choose its next lead with `/reach-out setup`."
    )


WORDS = Words(posts_of, departed_message)
