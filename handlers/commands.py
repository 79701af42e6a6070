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
        verbs={
            "": "your team's sprint: what runs, what is planned, what you can do next",
            "plan": "write or edit your plan; your unfinished items come first",
            "next": "what your team plans for its next sprint",
            "show [team]": "any team's plan, and the ones before it",
            "company": "what all teams are doing, on one screen: running, being planned, or with items that touch your team",
            "finalize": "as the lead: make the plan final, with direction, order, one improvement and other teams impacted",
            "close": "as the lead: close the sprint before its last day is over",
            "export [team]": "the plan as Markdown",
            "rhythm [team]": "who is asked what and when; the team's lead can change it",
            "away [until 2 Aug]": "say that you are away: until then nobody asks you anything or waits for your plan; also, whose public holidays you keep",
            "back": "say that you are back earlier",
        },
    ),
    Command(
        name=RETRO,
        description="Your team's retro: add a note, show it, what it led to",
        usage="[show | actions | trends | export | help] [team]",
        title="Retros",
        part=Part.RETROS,
        help=("", "show", "actions", "trends", "export"),
        verbs={
            "": "add notes to your team's retro, one a line, hidden until the reveal",
            "show [team]": "any team's retro, and the ones before it",
            "actions [team]": "the actions from earlier retros that are still open, and what became of earlier improvements",
            "trends [team]": "the last 12 sprints as a picture: what was finished, carried over and dropped, how many took part in the retro, how old the open actions are",
            "export [team]": "the retro as Markdown",
            "settings": "as the lead: which emoji on a message makes a note",
        },
    ),
    Command(
        name=REACH_OUT,
        description="Reach out to the AI team, even with a vague idea",
        usage="[mine | queue | capacity | rota | help] [what you want]",
        title="Reaching out to the AI team",
        part=Part.INTAKE,
        help=("", "mine", "queue", "capacity", "rota"),
        takes_text=True,
        verbs={
            "[what you want]": "ask the AI team in one line; without a line, a form opens",
            "queue": "all open requests, for everybody to read: by desk, answer, who they wait on, and age",
            "mine": "what waits on you, what you are on, and what you asked for, each with the next step",
            "capacity": "which engineers of a desk are free, held or with a team in the coming sprints; also as a picture",
            "rota": "the desks, and who has triage in the coming weeks: swap two weeks, take one, or take no turns",
            "setup": "as a Slack admin, or a desk's lead: set up the desks, and choose what makes a request",
        },
    ),
    Command(
        name=GIVE_FEEDBACK,
        description="Tell a colleague what you saw; Prickle shows it to nobody else",
        usage="[ask | mine | team | rhythm | help] [@name]",
        title="Feedback, from person to person",
        part=Part.FEEDBACK,
        help=("", "ask", "mine", "team", "rhythm"),
        takes_text=True,
        verbs={
            "[@ada]": "tell somebody what you saw; Prickle shows it to nobody else",
            "ask": "ask up to eight people for feedback, with one question of your own and a date",
            "team": "a 360 for your team: everybody writes to everybody, and all is delivered at once at the end",
            "rhythm": "a line once a sprint that names teammates who haven't heard from you: switch it on or off",
            "rhythm on": "switch that line on",
            "rhythm off": "switch that line off",
            "mine": "what you were told, what you do about it, and what you told others",
        },
    ),
    Command(
        name=SMALL_TEAM,
        description="Your small team: show, list, create, join, leave",
        usage="[list | follow | join | create | help] [name]",
        title="Small teams",
        part=Part.TEAMS,
        help=("", "list", "follow", "join", "create"),
        verbs={
            "": "your team",
            "show [name]": "any team",
            "list": "all teams, with size, lead, customer and channel",
            "follow [name]": "read about a team's plans, changes and retros on Fridays; without a name, see the teams you follow",
            "unfollow [name]": "stop reading about a team",
            "create": "found a team",
            "join [name]": "take a seat in a team; if you are in another one, you move",
            "rota": "see who is support hero in which week, and start or stop the rota",
            "leave": "leave your team, and free your seat",
            "edit": "as the lead: change name, area, customer or channel",
            "lead": "as the lead: hand the lead over",
            "merge": "as the lead: move everybody into another team, with six people at most, and close this one",
            "close": "close your team when you are alone in it: its plans stay readable, its name and channel are free",
            "pause": "as the lead: pause the team until a day or until `resume`; Prickle asks nobody in it anything",
            "resume": "as the lead: end the pause",
        },
    ),
    Command(
        name=CONTEXT,
        description="Share what helps others to plan: a customer's words, a metric, another team's work, a goal",
        usage="[help] [what the others should know]",
        title="Context: what helps others to plan",
        part=Part.SPRINTS,
        help=("",),
        takes_text=True,
        verbs={
            "[what the others should know]": "share what a customer said, what a metric says, what another team is doing, a goal: Prickle posts it in the sprint channel, and shows it for a week above everybody's next plan",
        },
    ),
    Command(
        name=PRICKLE,
        description="The menu: everything Prickle does, as buttons",
        usage="[setup | help]",
        title="Prickle keeps small teams in rhythm",
        part=Part.COMPANY,
        verbs={
            "": "the menu: what you owe, and everything Prickle does, as buttons",
            "calendar": "make an address from which your calendar program reads your hero weeks, days away, sprints and turns",
            "setup": "as a Slack admin: choose the company's channels, time zone and weekend, and the parts that are on",
        },
    ),
)
