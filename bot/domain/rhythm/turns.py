"""The turn from one sprint to the next, once people have answered: the reveal, the lead's message, and finalizing."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.domain.calendar import asking_times, cadence, periods
from bot.domain.calendar.asking_times import Whereabouts
from bot.domain.calendar.cadence import PromptKind
from bot.domain.outbox import posts, prompt_posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.planning import carrying, finalizing, reopening
from bot.domain.planning.finalizing import Final
from bot.domain.retros import openings, retros, revealing
from bot.domain.rhythm import voices
from bot.domain.rhythm.occurrences import prompt_key
from bot.domain.sprints import cards, sequence, sprints
from bot.domain.teams import teams
from models.outbox import Card, Post, PostState
from models.retros import Retro
from models.sprints import Answer, Sprint
from models.teams import Membership

NUDGE_CARD = Card.OPEN_PLAN  # one line in the plan's thread, where the plan is still open the working day after
AT_ONCE = 20


# --- by the clock -----------------------------------------------------------------------------------------------


def due(session: Session, now: datetime) -> bool:
    """Whether any turn is to be looked at. It takes no lock."""
    return session.scalar(_due(now).limit(1)) is not None


def _due(now: datetime) -> Select[int]:
    waiting = Sprint.gathers_at <= now, Sprint.closed_at.is_(None)
    is_free = set_asides.not_aside(What.GATHERING, Sprint.id, now)
    return select(Sprint.id).where(*waiting, Sprint.team_id.in_(openings.able_to_meet()), is_free)


def look_at_due(session: Session, *, now: datetime) -> int:
    """Look at some of the turns that may have gathered everybody, or are over. Call it until it returns 0."""
    query = _due(now).order_by(Sprint.id).limit(AT_ONCE).with_for_update(of=Sprint, skip_locked=True)
    found = session.scalars(query).all()
    set_asides.each(session, What.GATHERING, found, lambda ids: _look_at(session, ids, now), now=now)
    return len(found)


def _look_at(session: Session, sprint_ids: Sequence[int], now: datetime) -> None:
    for sprint_id in sprint_ids:
        _look(session, sprints.load(session, sprint_id, lock=True), now)


def _look(session: Session, sprint: Sprint, now: datetime, answered_by: str | None = None) -> None:
    if sprint.asked_at is None or not _can_meet(sprint):
        return
    if sprint.gathered_at is not None:
        _settle(session, sprint, now)
        _ask_the_team(session, sprint, now)
        return
    found = voices.gathers(session, sprint, now=now)
    if found.at is not None and found.at <= now:
        gather(session, sprint, now=now, answered_by=answered_by)
    else:
        sprint.gathers_at = found.look_at
        session.flush()


def _settle(session: Session, sprint: Sprint, now: datetime) -> None:
    """The turn is over. A plan that nobody finalized says from now on that it runs as people wrote it."""
    if sprint.gathers_at is not None and sprint.gathers_at <= now:
        sprint.gathers_at = None
        cards.redraw(session, sprint, now=now)


def _can_meet(sprint: Sprint) -> bool:
    team = sprint.team
    return team.paused_at is None and team.channel_lost is None and not teams.is_forming(team)


def look_again(session: Session, sprint_id: int, *, now: datetime) -> None:
    """Somebody went away or came back: perhaps nobody is waited for any more."""
    sprint = sprints.load(session, sprint_id, lock=True)
    carrying.settle(session, sprint, now=now)
    _look(session, sprint, now)


def answered(session: Session, sprint: Sprint, by: str, *, now: datetime) -> None:
    """Somebody answered the turn to this sprint, which is locked and whole: perhaps they were the last one."""
    _look(session, sprint, now, answered_by=by)


# --- the reveal and what comes with it --------------------------------------------------------------------------


def gather(session: Session, sprint: Sprint, *, now: datetime, answered_by: str | None = None) -> None:
    """Nobody is waited for any more: the notes of the sprint before are revealed, and the lead is asked to finalize.

    A lead who was the last to answer finds *Finalize* in the receipt of that, and gets no message.
    """
    sprint.gathered_at, sprint.gathers_at = now, sprint.settles_at if sprint.finalized_at is None else None
    _reveal(session, sprint, now)
    session.flush()
    lead = teams.lead_of(sprint.team)
    if sprint.finalized_at is None:
        has_asked_itself = lead is not None and lead.person_id == answered_by
        asked_at = now if has_asked_itself else _ask_lead(session, sprint, lead, now)
        _plan_nudge(session, sprint, lead, asked_at, now)
    prompt_posts.redraw_sent(session, cadence.ASKS, sprint.id, now=now)
    cards.redraw(session, sprint, now=now)


def _reveal(session: Session, sprint: Sprint, now: datetime) -> None:
    earlier = select(Retro.id).join(Sprint).where(Sprint.team_id == sprint.team_id, Sprint.starts_on < sprint.starts_on)
    hidden = Retro.opened_at.is_not(None), Retro.revealed_at.is_(None), Retro.closed_at.is_(None)
    for retro_id in session.scalars(earlier.where(*hidden).order_by(Retro.id)).all():
        revealing.reveal(session, retros.locked(session, retro_id), now=now)


def _ask_lead(session: Session, sprint: Sprint, lead: Membership | None, now: datetime) -> datetime:
    """The lead's message: at once, in their next working hour, or to the team where the lead can't. Returns when."""
    team, at, to = sprint.team, now, sprint.team.channel_id
    if lead is not None and finalizing.why_not_the_lead(session, team, sprint.starts_on, now) is None:
        rhythm, where = sprints.cadence_of(session, team), voices.asked_in(team, lead)
        at = cadence.in_working_hours(now, where.zone, asking_times.calendar_of(rhythm, where))
        away = any(periods.is_away(away, at) for away in lead.person.aways)
        at, to = (now, to) if away else (at, lead.person_id)
    zone = voices.asked_in(team, lead).zone if lead is not None else team.zone
    night = cadence.instant(cadence.local_date(at, zone), asking_times.NIGHT, zone)
    prompt_posts.ask(
        session,
        prompt_key(PromptKind.LEAD, team.id, sprint.starts_on, to),
        PromptKind.LEAD,
        sprint.id,
        to,
        due_at=at,
        expires_at=max(min(at + asking_times.PROMPT_LIVES, night), at + timedelta(hours=1)),
        now=now,
        again=True,
    )
    return at


def _ask_the_team(session: Session, sprint: Sprint, now: datetime) -> None:
    """The lead went away, fell ill or left after they were asked: the team is asked, unless it was before."""
    if not _awaits_finalizing(sprint):
        return
    if finalizing.why_not_the_lead(session, sprint.team, sprint.starts_on, now) is not None:
        _ask_unless_asked(session, sprint, sprint.team.channel_id, now)


def lead_changed(session: Session, sprint_id: int, *, now: datetime) -> None:
    """Somebody else leads the team: what the lead before them was asked, they are asked now."""
    sprint = sprints.load(session, sprint_id, lock=True)
    lead = teams.lead_of(sprint.team)
    if lead is not None and _awaits_finalizing(sprint) and _can_meet(sprint):
        can = finalizing.why_not_the_lead(session, sprint.team, sprint.starts_on, now) is None
        _ask_unless_asked(session, sprint, lead.person_id if can else sprint.team.channel_id, now)
        prompt_posts.redraw_sent(session, cadence.LEAD, sprint.id, now=now)


def _awaits_finalizing(sprint: Sprint) -> bool:
    """Whether the plan is the lead's to finalize, and its turn is not over."""
    return sprint.gathered_at is not None and sprint.finalized_at is None and sprint.gathers_at is not None


