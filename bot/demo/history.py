"""Brings a story about: each step of it at its own time, and with the verbs that people use."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.demo.story import Chapter, Crew, Learned, Pick
from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import PromptKind
from bot.domain.heroes import heroes
from bot.domain.outbox import posts
from bot.domain.planning import contents, items, plans
from bot.domain.planning.finalizing import Final
from bot.domain.planning.wrapping_up import MyPlan, TypedItem
from bot.domain.retros import actions, agreements, notes, retros
from bot.domain.retros import closings as retro_closings
from bot.domain.retros.actions import Resolution
from bot.domain.retros.closings import Closing, Resolve
from bot.domain.retros.notes import Written
from bot.domain.rhythm import occurrences, prompts, turns
from bot.domain.sprints import cards, closings, sprints
from bot.domain.teams import foundings, teams
from bot.views.planning import items as item_views
from models.outbox import Post, PostState
from models.retros import Retro, Side
from models.sprints import Item, Mark, Priority, Sprint
from models.teams import Customer, Team

ZONE = "Europe/Berlin"
FRIDAY = 4

Step = tuple[datetime, Callable[[datetime], None]]


class History:
    """What these crews did until `now`, in the weeks before the next Friday. `people` and `channels` are ids by name."""

    def __init__(self, session: Session, people: Mapping[str, str], channels: Mapping[str, str], now: datetime) -> None:
        self._session = session
        self._people = people
        self._channels = channels
        self._now = now
        self._friday = cadence.next_weekday(cadence.local_date(now, ZONE), FRIDAY)

    def tell(self, crews: Sequence[Crew]) -> None:
        """Everything, the oldest first. What was said in Slack before the running sprints is in no channel."""
        steps = [step for crew in crews for step in self._steps(crew)]
        steps.append((_at(self._friday - timedelta(weeks=2), 9), self._forget_what_was_said))
        for at, take in sorted(steps, key=lambda step: step[0]):
            if at <= self._now:
                take(at)
        occurrences.plan(self._session, now=self._now)
        asked = Post.card.in_([*PromptKind, turns.NUDGE_CARD])
        self._session.execute(update(Post).where(asked).values(state=PostState.EXPIRED))

    def _steps(self, crew: Crew) -> Iterator[Step]:
        length = timedelta(weeks=crew.weeks)
        after = self._friday + timedelta(days=3)
        first = after - max(len(crew.chapters), 1) * length
        yield _at(first - timedelta(days=4), 10), partial(self._found, crew)
        learned = None
        for number, chapter in enumerate(crew.chapters):
            starts_on = first + number * length
            yield from self._turn(crew, chapter, starts_on, learned)
            yield _at(starts_on + length - timedelta(days=4), 16), partial(self._mark, crew, chapter, starts_on)
            learned = chapter.learned
        if learned is not None and learned.notes:
            yield _at(after - timedelta(days=5), 12), partial(self._note, crew, after - length, learned)

    def _turn(self, crew: Crew, chapter: Chapter, starts_on: date, learned: Learned | None) -> Iterator[Step]:
        """One conversation: what happened, what we learned, what comes next; and what becomes of it in the days after."""
        friday, wednesday = starts_on - timedelta(days=3), starts_on + timedelta(days=2)
        yield _at(friday, 17), partial(self._wrap_up, crew, chapter, starts_on, learned)
        yield _at(friday, 18), partial(self._finalize, crew, chapter, starts_on, learned)
        if learned is not None:
            yield _at(friday, 19), partial(self._take, crew, learned)
            yield _at(wednesday, 16), partial(self._close, crew, learned)
        yield _at(wednesday, 19), self._close_what_is_over

    def _forget_what_was_said(self, _at: datetime) -> None:
        self._session.execute(delete(Post))

    # --- one verb each ----------------------------------------------------------------------------------------------

    def _found(self, crew: Crew, at: datetime) -> None:
        charter = foundings.Charter(
            name=crew.name,
            area=crew.area,
            customer_kind=Customer.INTERNAL if crew.customer.endswith("teams") else Customer.EXTERNAL,
            customer=crew.customer,
            channel=self._channels[crew.channel],
        )
        lead, *members = [self._people[person] for person in crew.people]
        monday = 0
        founding = foundings.Founding(charter, ZONE, crew.weeks, monday, lead, members)
        foundings.create(self._session, founding, by=lead, now=at)

    def _wrap_up(self, crew: Crew, chapter: Chapter, starts_on: date, learned: Learned | None, at: datetime) -> None:
        occurrences.plan(self._session, now=at)
        for person, picks in chapter.picks.items():
            sprint = self._send(crew, chapter, person, picks, starts_on, learned, at)
        whole = sprints.load(self._session, sprint.id, lock=True)
        prompts.answered(self._session, whole, self._people[person], now=at)  # with the last one's, all have

    def _send(
        self,
        crew: Crew,
        chapter: Chapter,
        person: str,
        picks: Sequence[Pick],
        starts_on: date,
        learned: Learned | None,
        at: datetime,
    ) -> Sprint:
        team, off = self._team(crew), chapter.off.get(person)
        there = sprints.find(self._session, team, starts_on)
        known = {item.title for item in there.items} if there else set()
        known |= {learned.improvement} if learned else set()  # it is taken, and not planned
        new = [pick for pick in picks if pick.title not in known]
        plan = MyPlan(
            team_id=team.id,
            starts_on=starts_on,
            marks={},
            high=[TypedItem(pick.title) for pick in new if pick.priority is Priority.HIGH],
            side=[TypedItem(pick.title) for pick in new if pick.priority is Priority.SIDE],
            off_from=starts_on + timedelta(days=off[0]) if off else None,
            off_until=starts_on + timedelta(days=off[-1]) if off else None,
            keep_points=False,
            said=_said(learned, person) if learned else {},
        )
        return plans.send(self._session, plan, person_id=self._people[person], now=at).sprint

    def _finalize(self, crew: Crew, chapter: Chapter, starts_on: date, learned: Learned | None, at: datetime) -> None:
        sprint = self._sprint(crew, starts_on)
        if learned is not None:
            self._talk(crew, learned, at)
        high = [item.id for item in contents.of_priority(sprint, Priority.HIGH)]
        final = Final(
            team_id=sprint.team_id,
            starts_on=starts_on,
            revision=sprint.revision,
            shown_high=high,
            direction=chapter.direction,
            impacted="",
            high=high,
            improvement=learned.improvement if learned else "",
        )
        # A week that nobody took shows as one.
        for week, hero in zip(heroes.weeks(sprints.dates_of(sprint)), chapter.heroes, strict=False):
            heroes.enter(self._session, sprint.team, week, by=self._people[hero], now=at)
        turns.finalize(self._session, final, by=self._people[crew.people[0]], now=at)

    def _talk(self, crew: Crew, learned: Learned, at: datetime) -> None:
        """After the reveal, people agree with some notes and keep one as an agreement."""
        ids = {note.text: note.id for note in self._last_retro(crew).notes}
        for person, text in learned.me_too:
            notes.agree(self._session, ids[text], by=self._people[person], now=at)
        if learned.agreed is not None:
            agreements.keep_note(self._session, ids[learned.agreed], by=self._people[crew.people[0]], now=at)

    def _take(self, crew: Crew, learned: Learned, at: datetime) -> None:
        action = actions.improvement(self._session, self._last_retro(crew).id)
        if action is None or learned.taken_by is None:
            return
        changed = items.take_on(self._session, action.id, by=self._people[learned.taken_by], now=at)
        if changed is not None:
            message = item_views.changed_message(changed)
            card = cards.current(self._session, changed.sprint)
            posts.reply(self._session, f"change:{changed.number}", card, message, now=self._now)

    def _close(self, crew: Crew, learned: Learned, at: datetime) -> None:
        retro = self._last_retro(crew)
        open_ones = actions.open_of(self._session, retro.sprint.team_id)
        fates = {each.id: Resolution.KEEP for each in open_ones if each.retro_id != retro.id}
        also = [Resolve(learned.also[0], self._people[learned.also[1]])] if learned.also else []
        closing = Closing(retro.id, [Resolve(learned.improvement, None), *also], fates)
        retro_closings.close(self._session, closing, by=self._people[crew.people[0]], now=at)

    def _close_what_is_over(self, at: datetime) -> None:
        occurrences.plan(self._session, now=at)  # nobody is left to be reminded
        closings.close_over(self._session, now=at)

    def _mark(self, crew: Crew, chapter: Chapter, starts_on: date, at: datetime) -> None:
        sprint = self._sprint(crew, starts_on)
        for person, picks in chapter.picks.items():
            for pick in picks:
                query = select(Item.id).where(Item.sprint_id == sprint.id, Item.title == pick.title)
                item_id, by = self._session.scalars(query).one(), self._people[person]
                if pick.mark is not Mark.NOT_STARTED:
                    items.mark(self._session, item_id, pick.mark, by=by, now=at)
                if pick.note is not None:
                    items.write_note(self._session, item_id, pick.note, by=by, now=at)

    def _note(self, crew: Crew, starts_on: date, learned: Learned, at: datetime) -> None:
        team = self._team(crew)
        for person in dict.fromkeys(author for author, _side, _text in learned.notes):
            written = Written(team.id, starts_on, _said(learned, person))
            notes.add(self._session, written, by=self._people[person], now=at)

    # --- what is there already --------------------------------------------------------------------------------------

    def _team(self, crew: Crew) -> Team:
        return teams.named(self._session, crew.name)

    def _sprint(self, crew: Crew, starts_on: date) -> Sprint:
        found = sprints.find(self._session, self._team(crew), starts_on)
        if found is None:
            raise LookupError(f"{crew.name} has no sprint from {starts_on} on")
        return found

    def _last_retro(self, crew: Crew) -> Retro:
        query = select(Retro.id).join(Sprint).where(Sprint.team_id == self._team(crew).id, Retro.opened_at.is_not(None))
        return retros.load(self._session, self._session.scalars(query.order_by(Sprint.starts_on.desc()).limit(1)).one())


def _said(learned: Learned, person: str) -> dict[Side, list[str]]:
    return {side: [text for name, on, text in learned.notes if (name, on) == (person, side)] for side in Side}


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(ZONE))
