"""What the plan's messages say."""

from bot.domain.outbox.posts import Message
from bot.domain.planning import carrying, comments, items
from bot.views.planning import comments as comment_views
from bot.views.planning import plans as plan_views
from jobs.drawing import Drawing, Draws


def _comment(card: Drawing) -> Message:
    comment = comments.load(card.session, card.subject)
    return comment_views.card(comment)


def _meanwhile(card: Drawing) -> Message:
    return plan_views.meanwhile(items.with_owner(card.session, card.subject))


CARDS: Draws = {
    comments.CARD: _comment,
    carrying.CARD: _meanwhile,
}