def _ask_unless_asked(session: Session, sprint: Sprint, to: str, now: datetime) -> None:
    asked = Post.subject_id == sprint.id, Post.card == PromptKind.LEAD, Post.channel_id == to
    unless = Post.message_ts.is_not(None) | (Post.state == PostState.DUE)
    if session.scalar(select(Post.id).where(*asked, unless).limit(1)) is None:
        _ask_lead(session, sprint, teams.lead_of(sprint.team), now)


def _plan_nudge(session: Session, sprint: Sprint, lead: Membership | None, asked_at: datetime, now: datetime) -> None:
    """One line in the plan's thread the working day after, unless the plan is final by then."""
    team, rhythm = sprint.team, sprints.cadence_of(session, sprint.team)
    where = voices.asked_in(team, lead) if lead is not None else Whereabouts(team.zone, team.country)
    calendar = asking_times.calendar_of(rhythm, where)
    day = calendar.next_working_day(cadence.local_date(asked_at, where.zone))
    due_at = cadence.instant(day, rhythm.nudge_at, where.zone)
    under = posts.card_of(session, cards.PLAN_CARD, sprint.id)
    row = posts.card_row(NUDGE_CARD, sprint.id, team.channel_id, now=now, wait=due_at - now, under=under)
    posts.write_rows(session, [{**row, "expires_at": due_at + asking_times.PROMPT_LIVES}])


# --- earlier than that ------------------------------------------------------------------------------------------


