"""The demo's company: five teams in the middle of their work, made with the same verbs that people use.

All dates are relative to now. Replay has just finished a sprint, its fourth, and is about to plan the next one with what
its retro led to; Ingestion is in the middle of a final plan; Mobile waits for one of two plans; Array is one person so far; PostHog AI answers what the others ask of it;
and three people sit in no team.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from slack_sdk import WebClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.demo.intake import Intake
from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import PromptKind
from bot.domain.company import company
from bot.domain.planning import finalizing, items, plans
from bot.domain.planning.finalizing import Final
from bot.domain.planning.plans import MyPlan, TypedItem
from bot.domain.retros import actions, agreements, notes, openings, retros, revealing
from bot.domain.retros.actions import Closing, Resolution, Resolve
from bot.domain.retros.notes import Written
from bot.domain.rhythm import occurrences
from bot.domain.sprints import sprints
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.platform.settings import Settings, of
from models.company import Person
from models.outbox import Post, PostState
from models.retros import Side
from models.sprints import Item, Mark, Priority, Sprint
from models.teams import Customer, Team

ZONE = "Europe/Berlin"
FRIDAY = 4


@dataclass(frozen=True)
class Pick:
    """An item that somebody picked or, `again`, took along, and how far it is by now."""

    title: str
    mark: Mark = Mark.NOT_STARTED
    note: str | None = None
    priority: Priority = Priority.HIGH
    again: bool = False


@dataclass(frozen=True)
class Held:
    """A retro: who wrote which notes, who says *me too* to which, and what it led to, the improvement first.

    `agreed` is a note that stands as an agreement, and `done` whether what the retro before led to was done by then.
    """

    notes: Sequence[tuple[str, Side, str]]
    me_too: Sequence[tuple[str, str]]
    actions: Sequence[tuple[str, str]]
    agreed: str | None = None
    done: bool = True


REPLAY = {
    "Ada": [
        Pick(
            "Ship the new timeline behind a flag", Mark.IN_PROGRESS, "It is on for us; the flag for everybody is left"
        ),
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
    ],
    "Sam": [Pick("Playback keeps its speed between recordings", Mark.FINISHED)],
}
INGESTION = {
    "Jonas": [
        Pick("Move half of the traffic to the new consumers", Mark.IN_PROGRESS, "A tenth since Monday, lag under 2 s"),
        Pick("Retire the old queue's dashboard", Mark.FINISHED, priority=Priority.SIDE),
    ],
    "Priya": [
        Pick("Late events land in the right partition", Mark.FINISHED),
        Pick("Compress person properties on write"),
    ],
}
MOBILE = {
    "Yuki": [
        Pick("Replay on React Native without a second thread"),
        Pick("Try the new gesture recorder", priority=Priority.SIDE),
    ]
}
POSTHOG_AI = {
    "Kofi": [Pick("Answers stream from the first word on", Mark.IN_PROGRESS)],
    "Elena": [
        Pick("A tool that can be called twice does its work once", Mark.FINISHED),
        Pick("Write down how a mode is added", priority=Priority.SIDE),
    ],
    "Wei": [Pick("Long conversations stay below the budget", Mark.IN_PROGRESS)],
}

SLOW_DEPLOYS = "A deploy takes forty minutes, and blocks the next one"
ALARMS = "Half of the alarms at night are nobody's fault"
# Replay's sprints before, the earliest first: what was picked, and the retro.
PAST: Sequence[tuple[dict[str, list[Pick]], Held]] = (
    (
        {
            "Ada": [Pick("Draw the new timeline", Mark.FINISHED), Pick("Ask ten teams what they skip", Mark.FINISHED)],
            "Lee": [Pick("Measure the first frame in every region", Mark.IN_PROGRESS)],
            "Noor": [Pick("Replays open from an error", Mark.FINISHED)],
            "Sam": [Pick("A menu for the playback speed", Mark.WONT_FINISH, "The player's new skeleton comes first")],
        },
        Held(
            [
                ("Ada", Side.WELL, "Ten teams told us the same three things"),
                ("Lee", Side.BETTER, SLOW_DEPLOYS),
                ("Noor", Side.BETTER, "We hear of each other's work on Friday only"),
            ],
            [("Noor", SLOW_DEPLOYS), ("Sam", SLOW_DEPLOYS)],
            [("Deploys run side by side", "Lee")],
        ),
    ),
    (
        {
            "Ada": [Pick("The timeline shows errors", Mark.FINISHED), Pick("Tidy the flags", priority=Priority.SIDE)],
            "Lee": [Pick("Measure the first frame in every region", Mark.FINISHED, again=True)],
            "Noor": [Pick("Replays open from a survey's answer", Mark.FINISHED)],
            "Sam": [Pick("The player's new skeleton", Mark.FINISHED), Pick("Keyboard shortcuts", Mark.FINISHED)],
        },
        Held(
            [
                ("Lee", Side.WELL, "Three deploys a day since they run side by side"),
                ("Sam", Side.WELL, "Whoever breaks the build mends it before anything else"),
                ("Ada", Side.PUZZLE, "Why do short recordings load slower than long ones?"),
            ],
            [("Ada", "Whoever breaks the build mends it before anything else")],
            [("Find out why short recordings load slowly", "Sam")],
            agreed="Whoever breaks the build mends it before anything else",
        ),
    ),
    (
        {
            "Ada": [
                Pick("Tidy the flags", Mark.WONT_FINISH, "Only three are left", priority=Priority.SIDE, again=True),
                Pick("Timeline for our own team", Mark.FINISHED),
            ],
            "Lee": [Pick("Load short recordings as fast as long ones", Mark.FINISHED)],
            "Noor": [Pick("Mend what the player's incident has shown", Mark.FINISHED)],
            "Sam": [Pick("Playback speed stays where it was put", Mark.FINISHED)],
        },
        Held(
            [
                ("Noor", Side.WELL, "The incident was over in an hour, and everybody knew what to do"),
                ("Noor", Side.BETTER, ALARMS),
                ("Sam", Side.BETTER, "I was woken twice by the same alarm"),
                ("Lee", Side.PUZZLE, "Who reads the weekly numbers?"),
            ],
            [("Lee", ALARMS), ("Ada", "Who reads the weekly numbers?")],
            [("Delete every alarm that nobody acted on", "Noor")],
        ),
    ),
)
HELD = Held(
    [
        ("Lee", Side.WELL, "The first frame is twice as fast, and customers have noticed"),
        ("Ada", Side.WELL, "We use our own timeline every day"),
        ("Sam", Side.BETTER, "Reviews wait for two days"),
        ("Lee", Side.BETTER, "My changes wait in review, and then all land at once"),
        ("Noor", Side.BETTER, "We promised the mobile interviews without asking Mobile"),
        ("Sam", Side.PUZZLE, "Which browsers do we still support?"),
    ],
    [("Ada", "Reviews wait for two days"), ("Noor", "Reviews wait for two days")],
    [("A review is answered within a day", "Ada"), ("Ask support which browsers customers use", "Sam")],
    done=False,
)

Alone = tuple[str, float, Mapping[str, str], bool]
Together = tuple[str, float, Mapping[str, str], bool, str, str]
# What people do who are asked something while nobody plays them: the words of a button, how likely it is pressed, what
# is filled in, and whether it stands under each item. In a channel also: what the message says, and what it doesn't.
CAST: Sequence[Alone | Together] = (
    (
        "Wrap up and plan",
        0.6,
        {
            "actions": "*",
            "high": "Answer the five oldest questions in our channel\nHalve the build's time",
            "said_well": "We finished what we began",
            "said_better": "Reviews pile up on Fridays",
        },
        False,
    ),
    (
        "Wrap up and plan",
        0.6,
        {
            "actions": "*",
            "high": "Ship the beta to ten customers",
            "side": "Tidy the alerts",
            "said_better": "Two of us worked on the same thing",
        },
        False,
    ),
    (
        "Wrap up and plan",
        0.7,
        {
            "high": "Write the guide that people ask for",
            "side": "Pair with a newcomer",
            "said_well": "Asking customers first saved us a week",
            "said_better": "Too many meetings on Tuesday",
        },
        False,
    ),
    ("Write my plan", 0.8, {"high": "Talk to five customers", "side": "Tidy the alerts"}, False),
    ("Nothing new", 0.8, {}, False),
    (
        "Finalize",
        0.9,
        {
            "direction": "Finish what we began, and talk to one customer each before anything new.",
            "improvement": "Whoever is asked for a review answers within a day",
        },
        False,
    ),
    ("🟢 Finished", 0.6, {}, True),
    ("🟡 In progress", 0.7, {}, True),
    ("🔴 Won't finish", 0.3, {}, True),
    ("Claim", 0.7, {}, False),
    ("Yes", 0.8, {}, False),
    ("I'll take it", 0.8, {}, False, "Who takes it?", ""),
    ("Close the retro", 0.6, {}, False, "Facilitator: {me}", "Revealed once"),
)

OFF = {"Jonas": range(10, 12)}  # on which days of the sprint, counted from its first


def settings(bot_token: str, app_token: str, api_url: str, database_url: str, feedback_key: str) -> Settings:
    """The demo's settings: Slack is the sandbox, and nothing comes from a file `.env`."""
    return of(
        slack_bot_token=bot_token,
        slack_app_token=app_token,
        slack_api_url=api_url,
        database_url=database_url,
        feedback_keys=feedback_key,
        port="0",
    )


