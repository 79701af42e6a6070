"""What the lead is told and asked once everybody has answered."""

from bot.domain.calendar.wording import count
from bot.domain.outbox.posts import Message
from bot.domain.retros import typed
from bot.domain.rhythm.leading import LeadPrompt
from bot.views import kit
from bot.views.planning import comments, finalizing
from bot.views.retros import notes as note_views
from bot.views.rhythm import prompts as prompt_views
from bot.views.sprints.sprints import FINALIZE, SHOW, WRAP_UP, WRITE


def lead(prompt: LeadPrompt) -> Message:
    """The notes are revealed, and the plan is to be made final: by the lead, or by anybody for them."""
    show = kit.button("Show the plan", SHOW, prompt_views.sprint_key(prompt))
    if prompt.sprint.finalized_at is not None:
        return prompt_views.with_lateness(
            prompt, [f"The plan for *{prompt_views.sprint_words(prompt)}* is final. Thank you!"], [kit.actions(show)]
        )
    if not prompt.needed:
        return prompt_views.with_one_line(f"Planning of *{prompt_views.sprint_words(prompt)}* has passed.")
    lines = [_lead_opening(prompt), *_why(prompt), _who_answered(prompt), *_top_notes(prompt)]
    if prompt.touched:
        lines += ["What touches you:", *(_touch(name, line) for name, line in prompt.touched)]
    lines += finalizing.overlap_lines(prompt.overlaps)
    if prompt.comments:
        lines.append(comments.open_line(prompt.comments))
    finalize = kit.button("Finalize", FINALIZE, prompt_views.sprint_key(prompt), style="primary")
    mine = [
        kit.button(WRAP_UP, WRITE, prompt_views.sprint_key(prompt)),
        kit.button("Nothing new", prompt_views.AGAIN, prompt_views.sprint_key(prompt)),
    ]
    rider = prompt_views.feedback_rider(prompt.feedback)
    # With the lead's own answer there are three buttons already.
    more = kit.overflow(SHOW, [kit.option("Show the plan", prompt_views.sprint_key(prompt))])
    buttons = [finalize, *mine, more] if prompt.answers else [finalize, show]
    foot = [*map(prompt_views.rider_field, rider), kit.actions(*buttons)]
    return prompt_views.with_lateness(prompt, lines, foot, *(each.words for each in rider))


def _touch(name: str, line: str) -> str:
    return f"• {kit.escape(name)}: {kit.escape(kit.shorten(line, prompt_views.AT_A_GLANCE))}"


def _lead_opening(prompt: LeadPrompt) -> str:
    if prompt.because is not None:
        return f"{kit.escape(prompt.because)}. Anyone in the team can finalize *{prompt_views.sprint_words(prompt)}*."
    if prompt.leader is not None:
        return f"{kit.name(prompt.leader)} is back, and can finalize *{prompt_views.sprint_words(prompt)}*."
    return f"*{prompt_views.sprint_words(prompt)}* is ready for you to finalize. One sentence of direction is enough."


def _why(prompt: LeadPrompt) -> list[str]:
    if not prompt.unasked:
        return []
    return ["Prickle was down when the turn was due, so it asked nobody. What is unfinished carries over."]


def _who_answered(prompt: LeadPrompt) -> str:
    answered = len(prompt.sprint.answers)
    if not prompt.waiting:
        return "Everybody has answered." if answered else "Nobody has answered."
    names = kit.names([kit.escape(name) for name in prompt.waiting])
    if not answered:
        return f"No answer from {names}; what they left unfinished carries over."
    return f"{count(answered, 'answer')} in, none from {names}; what they left unfinished carries over."


def _top_notes(prompt: LeadPrompt) -> list[str]:
    """What the retro says first: the notes that most people stand behind."""
    if prompt.retro is None:
        return []
    if not prompt.notes:
        return ["Nobody wrote a note for the retro."]
    shown = [
        f"• {kit.escape(kit.shorten(typed.headline(note.text), prompt_views.AT_A_GLANCE))} — {note_views.authors(note)}"
        for note in prompt.notes
    ]
    return ["From the retro:", *shown]