def reveal(session: Session, retro_id: int, *, by: str, now: datetime) -> Retro:
    """Reveal a retro's notes before all have answered: the lead is asked with it.

    Raises Refusal for somebody of another team, and for notes that are not to be revealed.
    """
    retro = retros.locked(session, retro_id)
    revealing.require_revealable(retro, by)
    following = sequence.after(session, retro.sprint)
    if following is not None and following.asked_at is not None and following.gathered_at is None:
        gather(session, sprints.load(session, following.id, lock=True), now=now)
    else:
        revealing.reveal(session, retro, now=now)
    return retro


def finalize(session: Session, final: Final, *, by: str, now: datetime) -> Sprint:
    """Make the plan final. Before all have answered the notes are revealed first, in the same act.

    Raises Refusal where `finalizing.finalize` does.
    """
    team = teams.get(session, final.team_id)
    finalizing.require_finalizer(session, team, by, final.starts_on, now)
    found = sprints.find(session, team, final.starts_on)
    if found is not None and found.asked_at is not None and found.gathered_at is None:
        sprint = sprints.load(session, found.id, lock=True)
        sprint.gathered_at, sprint.gathers_at = now, None
        _reveal(session, sprint, now)
        session.flush()
    sprint = finalizing.finalize(session, final, by=by, now=now)
    prompt_posts.redraw_sent(session, [*cadence.ASKS, *cadence.LEAD], sprint.id, now=now)
    return sprint


def reopen(session: Session, sprint_id: int, *, by: str, now: datetime) -> Sprint | None:
    """Reopen a final plan, and ask the lead again. None where it is open already.

    Raises Refusal where `reopening.reopen` does.
    """
    sprint = sprints.load(session, sprint_id, lock=True)
    if not reopening.reopen(session, sprint, by=by, now=now):
        return None
    sprint = sprints.load(session, sprint_id, lock=True)
    if sprint.gathered_at is not None:
        sprint.gathers_at = sprint.settles_at
        lead = teams.lead_of(sprint.team)
        _plan_nudge(session, sprint, lead, _ask_lead(session, sprint, lead, now), now)
    session.flush()
    prompt_posts.redraw_sent(session, [*cadence.ASKS, *cadence.LEAD], sprint.id, now=now)
    return sprint


def open_turns(session: Session, person_ids: Iterable[str]) -> list[int]:
    """The sprints of these people's teams whose turn goes on."""
    team_ids = select(Membership.team_id).where(Membership.person_id.in_(person_ids))
    query = select(Sprint.id).where(Sprint.team_id.in_(team_ids), Sprint.asked_at.is_not(None))
    return list(
        session.scalars(query.where(Sprint.closed_at.is_(None), Sprint.finalized_at.is_(None)).order_by(Sprint.id))
    )


def asking(session: Session, person_id: str) -> Sequence[str]:
    """The keys of what stands in this person's DM and asks them about the turns that go on."""
    theirs = Post.channel_id == person_id, Post.card.in_(cadence.ASKS)
    query = select(Post.key).where(*theirs, Post.subject_id.in_(open_turns(session, [person_id])))
    return session.scalars(query).all()


def ask_again(session: Session, team_id: int, person_id: str, *, due_at: datetime, zone: str, now: datetime) -> bool:
    """Somebody is back who was away when the others were asked: they are asked now, instead of being welcomed.

    False where there is nothing to ask: nobody was, they have answered, or they were asked already.
    """
    query = select(Sprint).where(Sprint.team_id == team_id, Sprint.asked_at.is_not(None), Sprint.over_at > due_at)
    sprint = session.scalar(query.where(Sprint.closed_at.is_(None)).order_by(Sprint.starts_on.desc()).limit(1))
    if sprint is None or session.get(Answer, (sprint.id, person_id)) is not None:
        return False
    key = prompt_key(PromptKind.REMINDER, team_id, sprint.starts_on, person_id)
    if session.scalar(select(Post.id).where(Post.key == key)) is not None:
        return False
    whole = sprints.load(session, sprint.id)
    rhythm = sprints.cadence_of(session, whole.team)
    if cadence.local_date(due_at, zone) >= rhythm.opens_on(sprints.dates_of(sprint).next_on):
        return False
    part = voices.voices(session, whole, now=now).get(person_id)
    if part is None or (part.reminder is not None and part.reminder.at > due_at):
        return part is not None  # their reminder is still to come
    night = cadence.instant(cadence.local_date(due_at, zone), asking_times.NIGHT, zone)
    prompt_posts.ask(
        session,
        key,
        PromptKind.REMINDER,
        sprint.id,
        person_id,
        due_at=due_at,
        expires_at=min(due_at + asking_times.PROMPT_LIVES, night),
        now=now,
    )
    return True
