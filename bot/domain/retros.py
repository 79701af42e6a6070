"""A team's retro: open all sprint, asked for at its end, revealed to all at once, and closed with one improvement."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.database import insert
from bot.domain import absences, cadence, company, pages, posts, sprints, teams
from bot.domain.cadence import Dates, Kind
from bot.domain.calendars import Calendar
from bot.errors import Refusal
from models.people import Person
from models.retros import Note, Retro, RetroAnswer
from models.sprints import Sprint
from models.teams import SMALLEST, Membership, Team

CARD = sprints.RETRO_CARD  # the board, in the team's channel; its subject is the sprint
PAGE_CARD = "retro_page"  # what the board has no room for, in its thread; its subject is the first note on it
OPEN_FOR = 2  # working days from the reveal until a retro closes by itself
SHORTEST = timedelta(hours=20)  # a retro that is revealed later than it was to be stays open at least so long
# A message holds 12,000 characters of JSON; the board needs some for its actions and marks, and a note for its frame.
ROOM_ON_THE_BOARD, ROOM_ON_A_PAGE, FRAME = 5_500, 10_500, 300
NOTES_ON_THE_BOARD, NOTES_ON_A_PAGE = 15, 40  # Slack: 50 blocks a message
CLOSED = "This retro is closed, and stays as it was. `/retro` opens the next one."


@dataclass(frozen=True)
class Meant:
    """The sprint whose retro people mean now, and that retro where anything is written yet."""

    team: Team
    dates: Dates
    retro_id: int | None


@dataclass(frozen=True)
class Settings:
    """The form of `/retro settings`: when notes are revealed, which emoji makes one, and whether the team votes."""

    retro_at: time
    retro_emoji: str
    retro_votes: bool


# --- finding ----------------------------------------------------------------------------------------------------


def meant(session: Session, team: Team, *, now: datetime) -> Meant:
    """The retro to write for now: of the sprint that has just ended until it is revealed, else of the one that runs.

    Between two sprints it is the last one's until that is closed. After a retro that is closed it is the next one.
    """
    recent = sprints.latest(session, team.id)
    found = {retro.sprint_id: retro for retro in _of_sprints(session, [sprint.id for sprint in recent])}
    today = cadence.local_date(now, team.zone)
    begun = [sprint for sprint in recent if sprint.starts_on <= today]
    hidden = [each for each in begun if (retro := found.get(each.id)) and _is_hidden(retro) and retro.opened_at]
    last = [each for each in begun[-1:] if (retro := found.get(each.id)) is None or retro.closed_at is None]
    ahead = [sprint for sprint in recent if sprint.starts_on > today]
    chosen = next(iter([*hidden, *last, *ahead]), None)
    if chosen is not None:
        retro = found.get(chosen.id)
        return Meant(team, sprints.dates_of(chosen), retro.id if retro else None)
    return Meant(team, sprints.present(recent, sprints.cadence_of(session, team), now), None)


def named(session: Session, team: Team, starts_on: date) -> Meant:
    """The retro of the team's sprint that begins on this day. Raises Refusal where there is no such sprint."""
    query = select(Sprint, Retro.id).outerjoin(Retro, Retro.sprint_id == Sprint.id)
    found = session.execute(query.where(Sprint.team_id == team.id, Sprint.starts_on == starts_on)).first()
    if found is None:
        raise Refusal("This sprint is gone. `/retro` opens the retro of the present one.")
    return Meant(team, sprints.dates_of(found[0]), found[1])


def at(session: Session, team_id: int, starts_on: date, *, now: datetime) -> Retro:
    """The retro of the team's sprint that begins on this day, locked; made if nobody wrote anything yet.

    Raises Refusal for a day on which no sprint of this team begins.
    """
    team = teams.get(session, team_id)
    sprint_id = sprints.id_at(session, team, starts_on, now=now)
    made = insert(session, Retro).values(sprint_id=sprint_id, has_votes=False, created_at=now)
    session.execute(made.on_conflict_do_nothing(index_elements=["sprint_id"]))
    return _locked(session, Retro.sprint_id == sprint_id)


def locked(session: Session, retro_id: int) -> Retro:
    """The retro with its sprint, team and notes, for deciding something about it. Raises Refusal when there is none."""
    return _locked(session, Retro.id == retro_id)


