"""Moving through time: the clocks go from one moment at which something happens to the next, and everybody catches up."""

import logging
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from sandbox.people.cast import Cast, Line
from sandbox.people.hands import Hands
from sandbox.world import passing
from sandbox.world.core import Core
from sandbox.world.errors import AppFailed, SandboxError
from sandbox.world.values import Json

WEEK = 7 * 24 * 3600.0
FARTHEST = 366 * 24 * 3600.0
"""Seconds that one journey may take; who asks for more has mistyped the year."""
PAUSE = 0.3
"""Real seconds at each stop, so that people see messages appear."""
PAUSES = 20.0
"""Real seconds that all pauses of one journey take together, however many stops it has."""
ROUNDS = 4
"""How often, at one stop, people answer what others have just done."""
IDLE_STOPS = 3
"""How often something may be due and stay due before time goes on without it."""
LONGEST = 60
"""Seconds of the clock that one stop may take until all is said."""
IDLE_STEP = 3600.0
"""Seconds by which it then goes on."""


@dataclass(frozen=True)
class Journey:
    """One way through time, in epoch seconds. `kind` is "next", "jump" or "week"."""

    kind: str
    start: float
    end: float
    is_lively: bool = False

    def json(self, now: float) -> Json:
        """How far it is, as the page shows it."""
        length = self.end - self.start
        share = min(1.0, max(0.0, (now - self.start) / length)) if length > 0 else 1.0
        return {"kind": self.kind, "start": self.start, "end": self.end, "share": round(share, 4)}


class Journeys:
    """The time control of a server's workspace: one journey at a time, each in a thread of its own."""

    def __init__(
        self,
        workspace: Callable[[], Core],
        hands: Callable[[], Hands | None],
        lines: Callable[[], Sequence[Line]],
    ) -> None:
        self._workspace = workspace
        self._hands = hands
        self._lines = lines
        self._casts: WeakKeyDictionary[Core, Cast] = WeakKeyDictionary()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._journey: Journey | None = None
        self._thread: threading.Thread | None = None

    def shown(self) -> Json:
        """What the page needs to know: may time be moved, and is a journey under way?"""
        journey = self._journey
        now = self._workspace().clock()
        return {"control": self._hands() is not None, "run": journey.json(now) if journey else None}

    def next_prompt(self) -> tuple[float | None, Sequence[str]]:
        """When somebody will be asked next, in epoch seconds, and who, by id; while nobody is, when something happens.

        None if nothing ever does. Raises SandboxError without hands.
        """
        hands = self._need_hands()
        prompt = hands.next_prompt()
        if prompt is not None:
            return prompt[0].timestamp(), prompt[1]
        moment = hands.next_moment()
        return (moment.timestamp() if moment is not None else None), ()

    def go_to_next(self) -> None:
        """Set out for the next moment at which somebody will be asked. Raises SandboxError."""
        moment = None if self._journey else self.next_prompt()[0]
        if moment is None:
            self._refuse_a_second()
            raise SandboxError("Nothing is planned, so there is no next prompt to jump to.")
        self._set_out("next", lambda now: max(now, moment))

    def go_to(self, moment: float) -> None:
        """Set out for a moment (epoch seconds). Raises SandboxError for one that is over."""
        self._set_out("jump", lambda _now: moment)

    def run_week(self) -> None:
        """Set out for seven days, in which those act whom no open page shows. Raises SandboxError."""
        self._set_out("week", lambda now: now + WEEK, is_lively=True)

    def stop(self) -> None:
        """End the journey at its next stop; time stays where it is then."""
        self._stopped.set()

    def wait(self, timeout: float = 60.0) -> bool:
        """Wait until no journey is under way; False after `timeout` seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        return thread is None or not thread.is_alive()

    def _need_hands(self) -> Hands:
        hands = self._hands()
        if hands is None:
            raise SandboxError("Time cannot be moved here: nobody has given the sandbox hands for it.")
        return hands

    def _refuse_a_second(self) -> None:
        if self._journey is not None:
            raise SandboxError("Time is moving already. Stop it first.")

    def _set_out(self, kind: str, end: Callable[[float], float], *, is_lively: bool = False) -> None:
        hands, ws = self._need_hands(), self._workspace()
        with self._lock:
            self._refuse_a_second()
            now = ws.clock()
            journey = Journey(kind, now, end(now), is_lively)
            _check(journey)
            self._journey = journey
            self._stopped.clear()
            self._thread = threading.Thread(
                target=self._travel, args=(ws, hands, journey), name="sandbox-journey", daemon=True
            )
            self._thread.start()

    def _travel(self, ws: Core, hands: Hands, journey: Journey) -> None:
        trouble = None
        try:
            self._stops(ws, hands, journey)
        except SandboxError as error:
            trouble = str(error)
        except AppFailed as error:
            trouble = error.sentence
        except Exception as error:
            logging.getLogger(__name__).exception("Moving through time failed")
            trouble = f"Time has stopped, because something failed: {type(error).__name__}: {error}"
        self._journey = None
        _tell(ws, {"run": None, "trouble": trouble})

    def _stops(self, ws: Core, hands: Hands, journey: Journey) -> None:
        pauses, idle = PAUSES, 0
        self._catch_up(ws, hands, journey)
        while not self._stopped.is_set() and (now := ws.clock()) < journey.end:
            moment = hands.next_moment()
            wish = moment.timestamp() if moment is not None else math.inf
            idle = idle + 1 if wish <= now else 0
            if idle > IDLE_STOPS:
                wish, idle = now + IDLE_STEP, 0
            _move(ws, hands, min(max(wish, now), journey.end))
            self._catch_up(ws, hands, journey)
            if journey.is_lively and pauses > 0:
                pauses -= PAUSE
                self._stopped.wait(PAUSE)

    def _catch_up(self, ws: Core, hands: Hands, journey: Journey) -> None:
        """Let everything happen that is due now, and show how far we are."""
        _tell(ws, {"run": journey.json(ws.clock())})
        _settle(ws, hands)
        cast, rounds = self._casts.setdefault(ws, Cast()), ROUNDS if journey.is_lively else 0
        while rounds and cast.play(ws, self._lines()):
            _settle(ws, hands)
            rounds -= 1


def _check(journey: Journey) -> None:
    if journey.end < journey.start:
        raise SandboxError("That moment is over already. Time only moves forward.")
    if journey.end > journey.start + FARTHEST:
        raise SandboxError("That is more than a year ahead. Please choose a nearer day.")


def _move(ws: Core, hands: Hands, moment: float) -> None:
    # Reading the clock takes time too, so that a moment which is due just now may be over by a few microseconds.
    moment = max(moment, ws.clock() + 0.001)
    passing.move_to(ws, moment)
    hands.move_to(datetime.fromtimestamp(moment, UTC))


def _settle(ws: Core, hands: Hands) -> None:
    """Have everything done that is due. What is said at a pace, a message a second, costs no real seconds."""
    for _ in range(LONGEST):
        done = hands.settle()
        passing.settle(ws)
        if done:
            return
        _move(ws, hands, ws.clock() + 1)


def _tell(ws: Core, facts: Json) -> None:
    with ws.lock:
        ws.notices.publish({"type": "clock", "now": ws.clock(), **facts})