def fill(db: Database, client: WebClient) -> None:
    """Found the demo's company, unless there are teams already. Everybody's profile must have been read before."""
    now = clock.now()
    with db.read() as session:
        if session.scalar(select(Team.id).limit(1)) is not None:
            return
    channels = _channels(client)
    with db.begin() as session:
        _Company(session, channels, now).found()


def _channels(client: WebClient) -> dict[str, str]:
    pages = client.conversations_list(limit=200, exclude_archived=True)
    return {channel["name"]: channel["id"] for page in pages for channel in page["channels"]}


class _Company:
    """What was said and done in the last weeks."""

    def __init__(self, session: Session, channels: dict[str, str], now: datetime) -> None:
        self._session = session
        self._channels = channels
        self._now = now
        self._today = cadence.local_date(now, ZONE)
        self._monday = self._today - timedelta(days=self._today.weekday())
        self._people = {person.name: person for person in session.scalars(select(Person).order_by(Person.id.desc()))}

    def found(self) -> None:
        """Everything, the oldest first."""
        self._set_up()
        # The sprint to plan now is the one whose Monday is nearest; the finished one lies before it.
        next_start = self._monday + timedelta(weeks=1 if self._today.weekday() >= FRIDAY else 0)
        start = next_start - timedelta(weeks=2)
        self._replay(self._replays_past(start), start)
        self._ingestion()
        self._mobile()
        self._array()
        self._posthog_ai()
        Intake(self._session, {name: person.id for name, person in self._people.items()}, self._now).open()
        self._let_bygones_be_bygones()

    def _let_bygones_be_bygones(self) -> None:
        """What was due before the demo began is asked of nobody. Planning that should be open opens tomorrow."""
        self._session.execute(update(Team).values(cadence_since=self._now))
        occurrences.plan(self._session, now=self._now)
        self._session.execute(update(Post).where(Post.card.in_(PromptKind)).values(state=PostState.EXPIRED))

    def _set_up(self) -> None:
        setup = company.CompanySetup(self._channels["sprints"], self._channels["team-posthog-ai"], ZONE)
        company.set_up(self._session, setup, by=self._id("Ivy"), now=self._now)

    def _replays_past(self, start: date) -> Team:
        """The sprints before the last one. What was said in Slack then is in no channel of the demo."""
        first = start - len(PAST) * timedelta(weeks=2)
        team = self._team("Replay", "Session replay: quality, usage, revenue", "Product engineers", list(REPLAY), first)
        for number, (picks, held) in enumerate(PAST):
            begins = first + number * timedelta(weeks=2)
            sprint = self._planned(team, picks, begins)
            self._final(sprint, "Faster first, then wider.", hero="Sam")
            self._mark(sprint, picks, at=self._at(begins + timedelta(days=9), 16))
            self._hold(sprint, held)
            sprints.close(self._session, sprint.id, by=self._id("Ada"), now=self._at(begins + timedelta(days=11), 18))
        self._session.execute(delete(Post).where(Post.card.is_not(None)))
        return team

    def _replay(self, team: Team, start: date) -> None:
        sprint = self._planned(team, REPLAY, start)
        self._final(
            sprint,
            "Playback must never be the reason a customer leaves. "
            "Anything that makes the first second of a recording faster comes first.",
            hero="Noor",
        )
        self._mark(sprint, REPLAY, at=self._at(start + timedelta(days=9), 16))
        self._hold(sprint, HELD)
        friday_evening = self._at(start + timedelta(days=11), 18)
        sprints.close(self._session, sprint.id, by=self._id("Ada"), now=min(friday_evening, self._now))

    def _ingestion(self) -> None:
        team = self._team(
            "Ingestion",
            "Everything between the SDKs and the tables",
            "All product teams",
            list(INGESTION),
            self._monday,
        )
        sprint = self._planned(team, INGESTION, self._monday)
        self._final(sprint, "Finish the move to the new consumers before anything new begins.", hero="Priya")
        self._mark(sprint, INGESTION, at=self._now)

    def _mobile(self) -> None:
        people = ["Yuki", "Lena"]
        team = self._team("Mobile", "iOS, Android, React Native", "Mobile engineers", people, self._monday, weeks=1)
        planning = sprints.to_plan(
            sprints.latest(self._session, team.id), sprints.cadence_of(self._session, team), self._now
        )
        self._send(team, "Yuki", MOBILE["Yuki"], planning.dates.starts_on, at=self._now)

    def _array(self) -> None:
        self._team(
            "Array", "The coding agent, local and in the cloud", "Product teams", ["Omar"], self._monday, weeks=1
        )

    def _posthog_ai(self) -> None:
        team = self._team(
            "PostHog AI",
            "The assistant: architecture, performance, interface",
            "All product teams",
            list(POSTHOG_AI),
            self._monday,
            channel="ai-crew",
        )
        sprint = self._planned(team, POSTHOG_AI, self._monday)
        self._final(sprint, "Fewer tools that work every time, and an answer to everybody who asks.", hero="Wei")
        self._mark(sprint, POSTHOG_AI, at=self._now)

    # --- one verb each ------------------------------------------------------------------------------------------

    def _team(
        self,
        name: str,
        area: str,
        customer: str,
        people: Sequence[str],
        starts_on: date,
        *,
        weeks: int = 2,
        channel: str | None = None,
    ) -> Team:
        charter = teams.Charter(
            name=name,
            area=area,
            customer_kind=Customer.INTERNAL if customer.endswith("teams") else Customer.EXTERNAL,
            customer=customer,
            channel=self._channels[channel or f"team-{name.lower()}"],
        )
        lead, *members = [self._id(person) for person in people]
        founding = teams.Founding(charter, ZONE, weeks, starts_on.weekday(), lead, members)
        return teams.create(self._session, founding, by=lead, now=self._at(starts_on - timedelta(days=4), 10))

    def _hold(self, sprint: Sprint, held: Held) -> None:
        """A retro on the sprint's last day, which the lead reveals once all have written."""
        days = sprint.starts_on + timedelta(days=11)
        asked, shown, over = (min(self._at(days, hour), self._now) for hour in (14, 16, 17))
        ada = self._id("Ada")
        closes_at = openings.closing_of(self._session, sprints.load(self._session, sprint.id))
        openings.open_all(self._session, {sprint.id: closes_at}, now=asked)
        for author in dict.fromkeys(author for author, _side, _text in held.notes):
            theirs = {side: [text for name, on, text in held.notes if (name, on) == (author, side)] for side in Side}
            lines = Written(sprint.team_id, sprint.starts_on, theirs)
            retro = notes.add(self._session, lines, by=self._id(author), now=asked)
        revealing.reveal(self._session, retros.locked(self._session, retro.id), now=shown)
        ids = {note.text: note.id for note in retro.notes}
        for person, text in held.me_too:
            notes.agree(self._session, ids[text], by=self._id(person), now=shown)
        if held.agreed is not None:
            agreements.keep_note(self._session, ids[held.agreed], by=ada, now=shown)
        fates = {
            each.id: Resolution.DONE if held.done else Resolution.KEEP
            for each in actions.open_of(self._session, sprint.team_id)
        }
        resolves = [Resolve(text, self._id(owner)) for text, owner in held.actions]
        actions.close(self._session, Closing(retro.id, resolves, fates), by=ada, now=over)

    def _planned(self, team: Team, picks: dict[str, list[Pick]], starts_on: date) -> Sprint:
        at = self._at(starts_on - timedelta(days=3), 11)
        for person, theirs in picks.items():
            sprint = self._send(team, person, theirs, starts_on, at=at)
        return sprint

    def _send(self, team: Team, person: str, picks: Sequence[Pick], starts_on: date, *, at: datetime) -> Sprint:
        off = OFF.get(person)
        new = [pick for pick in picks if not pick.again]
        plan = MyPlan(
            team_id=team.id,
            starts_on=starts_on,
            marks={},
            high=[TypedItem(pick.title) for pick in new if pick.priority is Priority.HIGH],
            side=[TypedItem(pick.title) for pick in new if pick.priority is Priority.SIDE],
            off_from=starts_on + timedelta(days=off[0]) if off else None,
            off_until=starts_on + timedelta(days=off[-1]) if off else None,
            keep_notes=False,
        )
        return plans.send(self._session, plan, person_id=self._id(person), now=at).sprint

    def _final(self, sprint: Sprint, direction: str, *, hero: str) -> None:
        lead = teams.lead_of(sprint.team)
        final = Final(
            team_id=sprint.team_id,
            starts_on=sprint.starts_on,
            revision=sprint.revision,
            shown_high=[item.id for item in plans.of_priority(sprint, Priority.HIGH)],
            direction=direction,
            hero=self._id(hero),
            impacted="",
            high=[item.id for item in plans.of_priority(sprint, Priority.HIGH)],
        )
        at = self._at(sprint.starts_on - timedelta(days=3), 15)
        finalizing.finalize(self._session, final, by=lead.person_id if lead else "", now=at)

    def _mark(self, sprint: Sprint, picks: dict[str, list[Pick]], *, at: datetime) -> None:
        query = select(Item.id).where(Item.sprint_id == sprint.id)
        for person, theirs in picks.items():
            for pick in theirs:
                item_id = self._session.scalars(query.where(Item.title == pick.title)).one()
                items.mark(self._session, item_id, pick.mark, by=self._id(person), now=at)
                if pick.note is not None:
                    items.write_note(self._session, item_id, pick.note, by=self._id(person), now=at)

    def _id(self, name: str) -> str:
        return self._people[name].id

    @staticmethod
    def _at(day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), ZoneInfo(ZONE))