def _locked(session: Session, condition: Any) -> Retro:
    members = joinedload(Retro.sprint).joinedload(Sprint.team).selectinload(Team.members).joinedload(Membership.person)
    query = select(Retro).where(condition).options(members, selectinload(Retro.notes))
    found = session.scalar(query.with_for_update(of=Retro).execution_options(populate_existing=True))
    if found is None:
        raise Refusal("This retro is gone. `/retro show` has the last one.")
    return found


def whole(session: Session, retro_id: int) -> Retro:
    """The retro with everything that is shown of it. Raises Refusal when there is none."""
    return _whole(session, Retro.id == retro_id)


def of_sprint(session: Session, sprint_id: int) -> Retro:
    """The retro of this sprint with everything that is shown of it. Raises Refusal when there is none."""
    return _whole(session, Retro.sprint_id == sprint_id)


def find(session: Session, sprint_id: int) -> Retro | None:
    """The retro of this sprint with everything that is shown of it; None where nobody wrote anything."""
    found = session.scalar(select(Retro.id).where(Retro.sprint_id == sprint_id))
    return whole(session, found) if found is not None else None


def _whole(session: Session, condition: Any) -> Retro:
    members = joinedload(Retro.sprint).joinedload(Sprint.team).selectinload(Team.members)
    notes = selectinload(Retro.notes)
    query = (
        select(Retro)
        .where(condition)
        .options(
            members.joinedload(Membership.person).selectinload(Person.aways),
            notes.joinedload(Note.author),
            notes.selectinload(Note.me_toos),
            notes.selectinload(Note.votes),
            selectinload(Retro.answers).joinedload(RetroAnswer.person),
            joinedload(Retro.facilitator),
        )
        .execution_options(populate_existing=True)
    )
    found = session.scalar(query)
    if found is None:
        raise Refusal("This retro is gone. `/retro show` has the last one.")
    return found


def to_show(session: Session, team: Team) -> Retro | None:
    """The team's retro that people want to read: the last one that was asked for, whole; else the one being written."""
    query = select(Retro.id).join(Sprint).where(Sprint.team_id == team.id).order_by(Sprint.starts_on.desc()).limit(1)
    found = session.scalar(query.where(Retro.opened_at.is_not(None))) or session.scalar(query)
    return whole(session, found) if found is not None else None


def neighbours(session: Session, retro: Retro) -> tuple[int | None, int | None]:
    """The ids of the team's retros before and after this one."""
    theirs = select(Retro.id).join(Sprint).where(Sprint.team_id == retro.sprint.team_id)
    starts_on = retro.sprint.starts_on
    before = theirs.where(Sprint.starts_on < starts_on).order_by(Sprint.starts_on.desc()).limit(1)
    after = theirs.where(Sprint.starts_on > starts_on).order_by(Sprint.starts_on).limit(1)
    return session.scalar(before), session.scalar(after)


def _of_sprints(session: Session, sprint_ids: Iterable[int]) -> Sequence[Retro]:
    return session.scalars(select(Retro).where(Retro.sprint_id.in_(sprint_ids))).all()


# --- who may see what -------------------------------------------------------------------------------------------


def _is_hidden(retro: Retro) -> bool:
    return retro.revealed_at is None and retro.closed_at is None


def has_answered(retro: Retro, person_id: str) -> bool:
    """Whether this person has said what they have to say."""
    return any(answer.person_id == person_id for answer in retro.answers)


def sees(retro: Retro, person_id: str) -> bool:
    """Whether this person reads the others' notes: it is revealed, or they are of the team and have sent theirs."""
    return not _is_hidden(retro) or (teams.is_member(retro.sprint.team, person_id) and has_answered(retro, person_id))


def visible(retro: Retro, person_id: str | None) -> list[Note]:
    """The notes that this person may read; those that everybody may read where it is nobody in particular."""
    if person_id is not None and sees(retro, person_id):
        return list(retro.notes)
    return [note for note in retro.notes if not _is_hidden(retro) or note.author_id == person_id]


def written_by(retro: Retro) -> list[str]:
    """The names of those who have answered, and once it is revealed of all who wrote."""
    people = {answer.person_id: answer.person.name for answer in retro.answers}
    if not _is_hidden(retro):
        people |= {note.author_id: note.author.name for note in retro.notes}
    return list(people.values())


def waiting_for(retro: Retro, now: datetime) -> list[Person]:
    """The members who have not answered: nobody waits for who is away."""
    answered = {answer.person_id for answer in retro.answers}
    return [
        member.person
        for member in retro.sprint.team.members
        if member.person_id not in answered
        and not member.person.is_deactivated
        and not any(absences.is_away(away, now) for away in member.person.aways)
    ]


