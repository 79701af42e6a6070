"""What the plan's messages say."""

from bot.domain.outbox.posts import Message
from bot.domain.planning import comments
from bot.views.planning import comments as comment_views
from jobs.drawing import Drawing, Draws


def _comment(card: Drawing) -> Message:
    comment = comments.load(card.session, card.subject)
    return comment_views.card(comment)


CARDS: Draws = {
    comments.CARD: _comment,
}
