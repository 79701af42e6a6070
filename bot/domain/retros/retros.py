"""A team's retro, open all sprint: which one people mean, who may read what of it, and who has answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from bot.domain.calendar import cadence, periods
from bot.domain.calendar.cadence import Dates
from bot.domain.outbox import home_refresh, posts, prompt_posts
from bot.domain.sprints import beginnings, cards, sequence, sprints
from bot.domain.teams import teams
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import Person
from models.retros import MeToo, Note, NotePointer, Retro, RetroAnswer
from models.sprints import Sprint
from models.teams import Membership, Team

CARD = cards.RETRO_CARD  # the board, in the team's channel; its subject is the sprint
CLOSED = "This retro is closed, and stays as it was. `/retro` opens the next one."


@dataclass(frozen=True)
class Meant:
    """The sprint whose retro people mean now, and that retro where anything is written yet."""

    team: Team
    dates: Dates
    retro_id: int | None


# --- finding ----------------------------------------------------------------------------------------------------


def meant(session: Session, team: Team, *, now: datetime) -> Meant:
    """The retro to write for now: the one that is asked for until it is closed, else that of the sprint that runs."""
    recent = sprints.latest(session, team.id)
    found = {retro.sprint_id: retro for retro in _of_sprints(session, [sprint.id for sprint in recent])}
    today = cadence.local_date(now, team.zone)
    begun = [sprint for sprint in recent if sprint.starts_on <= today]
    asked = [each for each in begun if (retro := found.get(each.id)) and retro.opened_at and retro.closed_at is None]
    last = [each for each in begun[-1:] if (retro := found.get(each.id)) is None or retro.closed_at is None]
    ahead = [sprint for sprint in recent if sprint.starts_on > today]
    chosen = next(iter([*asked, *last, *ahead]), None)
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
    sprint_id = beginnings.id_at(session, team, starts_on, now=now)
    made = insert(session, Retro).values(sprint_id=sprint_id, has_votes=False, created_at=now)
    session.execute(made.on_conflict_do_nothing(index_elements=["sprint_id"]))
    return _locked(session, Retro.sprint_id == sprint_id)


def locked(session: Session, retro_id: int) -> Retro:
    """The retro with its sprint, team and notes, for deciding something about it. Raises Refusal when there is none."""
    return _locked(session, Retro.id == retro_id)


def _locked(session: Session, condition: Any) -> Retro:
    members = joinedload(Retro.sprint).joinedload(Sprint.team).selectinload(Team.members).joinedload(Membership.person)
    query = select(Retro).where(condition).options(members, selectinload(Retro.notes).joinedload(Note.pointers))
    found = session.scalar(query.with_for_update(of=Retro).execution_options(populate_existing=True))
    if found is None:
        raise Refusal("This retro is gone. `/retro show` shows the last one.")
    return found


def load(session: Session, retro_id: int) -> Retro:
    """The retro with everything that is shown of it. Raises Refusal when there is none."""
    return _whole(session, _BY_ID, retro_id)


def of_sprint(session: Session, sprint_id: int) -> Retro:
    """The retro of this sprint with everything that is shown of it. Raises Refusal when there is none."""
    return _whole(session, _BY_SPRINT, sprint_id)


def find(session: Session, sprint_id: int) -> Retro | None:
    """The retro of this sprint with everything that is shown of it; None where nobody wrote anything."""
    found = session.scalar(select(Retro.id).where(Retro.sprint_id == sprint_id))
    return load(session, found) if found is not None else None


def _whole(session: Session, query: Select[Retro], number: int) -> Retro:
    retro = session.scalar(query, {"number": number})
    if retro is None:
        raise Refusal("This retro is gone. `/retro show` shows the last one.")
    of_it = {"retro": retro.id}
    set_committed_value(retro, "notes", session.scalars(_NOTES, of_it, execution_options=teams.AFRESH).unique().all())
    set_committed_value(retro, "answers", session.scalars(_ANSWERS, of_it, execution_options=teams.AFRESH).all())
    me_toos = session.scalars(_ME_TOOS, of_it, execution_options=teams.AFRESH).all() if retro.notes else ()
    for note in retro.notes:
        set_committed_value(note, "me_toos", [each for each in me_toos if each.note_id == note.id])
    teams.load_members(session, retro.sprint.team)
    return retro


# Built once: building them takes as long as running them.
_WHOLE = (
    select(Retro)
    .options(joinedload(Retro.sprint).joinedload(Sprint.team), joinedload(Retro.facilitator))
    .execution_options(populate_existing=True)
)
_BY_ID = _WHOLE.where(Retro.id == bindparam("number"))
_BY_SPRINT = _WHOLE.where(Retro.sprint_id == bindparam("number"))
_OF_IT = Note.retro_id == bindparam("retro")
_POINTERS = joinedload(Note.pointers).joinedload(NotePointer.person)
_NOTES = select(Note).where(_OF_IT).order_by(Note.id).options(joinedload(Note.author), _POINTERS)
_ME_TOOS = select(MeToo).join(Note, Note.id == MeToo.note_id).where(_OF_IT)
_ANSWERS = (
    select(RetroAnswer)
    .where(RetroAnswer.retro_id == bindparam("retro"))
    .order_by(RetroAnswer.sent_at, RetroAnswer.person_id)
    .options(joinedload(RetroAnswer.person))
)


def to_show(session: Session, team: Team) -> Retro | None:
    """The team's retro that people want to read: the last one that was asked for, whole; else the one being written."""
    query = select(Retro.id).join(Sprint).where(Sprint.team_id == team.id).order_by(Sprint.starts_on.desc()).limit(1)
    found = session.scalar(query.where(Retro.opened_at.is_not(None))) or session.scalar(query)
    return load(session, found) if found is not None else None


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
    return [note for note in retro.notes if not _is_hidden(retro) or is_of(note, person_id)]