def require_open(retro: Retro) -> None:
    """Raise Refusal when the retro is closed."""
    if retro.closed_at is not None:
        raise Refusal(CLOSED)


def require_revealed(retro: Retro) -> None:
    """Raise Refusal while the notes are hidden."""
    if retro.revealed_at is None:
        raise Refusal("The notes are not revealed yet.")


def require_member(retro: Retro, person_id: str, *, to: str) -> None:
    """Raise Refusal unless this person is of the retro's team."""
    teams.require_member(retro.sprint.team, person_id, to=to)


# --- opening ----------------------------------------------------------------------------------------------------


def open_all(session: Session, sprint_ids: Iterable[int], *, now: datetime) -> None:
    """The end of these sprints has come: their retros are asked for, and their boards stand in the teams' channels."""
    ids = sorted(set(sprint_ids))
    if not ids:
        return
    rows = [{"sprint_id": sprint_id, "has_votes": False, "created_at": now} for sprint_id in ids]
    session.execute(insert(session, Retro).on_conflict_do_nothing(index_elements=["sprint_id"]), rows)
    team = joinedload(Retro.sprint).joinedload(Sprint.team)
    members = team.selectinload(Team.members).joinedload(Membership.person).selectinload(Person.aways)
    unopened = select(Retro).where(Retro.sprint_id.in_(ids), Retro.opened_at.is_(None), Retro.closed_at.is_(None))
    found = session.scalars(unopened.options(members).with_for_update(of=Retro)).all()
    turns = _turns(session, [retro.sprint.team_id for retro in found])
    weekend = company.current(session).weekend
    for retro in found:
        _open(retro, weekend, turns, now)
    session.flush()
    cards = [posts.card_row(CARD, each.sprint_id, each.sprint.team.channel_id, now=now) for each in found]
    posts.write_rows(session, cards)


def open_now(session: Session, sprint: Sprint, *, now: datetime) -> None:
    """The lead closed the sprint before its end: its retro opens with that, and everybody at work is asked at once."""
    open_all(session, [sprint.id], now=now)
    for member in sprint.team.members:
        key = f"{Kind.MARKS}:{sprint.team_id}:{sprint.starts_on}:{member.person_id}"
        posts.ask(
            session,
            key,
            Kind.MARKS,
            sprint.id,
            member.person_id,
            due_at=now,
            expires_at=now + cadence.PROMPT_LIVES,
            now=now,
        )


def move(session: Session, team: Team, *, now: datetime) -> None:
    """The team has another channel: the boards that are still open stand there from now on."""
    query = select(Retro.sprint_id).join(Sprint).where(Sprint.team_id == team.id, Retro.opened_at.is_not(None))
    for sprint_id in session.scalars(query.where(Retro.closed_at.is_(None))).all():
        posts.draw(session, CARD, sprint_id, team.channel_id, now=now)


def open_over(session: Session, *, now: datetime) -> int:
    """Open the retros of sprints that are over, where nobody was asked for it in time: the bot was down, for one.

    Returns how many; of a team that is paused, forming or without a channel, none.
    """
    found = {sprint_id for query in (_over(now), _left_behind()) for sprint_id in session.scalars(query.limit(20))}
    open_all(session, found, now=now)
    return len(found)


def _over(now: datetime) -> Select[int]:
    missing = Retro.opened_at.is_(None), Retro.closed_at.is_(None)
    of_sprints = select(Sprint.id).outerjoin(Retro, Retro.sprint_id == Sprint.id).where(*missing)
    return _able_to_meet(of_sprints.where(Sprint.closed_at.is_(None), Sprint.over_at <= now))


def _left_behind() -> Select[int]:
    """Sprints that closed while their team was paused or the bot down, with notes that somebody wrote before."""
    unopened = select(Sprint.id).join(Retro, Retro.sprint_id == Sprint.id).where(Retro.opened_at.is_(None))
    has_notes = exists().where(Note.retro_id == Retro.id)
    return _able_to_meet(unopened.where(Retro.revealed_at.is_(None), Sprint.closed_at.is_not(None), has_notes))


def _able_to_meet(of_sprints: Select[int]) -> Select[int]:
    members = select(func.count()).select_from(Membership).where(Membership.team_id == Team.id).scalar_subquery()
    teams_of = of_sprints.join(Team, Team.id == Sprint.team_id)
    return teams_of.where(Team.paused_at.is_(None), Team.channel_lost.is_(None), members >= SMALLEST)


