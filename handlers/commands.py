"""The slash commands: their words. What each verb does stands in the features."""

from bot.domain.company.parts import Part
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
        usage="[plan | show | company | away | help] [team]",
        title="Sprints",
        part=Part.SPRINTS,
        help=("", "plan", "show", "company", "away"),
    ),
    Command(
        name=RETRO,
        description="Your team's retro: add a note, show it, what it led to",
        usage="[show | actions | trends | export | help] [team]",
        title="Retros",
        part=Part.RETROS,
        help=("", "show", "actions", "trends", "export"),
    ),
    Command(
        name=REACH_OUT,
        description="Reach out to the AI team, even with a vague idea",
        usage="[mine | queue | capacity | rota | help] [what you want]",
        title="Reaching out to the AI team",
        part=Part.INTAKE,
        help=("", "mine", "queue", "capacity", "rota"),
        takes_text=True,
    ),
    Command(
        name=GIVE_FEEDBACK,
        description="Tell a colleague what you saw; Prickle shows it to nobody else",
        usage="[ask | mine | team | rhythm | help] [@name]",
        title="Feedback, from person to person",
        part=Part.FEEDBACK,
        help=("", "ask", "mine", "team", "rhythm"),
        takes_text=True,
    ),
    Command(
        name=SMALL_TEAM,
        description="Your small team: show, list, create, join, leave",
        usage="[list | follow | join | create | help] [name]",
        title="Small teams",
        part=Part.TEAMS,
        help=("", "list", "follow", "join", "create"),
    ),
    Command(
        name=CONTEXT,
        description="Share what helps others to plan: a customer's words, a metric, another team's work, a goal",
        usage="[help] [what the others should know]",
        title="Context: what helps others to plan",
        part=Part.SPRINTS,
        help=("",),
        takes_text=True,
    ),
    Command(
        name=PRICKLE,
        description="The menu: everything Prickle does, as buttons",
        usage="[setup | help]",
        title="Prickle keeps small teams in rhythm",
        part=Part.COMPANY,
    ),
)
