"""What a remark in a channel is: nothing to act on, a call for help, a request, or something in doubt.

A line that asks anything real is never nothing. It is nothing only when each word of it is a known courtesy, and it has no
question mark; whatever else is left makes it a request, or one in doubt.
"""

import re
from enum import StrEnum

from bot.domain.text import courtesies
from bot.domain.text.courtesies import Courtesy, Part


class Kind(StrEnum):
    """What is to be made of a line."""

    NOTHING = "nothing"
    HELP = "help"
    REQUEST = "request"
    DOUBTFUL = "doubtful"


LONG = 2_000  # characters; nobody is polite for so long
FEW = 4  # words that are no courtesy; somebody who wrote so many says something
_MENTION = re.compile(r"<[@!#][^<>]*>")
_LINK = re.compile(r"<[^<>@!#\s][^<>]*>|\bhttps?://\S+")
_EMOJI = re.compile(r"(?<![\w:]):[a-z0-9_+'-]+:(?::skin-tone-\d:)?", re.IGNORECASE)
_EMOTICON = re.compile(
    r"(?<!\S)(?:[:;=8][-o'^]?[)(\]\[dpo/|*3]|&?l?t?;?<?3(?=\s|$)|[+-]\d+|\^+|\\o/|o/|-?_+-?)(?!\S)", re.IGNORECASE
)
_ASKS = re.compile("[?？؟]")
# Who uses one of these wants something, if there is also something to want.
_WISHES = courtesies.folded("""
want wants wanted need needs needed can could would should how what which why where when who whether does wondering wonder
help idea possible is are do did any anyone anybody someone somebody looking trying try like wish suggest recommend advice
mochte mochten wollen will konnen kann konnte konnten brauchen brauche braucht wie was welche warum wo wann ob hilfe idee
gibt suchen wunsche wunschen
voudrais voudrions aimerais aimerions voulons veux peut peux pouvez pourrait pourriez besoin comment pourquoi quel quelle
quels quelles est-ce aider idee cherche cherchons souhaite
queremos quiero podemos puede puedo podeis podria podriamos necesitamos necesito como que cual cuando donde ayuda ayudar
idea hay buscamos
precisamos preciso podemos pode posso poderia gostaria gostariamos quero quais qual quando onde ajudar ajuda ideia temos
vogliamo voglio vorrei vorremmo possiamo potete posso potrebbe serve bisogno come cosa quale quando dove aiutare aiuto
willen wil kunnen kan zouden zou nodig hoe wat welke waarom waar wanneer hulp idee zoeken graag
vill behover kan skulle hur vad potrzebujemy chcemy mozna jak czy istiyoruz nasil хотим нужно можно как хочемо треба можна як
""")
_WISHES_WITHOUT_SPACES = re.compile(
    "ですか|ますか|たい|ほしい|欲しい|ください|下さい|でしょうか|か$|吗|怎么|想|需要|可以|能否|습니까|까요|싶|나요"
)
# Who begins with one of these tells something to everybody, and asks for nothing as a rule.
_TELLS = courtesies.folded(
    "fyi psa btw reminder announcement info hinweis erinnerung rappel recordatorio aviso promemoria"
)
# A thank-you may name what it is for, in words that are also a wish. These are none.
_MORE = courtesies.folded("""
can could would should want need also how but however another still konnt konnte konntet konnten kann noch aber auch wie
pouvez pourriez pourrait mais aussi comment podeis podria pero tambien como poderia mas tambem potete potreste ma anche
kunnen kunt maar ook hoe
""")


# A line that only consists of fillers, or of a "please", wants something that it does not say.
_ENOUGH = {Courtesy.GREETING, Courtesy.SMALL_TALK, Courtesy.THANKS, Courtesy.CHEER}


def read(text: str, *, has_files: bool = False) -> Kind:
    """What a line is, as Slack tells of it: mentions as `<@U1>`, emoji as `:wave:`; the one of ourselves left out.

    A file says something that is not read here, so with one it is never nothing.
    """
    if len(text) > LONG:
        return Kind.REQUEST
    found = _said(text)
    kinds = {part.courtesy for part in found}
    asks = bool(_ASKS.search(_LINK.sub(" ", text)))
    is_doubtful = has_files or Courtesy.OPENING in kinds
    content = [part for part in found if part.courtesy is None]
    if content:
        return _with_content(found, content, asks=asks)
    if (
        kinds
        and kinds <= {Courtesy.HELP, Courtesy.GREETING, Courtesy.PLEASE, Courtesy.FILLER}
        and Courtesy.HELP in kinds
    ):
        return Kind.DOUBTFUL if has_files else Kind.HELP
    if asks and Courtesy.SMALL_TALK not in kinds:
        is_doubtful = True
    if kinds and not kinds & _ENOUGH:
        is_doubtful = True
    return Kind.DOUBTFUL if is_doubtful else Kind.NOTHING


def _said(text: str) -> list[Part]:
    plain = _LINK.sub(" linkedpage ", _MENTION.sub(" ", text))
    for nothing in (_EMOJI, _EMOTICON):
        plain = nothing.sub(" ", plain)
    return courtesies.parts(plain)


def _with_content(found: list[Part], content: list[Part], *, asks: bool) -> Kind:
    first = found[0]
    words = {word for part in found for word in part.words}
    many = sum(map(courtesies.weight, content))
    thanks = first.courtesy is Courtesy.THANKS
    if thanks and not (asks or words & _MORE):
        return Kind.DOUBTFUL
    if first.courtesy is None and words & _TELLS and first.words[0] in _TELLS and not asks:
        return Kind.DOUBTFUL
    if many >= FEW or (many > 1 and (asks or _wishes(words))):
        return Kind.REQUEST
    return Kind.DOUBTFUL


def _wishes(words: set[str]) -> bool:
    return bool(words & _WISHES) or any(_WISHES_WITHOUT_SPACES.search(word) for word in words)
