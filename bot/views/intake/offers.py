"""The window *Answer*: its fields follow what is chosen so far."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.calendar.wording import days, short_day
from bot.domain.intake.decisions import DecisionForm
from bot.domain.intake.free_windows import Window
from bot.domain.intake.offers import DecisionDraft
from bot.views import kit
from bot.views.intake import decisions as decision_views
from bot.views.kit import Block, Fields, View, keys
from models.intake.decisions import Mode

FORM = "decision_form"  # the window, and each of its fields that tells what was chosen
MEANINGS = {
    Mode.EMBED: "one of our engineers joins the team",
    Mode.BUILD: "it is ours to do",
    Mode.GUIDANCE: "we advise, and the team does it",
    Mode.NOT_AI: "something else helps",
    Mode.NOT_NOW: "it comes back by itself",
}
SHOWN_ITEMS = 4
MOST_KEPT = 2_900  # a window carries 3,000 characters
DONE, LATER = "done", "later"


def form(offer: DecisionDraft) -> View:
    """The window *Answer*: the answer in words, how both work together, and the fields that this asks for."""
    metadata = f"{offer.request.id}:{offer.standing.id if offer.standing else ''}"
    return kit.modal(FORM, "Answer", _form_blocks(offer), submit="Answer", close="Cancel", metadata=metadata)


def with_offer(view: Mapping[str, Any], offer: DecisionDraft) -> View:
    """The same window with what there is to fill in now. What was typed is kept while a mode has no field for it."""
    words = _typed(view)
    opened_as = ":".join(view["private_metadata"].split(":")[:2])
    answer = replace(offer.answer, words=offer.answer.words or words)
    rewritten = kit.rewritten(view, _form_blocks(replace(offer, answer=answer)))
    return {**rewritten, "private_metadata": f"{opened_as}:{words}" if len(words) <= MOST_KEPT else opened_as}


def _typed(view: Mapping[str, Any]) -> str:
    """The answer in words as it was typed last, shown at the moment or not."""
    if "words" in view["state"]["values"]:
        return Fields(view).text("words")
    return ":".join(view["private_metadata"].split(":")[2:])


def read_form(view: Mapping[str, Any]) -> DecisionForm:
    """What is filled in so far, and which decision stood when the window was opened."""
    request_id, standing_id = [*view["private_metadata"].split(":"), ""][:2]
    fields = Fields(view)
    mode, team, sprints, starts_on = (fields.choice(name) for name in ("mode", "team", "sprints", "starts_on"))
    # A window of another engineer, team or length is none for this one.
    # A window of an older version has Slack's own picker.
    engineer = fields.choice("engineer") or fields.person("engineer")
    is_theirs = _window_name(engineer, team, sprints) in view["state"]["values"].get("starts_on", {})
    return DecisionForm(
        request_id=keys.number(request_id),
        standing_id=keys.optional(standing_id),
        mode=keys.word(Mode, mode) if mode else None,
        engineer=engineer,
        team=keys.optional(team),
        sprints=keys.optional(sprints),
        starts_on=keys.day(starts_on) if starts_on and is_theirs else None,
        due_on=fields.date("due_on"),
        is_done=_read_done(view, mode),
        words=fields.text("words"),
        change=fields.text("change"),
    )


def _read_done(view: Mapping[str, Any], mode: str | None) -> bool | None:
    """Whether it is done; None where nobody was asked for this mode. An older form has a box to tick."""
    values = view["state"]["values"]
    if "is_done" in values:
        return bool(Fields(view).choices("is_done"))
    chosen = (values.get("done", {}).get(_done_name(mode)) or {}).get("selected_option")
    return chosen["value"] == DONE if chosen else None


def _done_name(mode: str | None) -> str:
    """Each mode has its own, so that Slack keeps no answer that was given for another one."""
    return f"{FORM}_done_{mode}"


def _form_blocks(offer: DecisionDraft) -> list[Block]:
    wanted = offer.request.wanted_on
    by_when = f"\nWanted by {short_day(wanted)}." if wanted is not None else ""
    title = kit.section(f"*{kit.escape(offer.request.title)}*{by_when}", block_id="title")
    now = (
        [kit.context(kit.clip(f"So far: {decision_views.line(offer.standing)}", kit.SECTION_TEXT))]
        if offer.standing
        else []
    )
    choices = [kit.option(f"{words}: {MEANINGS[mode]}", mode) for mode, words in decision_views.MODES.items()]
    menu = kit.select(f"{FORM}_mode", choices, offer.answer.mode)
    modes = kit.field("mode", "How do you work together?", menu, tells=True)
    fields = _FIELDS[offer.answer.mode](offer) if offer.answer.mode else []
    return [title, *now, *_words(offer), modes, *fields]


def _words(offer: DecisionDraft) -> list[Block]:
    """The answer in words, where there is one. It keeps its id, and so what was typed, in every mode."""
    mode = offer.answer.mode
    if mode not in _WORDS:
        return []
    label, hint = _WORDS[mode]
    return [decision_views.text_field("words", label, hint, offer.answer.words)]


def _embed_fields(offer: DecisionDraft) -> list[Block]:
    answer = offer.answer
    teams = [kit.option(team.name, str(team.id)) for team in offer.teams]
    chosen = [each for each in teams if each["value"] == str(answer.team)]
    menu = kit.select(f"{FORM}_team", [*chosen, *(each for each in teams if each not in chosen)][: kit.OPTIONS])
    if chosen:
        menu["initial_option"] = chosen[0]
    sprints = [kit.option("One sprint", "1"), kit.option("Two sprints", "2")]
    return [
        _person_field("Engineer", offer, tells=True),
        kit.field("team", "Host team", menu, tells=True),
        kit.field("sprints", "For how long?", kit.radio(f"{FORM}_sprints", sprints, str(answer.sprints)), tells=True),
        *_window_fields(offer),
    ]


def _window_fields(offer: DecisionDraft) -> list[Block]:
    if offer.window is None:
        return [kit.section(kit.escape(offer.missing), block_id="window")]
    answer, dates = offer.answer, offer.window.dates
    choices = [kit.option(days(each.starts_on, each.ends_on), each.starts_on.isoformat()) for each in offer.free]
    name = _window_name(answer.engineer, answer.team, answer.sprints)
    menu = kit.select(name, choices, dates.starts_on.isoformat())
    return [
        kit.section(kit.clip(_proposal(offer, offer.window), kit.SECTION_TEXT), block_id="window"),
        kit.field("starts_on", "When?", menu, tells=True),
    ]


def _window_name(engineer: str | None, team: object, sprints: object) -> str:
    """It changes with what it depends on, so that Slack does not keep a window that is no choice any more."""
    return f"{FORM}_starts_on_{engineer}_{team}_{sprints}"


def _proposal(offer: DecisionDraft, window: Window) -> str:
    """When it could be, in words, and what has to give way."""
    name = kit.escape(offer.engineer.name) if offer.engineer else "They"
    when = days(window.dates.starts_on, window.dates.ends_on)
    first = "first free window" if window.dates == offer.free[0] else "window"
    lines = [f"{name}'s {first} is *{when}*."]
    lines += [
        f"• It displaces the hold for #{hold.request_id} {kit.escape(hold.request.title)} "
        f"({kit.escape(hold.team.name)}, {days(hold.starts_on, hold.ends_on)})."
        for hold in window.held[:SHOWN_ITEMS]
    ]
    if window.unfinished:
        items = [kit.escape(item.title) for item in window.unfinished[:SHOWN_ITEMS]]
        more = len(window.unfinished) - len(items)
        lines.append(f"• It displaces what {name} planned: {', '.join([*items, *([f'{more} more'] if more else [])])}.")
    if window.away:
        lines.append(f"• {name} is away {kit.names([days(*span) for span in window.away])}.")
    return "\n".join(lines if len(lines) > 1 else [f"{lines[0]} It displaces nothing."])


def _build_fields(offer: DecisionDraft) -> list[Block]:
    return [
        _person_field("Owner", offer),
        *_when_fields(offer, "It's built already", "It will be built by a date", "Target date"),
    ]


def _guidance_fields(offer: DecisionDraft) -> list[Block]:
    return [
        _person_field("Adviser", offer),
        *_when_fields(offer, "That's the answer, and it's done", "We look at it again on a day", "When?"),
    ]


def _when_fields(offer: DecisionDraft, done: str, later: str, date_label: str) -> list[Block]:
    """Whether it is done, and where it is not, by when: a field that is needed is never called optional."""
    answer = offer.answer
    is_done = answer.is_done if answer.is_done is not None else answer.mode is Mode.GUIDANCE
    choices = [kit.option(done, DONE), kit.option(later, LATER)]
    radio = kit.radio(_done_name(answer.mode), choices, DONE if is_done else LATER)
    ask = kit.field("done", "Is it done?", radio, tells=True)
    return [ask] if is_done else [ask, *_date_fields(offer, date_label)]


def _date_fields(offer: DecisionDraft, label: str) -> list[Block]:
    element = kit.date_input(f"{FORM}_due_on", offer.answer.due_on)
    hint = "Today is fine. You can move it later."
    wanted, chosen = offer.request.wanted_on, offer.answer.due_on
    late = wanted is not None and chosen is not None and chosen > wanted
    note = [kit.context(f"That is later than {short_day(wanted)}, the day it is wanted by.")] if late and wanted else []
    return [kit.field("due_on", label, element, hint=hint, tells=True), *note]


def _not_ai_fields(_offer: DecisionDraft) -> list[Block]:
    return []


def _not_now_fields(offer: DecisionDraft) -> list[Block]:
    hint = "Prickle posts this when the request comes back."
    return [
        decision_views.text_field("change", "What would change our mind?", hint, offer.answer.change),
        kit.field(
            "due_on",
            "Look at it again on",
            kit.date_input("due_on", offer.answer.due_on),
            hint="On this day it comes back by itself.",
        ),
    ]


_WORDS = {
    Mode.GUIDANCE: ("Your answer", ""),
    Mode.NOT_AI: ("What should they do instead?", "That is the answer, and closes the request."),
    Mode.NOT_NOW: ("Why not now?", ""),
}
_FIELDS: Mapping[Mode, Callable[[DecisionDraft], list[Block]]] = {
    Mode.EMBED: _embed_fields,
    Mode.BUILD: _build_fields,
    Mode.GUIDANCE: _guidance_fields,
    Mode.NOT_AI: _not_ai_fields,
    Mode.NOT_NOW: _not_now_fields,
}


def _person_field(label: str, offer: DecisionDraft, *, tells: bool = False) -> Block:
    people = [kit.option(person.name, person.id) for person in offer.able]
    chosen = [each for each in people if each["value"] == offer.answer.engineer]
    # Slack's own picker offers everybody, and apps as well.
    menu = kit.select(f"{FORM}_person", [*chosen, *(each for each in people if each not in chosen)][: kit.OPTIONS])
    if chosen:
        menu["initial_option"] = chosen[0]
    return kit.field("engineer", label, menu, tells=tells, hint="Somebody in the AI team.")
