"""What people see of similar asks: before they ask, in a direct message after, and at triage."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.calendar.wording import a_day
from bot.domain.intake.matches import EarlierRequest, Match, MatchOffer, Merged, Planned
from bot.domain.outbox.posts import Message
from bot.domain.planning.exports import MARKS
from bot.views import kit
from bot.views.kit import Block, Fields, View, keys
from models.intake.decisions import Decision, Mode
from models.intake.requests import TEXT_LENGTH, Request, State
from models.sprints import Mark

SIMILAR = "match_similar"
SAME = "match_same"
OWNER = "match_owner"
ANYWAY = "match_anyway"

SHOWN_WORDS = 200
MOST_MENTIONS = 30
MARK_WORDS = {
    Mark.NOT_STARTED: "not started",
    Mark.IN_PROGRESS: "in progress",
    Mark.FINISHED: "finished",
    Mark.WONT_FINISH: "won't be finished",
}
NONE = "No earlier request looks like it, and nothing that a team works on."


# --- a match in words -------------------------------------------------------------------------------------------


def line(match: Match) -> str:
    """A match with its outcome: `✅ done 3 March: *Summarise tickets*, Guidance by Ada`."""
    return _item_line(match) if isinstance(match, Planned) else _request_line(match)


def _request_line(match: EarlierRequest) -> str:
    request = match.request
    parts = [outcome(match.decision)] if match.decision else []
    parts.append(f"asked by {kit.name(request.asker.name)} {kit.moment(request.created_at, with_time=False)}")
    if request.desk is not None:
        parts.append(kit.name(request.desk.name))
    return f"{_state(request)}: *{_linked(match.link, request.title)}* (#{request.id}), {' · '.join(parts)}"


def _state(request: Request) -> str:
    on = {State.DECIDED: request.decided_at, State.DONE: request.done_at}.get(State(request.state))
    words = {
        State.OPEN: "🟡 open",
        State.DECIDED: "🔵 decided",
        State.PARKED: "⏸️ not now",
        State.DONE: "✅ done",
    }.get(State(request.state), "⚪ closed")
    return f"{words} {kit.moment(on, with_time=False)}" if on else words


def outcome(decision: Decision) -> str:
    """How a request was answered, in a few words."""
    who = kit.name(decision.person.name) if decision.person else "somebody"
    words = kit.clip(kit.escape(decision.words), SHOWN_WORDS)
    day = a_day(decision.due_on) if decision.due_on else "some day"
    team = f" with {kit.name(decision.team.name)}" if decision.team else ""
    return {
        Mode.EMBED: f"Embed: {who}{team} until {day}",
        Mode.BUILD: f"We build it: {who}, by {day}",
        Mode.GUIDANCE: f"Guidance by {who}",
        Mode.NOT_AI: f"Not an AI problem: {words}",
        Mode.NOT_NOW: f"Not now: {words}, again on {day}",
    }[Mode(decision.mode)]


def _item_line(match: Planned) -> str:
    mark = Mark(match.item.mark)
    item, owner, team = match.item, kit.name(match.item.owner.name), kit.name(match.team.name)
    state = f"{MARKS[mark]} {MARK_WORDS[mark]}"
    return f"🏃 in {team}'s sprint: *{_linked(match.link, item.title)}*, {owner} · {state}"


def _linked(link: str | None, title: str) -> str:
    safe = kit.escape(" ".join(title.split()))
    return f"<{link}|{safe}>" if link else safe


def _rows(matches: Sequence[Match], request_id: int | None, *, with_buttons: bool = True) -> list[Block]:
    return [
        kit.section(line(match), _button(match, request_id, number) if with_buttons else None)
        for number, match in enumerate(matches)
    ]


def _button(match: Match, request_id: int | None, number: int) -> kit.Element:
    asking = request_id or ""
    if isinstance(match, Planned):
        return kit.button("Ask its owner", f"{OWNER}_{number}", f"{asking}:{match.item.id}")
    return kit.button("Same as this", f"{SAME}_{number}", f"{asking}:{match.request.id}")


def read_pressed(value: str) -> tuple[int | None, int]:
    """The id of the request that it is about, None for one that is still to be made; and of the request or item pressed."""
    asking, _, other = value.partition(":")
    return keys.optional(asking), keys.number(other)


# --- before the crowd sees it -----------------------------------------------------------------------------------


def is_it_one_of_these(words: str, matches: Sequence[Match], desk_id: int | None = None) -> View:
    """What somebody sees who is about to ask for something that is like these: nothing is posted yet."""
    head = (
        "Nobody has seen your words yet. *Same as this* adds you to an earlier request, keeps you informed, and posts "
        "your words in its thread."
    )
    element = kit.text_input("title", initial=words, multiline=True, most=TEXT_LENGTH)
    blocks = [kit.section(head), *_rows(matches, None), kit.field("title", "Or is it something else?", element)]
    return kit.modal(
        ANYWAY, "Is it one of these?", blocks, submit="Ask anyway", close="Cancel", metadata=str(desk_id or "")
    )


def read_words(view: Mapping[str, Any]) -> str:
    """What somebody is about to ask, as it reads by now."""
    return Fields(view).text("title")


def read_desk(view: Mapping[str, Any]) -> int | None:
    """The desk that they chose before; None for whichever."""
    return keys.optional(view.get("private_metadata"))


def joined_words(into: EarlierRequest) -> str:
    """What a person reads after joining an earlier request."""
    return (
        f"You are asking for this together now, and your words are in its thread:\n{line(into)}\n"
        "Prickle tells you what happens there."
    )


def joined_message(into: EarlierRequest, by: str, words: str) -> Message:
    """The line in the earlier one's thread, with the words that would have been a request."""
    head = f"{kit.mention(by)} asks for the same as {kit.mention(into.request.asker_id)}:"
    blocks = kit.fit_message([kit.section(head), *kit.prose(words or "…")], [], "… and more.")
    return Message(kit.in_short([head, kit.escape(words)], more="… and more."), blocks)


