"""What happened in a company before its first step, so that a short life comes to what else comes late.

A past is a few things that people go for, in this order: a way to something, or some hours that pass. A way begins with a
command or with a verb, which somebody presses where they see it, and leads on through what opens: "/sprint > sprint_turn". In a
menu they choose what follows the "=".
Whatever form it ends in is filled in as in every other step.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

Wish = str | timedelta
PLANS = ("/sprint plan", "/sprint plan", "/sprint plan")
UNTIL_FRIDAY, OVERNIGHT, UNTIL_MONDAY = timedelta(hours=56), timedelta(hours=17), timedelta(hours=69)
A_WHILE, TWO_DAYS, A_WEEK = timedelta(hours=5), timedelta(hours=49), timedelta(days=7)
ASKS = ("/reach-out", "/reach-out", "request_claim")
DECIDES = (*ASKS, "decision_decide", "decision_decide")
MARKS = ("prompt_mark=finished", "/sprint > item_mark=finished")
ROTA_ASK = "/small-team rota > hero_week=hero_ask"
ROTA_SWAP = "/small-team rota > hero_week=hero_swap"
HAND_OVER: Sequence[Wish] = ("hero_hand_over", *["/small-team rota > hero_hand_over"] * 4)
THE_TURN = (*PLANS, UNTIL_FRIDAY, "prompt_again", "/retro > retro_write", "/sprint plan", *MARKS, UNTIL_MONDAY)

PASTS: Mapping[str, Sequence[Wish]] = {
    "nothing": (),
    "a plan is final": (
        *PLANS,
        "/sprint finalize",
        "plan_change",
        "comment_give",
        "item_mark",
        "/sprint > sprint_close",
    ),
    "the turn is there": (*PLANS, UNTIL_FRIDAY, "/retro > retro_write", "prompt_mark", "prompt_away", "prompt_here"),
    "the turn is over": (
        *(*THE_TURN, "prompt_again", A_WHILE, "/sprint finalize", "plan_reopen", "/sprint finalize"),
        *("note_menu", "note_me_too"),
        *("improvement_take", "action_menu", "action_undo"),
    ),
    "two sprints are over": (
        *(*THE_TURN, "/sprint finalize", A_WEEK, "/sprint plan", "/sprint > sprint_turn", "/retro > retro_turn"),
        *(
            "/sprint finalize",
            "retro_close > retro_more_actions",
            "retro_menu",
            "action_menu",
            "/retro actions > action_take",
        ),
        "/retro settings > agreement_retire",
    ),
    "a request is decided": (*DECIDES, "decision_boxes", "decision_boxes", "request_undo"),
    "a request is done": (
        *(
            *DECIDES,
            "decision_check_in",
            "decision_done",
            "decision_hand_back",
            OVERNIGHT,
            "outcome_helped",
            "request_menu=reopen",
        ),
        *("outcome_differently", "outcome_in_use"),
    ),
    "a request waits": (
        *(*ASKS[:2], TWO_DAYS, "nudge_open", "nudge_not_us"),
        *("/reach-out queue > queue_filter", "/reach-out queue > queue_more"),
    ),
    "an engineer is held": (
        *(
            *ASKS,
            "request_menu=details > booking_hold",
            "request_menu=details > booking_hold",
            "/reach-out capacity > capacity_desk",
        ),
        "booking_hold > hold_team",
    ),
    "a desk is made new": (
        *(
            "admin: /reach-out setup > desk_new",
            "admin: /reach-out setup > desk_edit",
            "admin: /reach-out setup > desk_settings",
        ),
        *(
            *ASKS,
            "/reach-out rota > desk_week",
            "match_same",
            "match_owner",
            "admin: /reach-out setup > desk_edit > desk_close",
        ),
    ),
    "feedback is given": (
        *(
            "/give-feedback",
            "/give-feedback ask",
            "feedback_answer",
            "feedback_keep",
            "feedback_menu",
            "feedback_thank",
        ),
        *("/give-feedback > feedback_ask_others", "/give-feedback mine > feedback_done", "/give-feedback rhythm on"),
        "/give-feedback rhythm > feedback_weekly_off",
    ),
    "a 360 runs": (
        *(
            "/give-feedback team",
            "feedback_round_open > feedback_round_write",
            "feedback_round_open > feedback_round_write",
        ),
        *("feedback_round_open > feedback_round_plus_one", "feedback_round_open > feedback_round_plus_one"),
        "feedback_round_stop",
    ),
    "teams change": (
        *("/small-team create", "/small-team show > team_edit", "/small-team show > team_rhythm", "/small-team follow"),
        *("/small-team show > team_hand_over", "/small-team pause", "/small-team list > team_show > team_support"),
        *("/small-team list > team_show > team_unsupport", "/small-team leave", "team_take_lead", "/small-team resume"),
    ),
    "people are away": (
        *("/sprint away", "/sprint away > away_country", "hero_enter", "hero_give_back", "hero_undo", "away_undo"),
        *("/sprint > away_back", "/prickle calendar > calendar_make", "/small-team list > team_show > team_calendar"),
        *(
            "/sprint rhythm",
            "/sprint rhythm",
            "/sprint rhythm",
            "/context",
            "context_undo",
            "/sprint company > context_share",
        ),
    ),
    "a rota runs": (
        *("/small-team rota > rota_start", UNTIL_FRIDAY, A_WEEK, *HAND_OVER, "rota_show", "/sprint > rota_show"),
        *(ROTA_ASK, "hero_swap_take", ROTA_ASK, "/small-team rota > hero_swap_take", ROTA_ASK, "hero_swap_end"),
        *(ROTA_SWAP, ROTA_SWAP, "/small-team rota > rota_stop", "/small-team rota > rota_start"),
    ),
}