def _open(retro: Retro, weekend: str, turns: dict[tuple[int, str], datetime], now: datetime) -> None:
    team = retro.sprint.team
    retro.opened_at = now
    retro.has_votes = team.retro_votes
    _set_times(retro, Calendar(weekend, team.country), now)
    retro.facilitator_id = next(iter(_rota(team, turns, now)), None)


def _set_times(retro: Retro, calendar: Calendar, now: datetime) -> None:
    """It reveals itself on the first working day after the sprint, at the team's time; at once never."""
    team = retro.sprint.team
    reveals_on = calendar.next_working_day(retro.sprint.ends_on)
    reveals_at = cadence.instant(reveals_on, team.retro_at, team.zone)
    while reveals_at <= now:
        reveals_on = calendar.next_working_day(reveals_on)
        reveals_at = cadence.instant(reveals_on, team.retro_at, team.zone)
    retro.reveals_at = reveals_at
    retro.closes_at = _closes_at(calendar, reveals_on, team)


def _closes_at(calendar: Calendar, revealed_on: date, team: Team) -> datetime:
    last = revealed_on
    for _ in range(OPEN_FOR):
        last = calendar.next_working_day(last)
    return cadence.instant(last, team.retro_at, team.zone)


def _turns(session: Session, team_ids: Iterable[int], *, but: int | None = None) -> dict[tuple[int, str], datetime]:
    """When each person last facilitated a retro of each of these teams, other than the retro `but`."""
    query = (
        select(Sprint.team_id, Retro.facilitator_id, func.max(Retro.opened_at))
        .join(Sprint, Sprint.id == Retro.sprint_id)
        .where(Sprint.team_id.in_(set(team_ids)), Retro.facilitator_id.is_not(None), Retro.id != (but or 0))
        .group_by(Sprint.team_id, Retro.facilitator_id)
    )
    return {(team_id, str(person_id)): at for team_id, person_id, at in session.execute(query) if at is not None}


def _rota(team: Team, turns: dict[tuple[int, str], datetime], now: datetime) -> list[str]:
    """Who facilitates next: whoever has waited longest for it, of those at work."""
    present = [
        member
        for member in team.members
        if not member.person.is_deactivated and not any(absences.is_away(away, now) for away in member.person.aways)
    ]

    def waited(member: Membership) -> tuple[bool, float, int]:
        last = turns.get((team.id, member.person_id))
        return last is not None, last.timestamp() if last else 0.0, member.seat

    return [member.person_id for member in sorted(present, key=waited)]


# --- answering --------------------------------------------------------------------------------------------------


def answer(session: Session, retro: Retro, person_id: str, *, now: datetime) -> None:
    """This person has said what they have to say. Said twice it is said once."""
    if retro.opened_at is None:
        return
    said = insert(session, RetroAnswer).values(retro_id=retro.id, person_id=person_id, sent_at=now)
    session.execute(said.on_conflict_do_nothing(index_elements=["retro_id", "person_id"]))
    redraw(session, retro, now=now, answered=person_id)


def nothing_to_add(session: Session, sprint_id: int, *, by: str, now: datetime) -> Retro:
    """Somebody has nothing to add to what stands there. Raises Refusal for somebody of another team."""
    retro = _locked(session, Retro.sprint_id == sprint_id)
    require_member(retro, by, to="answer its retro")
    require_open(retro)
    answer(session, retro, by, now=now)
    return retro


def redraw(session: Session, retro: Retro, *, now: datetime, answered: str | None = None) -> None:
    """Have the board drawn again, and the prompt of who `answered`. What is hidden changes nothing on either."""
    posts.redraw(session, CARD, retro.sprint_id, now=now)
    if answered is not None:
        posts.redraw_sent(session, [Kind.MARKS], retro.sprint_id, now=now, to=answered)


# --- the facilitator --------------------------------------------------------------------------------------------


def facilitate(session: Session, retro_id: int, *, by: str, now: datetime) -> Retro:
    """Take the facilitator's turn over. Raises Refusal for somebody of another team, and once the retro is closed."""
    retro = locked(session, retro_id)
    require_member(retro, by, to="facilitate its retro")
    require_open(retro)
    retro.facilitator_id = by
    session.flush()
    redraw(session, retro, now=now)
    return retro


