"""What the week has to show: every expected message once, on its day, and everything that people did kept."""

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from jobs.outbox import cards
from models.company import Away, AwaySource
from models.outbox import Post, PostState
from models.sprints import Answer, Item, Sprint
from sandbox.world.values import Json
from tests.chaos import founding, life, rules
from tests.chaos.company import BEGINS, ENDS, Member, Small
from tests.chaos.people import Diary, key_of
from tests.chaos.rules import Ask
from tests.chaos.week import Week

TEAMS_A_PART = 10  # of the company's page
AT_ONCE = timedelta(seconds=1)  # so far the clocks of processes may differ that were set at the same moment
IN_TIME = timedelta(minutes=30)  # who answers later than this after a message was due has got it


@dataclass
class Verdict:
    """What was counted. `wrong` holds a line for each thing that is not as it has to be."""

    expected: int = 0
    seen: int = 0
    either: int = 0
    doubled: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    answers: int = 0
    marks: int = 0
    finals: int = 0
    not_kept: list[str] = field(default_factory=list)
    unheeded: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    still_due: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def wrong(self) -> list[str]:
        """Everything that went wrong, in words."""
        words = ("doubled", "lost", "unexpected", "stale", "untold", "not_kept", "unheeded", "given_up", "still_due")
        return [f"{word.replace('_', ' ')}: {line}" for word in words for line in getattr(self, word)]


def judge(week: Week) -> Verdict:
    """Hold what stands in Slack and in the database against what was to be."""
    verdict = Verdict(given_up=[words for team, words in week.crowd.given_up if team in week.teams])
    _Judge(week, verdict).run()
    return verdict


