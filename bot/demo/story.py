"""What happened in the demo's company until the morning on which one meets it, as plain data.

Four teams have a final plan and one day left. Replay looks back on three sprints, Ingestion on one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.retros import Side
from models.sprints import Mark, Priority


@dataclass(frozen=True)
class Pick:
    """An item that somebody picked, or that was carried over, and how far it is at the end."""

    title: str
    mark: Mark = Mark.NOT_STARTED
    note: str | None = None
    priority: Priority = Priority.HIGH


@dataclass(frozen=True)
class Learned:
    """What a retro held: the notes, who says *me too* to which, the one improvement, and who took it, if anybody.

    `also` is a further action with its owner, and `agreed` a note that stands as an agreement.
    """

    notes: Sequence[tuple[str, Side, str]]
    me_too: Sequence[tuple[str, str]] = ()
    improvement: str = ""
    taken_by: str | None = None
    also: tuple[str, str] | None = None
    agreed: str | None = None


@dataclass(frozen=True)
class Chapter:
    """One sprint: who picked what, who is hero in which week, what the lead said, and what the team learned, so far if it still runs."""

    direction: str
    heroes: Sequence[str]
    picks: Mapping[str, Sequence[Pick]]
    learned: Learned
    off: Mapping[str, range] = field(default_factory=dict)  # on which days, counted from the sprint's first


@dataclass(frozen=True)
class Crew:
    """A small team, its lead first, and its sprints, the earliest first."""

    name: str
    area: str
    customer: str
    people: Sequence[str]
    weeks: int
    channel: str
    chapters: Sequence[Chapter]


NOTHING = Learned([])
SLOW_DEPLOYS = "A deploy takes forty minutes, and blocks the next one"
ALARMS = "Half of the alarms at night are nobody's fault"
MENDING = "If you break the build, mend it before anything else"
QUIET = "Delete every alarm that nobody acted on"
SIDE_BY_SIDE = "Deploys run side by side"
SHORT_ONES = "Find out why short recordings load slowly"
WIDER = "Faster first, then wider."

REPLAY = (
    Chapter(
        WIDER,
        ("Sam", "Lee"),
        {
            "Ada": [Pick("Draw the new timeline", Mark.FINISHED), Pick("Ask ten teams what they skip", Mark.FINISHED)],
            "Lee": [Pick("Measure the first frame in every region", Mark.IN_PROGRESS)],
            "Noor": [Pick("Replays open from an error", Mark.FINISHED)],
            "Sam": [Pick("A menu for the playback speed", Mark.WONT_FINISH, "The player's new skeleton comes first")],
        },
        Learned(
            [
                ("Ada", Side.WELL, "Ten teams told us the same three things"),
                ("Lee", Side.BETTER, SLOW_DEPLOYS),
                ("Noor", Side.BETTER, "We hear of each other's work on Friday only"),
            ],
            [("Noor", SLOW_DEPLOYS), ("Sam", SLOW_DEPLOYS)],
            SIDE_BY_SIDE,
            taken_by="Lee",
        ),
    ),
    Chapter(
        WIDER,
        ("Ada", "Noor"),
        {
            "Ada": [Pick("The timeline shows errors", Mark.FINISHED), Pick("Tidy the flags", priority=Priority.SIDE)],
            "Lee": [Pick("Measure the first frame in every region", Mark.FINISHED), Pick(SIDE_BY_SIDE, Mark.FINISHED)],
            "Noor": [Pick("Replays open from a survey's answer", Mark.FINISHED)],
            "Sam": [Pick("The player's new skeleton", Mark.FINISHED), Pick("Keyboard shortcuts", Mark.FINISHED)],
        },
        Learned(
            [
                ("Lee", Side.WELL, "Three deploys a day since they run side by side"),
                ("Sam", Side.WELL, MENDING),
                ("Ada", Side.PUZZLE, "Why do short recordings load slower than long ones?"),
            ],
            [("Ada", MENDING)],
            SHORT_ONES,
            taken_by="Sam",
            agreed=MENDING,
        ),
    ),
    Chapter(
        WIDER,
        ("Lee", "Sam"),
        {
            "Ada": [
                Pick("Tidy the flags", Mark.WONT_FINISH, "Only three are left", priority=Priority.SIDE),
                Pick("Timeline for our own team", Mark.FINISHED),
            ],
            "Lee": [Pick("Load short recordings as fast as long ones", Mark.FINISHED)],
            "Noor": [Pick("Mend what the player's incident has shown", Mark.FINISHED)],
            "Sam": [Pick("Playback speed stays where it was put", Mark.FINISHED), Pick(SHORT_ONES, Mark.FINISHED)],
        },
        Learned(
            [
                ("Noor", Side.WELL, "The incident was over in an hour, and everybody knew what to do"),
                ("Noor", Side.BETTER, ALARMS),
                ("Sam", Side.BETTER, "I was woken twice by the same alarm"),
                ("Lee", Side.PUZZLE, "Who reads the weekly numbers?"),
            ],
            [("Lee", ALARMS), ("Ada", ALARMS)],
            QUIET,
            taken_by="Noor",
            also=("Ask support which browsers customers use", "Sam"),
        ),
    ),
    Chapter(
        "Playback must never be the reason a customer leaves. "
        "Anything that makes the first second of a recording faster comes first.",
        ("Noor", "Ada"),
        {
            "Ada": [
                Pick("Ship the new timeline behind a flag", Mark.IN_PROGRESS, "On for us; the flag for all is left"),
                Pick("Write down how seeking works", Mark.FINISHED, priority=Priority.SIDE),
            ],
            "Lee": [
                Pick(
                    "Cut first-frame time below one second for long recordings",
                    Mark.IN_PROGRESS,
                    "P95 is down from 4.1 s to 1.9 s; canvas snapshots are what is left",
                ),
                Pick("Delete the old ingestion path", priority=Priority.SIDE),
            ],
            "Noor": [
                Pick(
                    "Interview five customers about mobile replay",
                    Mark.WONT_FINISH,
                    "Two done; the other three moved to next quarter with the mobile team",
                ),
                Pick("Fix the three data-loss bugs from the player incident", Mark.IN_PROGRESS),
                Pick(QUIET, Mark.IN_PROGRESS, "31 of 40 are gone"),
            ],
            "Sam": [Pick("Playback keeps its speed between recordings", Mark.FINISHED)],
        },
        Learned(
            [
                ("Lee", Side.WELL, "The first frame is twice as fast, and customers have noticed"),
                ("Sam", Side.BETTER, "Reviews wait for two days"),
                ("Noor", Side.BETTER, "We promised the mobile interviews without asking Mobile"),
            ]
        ),
    ),
)
INGESTION = (
    Chapter(
        "Nobody trusts the pipeline before it tells us when it is late.",
        ("Jonas", "Priya"),
        {
            "Jonas": [Pick("Send a tenth of the traffic to the new consumers", Mark.FINISHED)],
            "Priya": [
                Pick("Count events that come late", Mark.FINISHED),
                Pick("Compress person properties on write", Mark.IN_PROGRESS),
            ],
        },
        Learned(
            [
                ("Priya", Side.BETTER, "Both of us looked into the same lag, an hour apart"),
                ("Jonas", Side.WELL, "A tenth of the traffic first: we slept well"),
            ],
            [("Jonas", "Both of us looked into the same lag, an hour apart")],
            "Say in the channel who looks into an alarm",
        ),
    ),
    Chapter(
        "Finish the move to the new consumers before anything new begins.",
        ("Priya",),
        {
            "Jonas": [
                Pick("Move half of the traffic to the new consumers", Mark.IN_PROGRESS, "A third, lag under 2 s"),
                Pick("Retire the old queue's dashboard", Mark.FINISHED, priority=Priority.SIDE),
            ],
            "Priya": [
                Pick("Compress person properties on write", Mark.IN_PROGRESS),
                Pick("Late events land in the right partition", Mark.FINISHED),
            ],
        },
        NOTHING,
        off={"Jonas": range(1, 3)},
    ),
)
MOBILE = (
    Chapter(
        "One recorder that no game notices.",
        ("Lena",),
        {
            "Yuki": [
                Pick("Replay on React Native without a second thread", Mark.IN_PROGRESS),
                Pick("Try the new gesture recorder", priority=Priority.SIDE),
            ],
            "Lena": [Pick("No crash when Android turns the screen", Mark.FINISHED)],
        },
        Learned([("Lena", Side.BETTER, "The test for a crash took longer than its fix")]),
    ),
)
POSTHOG_AI = (
    Chapter(
        "Fewer tools that work every time, and an answer to everybody who asks.",
        ("Wei",),
        {
            "Kofi": [Pick("Answers stream from the first word on", Mark.IN_PROGRESS)],
            "Elena": [
                Pick("A tool that can be called twice does its work once", Mark.FINISHED),
                Pick("Write down how a mode is added", priority=Priority.SIDE),
            ],
            "Wei": [Pick("Long conversations stay below the budget", Mark.IN_PROGRESS)],
        },
        NOTHING,
    ),
)

CREWS = (
    Crew(
        "Replay",
        "Session replay: quality, usage, revenue",
        "Product engineers",
        ["Ada", "Lee", "Noor", "Sam"],
        2,
        "team-replay",
        REPLAY,
    ),
    Crew(
        "Ingestion",
        "Everything between the SDKs and the tables",
        "All product teams",
        ["Jonas", "Priya"],
        2,
        "team-ingestion",
        INGESTION,
    ),
    Crew("Mobile", "iOS, Android, React Native", "Mobile engineers", ["Yuki", "Lena"], 1, "team-mobile", MOBILE),
    Crew("Array", "The coding agent, local and in the cloud", "Product teams", ["Omar"], 1, "team-array", ()),
    Crew(
        "PostHog AI",
        "The assistant: architecture, performance, interface",
        "All product teams",
        ["Kofi", "Elena", "Wei"],
        2,
        "ai-crew",
        POSTHOG_AI,
    ),
)