def skip(session: Session, retro_id: int, *, by: str, now: datetime) -> Retro:
    """Hand the facilitator's turn to the next in the rota. Raises Refusal for somebody of another team."""
    retro = locked(session, retro_id)
    require_member(retro, by, to="hand its retro on")
    require_open(retro)
    team = retro.sprint.team
    session.scalars(
        select(Person)
        .where(Person.id.in_([member.person_id for member in team.members]))
        .options(selectinload(Person.aways))
        .execution_options(populate_existing=True)
    ).all()
    # As it was when this retro opened, so that handing it on again and again asks everybody.
    rota = _rota(team, _turns(session, [team.id], but=retro.id), now)
    after = rota.index(retro.facilitator_id) + 1 if retro.facilitator_id in rota else 0
    others = [person_id for person_id in [*rota[after:], *rota[:after]] if person_id != retro.facilitator_id]
    if not others:
        raise Refusal("Nobody else of the team is at work, so there is nobody to hand it to.")
    retro.facilitator_id = others[0]
    session.flush()
    redraw(session, retro, now=now)
    return retro


# --- the reveal -------------------------------------------------------------------------------------------------


def reveal(session: Session, retro_id: int, *, by: str, now: datetime) -> Retro:
    """Show all notes to everybody, before it happens by itself.

    Raises Refusal unless `by` facilitates it or leads the team, and for who left the team.
    """
    retro = locked(session, retro_id)
    require_member(retro, by, to="reveal its notes")
    if by != retro.facilitator_id and not teams.leads(retro.sprint.team, by):
        raise Refusal("Only the facilitator or the lead can reveal the notes earlier. They are shown at their time.")
    require_open(retro)
    if retro.revealed_at is not None:
        raise Refusal("The notes are revealed already: somebody was faster. The board shows them.")
    if retro.opened_at is None:
        raise Refusal("This retro is still being written: it opens with the end of the sprint.")
    _reveal(session, retro, now)
    return retro


def due(session: Session, now: datetime) -> bool:
    """Whether the time of any retro has come. It takes no lock, so that who finds nothing disturbs nobody."""
    hidden = select(Retro.id).where(Retro.revealed_at.is_(None), Retro.closed_at.is_(None), Retro.reveals_at <= now)
    left = select(Retro.id).where(Retro.closed_at.is_(None), Retro.closes_at <= now)
    return any(session.scalar(query.limit(1)) is not None for query in (hidden, left, _over(now), _left_behind()))


def reveal_due(session: Session, *, now: datetime) -> int:
    """Reveal every retro whose time has come. Returns how many. A few at a time; call it until it returns 0."""
    due = select(Retro.id).where(Retro.revealed_at.is_(None), Retro.closed_at.is_(None), Retro.reveals_at <= now)
    found = session.scalars(due.order_by(Retro.id).limit(20).with_for_update(skip_locked=True)).all()
    for retro_id in found:
        _reveal(session, locked(session, retro_id), now)
    return len(found)


def _reveal(session: Session, retro: Retro, now: datetime) -> None:
    retro.revealed_at = now
    if retro.closes_at is not None and retro.closes_at - now < SHORTEST:
        # The bot was down meanwhile: people still get their days to read and to close it.
        team = retro.sprint.team
        calendar = Calendar(company.current(session).weekend, team.country)
        retro.closes_at = _closes_at(calendar, cadence.local_date(now, team.zone), team)
    if not retro.notes:
        retro.closed_at = now  # nobody wrote: that is one line on the board, and nobody is asked anything more
    _page(session, retro, now)
    session.flush()
    redraw(session, retro, now=now)
    posts.redraw_sent(session, [Kind.MARKS], retro.sprint_id, now=now)


def _page(session: Session, retro: Retro, now: datetime) -> None:
    """Give every note its place: on the board, or on a page in the board's thread."""
    pages_of_notes = _batches(retro.notes)[1:]
    for batch in pages_of_notes:
        for note in batch:
            note.page_id = batch[0].id
    _show_pages(session, retro, [batch[0].id for batch in pages_of_notes], now)


def _show_pages(session: Session, retro: Retro, added: Sequence[int], now: datetime) -> None:
    if not added:
        return
    board = posts.card_of(session, CARD, retro.sprint_id)
    channel = retro.sprint.team.channel_id
    posts.write_rows(session, [posts.card_row(PAGE_CARD, page_id, channel, now=now, under=board) for page_id in added])