class _Judge:
    def __init__(self, week: Week, verdict: Verdict) -> None:
        self._week, self._verdict = week, verdict
        self._diaries = week.crowd.diaries
        with week.db.read() as session:
            columns = (Sprint.team_id, Sprint.starts_on, Sprint.id, Sprint.finalized_at, Sprint.gathered_at)
            rows = session.execute(select(*columns)).all()
            self._answers = {(row.sprint_id, row.person_id): row for row in session.scalars(select(Answer))}
            self._away = set(session.scalars(select(Away.person_id).where(Away.source == AwaySource.SAID)))
        self._sprints = {(row.team_id, row.starts_on): row for row in rows}
        self._messages = list(self._posted())
        self._by_key = Counter(key_of(message) for message in self._messages)
        self._places = life.places_of(week.life, week.slack, week.ids)
        self._theirs = {key_of(message) for message in self._posted(self._places)}

    def _posted(self, places: Set[str] | None = None) -> Iterator[Json]:
        """The bot's messages, wherever they stand, or those in these channels and in DMs with these people."""
        bot = self._week.slack.bot_user_id
        for channel in self._week.slack.store.channels.values():
            if places is not None and places.isdisjoint({channel.id, *(channel.members if channel.is_im else ())}):
                continue
            yield from (each for each in channel.messages.values() if each.get("user") == bot and "subtype" not in each)

    def run(self) -> None:
        verdict = self._verdict
        verdict.seen = len(self._messages)
        verdict.kinds = Counter(key.partition(":")[0] for key in self._by_key)
        verdict.doubled = [f"{key} stands {count} times" for key, count in self._by_key.items() if count > 1]
        wanted, either = self._wanted()
        verdict.expected, verdict.either = len(wanted), len(either)
        verdict.lost = sorted(wanted - set(self._by_key))
        verdict.unexpected = sorted(set(self._by_key) - wanted - either - self._theirs)
        week = self._week
        verdict.unheeded = life.judge(week.life, week.db, week.slack, week.ids, self._by_key, week.now())
        self._judge_times()
        self._judge_the_order()
        self._judge_what_is_kept()
        self._judge_cards()

    # --- what was to be said ------------------------------------------------------------------------------------

    def _wanted(self) -> tuple[set[str], set[str]]:
        """The keys of what is to stand in Slack, and of what may or may not: it was answered just as it came."""
        wanted = set(self._parts_of_the_page())
        either: set[str] = set()
        for team in self._week.teams:
            for ask in rules.asks(team):
                if not BEGINS <= ask.due_at < ENDS:
                    continue
                answer = self._is_to_be_asked(team, ask)
                if answer is not False:
                    (wanted if answer else either).add(self._key(team, ask))
            if team.is_asked:
                must, may = self._cards(team)
                wanted |= must
                either |= may - must
        return wanted, either

    def _key(self, team: Small, ask: Ask) -> str:
        week = self._week
        return f"{ask.kind}:{week.team_ids[team.name]}:{ask.starts_on}:{week.ids[ask.member.name]}"

    def _is_to_be_asked(self, team: Small, ask: Ask) -> bool | None:
        """None when it was answered in the same minutes."""
        diary = self._diaries[ask.member.name]
        settled = diary.away if ask.kind == "turn" else diary.answered or diary.away
        if settled is None or settled.tried_at > ask.due_at + IN_TIME:
            return True
        return False if settled.done_at < ask.due_at else None

    def _cards(self, team: Small) -> tuple[set[str], set[str]]:
        """What has to stand in the team's channel and in its lead's DM by now, and what may: it is told, or overtaken."""
        team_id = self._week.team_ids[team.name]
        must, may = {f"card:sprint:{self._sprints[team_id, team.begun_on].id}"}, set()
        for starts_on in rules.sprints(team):
            turns = [ask for ask in rules.asks(team) if ask.starts_on == starts_on and BEGINS <= ask.due_at < ENDS]
            sprint = self._sprints.get((team_id, starts_on))
            if not turns or sprint is None:
                continue
            must |= {f"card:plan:{sprint.id}"}
            if starts_on == rules.sprints(team)[0]:
                must |= {f"card:retro:{self._sprints[team_id, team.begun_on].id}"}
            finalized = self._diaries[team.lead.name].finalized
            if finalized is not None:
                must |= {f"card:sprint:{sprint.id}"}
            may |= self._may(team, starts_on, sprint.id)
            must |= {
                f"added:{sprint.id}:{self._week.ids[member.name]}"
                for member in team.members
                if (answered := self._diaries[member.name].answered) is not None
                and finalized is not None
                and finalized.done_at < answered.tried_at
            }
        return must, may

    def _may(self, team: Small, starts_on: date, sprint_id: int) -> set[str]:
        """What somebody may have been told, depending on who came first: the order is judged by itself."""
        week = self._week
        lead = f"lead:{week.team_ids[team.name]}:{starts_on}:"
        channel = week.slack.channel(founding.channel_of(team)).id
        told = {f"{lead}{week.ids[team.lead.name]}", f"{lead}{channel}", f"card:open_plan:{sprint_id}"}
        told |= {f"added:{sprint_id}:{week.ids[member.name]}" for member in team.members}
        return told | {key for key in self._by_key if key.startswith("card:meanwhile:")}

    def _parts_of_the_page(self) -> Iterator[str]:
        """A page for each week that a turn leads into, in as many parts as it takes."""
        parts = -(-len(self._week.teams) // TEAMS_A_PART)
        with self._week.db.read() as session:
            found = session.scalars(select(Post.key).where(Post.card == "page")).all()
        yield from found
        yield from (f"card:page:missing part {number}" for number in range(len(found), parts))

    # --- when ---------------------------------------------------------------------------------------------------

    def _judge_times(self) -> None:
        asked = {self._key(team, ask): ask for team in self._week.teams for ask in rules.asks(team)}
        for message in self._messages:
            ask, at = asked.get(key_of(message)), datetime.fromtimestamp(float(message["ts"]), UTC)
            if ask is not None and not ask.due_at <= at < ask.until:
                self._verdict.stale.append(f"{key_of(message)}: due {ask.due_at}, posted {at}")

    def _judge_the_order(self) -> None:
        """No reveal before all have answered or the last reminder that is waited for is two hours old; then the lead."""
        posted = {key_of(message): datetime.fromtimestamp(float(message["ts"]), UTC) for message in self._messages}
        for team in self._week.teams if self._messages else []:
            if not team.is_asked:
                continue
            for starts_on in rules.sprints(team):
                sprint = self._sprints.get((self._week.team_ids[team.name], starts_on))
                if sprint is not None:
                    self._judge_turn(team, starts_on, sprint, posted)

    def _judge_turn(self, team: Small, starts_on: date, sprint: Any, posted: dict[str, datetime]) -> None:
        reminders = {
            each.member.name: each
            for each in rules.asks(team)
            if (each.kind, each.starts_on) == ("reminder", starts_on)
        }
        waited, latest = [], rules.nobody_at(team, starts_on)
        for name, reminder in reminders.items():
            settled = self._diaries[name].answered or self._diaries[name].away
            on = reminder.due_at.astimezone(ZoneInfo(reminder.member.zone)).date()
            if on > rules.first_day(team, starts_on):
                continue
            delivered = posted.get(self._key(team, reminder))
            until = (delivered or reminder.due_at) + rules.PATIENCE
            waited.append((name, settled, delivered, until))
            latest = max(latest, until)
        at, finalized = sprint.gathered_at, self._diaries[team.lead.name].finalized
        if at is None:
            if latest + timedelta(hours=1) < ENDS:
                self._verdict.not_kept.append(f"{team.name}: not revealed by {latest}")
            return
        if at >= rules.closes_at(team, starts_on) or (finalized is not None and finalized.done_at <= at):
            return
        for name, settled, delivered, until in waited:
            has_answered = settled is not None and settled.tried_at <= at
            if not has_answered and (delivered is None or at < until - AT_ONCE):
                self._verdict.not_kept.append(f"{team.name}: revealed at {at}, and {name} was waited for until {until}")
        for key, moment in posted.items():
            if key.startswith(f"lead:{sprint.team_id}:{starts_on}:") and moment < at.replace(microsecond=0):
                self._verdict.not_kept.append(f"{key}: posted at {moment}, and the reveal came at {at}")

    # --- what is kept -------------------------------------------------------------------------------------------

    def _judge_what_is_kept(self) -> None:
        verdict, week = self._verdict, self._week
        with week.db.read() as session:
            items = session.execute(select(Item.sprint_id, Item.owner_id, Item.title, Item.mark)).all()
            is_late = (Post.state == PostState.DUE) & (Post.due_at <= week.now())
            owed = (is_late | (Post.state == PostState.REFUSED)), Post.channel_id.not_in(self._places)
            due = session.scalars(select(Post.key).where(*owed)).all()
        verdict.still_due = sorted(due)
        for team in week.teams if items else []:
            if not team.is_asked:
                continue
            team_id = week.team_ids[team.name]
            running = self._sprints[team_id, team.begun_on].id
            coming = self._sprints.get((team_id, rules.sprints(team)[0]))
            for member in team.members:
                diary, person = self._diaries[member.name], week.ids[member.name]
                marks = {each.title: each.mark for each in items if (each[0], each[1]) == (running, person)}
                titles = {each.title for each in items if coming and (each[0], each[1]) == (coming.id, person)}
                self._judge_person(member, diary, marks, titles if coming else None)
                self._judge_answer(member, diary, coming.id if coming else 0, person)
            finalized = self._diaries[team.lead.name].finalized
            verdict.finals += finalized is not None
            if (coming is not None and coming.finalized_at is not None) != (finalized is not None):
                verdict.not_kept.append(f"{team.name}: final or not")

    def _judge_person(self, member: Member, diary: Diary, marks: dict[str, str], titles: set[str] | None) -> None:
        self._verdict.marks += len(diary.marks)
        wanted = {title: diary.marks.get(title, "not_started") for title in member.items}
        if marks != wanted:
            self._verdict.not_kept.append(f"{member.name} marked {wanted}, and what is kept is {marks}")
        if titles is None:
            return
        # What is unfinished carries over, answered or not; what somebody leaves who goes away waits for them.
        wanted_titles = {*diary.unfinished(member), *diary.planned}
        waits = member.is_away or diary.away is not None
        if not titles <= wanted_titles or (titles != wanted_titles and not waits):
            self._verdict.not_kept.append(f"{member.name} planned {sorted(wanted_titles)}, kept is {sorted(titles)}")

    def _judge_answer(self, member: Member, diary: Diary, sprint_id: int, person: str) -> None:
        self._verdict.answers += diary.answered is not None or diary.away is not None
        kept = (sprint_id, person) in self._answers, person in self._away
        if kept != (diary.answered is not None, diary.away is not None or member.is_away):
            self._verdict.not_kept.append(f"{member.name}: answered or away {diary.answered, diary.away}, kept {kept}")

    # --- what the cards say -------------------------------------------------------------------------------------

    def _judge_cards(self) -> None:
        """Every edit got through: each plan says what is stored, and each answered prompt that it is answered."""
        texts = {key_of(message): str(message.get("text")) for message in self._messages}
        now = self._week.now()
        with self._week.db.read() as session:
            plans = Post.card.in_(("plan", "sprint")), Post.channel_id.not_in(self._places)
            for post in session.scalars(select(Post).where(*plans)):
                drawn = cards.draw(session, post, now)
                if drawn is not None and post.key in texts and _lasting(texts[post.key]) != _lasting(drawn.text):
                    self._verdict.untold.append(f"{post.key} says {texts[post.key]!r}")
        self._verdict.untold += self._unanswered_prompts(texts)

    def _unanswered_prompts(self, texts: dict[str, str]) -> Iterable[str]:
        for team in self._week.teams:
            for ask in rules.asks(team):
                diary, text = self._diaries[ask.member.name], texts.get(self._key(team, ask))
                if text is None or ask.starts_on != rules.sprints(team)[0]:
                    continue
                if diary.answered is not None and not text.startswith("Your plan for"):
                    yield f"{self._key(team, ask)} says {text!r}"
                if diary.away is not None and diary.answered is None and not text.startswith("You are away"):
                    yield f"{self._key(team, ask)} says {text!r}"


def _lasting(text: str) -> list[str]:
    """A card's lines but the hero's, which is drawn for the day: the other lines stay true until somebody changes them."""
    return [line for line in text.splitlines() if not line.startswith("🦸")]
