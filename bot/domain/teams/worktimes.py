"""When somebody works: by their own clock, on the working days of their country or their team's."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company
from bot.domain.teams import teams
from models.company import Person

BEGINS, ENDS = time(9), time(17)
AT = time(10)  # when somebody is asked something on a day


@dataclass(frozen=True)
class Worktime:
    """A person's IANA zone and working days."""

    zone: str
    calendar: Calendar

    def today(self, now: datetime) -> date:
        """The date on the person's wall."""
        return cadence.local_date(now, self.zone)

    def next(self, now: datetime) -> datetime:
        """`now`, if they are at work; else ten o'clock of the next working day, which may be today."""
        local, today = now.astimezone(ZoneInfo(self.zone)).time(), self.today(now)
        if self.calendar.is_working_day(today) and BEGINS <= local < ENDS:
            return now
        return self.ten(self.calendar.working_day(today) if local < BEGINS else self.calendar.next_working_day(today))

    def ten(self, day: date) -> datetime:
        """Ten o'clock of a day, in UTC."""
        return cadence.instant(day, AT, self.zone)

    def over(self, day: date) -> datetime:
        """When this day is over, in UTC."""
        return cadence.instant(day + cadence.A_DAY, time(), self.zone)


def for_person(session: Session, person: Person) -> Worktime:
    """When this person works."""
    settings, team = company.current(session), teams.for_person(session, person.id)
    zone = person.zone or (team.zone if team else settings.zone)
    return Worktime(
        zone, Calendar(person.weekend or settings.weekend, person.country or (team.country if team else None))
    )