def _batches(notes: Sequence[Note]) -> list[list[Note]]:
    """The notes in the order of the columns, in as few parts as have room for them. The first part is the board's own."""
    order = ("well", "better", "puzzle")
    batches: list[list[Note]] = [[]]
    room, places = ROOM_ON_THE_BOARD, NOTES_ON_THE_BOARD
    for note in sorted(notes, key=lambda each: (order.index(each.side), each.id)):
        room -= weight(note)
        if room < 0 or len(batches[-1]) == places:
            batches.append([])
            room, places = ROOM_ON_A_PAGE - weight(note), NOTES_ON_A_PAGE
        batches[-1].append(note)
    return batches


def weight(note: Note) -> int:
    """About how many characters a note takes in a message."""
    escaped = 4 * sum(note.text.count(letter) for letter in "&<>")
    return len(json.dumps(note.text, ensure_ascii=False)) + escaped + len(note.link or "") + FRAME


def place(session: Session, retro: Retro, note: Note, *, now: datetime) -> None:
    """Give a note that came after the reveal its place: after the last ones, or on a new page."""
    earlier = [each for each in retro.notes if each is not note]
    last = (
        earlier[-1].page_id if earlier and earlier[-1].created_at > (retro.revealed_at or now) else _last_page(earlier)
    )
    there = [each for each in earlier if each.page_id == last]
    room, places = (ROOM_ON_A_PAGE, NOTES_ON_A_PAGE) if last else (ROOM_ON_THE_BOARD, NOTES_ON_THE_BOARD)
    if sum(map(weight, there)) + weight(note) <= room and len(there) < places:
        note.page_id = last
        return
    note.page_id = note.id
    _show_pages(session, retro, [note.id], now)


def _last_page(notes: Sequence[Note]) -> int | None:
    """The page of the last batch, None for the board itself."""
    batches = _batches(notes)
    return batches[-1][0].page_id if batches[-1] else None


def redraw_notes(session: Session, retro: Retro, notes: Iterable[Note], *, now: datetime) -> None:
    """Have the messages drawn again on which these notes stand."""
    places = {note.page_id for note in notes}
    posts.redraw_all(session, PAGE_CARD, [page_id for page_id in places if page_id is not None], now=now)
    posts.redraw(session, CARD, retro.sprint_id, now=now)


# --- closing ----------------------------------------------------------------------------------------------------


def close_due(session: Session, *, now: datetime) -> int:
    """Close every retro that nobody closed in its days. Returns how many. A few at a time; call it until it returns 0."""
    due = select(Retro.id).where(Retro.closed_at.is_(None), Retro.closes_at <= now)
    found = session.scalars(due.order_by(Retro.id).limit(20).with_for_update(skip_locked=True)).all()
    for retro_id in found:
        closed(session, locked(session, retro_id), by=None, now=now)
    return len(found)


def closed(session: Session, retro: Retro, *, by: str | None, now: datetime) -> None:
    """The retro is closed: its board, the prompts and the company's page say so."""
    retro.revealed_at = retro.revealed_at or now
    retro.closed_at, retro.closed_by_id = now, by
    session.flush()
    redraw(session, retro, now=now)
    pages.redraw(session, retro.sprint, now=now)


# --- settings ---------------------------------------------------------------------------------------------------


def change_settings(session: Session, team_id: int, settings: Settings, *, by: str, now: datetime) -> Team:
    """Change when the team's notes are revealed, which emoji makes one, and whether it votes.

    Raises Refusal unless `by` leads the team, and for what can't be.
    """
    team = teams.get(session, team_id, lock=True)
    teams.require_lead(team, by, to="change its retro")
    team.retro_at = cadence.require_daytime(settings.retro_at, field="retro_at")
    team.retro_emoji = _known_emoji(settings.retro_emoji)
    team.retro_votes = settings.retro_votes
    session.flush()
    calendar = Calendar(company.current(session).weekend, team.country)
    waiting = select(Retro.id).join(Sprint).where(Sprint.team_id == team_id, Retro.revealed_at.is_(None))
    for retro_id in session.scalars(waiting.where(Retro.opened_at.is_not(None))).all():
        retro = locked(session, retro_id)
        _set_times(retro, calendar, now)
        retro.has_votes = team.retro_votes
        redraw(session, retro, now=now)
    return team


def _known_emoji(typed: str) -> str:
    name = typed.strip().strip(":").casefold()
    if not name or len(name) > 100 or any(letter.isspace() or letter == ":" for letter in name):
        raise Refusal("Type an emoji's name as in Slack, such as `:retro:`.", field="retro_emoji")
    return name
