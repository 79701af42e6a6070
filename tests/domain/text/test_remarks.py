"""What a remark in a channel is: nothing, a call for help, a request, or something in doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import courtesies, remarks
from bot.domain.text.remarks import Kind

NOTHING = """
hi|Hi team|Hello everyone!|hey all :wave:|Good morning everyone, happy friday!|hiiii|Hi <@U0ADA>|<!here> hello|how are you?|welcome back <@U0LEE>!
thanks|thanks everyone|thanks, that works great!|Thank you so much <@U0MIA> :heart:|thx!|ty :pray:|Many thanks again to all of you
👍|:+1:|:+1::skin-tone-3:|:tada: :tada:|🎉🎉🎉|+1|^|<3|:)|lol|haha|LGTM|ok great|nice one|sounds good, will do|got it|no worries|that did it|bump|test
perfect, thanks!|ok, thank you|yes|done|<@U0LEE>|…|--
Hallo zusammen|Guten Morgen!|Moin|vielen Dank euch!|Danke für die Hilfe :heart:|alles klar, danke|super|schönes Wochenende allen
Bonjour à tous|Merci beaucoup !|salut l'équipe|d'accord|Parfait, merci|bonne journée|mdr|ça va ?
Hola equipo|Muchas gracias!|buenos días a todos|vale, perfecto|jajaja|¡Gracias!
Bom dia pessoal|Muito obrigada!|valeu|ótimo, obrigado|kkkk
Buongiorno a tutti|Grazie mille|va bene, grazie|perfetto!
Goedemorgen allemaal|dank je wel!|bedankt|helemaal top|prima, dank jullie wel
Hej alla|tack så mycket|Tusen takk!|dziękuję bardzo|cześć wszystkim|teşekkürler|привет всем|спасибо!|дякую
こんにちは|皆さん、おはようございます|ありがとうございます！|了解です|お疲れ様です|いいね 👍
你好|谢谢大家！|好的，收到|辛苦了|안녕하세요|감사합니다!|สวัสดีครับ
"""
HELP = """
help|Help!|help me please|hi, help|menu|Hilfe|aide|ayuda por favor|ajuda|aiuto|hulp|ヘルプ|帮助
"""
REQUEST = """
we want to summarise tickets|could AI tag our recordings?|Hi team, how do we measure an agent?|is anybody working on embeddings for errors?
Thanks! Could you also look at tagging?|help me with my prompt|help, our agent answers in French since this morning|Support drowns in tickets
can we get a model that groups errors|Which model should we use for long texts?|hello, we need somebody who knows evals
Hallo zusammen, wir möchten Tickets zusammenfassen|Könnt ihr uns bei den Embeddings helfen?|Welches Modell sollen wir nehmen?
Bonjour, comment choisir un modèle pour nos tickets ?|on voudrait résumer les tickets du support
Hola, ¿podemos resumir los tickets?|queremos agrupar errores parecidos
Bom dia, gostaríamos de classificar gravações|podemos usar isso para os tickets?
Ciao a tutti, vorremmo riassumere i ticket|quale modello serve per le traduzioni?
Hoi, kunnen we tickets samenvatten?|we willen fouten groeperen
チケットを要約したいです|モデルはどれを使えばいいですか？|我们想总结工单|可以帮我们分类录音吗？|티켓을 요약하고 싶습니다|мы хотим группировать ошибки
"""
DOUBTFUL = """
Hello, a question to all of you|quick question|Is anyone here?|ok?|?|lunch?|Thanks for the quick help yesterday, Mia|fyi the demo is at three
Idea|tag recordings|deploys done|please|I need help|can you help?|<https://a.example/x>|that|Lee|@someone|42
Hallo, ich hätte eine Frage|Kurze Frage|Danke für gestern|J'ai une question|Tengo una pregunta|Tenho uma dúvida|Ho una domanda|Ik heb een vraag|質問があります|有个问题
"""
TABLE = [
    pytest.param(line, kind, id=f"{kind}: {line}")
    for kind, lines in (
        (Kind.NOTHING, NOTHING),
        (Kind.HELP, HELP),
        (Kind.REQUEST, REQUEST),
        (Kind.DOUBTFUL, DOUBTFUL),
    )
    for row in lines.strip().splitlines()
    for line in row.split("|")
]
REAL = [line for row in REQUEST.strip().splitlines() for line in row.split("|")]
POLITE = [line for row in NOTHING.strip().splitlines() for line in row.split("|") if "haha" not in line]


@pytest.mark.parametrize(("line", "kind"), TABLE)
def test_what_a_line_is(line: str, kind: Kind) -> None:
    assert remarks.read(line) is kind


def test_a_file_without_a_word_may_be_a_request() -> None:
    assert remarks.read("", has_files=True) is Kind.DOUBTFUL
    assert remarks.read("thanks", has_files=True) is Kind.DOUBTFUL
    assert remarks.read("") is Kind.NOTHING


@given(st.text(max_size=300))
def test_nonsense_is_read_as_something(text: str) -> None:
    assert remarks.read(text) in Kind


@given(st.sampled_from(POLITE), st.sampled_from(REAL), st.sampled_from([" ", "\n", ", ", "! ", " :wave: ", "… "]))
def test_a_courtesy_before_or_behind_swallows_no_request(polite: str, real: str, between: str) -> None:
    for line in (polite + between + real, real + between + polite):
        assert remarks.read(line) in (Kind.REQUEST, Kind.DOUBTFUL)


@given(st.lists(st.sampled_from(POLITE), max_size=4), st.from_regex(r"[b-df-hj-np-tv-z]{7}", fullmatch=True))
def test_a_word_that_is_no_courtesy_is_never_swallowed(polite: list[str], word: str) -> None:
    assert remarks.read(" ".join([*polite, word])) in (Kind.REQUEST, Kind.DOUBTFUL)


@given(st.lists(st.sampled_from(POLITE), max_size=4))
def test_a_question_mark_is_never_swallowed_unless_somebody_asks_after_others(polite: list[str]) -> None:
    line = " ".join([*polite, "?"])
    asks_after = any(part.courtesy is courtesies.Courtesy.SMALL_TALK for part in courtesies.parts(line))
    assert asks_after or remarks.read(line) is not Kind.NOTHING


def test_a_long_text_is_never_only_polite() -> None:
    assert remarks.read("thanks " * 1_000) is Kind.REQUEST
