"""What the demo's teams asked of the AI team: one request at each stage of its life."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.domain.desks import filling, setups
from bot.domain.desks.setups import DeskForm
from bot.domain.intake import asking, briefs, checklists, claims, decisions, finishing, offers, requests
from bot.domain.intake.asking import Details
from bot.domain.intake.briefs import BriefDraft
from bot.domain.intake.decisions import DecisionForm
from bot.domain.intake.requests import Ask
from bot.domain.teams import teams
from bot.views.intake import claims as claim_views
from bot.views.intake import decisions as decision_views
from models.intake.decisions import Mode
from models.intake.requests import Request, Why
from models.outbox import Post, PostState

ASSISTANT, AGENT = "PostHog AI", "Array"


class Intake:
    """Two desks, and what came in. `people` are ids by name; everything happened before `now`."""

    def __init__(self, session: Session, people: Mapping[str, str], now: datetime) -> None:
        self._session = session
        self._people = people
        self._now = now

    def open(self) -> None:
        """The desks with their rota, then the requests, the oldest first."""
        self._desk(ASSISTANT, "The assistant in the product: its tools, its modes, and how it answers", "Kofi")
        self._desk(AGENT, "The coding agent, local and in the cloud, and what it works on by itself", "Omar")
        filling.fill_weeks(self._session, now=self._now)
        # On Monday they read of it: nobody hears on a Friday that this week is theirs.
        told = update(Post).where(Post.card == filling.CARD)
        self._session.execute(told.values(state=PostState.EXPIRED))
        self._advised()
        self._embedded()
        self._asked_back()
        self._vague()

    def _desk(self, name: str, owns: str, lead: str) -> None:
        team = teams.named(self._session, name)
        form = DeskForm(name, owns, team.id, self._people[lead], None, None)
        setups.save(self._session, None, form, by=self._people["Ivy"], now=self._now)

    def _advised(self) -> None:
        """Guidance that was given: what somebody with the same question finds."""
        at = self._now - timedelta(days=40)
        request = self._reach_out("Jonas", "Explain slow queries in plain words", at)
        due_on = (at + timedelta(days=10)).date()
        answer = DecisionForm(
            request.id,
            None,
            Mode.GUIDANCE,
            engineer=self._people["Elena"],
            due_on=due_on,
            words="Give the model the plan and the table sizes, not the query alone",
        )
        decisions.decide(self._session, answer, by=self._people["Elena"], now=at + timedelta(days=1))
        request, _ = finishing.finish(
            self._session, request.id, "", by=self._people["Elena"], now=at + timedelta(days=12)
        )
        request.returns_at = None  # its two questions were answered long ago

    def _embedded(self) -> None:
        """An engineer joins the team that asked, for the next two sprints of it that are free."""
        at = self._now - timedelta(days=6)
        request = self._reach_out("Yuki", "Summaries of crash reports, so that nobody reads a thousand of them", at)
        request = self._describe(request, "Yuki", Why.UNSUPPORTED, "A nightly script over the last hundred reports", at)
        draft = BriefDraft(
            request.id,
            0,
            "A release brings hundreds of reports, and the same crash hides behind many of them",
            "The people on call in a mobile team",
            "One paragraph a release: what is new, how many people, since when",
            "On call reads the paragraph and not the list",
        )
        briefs.write(self._session, draft, by=self._people["Yuki"], now=at + timedelta(hours=5))
        wish = DecisionForm(
            request.id, None, Mode.EMBED, engineer=self._people["Elena"], team=request.team_id, sprints=2
        )
        offer = offers.offer(self._session, wish, by=self._people["Kofi"], now=self._now)
        if offer.window is None:
            return
        start = offer.window.dates.starts_on
        answer = DecisionForm(
            request.id,
            None,
            Mode.EMBED,
            engineer=self._people["Elena"],
            team=request.team_id,
            sprints=2,
            starts_on=start,
        )
        decided = decisions.decide(self._session, answer, by=self._people["Kofi"], now=self._now)
        checklists.tick(self._session, request.id, "found", by=self._people["Yuki"], now=self._now)
        message = decision_views.decided_message(decided)
        requests.say(self._session, request, f"decided:{decided.decision.id}", message, now=self._now)

    def _asked_back(self) -> None:
        """A question stands in the thread, and its asker owes the next step."""
        at = self._now - timedelta(days=1)
        request = self._reach_out("Priya", "Find alerts that tell the same story twice", at)
        request, question = claims.ask(
            self._session,
            request.id,
            "How many alerts a day are we talking about?\nWho would switch one of them off?",
            by=self._people["Wei"],
            now=at + timedelta(hours=2),
        )
        message = claim_views.asked_message(request, question)
        requests.say(self._session, request, f"question:{question.id}", message, now=self._now)

    def _vague(self) -> None:
        """A line that nobody has looked at yet."""
        self._reach_out("Noor", "Could one find recordings in which people get lost?", self._now - timedelta(hours=8))

    def _reach_out(self, asker: str, words: str, at: datetime) -> Request:
        asked = Ask(f"demo:{asker}:{words[:40]}", self._people[asker], words)
        return requests.reach_out(self._session, asked, now=at).request

    def _describe(self, request: Request, by: str, why: Why, tried: str, at: datetime) -> Request:
        details = Details(request.title, why, tried, None, request.team_id)
        return asking.describe(self._session, request.id, details, by=self._people[by], now=at)
