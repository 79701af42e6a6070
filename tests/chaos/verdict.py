"""What the week has to show: every expected message once, on its day, and everything that people did kept."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from jobs.outbox import cards
from models.outbox import Post, PostState
from models.sprints import Absence, Answer, Item, Sprint
from sandbox.world.values import Json
from tests.chaos import rules
from tests.chaos.company import BEGINS, ENDS, Member, Small
from tests.chaos.people import Deed, Diary, key_of
from tests.chaos.rules import Ask
from tests.chaos.week import Week

TEAMS_A_PART = 10  # of the company's page
IN_TIME = timedelta(minutes=30)  # who answers later than this after a message was due has got it
SHOWN = 12  # lines of what went wrong


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
    still_due: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def wrong(self) -> list[str]:
        """Everything that went wrong, in words."""
        words = ("doubled", "lost", "unexpected", "stale", "untold", "not_kept", "still_due")
        return [f"{word.replace('_', ' ')}: {line}" for word in words for line in getattr(self, word)]


def judge(week: Week) -> Verdict:
    """Hold what stands in Slack and in the database against what was to be."""
    verdict = Verdict()
    _Judge(week, verdict).run()
    return verdict


class _Judge:
    def __init__(self, week: Week, verdict: Verdict) -> None:
        self._week, self._verdict = week, verdict
        self._diaries = week.crowd.diaries
        with week.db.read() as session:
            rows = session.execute(select(Sprint.team_id, Sprint.starts_on, Sprint.id, Sprint.finalized_at)).all()
            self._answers = {(row.sprint_id, row.person_id): row for row in session.scalars(select(Answer))}
            self._absences = {(row.sprint_id, row.person_id) for row in session.scalars(select(Absence))}
        self._sprints = {(row.team_id, row.starts_on): row for row in rows}
        self._messages = list(self._posted())
        self._by_key = Counter(key_of(message) for message in self._messages)

    def _posted(self) -> Iterator[Json]:
        """The bot's messages, wherever they stand."""
        bot = self._week.slack.bot_user_id
        for channel in self._week.slack.store.channels.values():
            yield from (each for each in channel.messages.values() if each.get("user") == bot and "subtype" not in each)

    def run(self) -> None:
        verdict = self._verdict
        verdict.seen = len(self._messages)
        verdict.kinds = Counter(key.partition(":")[0] for key in self._by_key)
        verdict.doubled = [f"{key} stands {count} times" for key, count in self._by_key.items() if count > 1]
        wanted, either = self._wanted()
        verdict.expected, verdict.either = len(wanted), len(either)
        verdict.lost = sorted(wanted - set(self._by_key))
        verdict.unexpected = sorted(set(self._by_key) - wanted - either)
        self._judge_times()
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
            wanted |= set(self._cards(team)) if team.is_asked else set()
        return wanted, either

    def _key(self, team: Small, ask: Ask) -> str:
        week = self._week
        return f"{ask.kind}:{week.team_ids[team.name]}:{ask.starts_on}:{week.ids[ask.member.name]}"

    def _is_to_be_asked(self, team: Small, ask: Ask) -> bool | None:
        """None when it was answered in the same minutes."""
        settled = self._settled(team, ask)
        if settled is None or settled.tried_at > ask.due_at + IN_TIME:
            return True
        return False if settled.done_at < ask.due_at else None

    def _settled(self, team: Small, ask: Ask) -> Deed | None:
        """What made this question needless, if anything did."""
        diary = self._diaries[ask.member.name]
        long_ago = Deed(BEGINS - timedelta(days=3), BEGINS - timedelta(days=3))
        if ask.kind in ("marks", "midway"):
            return self._all_marked(team, ask, diary, ask.member)
        if ask.starts_on == team.begun_on:
            return long_ago
        if ask.kind in ("lead", "nudge"):
            return diary.finalized
        return diary.answered or diary.off

    def _all_marked(self, team: Small, ask: Ask, diary: Diary, member: Member) -> Deed | None:
        if ask.starts_on != team.begun_on:
            # Midway in the sprint that has just begun: who has not planned has nothing to mark.
            return None if diary.planned else Deed(BEGINS, BEGINS)
        if ask.kind == "marks" and ask.due_at < rules.reveals_at(team):
            return None  # nobody in this company writes a note, so everybody is asked for one
        if diary.unfinished(member) or not diary.marked:
            return None
        return max((deed for deed, mark in diary.marked if mark != "in_progress"), key=lambda deed: deed.done_at)

    def _cards(self, team: Small) -> Iterator[str]:
        """The plan that people write on, the final one, and what came late in its thread."""
        team_id = self._week.team_ids[team.name]
        yield f"card:sprint:{self._sprints[team_id, team.begun_on].id}"
        if rules.ends_on(team, team.begun_on) < ENDS.date():
            yield f"card:retro:{self._sprints[team_id, team.begun_on].id}"
        opening = {ask.starts_on for ask in rules.asks(team) if ask.kind == "planning" and BEGINS <= ask.due_at < ENDS}
        finalized = self._diaries[team.lead.name].finalized
        for starts_on in opening:
            sprint = self._sprints.get((team_id, starts_on))
            sprint_id = sprint.id if sprint else 0
            yield f"card:plan:{sprint_id}"
            if finalized is not None:
                yield f"card:sprint:{sprint_id}"
            for member in team.members:
                answered = self._diaries[member.name].answered
                if answered is not None and self._is_late(team, starts_on, answered, finalized):
                    yield f"late:{sprint_id}:{self._week.ids[member.name]}"

    def _is_late(self, team: Small, starts_on: Any, answered: Deed, finalized: Deed | None) -> bool:
        begun = answered.done_at.astimezone(ZoneInfo(team.zone)).date() > starts_on
        return begun or (finalized is not None and finalized.done_at < answered.done_at)

    def _parts_of_the_page(self) -> Iterator[str]:
        """One page for the week after this one, in as many parts as it takes."""
        parts = -(-len(self._week.teams) // TEAMS_A_PART)
        with self._week.db.read() as session:
            found = session.scalars(select(Post.key).where(Post.card == "page")).all()
        yield from found[:parts]
        yield from (f"card:page:missing part {number}" for number in range(len(found), parts))

    # --- when ---------------------------------------------------------------------------------------------------

    def _judge_times(self) -> None:
        asked = {self._key(team, ask): ask for team in self._week.teams for ask in rules.asks(team)}
        for message in self._messages:
            ask, at = asked.get(key_of(message)), datetime.fromtimestamp(float(message["ts"]), UTC)
            if ask is not None and not ask.due_at <= at < ask.until:
                self._verdict.stale.append(f"{key_of(message)}: due {ask.due_at}, posted {at}")

    # --- what is kept -------------------------------------------------------------------------------------------

    def _judge_what_is_kept(self) -> None:
        verdict, week = self._verdict, self._week
        with week.db.read() as session:
            items = session.execute(select(Item.sprint_id, Item.owner_id, Item.title, Item.mark)).all()
            due = session.scalars(select(Post.key).where(Post.state.in_((PostState.DUE, PostState.REFUSED)))).all()
        verdict.still_due = sorted(due)
        for team in week.teams if items else []:
            if not team.is_asked:
                continue
            team_id = week.team_ids[team.name]
            running = self._sprints[team_id, team.begun_on].id
            coming = self._sprints.get((team_id, rules.sprints(team)[1]))
            for member in team.members:
                diary, person = self._diaries[member.name], week.ids[member.name]
                marks = {each.title: each.mark for each in items if (each[0], each[1]) == (running, person)}
                titles = {each.title for each in items if coming and (each[0], each[1]) == (coming.id, person)}
                self._judge_person(member, diary, marks, titles)
                self._judge_answer(member, diary, coming.id if coming else 0, person)
            finalized = self._diaries[team.lead.name].finalized
            verdict.finals += finalized is not None
            if (coming is not None and coming.finalized_at is not None) != (finalized is not None):
                verdict.not_kept.append(f"{team.name}: final or not")

    def _judge_person(self, member: Member, diary: Diary, marks: dict[str, str], titles: set[str]) -> None:
        self._verdict.marks += len(diary.marks)
        wanted = {title: diary.marks.get(title, "not_started") for title in member.items}
        if marks != wanted:
            self._verdict.not_kept.append(f"{member.name} marked {wanted}, and what is kept is {marks}")
        if titles != diary.planned:
            self._verdict.not_kept.append(f"{member.name} planned {sorted(diary.planned)}, kept is {sorted(titles)}")

    def _judge_answer(self, member: Member, diary: Diary, sprint_id: int, person: str) -> None:
        self._verdict.answers += diary.answered is not None or diary.off is not None
        kept = (sprint_id, person) in self._answers, (sprint_id, person) in self._absences
        if kept != (diary.answered is not None, diary.off is not None):
            self._verdict.not_kept.append(f"{member.name}: answered or off {diary.answered, diary.off}, kept {kept}")

    # --- what the cards say -------------------------------------------------------------------------------------

    def _judge_cards(self) -> None:
        """Every edit got through: each plan says what is stored, and each answered prompt that it is answered."""
        texts = {key_of(message): str(message.get("text")) for message in self._messages}
        now = self._week.now()
        with self._week.db.read() as session:
            for post in session.scalars(select(Post).where(Post.card.in_(("plan", "sprint")))):
                drawn = cards.draw(session, post, now)
                if drawn is not None and post.key in texts and texts[post.key] != drawn.text:
                    self._verdict.untold.append(f"{post.key} says {texts[post.key]!r}")
        self._verdict.untold += self._unanswered_prompts(texts)

    def _unanswered_prompts(self, texts: dict[str, str]) -> Iterable[str]:
        for team in self._week.teams:
            for ask in rules.asks(team):
                diary, text = self._diaries[ask.member.name], texts.get(self._key(team, ask))
                if text is None or ask.kind not in ("planning", "reminder"):
                    continue
                if diary.answered is not None and not text.startswith("Your plan for"):
                    yield f"{self._key(team, ask)} says {text!r}"
                if diary.off is not None and not text.startswith("You are off"):
                    yield f"{self._key(team, ask)} says {text!r}"
