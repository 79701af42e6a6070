"""One company's life, step by step, judged after each step."""

import gc
from dataclasses import dataclass
from datetime import timedelta

from jobs import JOBS
from tests.simulation import founding
from tests.simulation.company import INTAKE, Bot, Company
from tests.simulation.pasts import PASTS
from tests.simulation.people import People
from tests.simulation.rules import RULES, Seen
from tests.simulation.weather import Weather

STEPS = 10
BUSY = 0.5  # of the steps people act; in the others time passes
AT_A_TIME = (1, 2, 3, 5)  # acts
ODD = 0.3  # how often some job has its tick between two acts
QUIET = timedelta(hours=9)  # the longest time in which nothing happens
CALM_ROUNDS = 70  # of a good day, in which everything gets through
MINUTE = timedelta(seconds=61)
LEASES = timedelta(minutes=12)  # longer than the leases and waits that a bad day leaves behind
TEN_LINES = 10


class Broken(Exception):
    """A rule is broken: its sentence, and what broke it."""

    def __init__(self, sentence: str, what: str, company: Company) -> None:
        super().__init__(f"{sentence} {what}")
        self.sentence, self.what, self.seed, self.history = sentence, what, company.seed, company.history

    def told(self) -> str:
        """The last ten things that happened, and how to see it again."""
        lines = [
            f"Seed {self.seed}: {self.sentence}",
            f"  {self.what}",
            *(f"  {each}" for each in self.history[-TEN_LINES:]),
        ]
        return "\n".join([*lines, f"Again: make simulate SEED={self.seed}"])


@dataclass
class Life:
    """A company that is about to live."""

    company: Company
    steps: int = STEPS

    def live(self) -> None:
        """Live through it. Raises Broken."""
        company = self.company
        with company.alive():
            founding.found(company)
            self._people, self._seen = People(company), Seen(company.news)
            self._remembers()
            self._weather = Weather(company)
            self._weather.breaks()
            for _ in range(self.steps):
                self._step()
                self._judge()
            self._calm_down()
            self._judge(in_the_end=True)

    def _remembers(self) -> None:
        """On good days something happened already."""
        company, pasts = self.company, list(PASTS)
        past = pasts[company.seed % len(pasts)]
        company.note(f"before: {past}")
        for wish in PASTS[past]:
            company.by_hand = False
            if isinstance(wish, timedelta):
                company.pass_time(wish)
                company.work(may_die=False)
            else:
                self._people.goes_for(wish)
            company.later.work()
            company.tick(INTAKE)
            company.run_dry()
            self._judge()

    def _step(self) -> None:
        company, dice = self.company, self.company.dice
        company.by_hand = False
        if dice.random() < BUSY:
            for _ in range(dice.choice(AT_A_TIME)):
                self._people.act()
        else:
            self._time_passes()
        self._weather.changes()
        company.later.work(None if dice.random() < 0.8 else dice.randrange(3))
        if dice.random() < 0.5:
            company.deliver()
        if dice.random() < ODD:
            company.tick(dice.choice(JOBS))

    def _time_passes(self) -> None:
        company, dice = self.company, self.company.dice
        due = company.next_due()
        wait = timedelta(minutes=dice.randrange(1, int(QUIET.total_seconds() / 60)))
        if due is not None and dice.random() < 0.7:
            wait = min(max(due - company.now(), timedelta(seconds=dice.randrange(1, 90))), timedelta(days=3))
        company.pass_time(wait)
        company.note(f"… {wait} pass")
        company.work()
        for _ in range(dice.randrange(3)):
            company.pass_time(timedelta(seconds=dice.choice((1, 5, 61))))
            company.later.work()
            company.deliver()

    def _calm_down(self) -> None:
        """Let a good day pass until everything has got through, with longer and longer waits when nothing happens."""
        company = self.company
        self._weather.clears()
        company.note("a good day begins")
        company.by_hand = False
        wait, quiet = MINUTE, timedelta(0)
        for _ in range(CALM_ROUNDS):
            company.pass_time(wait)
            company.later.work()
            if company.work(may_die=False):
                wait, quiet = MINUTE, timedelta(0)
                company.run_dry()
            else:
                wait, quiet = 2 * wait, quiet + wait
            if quiet > LEASES:
                return

    def _judge(self, *, in_the_end: bool = False) -> None:
        with self.company.db.read() as session:
            for rule in RULES:
                for what in rule.broken(self.company, session, self._seen) if in_the_end or not rule.in_the_end else ():
                    raise Broken(rule.sentence, what, self.company)


def live(bot: Bot, seed: int, steps: int = STEPS) -> Company:
    """Live through the company of this seed. Raises Broken."""
    gc.disable()  # walking through all that is loaded takes a tenth of the time
    try:
        company = Company(bot, seed)
        Life(company, steps).live()
        return company
    finally:
        gc.enable()