# --- afterwards -------------------------------------------------------------------------------------------------


def offer(shown: MatchOffer) -> Message | None:
    """The direct message to who asked in the open, when something is like it; later, what became of it."""
    request = shown.request
    title = kit.escape(request.title)
    if request.state == State.MERGED and shown.into is not None:
        return Message(f"↪️ *{title}* continues in #{shown.into.id} *{kit.escape(shown.into.title)}*.")
    if request.state != State.OPEN or not shown.matches:
        return None
    head = f"Is *{title}* one of these?"
    foot = "*Same as this* makes one request of two, and keeps everybody informed. If it is none of them, do nothing."
    blocks = [kit.section(head), *_rows(shown.matches, request.id), kit.context(foot)]
    lines = [head, *map(line, shown.matches), foot]
    return Message(kit.in_short(lines, more="… and more."), kit.fit_message(blocks, [], "… and more."))


def settled(shown: MatchOffer) -> Message:
    """What stands in the place of the offer once nothing is to be pressed there any more."""
    return Message(f"*{kit.escape(shown.request.title)}* stays a request of its own.")


def similar_view(shown: MatchOffer, *, may_merge: bool) -> View:
    """What *Similar asks* opens: for those who may, with a button for each."""
    rows = _rows(shown.matches, shown.request.id, with_buttons=may_merge)
    body = rows or [kit.section(NONE)]
    head = kit.section(f"*{kit.escape(shown.request.title)}*")
    return kit.modal("matches", "Similar asks", [head, kit.divider(), *body])


def merged_words(merged: Merged) -> str:
    """What a person reads after merging two requests."""
    return f"#{merged.request.id} continues in:\n{line(merged.into)}\nBoth threads say so, and Prickle keeps both sides informed."


def merged_message(merged: Merged, by: str) -> Message:
    """The line in the thread of the one that was merged: where it goes on, and how that ended if it did."""
    askers = _mentions(merged.askers)
    return Message(
        f"↪️ {kit.mention(by)} says that this is the same as:\n{line(merged.into)}\n"
        f"{askers}: it continues there, and Prickle keeps you informed."
    )


def gained_message(merged: Merged, by: str) -> Message:
    """The line in the thread of the one that it goes on in."""
    into, request = merged.into.request, merged.request
    askers = _mentions(merged.askers)
    return Message(
        f"↪️ {kit.mention(into.asker_id)}: {askers} asked for the same in #{request.id} "
        f"*{kit.escape(request.title)}*. {kit.mention(by)} merged it into this one, where Prickle keeps all of you informed."
    )


def _mentions(person_ids: Sequence[str]) -> str:
    more = [f"{len(person_ids) - MOST_MENTIONS} more"] if len(person_ids) > MOST_MENTIONS else []
    return kit.names([*map(kit.mention, person_ids[:MOST_MENTIONS]), *more])


def owner_message(planned: Planned, by: str) -> Message:
    """The line in a request's thread, to whoever works on something like it."""
    return Message(
        f"{kit.mention(planned.item.owner_id)}, {kit.mention(by)} asks: is this what you are working on?\n{line(planned)}"
    )


def owner_asked_words(planned: Planned) -> str:
    """What a person reads after asking an item's owner."""
    owner = kit.name(planned.item.owner.name)
    return f"{owner} can read your question in the request's thread. The request stays open until somebody answers it."
