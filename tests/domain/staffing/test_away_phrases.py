"""Which Slack status says that somebody is away."""

import pytest

from bot.domain.staffing.away_phrases import says_away

AWAY = """
Away
away until Monday
I'm away
OOO
OOO until 24 July
O.O.O.
OOO, ask Lee
Out of office
Out of the office, back on Monday
Out today
Out sick
Out until Thursday
PTO
PTO 13-24 July
Off
Off today
Off this week
Off until 3 August
Day off
On vacation
Vacation 🌴
:palm_tree: Vacation
Vacationing
Vacation in Italy
Summer vacation until September
On holiday!
Holidays
Bank holiday
Annual leave 13–24 July
On leave
On parental leave until October
Maternity leave
Bereavement leave
Sick
Sick day
Home sick today
Unwell, back tomorrow
Ill
Sick / OOO
Away from 13 to 24 July
Sabbatical
Jury duty
Not working today
Vacation - back on Monday
Im Urlaub bis 24.7.
Urlaub
Krank
Elternzeit
In den Ferien
En vacances
Absent
De vacaciones
In ferie
""".strip().splitlines()

HERE = """
Covering for Ben (sick)
Sign off on Q3 designs
Not away
Not on vacation
Sick of meetings
Planning the summer holiday schedule
Vacation planning
Vacation soon
Vacation from Monday
Off tomorrow
Off to the dentist
Off for a run
Away from keyboard
Away for lunch
Back from vacation
Back from sick leave
Leave me a message
PTO requests by Friday, please
Out of office hours: 18 to 9
Outlining the spec
Office day
Offsite
Kick-off
Hotfix rollout, then off
Ill-posed problems
Off-by-one errors
In a meeting about leave
Holiday calendar review
Working from Lisbon
Cut-off for the release
Working, even though I'm on holiday next week
""".strip().splitlines()


@pytest.mark.parametrize("text", AWAY)
def test_a_status_that_is_an_away_phrase_says_away(text: str) -> None:
    assert says_away("", text)


@pytest.mark.parametrize("text", HERE)
def test_a_word_of_being_away_inside_another_sentence_says_nothing(text: str) -> None:
    assert not says_away("", text)


def test_the_table_has_at_least_thirty_phrases_of_each_kind() -> None:
    assert len(AWAY) >= 30
    assert len(HERE) >= 30


@pytest.mark.parametrize("text", ["", "Bali!", "Covering nothing", "Until Monday"])
def test_an_away_emoji_says_away_whatever_stands_beside_it(text: str) -> None:
    assert says_away("palm_tree", text)


@pytest.mark.parametrize("text", ["Working from Lisbon", "Back from Bali", "Not away", "Covering for Ben (sick)"])
def test_who_says_that_they_are_here_is_here_with_any_emoji(text: str) -> None:
    assert not says_away("palm_tree", text)
