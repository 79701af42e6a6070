"""What people read of all requests: the queue with its filters, and what is theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.calendar.wording import count
from bot.domain.intake.queues import (
    DONE_LATELY,
    PAGE,
    Age,
    AnswerState,
    MyRequests,
    Queue,
    QueueFilters,
    QueueLine,
    Waiting,
)
from bot.views import kit, routes
from bot.views.intake import waiting_on as waiting_views
from bot.views.intake.matches import outcome
from bot.views.kit import Block, Element, View, keys
from models.company import Person
from models.desks import Desk
from models.intake.requests import Ball, State

QUEUE = "queues"
FILTER = "queue_filter"
MORE_FILTERS = "queue_more"
PAGE_TO = "queue_page"

ALL = "all"
ANSWERS = {
    AnswerState.NONE: "Not answered yet",
    AnswerState.EMBED: "Embed",
    AnswerState.BUILD: "We build it",
    AnswerState.GUIDANCE: "Guidance",
    AnswerState.NOT_NOW: "Not now",
}
WAITINGS = {
    Waiting.ME: "Waits on me",
    Waiting.DESK: "Waits on the AI team",
    Waiting.CLAIMER: "Waits on the person who took it",
    Waiting.ASKER: "Waits on the person who asked",
    Waiting.OWNER: "Waits on its owner",
}
AGES = {Age.WEEK: "Older than a week", Age.MONTH: "Older than a month"}
NEXT_STEPS = {
    Ball.DESK: "You have triage: press *I'll take it* on its card, or hand it to another team.",
    Ball.CLAIMER: "*Answer* on its card, or ask what is not clear.",
    Ball.ASKER: "Answer the question in its thread; that is enough.",
    Ball.OWNER: "Say in its thread how it goes, or that it's done.",
    Ball.LEADS: "It went back and forth: settle with the other lead where it belongs. Then one of you takes it or hands it over.",
}
NOTHING = "Nothing matches these filters. 🦔"
NOTHING_YET = "Nobody asked for anything so far. `/reach-out we want to …` asks for something; one line is enough."


# --- the queue --------------------------------------------------------------------------------------------------


def queue_view(queue: Queue, *, more: bool = False) -> View:
    """What `/reach-out queue` opens: a page of what waits, what is under way, and what was done lately.

    Above it is one menu, and the search; with `more`, or once one of them is used, the other menus as well.
    """
    filters = queue.filters
    shown = [kit.section(_line(each)) for each in queue.lines]
    unfiltered = filters == QueueFilters(page=filters.page)
    body = shown or [kit.section(NOTHING_YET if unfiltered else NOTHING)]
    page = f" · page {filters.page + 1} of {queue.pages}" if queue.pages > 1 else ""
    search = kit.text_input(f"{FILTER}_words", placeholder="A word in the request")
    found = kit.field("words", "Search", search, optional=True, tells=True)
    head = [_menus(filters, queue.desks, more=more), found, kit.context(f"{count(queue.total, 'request')}{page}")]
    bar = routes.bar(routes.INTAKE_TABS, "Queue")
    return kit.modal(QUEUE, "Queue", [bar, *head, *body, *_pager(queue)], submit=kit.SEARCH, metadata=str(filters.page))


def _menus(filters: QueueFilters, desks: Sequence[Desk], *, more: bool) -> Block:
    first = _menu("waiting", "Show everything", [*WAITINGS.items()], filters.waiting)
    is_used = any(each is not None for each in (filters.desk_id, filters.answer, filters.age))
    rest = _rest(filters, desks) if more or is_used else [kit.button("More filters", MORE_FILTERS)]
    return {**kit.actions(first, *rest), "block_id": FILTER}


def _rest(filters: QueueFilters, desks: Sequence[Desk]) -> list[Element]:
    desk = [(str(each.id), each.name) for each in desks[: kit.OPTIONS - 1]]
    chosen = str(filters.desk_id) if filters.desk_id is not None else None
    return [
        *([_menu("desk", "Asked of anyone", desk, chosen)] if len(desks) > 1 else []),
        _menu("answer", "Any answer", [*ANSWERS.items()], filters.answer),
        _menu("age", "Of any age", [*AGES.items()], filters.age),
    ]


def _menu(name: str, everything: str, choices: Sequence[tuple[str, str]], chosen: str | None) -> Element:
    options = [kit.option(everything, ALL), *(kit.option(words, value) for value, words in choices)]
    return kit.select(f"{FILTER}_{name}", options, chosen or ALL)


def _pager(queue: Queue) -> list[Block]:
    page = queue.filters.page
    later = kit.button(f"The next {PAGE}", f"{PAGE_TO}_next", str(page + 1)) if page + 1 < queue.pages else None
    before = kit.button(f"The {PAGE} before", f"{PAGE_TO}_before", str(page - 1)) if page > 0 else None
    return [kit.actions(before, later)] if before or later else []


def shows_more(view: Mapping[str, Any]) -> bool:
    """Whether all menus are in sight in this window."""
    return f"{FILTER}_answer" in view["state"]["values"].get(FILTER, {})


def read_filters(view: Mapping[str, Any], *, page: int = 0) -> QueueFilters:
    """The filters as they are chosen. Another filter begins at the first page again."""
    chosen = {
        action_id.removeprefix(f"{FILTER}_"): (element.get("selected_option") or {}).get("value", ALL)
        for action_id, element in view["state"]["values"].get(FILTER, {}).items()
    }
    picked = {name: value for name, value in chosen.items() if value != ALL}
    found = QueueFilters(page=page, words=kit.Fields(view).text("words"))
    if "desk" in picked:
        found = replace(found, desk_id=keys.number(picked["desk"]))
    if "answer" in picked:
        found = replace(found, answer=keys.word(AnswerState, picked["answer"]))
    if "waiting" in picked:
        found = replace(found, waiting=keys.word(Waiting, picked["waiting"]))
    return replace(found, age=keys.word(Age, picked["age"])) if "age" in picked else found


# --- mine -------------------------------------------------------------------------------------------------------


def mine_view(mine: MyRequests, note: str = "") -> View:
    """What `/reach-out mine` opens: what waits on me comes first, and each says what comes next.

    With a `note` it is what somebody sees after they changed something.
    """
    blocks = [
        *_part(
            "Waits on you", [f"{_line(each)}\n→ {NEXT_STEPS[Ball(each.request.waiting_on)]}" for each in mine.waiting]
        ),
        *_part("You're on it", [_line(each) for each in mine.seen_to]),
        *_part("You asked for", [_line(each) for each in mine.asked]),
    ]
    foot = kit.context(
        f"Requests stay here for {DONE_LATELY.days} days after they are done. `/reach-out queue` shows what others ask for."
    )
    nothing = kit.section(
        "Nothing waits on you, and you asked for nothing. `/reach-out we want to …` asks for something; one line is enough."
    )
    more = "There is more: `/reach-out queue` shows all of it."
    bar = routes.bar(routes.INTAKE_TABS, "Mine")
    head = [bar, *([kit.section(kit.clip(note, kit.SECTION_TEXT))] if note else [])]
    return kit.modal("mine", "My requests", kit.fit_view([*head, *(blocks or [nothing])], [foot], more))


def _part(title: str, lines: Sequence[str]) -> list[Block]:
    return [kit.header(title), *map(kit.section, lines)] if lines else []


# --- a request in two lines -------------------------------------------------------------------------------------


def _line(line: QueueLine) -> str:
    request = line.request
    safe = kit.escape(request.title)
    title = f"<{line.link}|{safe}>" if line.link else safe
    team = f" for *{kit.name(request.team.name)}*" if request.team else ""
    parts = [f"{kit.name(request.asker.name)}{team}", _waiting(line), waiting_views.wanted(request), _answer(line)]
    return f"*{title}* (#{request.id})\n{' · '.join(part for part in parts if part)}"


def _waiting(line: QueueLine) -> str:
    request = line.request
    if request.state == State.DONE and request.done_at is not None:
        return f"✅ done {kit.moment(request.done_at, with_time=False)}"
    if request.waiting_on == Ball.NOBODY:
        return ""
    return f"waiting on {_who(line)} since {kit.moment(request.waiting_since, with_time=False)}"


def _who(line: QueueLine) -> str:
    request = line.request
    desk = kit.name(request.desk.name) if request.desk else "the AI team"
    triage = f" ({kit.name(line.triage.name)} has triage)" if line.triage else ""
    owner = line.decision.person if line.decision else None
    return {
        Ball.DESK: f"{desk}{triage}",
        Ball.CLAIMER: _name(request.claimer, desk),
        Ball.ASKER: kit.name(request.asker.name),
        Ball.OWNER: _name(owner, desk),
        Ball.LEADS: "both leads",
    }[Ball(request.waiting_on)]


def _name(person: Person | None, otherwise: str) -> str:
    return kit.name(person.name) if person is not None else otherwise


def _answer(line: QueueLine) -> str:
    if line.decision is None:
        return ""
    return outcome(line.decision)
