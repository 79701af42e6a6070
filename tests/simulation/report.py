"""What was exercised, as a table, and what never was."""

from collections import Counter
from collections.abc import Iterator, Mapping

from handlers import FEATURES
from handlers.commands import COMMANDS
from tests.simulation.hands import ACTIONS

# What no screen of this version shows to somebody in a small company, and why. Older versions' buttons still answer.
CANT: Mapping[str, str] = {
    "press prompt_off": "an older version's message",
    "press retro_nothing": "an older version's message",
    "press note_vote": "an older version's board",
    "press decision_checklist": "an older version's card",
    "press decision_tick": "an older version's card",
    "press decision_untick": "an older version's card",
    "press request_details": "an older version's card",
    "press fate": "an older version's form",
    "press feedback_rhythm_menu": "an older version's message",
    "press feedback_rhythm_not_now": "an older version's message",
    "press feedback_chat": "a link, which Slack's own client opens",
    "press capacity_page": "more desks than one page holds",
    "press company_sprints_page": "more teams than one page holds",
    "press feedback_page": "more letters than one page holds",
    "press queue_page": "more requests than one page holds",
    "press company_help": "in windows that an older version drew",
    "press sprint_company": "in windows that an older version drew",
    "press team_edit": "in windows that an older version drew",
    "press team_hand_over": "in windows that an older version drew",
    "press team_leave": "in windows that an older version drew",
    "press team_close": "in windows that an older version drew",
    "press team_merge": "in windows that an older version drew",
    "press team_pause": "in windows that an older version drew",
}
# What nobody has come to so far in the seeds of the test. A way that leads there belongs into `pasts.py`.
UNREACHED = frozenset(
    {
        "press action_take",
        "press action_undo",
        "press agreement_retire",
        "press away_undo",
        "press booking_hold",
        "press capacity_desk",
        "press company_set_up",
        "press feedback_ask_others",
        "press feedback_round_plus_one",
        "press hero_undo",
        "press hold_engineer",
        "press hold_sprints",
        "press hold_starts",
        "press hold_team",
        "press improvement_take",
        "press match_owner",
        "press nudge_open",
        "press outcome_in_use",
        "press plan_reopen",
        "press reopen_here",
        "press reply_wait",
        "press request_dismiss",
        "press request_gone_keep",
        "press request_gone_withdraw",
        "press request_withdraw",
        "press retro_fate",
        "press retro_turn",
        "press team_follow",
        "press team_resume",
        "press team_take_lead",
        "press team_unfollow",
        "press trends_share",
    }
)


def verbs() -> set[str]:
    """Everything that somebody can press or type."""
    typed = {
        f"type {command.name} {verb}".strip()
        for command in COMMANDS
        for each in FEATURES
        for verb in each.verbs.get(command.name, ())
    }
    return {f"press {action}" for action in ACTIONS} | typed


def never(met: Counter[str]) -> list[str]:
    """The verbs that nobody pressed or typed."""
    return sorted(verbs() - met.keys() - CANT.keys() - UNREACHED)


def table(met: Counter[str]) -> Iterator[str]:
    """The counts, by what kind of thing was met."""
    kinds = ("press ", "type ", "form ")
    for kind in kinds:
        found = {name: count for name, count in met.items() if name.startswith(kind)}
        yield f"{kind.strip():<8} {len(found)} different, {sum(found.values())} times"
    for name, count in sorted(met.items()):
        if not name.startswith(kinds):
            yield f"{name:<40} {count:>7}"
