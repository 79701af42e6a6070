"""The slash commands: their words. What each verb does stands in the features."""

from bot.views.company import company as company_views
from bot.views.feedback import letters as feedback_views
from bot.views.intake import requests as request_views
from bot.views.retros import retros as retro_views
from bot.views.sharing import contexts as context_views
from bot.views.sprints import sprints as sprint_views
from bot.views.teams import teams as team_views
from handlers.features import Command

SPRINT = "/sprint"
RETRO = "/retro"
REACH_OUT = "/reach-out"
GIVE_FEEDBACK = "/give-feedback"
SMALL_TEAM = "/small-team"
CONTEXT = "/context"
PRICKLE = "/prickle"

COMMANDS = (
    Command(
        name=SPRINT,
        description="Your team's sprint: what runs, what is planned, what you can do next",
        usage="[plan | show | company | finalize | close | export | rhythm | away | back | help] [team]",
        help=sprint_views.HELP,
    ),
    Command(
        name=RETRO,
        description="Your team's retro: add a note, show it, what it led to",
        usage="[show | actions | trends | export | settings | help] [team]",
        help=retro_views.HELP,
    ),
    Command(
        name=REACH_OUT,
        description="Reach out to the AI team, even with a vague idea",
        usage="[queue | mine | capacity | rota | setup | help] [what you want]",
        help=request_views.HELP,
        takes_text=True,
    ),
    Command(
        name=GIVE_FEEDBACK,
        description="Tell a colleague what you saw; Prickle shows it to nobody else",
        usage="[ask | team | rhythm | mine | help] [@name or on, off]",
        help=feedback_views.HELP,
        takes_text=True,
    ),
    Command(
        name=SMALL_TEAM,
        description="Your small team: show, list, create, join, leave",
        usage="[show | list | follow | unfollow | create | join | leave | edit | lead | pause | resume | merge | close | help] [name]",
        help=team_views.HELP,
    ),
    Command(
        name=CONTEXT,
        description="Share what helps others to plan: a customer's words, a metric, another team's work, a goal",
        usage="[help] [what the others should know]",
        help=context_views.HELP,
        takes_text=True,
    ),
    Command(
        name=PRICKLE,
        description="What Prickle does; setup for Slack admins",
        usage="[setup | help]",
        help=company_views.HELP,
    ),
)
