"""What people see when somebody asks for feedback: the form, the question, and who has answered."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.calendar.wording import weekday
from bot.domain.feedback.asks import MOST_PEOPLE, QUESTION_LENGTH, Asking, AskOverview, Question
from bot.domain.feedback.sealing import Words
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.feedback import letters
from bot.views.kit import Fields, View, keys

ASK = "feedback_ask"
ASK_BUTTON = "feedback_ask_others"
ANSWER = "feedback_answer"


def form(until: date) -> View:
    """Whom, what, and by when."""
    question = kit.text_input(
        "question", multiline=True, most=QUESTION_LENGTH, placeholder="What should I do more of in our demos?"
    )
    people = kit.picker("multi_users_select", "people", most=MOST_PEOPLE)
    return kit.modal(
        ASK,
        "Ask for feedback",
        [
            kit.field(
                "people", "People to ask", people, hint=f"Up to {MOST_PEOPLE} people who saw what you ask about."
            ),
            kit.field("question", "Your question", question, hint="People answer one question, and leave five."),
            kit.field("until", "By when", kit.date_input("until", until)),
            kit.context(
                "Each person gets one message in their working hours, and at most one reminder. Only you read their answers."
            ),
        ],
        submit="Ask",
        close="Cancel",
    )


def read_form(view: Mapping[str, Any]) -> Asking:
    """Whom, what, and by when."""
    fields = Fields(view)
    return Asking(keys.sent(view), fields.people("people"), fields.text("question"), fields.date("until"))


def asking(asked: Question) -> Message:
    """The question, to one of those who are asked."""
    return _asking(asked, "asks for your feedback")


def reminder(asked: Question) -> Message:
    """The only reminder."""
    return _asking(asked, "would still be glad of your feedback")


def _asking(asked: Question, verb: str) -> Message:
    head = f"{kit.mention(asked.ask.asker_id)} {verb}, by {weekday(asked.ask.until)}:"
    question = kit.escape(asked.question)
    foot = (
        "You answered. Thank you!"
        if asked.is_answered
        else "Prickle shows your answer to nobody else. Three lines are plenty."
    )
    answer = kit.actions(kit.button("Answer", ANSWER, str(asked.ask.id), style="primary"))
    blocks = [kit.section(head), kit.section(question), kit.context(foot)]
    return Message(f"{head}\n{question}\n{foot}", [*blocks, *([] if asked.is_answered else [answer])])


def answer_form(asked: Question) -> View:
    """The three prompts, below the question."""
    head = kit.section(f"*{kit.escape(asked.ask.asker.name)}* asks: {kit.escape(asked.question)}")
    return kit.modal(
        ANSWER,
        "Give feedback",
        [head, *letters.prompt_fields(Words(""))],
        submit="Send",
        close="Cancel",
        metadata=str(asked.ask.id),
    )


def read_answer(view: Mapping[str, Any]) -> tuple[int, str, Words]:
    """The ask's id, what makes it the same answer, and its words."""
    return keys.number(view["private_metadata"]), keys.sent(view), letters.read_words(view)


def overview(shown: AskOverview) -> Message:
    """Who has answered, for the asker; the answers are messages of their own."""
    there = [each for each in shown.ask.asked if each.answered_at is not None]
    missing = [each for each in shown.ask.asked if each.answered_at is None]
    head = f"You asked for feedback, by {weekday(shown.ask.until)}:"
    question = kit.escape(shown.question)
    lines = [
        *([f"✅ {kit.names([kit.mention(each.person_id) for each in there])}"] if there else []),
        *([f"⏳ {kit.names([kit.mention(each.person_id) for each in missing])}"] if missing else []),
    ]
    blocks = [kit.section(f"{head}\n{question}"), kit.context(" · ".join(lines))]
    return Message("\n".join([head, question, *lines]), blocks)
