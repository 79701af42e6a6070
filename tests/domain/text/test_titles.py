"""A title is the first words that say something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import titles

TITLES = [
    ("we want to summarise tickets\nand tag them", "we want to summarise tickets"),
    ("Hi all :wave:\nwe want to tag recordings", "we want to tag recordings"),
    ("Hi team, please could you look at our agent", "could you look at our agent"),
    ("Hello, a question to all of you\nHow do we label?", "How do we label?"),
    ("## Problem\nTickets pile up", "Tickets pile up"),
    ("*Problem:* we can't find replays", "we can't find replays"),
    ("**Context**\n\nThe agent forgets", "The agent forgets"),
    ("Question: how do we pay for this?", "how do we pay for this?"),
    ("```\nTraceback\n```\nWhy does this fail?", "Why does this fail?"),
    ("```python\nimport x\n```", "import x"),
    ("please\nsummarise tickets", "summarise tickets"),
    ("Please summarise tickets", "summarise tickets"),
    ("> Too many tickets\nCan AI help here?", "Can AI help here?"),
    ("> Too many tickets", "Too many tickets"),
    ("- summarise tickets\n- tag them", "summarise tickets"),
    ("• [ ] summarise tickets", "summarise tickets"),
    ("1. summarise tickets", "summarise tickets"),
    ("👋 hey folks! any idea how to group errors?", "any idea how to group errors?"),
    ("Hi @Noor could you tag these?", "could you tag these?"),
    ("@Noor could you tag these?", "@Noor could you tag these?"),
    ("Good morning @Prickle team - the embeddings broke", "the embeddings broke"),
    ("Hallo zusammen, wir möchten Tickets zusammenfassen", "wir möchten Tickets zusammenfassen"),
    ("Bonjour à tous !\nComment choisir un modèle ?", "Comment choisir un modèle ?"),
    ("Hola equipo! ¿Podemos resumir tickets?", "¿Podemos resumir tickets?"),
    ("こんにちは、皆さん。チケットを要約したい", "チケットを要約したい"),
    ("Danke! Noch eine Frage: wie teuer ist das?", "Noch eine Frage: wie teuer ist das?"),
    ("...what now", "what now"),
    ("📎 sketch.png", "📎 sketch.png"),
    # What belongs to the words stays.
    ("Hello world detection fails", "Hello world detection fails"),
    ("Great Expectations fails on our data", "Great Expectations fails on our data"),
    ("All tickets should be tagged", "All tickets should be tagged"),
    ("Help with evals", "Help with evals"),
    ("Problem with tickets", "Problem with tickets"),
    ("-5 % would be enough", "-5 % would be enough"),
    ("**Bold ask** with words", "**Bold ask** with words"),
    # Where nothing says anything, the first line has to do.
    ("Hi all :wave:", "Hi all :wave:"),
    ("please", "please"),
    ("\n", ""),
]


@pytest.mark.parametrize(("text", "title"), TITLES)
def test_a_title_is_the_first_words_that_say_something(text: str, title: str) -> None:
    assert titles.first_words(text) == title


@given(st.text(max_size=400))
def test_every_text_with_a_word_has_a_title_of_one_line(text: str) -> None:
    title = titles.first_words(text)
    assert bool(title) == bool(text.strip())
    assert title == " ".join(title.split())


@given(st.text(alphabet=" \t:*_#>-`.!,👋", max_size=2_000))
def test_a_text_of_marks_takes_no_time(text: str) -> None:
    titles.first_words(text)
