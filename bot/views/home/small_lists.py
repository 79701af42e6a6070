"""The small lists of somebody's Home: what waits on them, comments, actions, and what they were told."""

from bot.domain.calendar.wording import a_day
from bot.domain.home.home import Home
from bot.domain.home.small_lists import HomeLine, Listed
from bot.domain.intake.queues import Waits
from bot.views import kit
from bot.views.feedback import letters
from bot.views.intake import nudges
from bot.views.intake.decisions import MODES
from bot.views.kit import Block
from bot.views.planning import comments as comment_views
from bot.views.retros import actions as action_views
from models.intake.decisions import Mode

SHOWN_TEXT = 200  # characters of a title or of what somebody wrote, in a line that is read at a glance


def more(shown: int, total: int, where: str) -> list[Block]:
    return [kit.context(f"… and {total - shown} more: {where}")] if total > shown else []


def short(text: str) -> str:
    return kit.escape(kit.shorten(" ".join(text.split()), SHOWN_TEXT))


def waiting_block(waits: Waits) -> list[Block]:
    """The requests that wait on me."""
    if not waits.lines:
        return []
    blocks = [kit.section("*Requests waiting on you*")]
    for line in waits.lines:
        since = kit.moment(line.request.waiting_since, with_time=False)
        opens = kit.link_button("Open", f"{nudges.OPEN}_{line.request.id}", line.link) if line.link else None
        blocks.append(kit.section(f"{nudges.linked(line.request, line.link)} · since {since}", opens))
    return [*blocks, *more(len(waits.lines), waits.total, "`/reach-out mine` shows all of it.")]


def answers_block(listed: Listed) -> list[Block]:
    """What the AI team answered lately to what I asked for."""
    if not listed.lines:
        return []
    lines = kit.paragraphs(["*Answers to your requests*", *map(_answer_line, listed.lines)])
    return [*lines, *more(len(listed.lines), listed.total, "`/reach-out mine` shows all of them.")]


def _answer_line(line: HomeLine) -> str:
    title = f"<{line.link}|{short(line.title)}>" if line.link else short(line.title)
    words = f": {short(line.text)}" if line.text else ""
    return f"{title} (#{line.id}) · {kit.name(line.name)} answered *{MODES[Mode(line.kind)]}*{words}"


def comments_block(listed: Listed) -> list[Block]:
    """The feedback on my plan that waits for my answer."""
    if not listed.lines:
        return []
    blocks = [kit.section("*Feedback on your plan*")]
    for line in listed.lines:
        value = str(line.id)
        changed = kit.button("Changed it", f"{comment_views.CHANGED}_{value}", value)
        keep = kit.button("Keeping it, because…", f"{comment_views.KEEP}_{value}", value)
        blocks += [kit.section(_comment_line(line)), kit.actions(changed, keep)]
    return [*blocks, *more(len(listed.lines), listed.total, "they're in the plan's thread.")]


def _comment_line(line: HomeLine) -> str:
    about = f"on “{short(line.title)}”" if line.title else "on the plan as a whole"
    linked = f"<{line.link}|{about}>" if line.link else about
    return f"{kit.name(line.name)}, {linked}: {short(line.text)}"


def actions_block(home: Home) -> list[Block]:
    """What I wanted to do: after a retro, and of feedback that I kept."""
    of_retros, kept, settled = home.actions, home.kept, action_views.settled_rows(home.settled)
    if not of_retros.lines and not kept.lines and not settled:
        return []
    blocks = [kit.section("*My actions*"), *settled]
    for line in of_retros.lines:
        done = kit.button("Done", f"{action_views.MENU}_{line.id}", f"{line.id}:done")
        due = f" · by {a_day(line.on)}" if line.on else ""
        blocks.append(kit.section(f"🔁 {short(line.title)}{due}", done))
    blocks += more(len(of_retros.lines), of_retros.total, "`/retro actions` shows all of them.")
    for line in kept.lines:
        done = kit.button("Done", f"{letters.DONE}_{line.id}", str(line.id))
        blocks.append(kit.section(f"💬 What you kept of {kit.name(line.name)}'s feedback", done))
    return [*blocks, *more(len(kept.lines), kept.total, "`/give-feedback mine` shows all of them.")]


def told_block(listed: Listed) -> list[Block]:
    """Who told me something, and when. What it was nobody reads over my shoulder."""
    if not listed.lines:
        return []
    blocks = [kit.section("*Feedback for you*")]
    for line in listed.lines:
        at = f" · {kit.moment(line.at, with_time=False)}" if line.at else ""
        blocks.append(kit.section(f"From {kit.name(line.name)}{at}", kit.button("Read", f"{letters.MINE}_{line.id}")))
    return [*blocks, *more(len(listed.lines), listed.total, "`/give-feedback mine` shows all of it.")]