def writers(note: Note) -> set[str]:
    """The ids of everybody named on a note."""
    return {note.author_id, *(each.person_id for each in note.pointers)}


def is_of(note: Note, person_id: str | None) -> bool:
    """Whether it is this person's note, alone or with others."""
    return person_id in writers(note)


def names(note: Note) -> list[str]:
    """The names behind a note, its author's first."""
    return [note.author.name, *(each.person.name for each in note.pointers)]


def written_by(retro: Retro) -> list[str]:
    """The names of those who have answered, and once it is revealed of all who wrote."""
    people = {answer.person_id: answer.person.name for answer in retro.answers}
    if not _is_hidden(retro):
        for note in retro.notes:
            people |= {note.author_id: note.author.name, **{each.person_id: each.person.name for each in note.pointers}}
    return list(people.values())


def waiting_for(retro: Retro, now: datetime) -> list[Person]:
    """The members who have not answered: nobody waits for who is away."""
    answered = {answer.person_id for answer in retro.answers}
    return [
        member.person
        for member in retro.sprint.team.members
        if member.person_id not in answered
        and not member.person.is_gone
        and not any(periods.is_away(away, now) for away in member.person.aways)
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


# --- answering --------------------------------------------------------------------------------------------------


def answer(
    session: Session, retro: Retro, person_id: str, *, now: datetime, but_ts: str | None = None, tell: bool = True
) -> None:
    """This person has said what they have to say. Said twice it is said once. The message `but_ts` shows it already.

    Where the whole turn is answered with it, their messages say that, and need not be told of it by themselves.
    """
    if retro.opened_at is None:
        return
    said = insert(session, RetroAnswer).values(retro_id=retro.id, person_id=person_id, sent_at=now)
    session.execute(said.on_conflict_do_nothing(index_elements=["retro_id", "person_id"]))
    redraw(session, retro, now=now)
    home_refresh.touch(session, [person_id], now=now)
    if tell:
        redraw_prompts(session, retro, now=now, to=person_id, but_ts=but_ts)


def nothing_to_add(session: Session, sprint_id: int, *, by: str, now: datetime, but_ts: str | None) -> Retro:
    """Somebody has nothing to add to what stands there. Raises Refusal for somebody of another team."""
    retro = _locked(session, Retro.sprint_id == sprint_id)
    require_member(retro, by, to="answer its retro")
    require_open(retro)
    answer(session, retro, by, now=now, but_ts=but_ts)
    return retro


def redraw_prompts(
    session: Session, retro: Retro, *, now: datetime, to: str | None = None, but_ts: str | None = None
) -> None:
    """Have the messages that ask for notes say what is true now: those to everybody, or to one person."""
    following = sequence.after(session, retro.sprint)
    if following is not None:
        prompt_posts.redraw_sent(session, cadence.ASKS, following.id, now=now, to=to, but_ts=but_ts)
    prompt_posts.redraw_sent(session, cadence.OLD_MARKS, retro.sprint_id, now=now, to=to, but_ts=but_ts)


def redraw_hidden(session: Session, person_ids: Sequence[str], *, now: datetime) -> None:
    """Have the boards of these people's teams say anew who is waited for, while their notes are hidden."""
    theirs = select(Membership.team_id).where(Membership.person_id.in_(person_ids))
    hidden = Retro.opened_at.is_not(None), Retro.revealed_at.is_(None), Retro.closed_at.is_(None)
    query = select(Retro.sprint_id).join(Sprint).where(Sprint.team_id.in_(theirs), *hidden).order_by(Retro.sprint_id)
    for sprint_id in session.scalars(query).all():
        posts.redraw(session, CARD, sprint_id, now=now)


def redraw(session: Session, retro: Retro, *, now: datetime) -> None:
    """Have the board drawn again."""
    posts.redraw(session, CARD, retro.sprint_id, now=now)
