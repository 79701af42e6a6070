"""Which Slack status says that somebody is away: its emoji does, or its whole text is such a phrase.

A word of being away inside of another sentence says nothing: who covers for somebody who is sick is here.
"""

import re

EMOJI = {
    *("palm_tree", "desert_island", "beach_with_umbrella", "umbrella_on_ground", "camping", "tent", "luggage"),
    *("airplane", "airplane_departure", "small_airplane", "baby", "baby_bottle", "hospital"),
    *("face_with_thermometer", "mask", "sneezing_face", "nauseated_face", "face_with_head_bandage"),
}
_BEFORE = r"(?:(?:i\ ?['’]?a?m|we['’]?re|currently|now|still|away|out|off|at\ home|home)[\ ,:–—-]+)*"
_PHRASE = r"""(?:
    away | ooo | o\.o\.o\.? | out\ of\ (?:the\ )?office | out | pto | off | day\ off | time\ off | days\ off
    | (?:on\ )?(?:a\ |my\ |annual\ |summer\ |winter\ |family\ |sick\ )?(?:vacation|holiday|leave|break|vacay|sabbatical|honeymoon)s?
    | (?:on\ )?(?:parental|maternity|paternity|family|annual|sick|medical|bereavement|study|unpaid|compassionate)\ leave
    | vacationing | (?:bank|public|national)\ holiday | sick(?:\ day)? | ill | unwell | not\ (?:feeling\ )?well | jury\ duty | not\ working
    | (?:im\ |in\ )?urlaub | (?:in\ den\ |in\ )?ferien | krank(?:\ ?geschrieben)? | (?:in\ )?elternzeit | abwesend
    | (?:en\ )?congés? | (?:en\ )?vacances | absente? | malade | (?:de\ )?vacaciones | (?:in\ )?(?:ferie|vacanza|vacanze)
    | (?:de\ )?férias | enferm[ao] | op\ vakantie | ziek
)"""
_WHEN = r"""(?:
    [,;:(/|&+.] .* | (?<=\s)[–—-] .* | (?:until|till?|'til|thru|through|to|bis|jusqu|hasta|fino|até|tot|back|returning|returns|since|seit)\b .*
    | (?:today|heute|hoy|oggi|all\ (?:day|week)|this\ (?:week|month|morning|afternoon|summer))\b .*
    | from\b .* \b(?:to|until|till?|through|thru|and)\b .* | from\b .* [–—-] .* | (?:in|with|w/|für|mit|avec|con)\ .*
    | (?:the\ )?(?:whole|rest\ of\ the)\b .* | \d .* | (?:mon|tue|wed|thu|fri|sat|sun)\w* .* | for\ (?:a|the|\d+|two|three|some)\b .*
    | (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\ ?\d .* | (?:and|or|und|,)\ .*
)"""
_AWAY = re.compile(rf"{_BEFORE}{_PHRASE}(?:\ ?{_WHEN})?", re.IGNORECASE | re.VERBOSE)
# Who writes so is here: with a phrase of being away in it, or with an emoji.
_HERE = re.compile(
    r"""(?<![\w-])(?:
    (?:back|returned)\ from | off\ to | away\ from\ (?:my\ |the\ )?(?:keyboard|desk) | (?<!not\ )working | wfh
    | remote(?:ly)? | lunch | meeting | commuting | covering\ for | not\ (?:on|away|off|out|sick|ill|ooo)
    | for\ (?:a|the)\ (?:run|walk|coffee|bit|moment|minute|while|errand|call)
    )(?![\w-])""",
    re.IGNORECASE | re.VERBOSE,
)
_DECORATION = re.compile(r":[\w+-]+:|[^\w\s.,;:()/|&+'’–—-]")


def says_away(emoji: str, text: str) -> bool:
    """Whether a status with this emoji, by its name, and this text means that somebody is away."""
    if _HERE.search(text):
        return False
    words = " ".join(_DECORATION.sub(" ", text).split()).strip(" .,;:-–—")
    return emoji in EMOJI or _AWAY.fullmatch(words) is not None
