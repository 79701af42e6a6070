"""What people say to be polite, in the languages that colleagues write: greetings, thanks, cheers, and how they begin.

A phrase is compared without accents, capitals and stretched letters, so `Mercii` and `DÉSOLÉ` are found as well.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Courtesy(StrEnum):
    """What a phrase is good for. A filler says nothing beside another phrase, and alone it says something."""

    GREETING = "greeting"
    SMALL_TALK = "small talk"
    THANKS = "thanks"
    CHEER = "cheer"
    FILLER = "filler"
    PLEASE = "please"
    OPENING = "opening"
    HELP = "help"


_PHRASES = {
    Courtesy.GREETING: """
hi; hiya; hey; heya; hello; helo; howdy; yo; morning; good morning; good afternoon; good evening; good night; good day;
evening; greetings; welcome; welcome back; bye; goodbye; see you; see you tomorrow; cya; cheers; happy monday;
happy friday; have a nice day; have a good day; have a great day; have a nice weekend; have a good weekend;
have a great weekend;
hope you are well; hope you're well; hope you are all well; hope you're all well; nice to meet you;
hallo; halo; servus; moin; moin moin; gruss gott; gruezi; guten morgen; guten tag; guten abend; gute nacht; tag;
schonen tag; schones wochenende; schonen feierabend; feierabend; tschuss; ciao; bis morgen; bis spater;
 mahlzeit; viele grusse; liebe grusse; beste grusse; willkommen; lg; vg;
bonjour; bonsoir; salut; coucou; bonne journee; bonne soiree; bon week-end; bon weekend; a demain; a plus; a bientot;
au revoir; bienvenue;
hola; buenas; buenos dias; buen dia; buenas tardes; buenas noches; adios;
hasta luego; hasta manana; buen fin de semana; feliz viernes; bienvenido; bienvenida; bienvenidos; saludos;
ola; oi; bom dia; boa tarde; boa noite; ate logo; ate amanha; bom fim de semana; bem-vindo;
bem-vinda; tchau; abracos;
buongiorno; buonasera; buonanotte; salve; buona giornata; buon weekend; arrivederci; a domani;
benvenuto; benvenuta; benvenuti;
hoi; goedemorgen; goedemiddag; goedenavond; goeiemorgen; goeiemiddag; dag; doei; tot morgen; tot straks;
fijn weekend; fijne dag; welkom;
hej; hejsan; hej hej; god morgon; god morgen; god dag; godmorgen; hei; moi; terve; huomenta; ha det; tack och hej;
czesc; dzien dobry; dobry wieczor; siema; hejka; witam; ahoj; dobry den; zdravo; dobar dan; buna; buna ziua;
merhaba; selam; gunaydin; iyi aksamlar; privet; zdravstvuyte;
привет; здравствуйте; добрый день; доброе утро; добрый вечер; привіт; добрий день; доброго ранку; вітаю;
γεια; γεια σας; καλημερα; שלום; بوكر طوب; مرحبا; السلام عليكم; صباح الخير; नमस्ते; namaste; xin chao; sawasdee;
konnichiwa; ohayo; annyeong; nihao; ni hao
""",
    Courtesy.SMALL_TALK: """
how are you; how are you doing; how is it going; how's it going; what's up; whats up; sup; wie geht's; wie geht es euch; ca va; comment ca va;
comment allez-vous; que tal; como estais; como estan; tudo bem; tudo bom; come va; come state; hoe gaat het; alles goed;
alles gut bei euch; hur mar du; jak sie masz; nasilsin; как дела; як справи
""",
    Courtesy.THANKS: """
thanks; thank you; thankyou; thank u; thx; thnx; tnx; ty; tysm; tyvm; thanks a lot; thanks so much; thanks a million;
thanks a bunch; thanks a ton; many thanks; thank you so much; thank you very much; thanks very much; big thanks;
much appreciated; appreciated; appreciate it; i appreciate it; really appreciate it; kudos; props; thanks again;
thanks in advance; thank you in advance; thanks for the help; thanks for your help; thank you for your help;
thanks for the quick help; thanks for the quick answer; thanks for the quick reply;
danke; danke dir; danke euch; danke schon; dankeschon; danke sehr; vielen dank; vielen lieben dank; besten dank;
herzlichen dank; tausend dank; dank dir; dank euch; lieben dank; merci vielmals; danke im voraus;
vielen dank im voraus; danke fur die hilfe; danke fur eure hilfe; vielen dank fur die hilfe;
merci; merci beaucoup; merci bien; grand merci; mille mercis; un grand merci; merci d'avance; merci a tous;
merci pour votre aide; merci pour l'aide;
gracias; muchas gracias; mil gracias; muchisimas gracias; gracias por la ayuda; gracias por vuestra ayuda;
gracias de antemano; se agradece;
obrigado; obrigada; muito obrigado; muito obrigada; valeu; obrigado pela ajuda; obrigada pela ajuda; brigado; brigada;
grazie; grazie mille; mille grazie; molte grazie; grazie tante; tante grazie; ti ringrazio; vi ringrazio;
grazie per l'aiuto;
bedankt; dank je; dank je wel; dankjewel; dank jullie wel; dank u; hartelijk dank; heel erg bedankt; super bedankt;
bedankt voor de hulp; dankje;
tack; tack sa mycket; tusen takk; takk; mange tak; tak; kiitos; kiitos paljon; dzieki; dziekuje; dziekuje bardzo;
diky; dekuji; hvala; multumesc; tesekkurler; tesekkur ederim; sagol; koszonom; spasibo; dyakuyu;
спасибо; большое спасибо; спс; благодарю; дякую; дуже дякую; ευχαριστω; תודה; תודה רבה; شكرا; شكرا جزيلا; धन्यवाद;
cam on; arigato; arigatou; xiexie; xie xie; kamsahamnida; gomawo
""",
    Courtesy.CHEER: """
ok; okay; okey; oki; k; kk; okidoki; alright; all right; all good; great; awesome; amazing; cool; cool cool; nice;
nice one; perfect; excellent; super; sweet; neat; lovely; brilliant; fantastic; wonderful; wow; woah; whoa; wohoo; woohoo;
yay; yeah; yea; yep; yes; yup; no; nope; nah; sure; sure thing; got it; gotcha; noted; understood; roger; ack; agreed;
agree; i agree; same; same here; me too; sounds good; sounds great; looks good; looks great; lgtm; makes sense;
will do; on it; done; works; works great; that works; that works great; this works; it works; it works now;
works for me; works like a charm; that helps; that helped; that did it; this helps; good to know; good point; good one;
well done; good job; great job; great work; good work; nice work; nice job; love it; i love it; love this; so good;
no problem; no worries; np; nvm; never mind; nevermind; all set; you're welcome; you are welcome; yw; my pleasure;
my bad; sorry; oops; ouch; congrats; congratulations; bravo; exactly; indeed; true; right; fair enough; of course;
lol; lmao; rofl; haha; xd; hm; hmm; oh; ah; aha; ahh; phew; damn; omg; wtf; tada; bump; ping; test; testing;
happy birthday; good luck; fingers crossed; plus one; this; that's great; that is great; that's awesome; that's perfect;
that's cool; very cool; very nice; so cool; so nice; beautiful; impressive; solved; fixed; resolved;
super danke; alles klar; klar; gut; sehr gut; prima; toll; klasse; spitze; genau; passt; stimmt; verstanden; ja; nein;
jo; jup; naturlich; perfekt; wunderbar; hervorragend; kein problem; gern; gerne; gern geschehen; geht klar; erledigt;
das hilft; das funktioniert; funktioniert; klappt; es klappt; jetzt klappt's; mega; geil; gluckwunsch; ach so; aha;
d'accord; ok d'accord; parfait; genial; tres bien; bien; bien recu; c'est bon; c'est parfait; ca marche; top; oui; non;
de rien; avec plaisir; pas de souci; pas de probleme; felicitations; chouette; compris; mdr; ptdr; excellent travail;
vale; perfecto; genial; estupendo; muy bien; bien; de acuerdo; entendido; claro; si; de nada; no hay problema; listo;
buenisimo; que bien; felicidades; enhorabuena; jaja; jajaja; funciona; ya funciona;
perfeito; otimo; muito bom; legal; beleza; show; combinado; entendi; sim; nao; de nada; sem problema; parabens; funcionou;
rsrs; kkk;
perfetto; ottimo; benissimo; va bene; bene; d'accordo; capito; certo; si; prego; nessun problema; complimenti; fatto;
funziona; bravi;
prima; top; goed; heel goed; mooi; leuk; geweldig; perfect; helder; duidelijk; begrepen; oke; ja; nee; graag gedaan;
geen probleem; klopt; gelukt; het werkt; werkt; lekker; gefeliciteerd; toppie;
bra; perfekt; toppen; jattebra; ingen fara; super; swietnie; jasne; dobrze; tak jest; nie ma za co; tamam; harika; super;
хорошо; отлично; понятно; ок; ага; да; нет; супер; добре; чудово; так; ні
""",
    Courtesy.FILLER: """
all; everyone; everybody; every one; team; folks; guys; friends; people; there; again; you; y'all; you all; you guys; all of you;
both; so; very; much; so much; very much; a lot; really; and; that; it; is; now; for that; for this; for it; for everything;
to you; to you all; to all of you; to all; to everyone; to everybody; today; from me; i; we; ai; the; dear; hedgehog; prickle;
zusammen; alle; allen; alles; euch; ihr; leute; liebe; lieber; und; sehr; nochmal; nochmals; dir; an alle; dafur; ai-team;
euch allen; team; kolleginnen; kollegen; heute;
tous; toutes; a tous; a toutes; a tous et a toutes; tout le monde; l'equipe; equipe; et; encore; les amis; bien; vous; a vous; a toi;
a todos; a todas; todos; todas; equipo; chicos; chicas; y; muy; mucho; otra vez;
pessoal; galera; gente; a todos; a todas; time; equipe; e; muito; mesmo;
a tutti; tutti; tutte; ragazzi; team; squadra; e; molto; ancora;
allemaal; iedereen; helemaal; mensen; en; heel; erg; nogmaals; jullie; collega's;
alla; allihopa; alle sammen; wszystkim; wszyscy; herkese; всем; всім; команда
""",
    Courtesy.PLEASE: """
please; pls; plz; kindly; if possible; bitte; bitte schon; s'il vous plait; s'il te plait; svp; stp; por favor; porfa;
per favore; per piacere; alstublieft; alsjeblieft; aub; ajb; snalla; prosze; lutfen; пожалуйста; будь ласка; onegai
""",
    Courtesy.OPENING: """
a question; question; one question; quick question; a quick question; just a quick question; small question; questions;
i have a question; i have a quick question; i've got a question; got a question; we have a question; have a question;
a question to all of you; a question for you; a question for you all; a question for the team; question for you;
question for the team; a question about ai; quick one; a quick one; random question; dumb question; stupid question;
can i ask a question; can i ask something; can i ask you something; may i ask something; may i ask a question;
is anyone here; is anybody here; anyone here; anyone there; anybody there; is anyone around; anyone around; you there;
eine frage; frage; ich habe eine frage; ich hab eine frage; hab eine frage; hatte eine frage; ich hatte eine frage;
wir haben eine frage; kurze frage; eine kurze frage; mal eine frage; ich hab mal eine frage; ich habe mal eine frage;
darf ich was fragen; ist jemand da; jemand da; frage an alle; eine frage an alle; eine frage an euch;
une question; j'ai une question; question; petite question; une petite question; quelqu'un est la; quelqu'un;
j'aurais une question; on a une question; une question pour vous;
una pregunta; tengo una pregunta; pregunta; una duda; tengo una duda; duda; hay alguien; tenemos una pregunta;
uma pergunta; tenho uma pergunta; pergunta; uma duvida; tenho uma duvida; duvida; tem alguem ai;
una domanda; ho una domanda; domanda; avrei una domanda; c'e qualcuno;
een vraag; ik heb een vraag; vraag; vraagje; een vraagje; ik heb een vraagje; korte vraag; is er iemand;
en fraga; jag har en fraga; et sporgsmal; mam pytanie; pytanie; bir sorum var; вопрос; есть вопрос; питання; маю питання
""",
    Courtesy.HELP: """
help; help me; menu; commands; usage; man; -h; --help; hilfe; hilf mir; aide; a l'aide; aidez-moi; ayuda; ajuda; socorro;
aiuto; hulp; hjalp; pomoc; yardim; помощь; допомога
""",
}
# Languages that put no space between words: a run of their letters is taken apart by these, the longest first.
_RUNS = {
    Courtesy.GREETING: "こんにちは こんばんは おはよう おはようございます お疲れ様です お疲れさまです おつかれさまです お疲れ様でした "
    "お疲れ様 お世話になっております よろしくお願いします よろしくお願いいたします よろしくお願い致します よろしく 初めまして はじめまして "
    "你好 您好 大家好 早上好 早安 下午好 晚上好 晚安 再见 各位好 嗨 안녕하세요 안녕 좋은아침입니다 สวัสดี สวัสดีครับ สวัสดีค่ะ",
    Courtesy.THANKS: "ありがとう ありがとうございます ありがとうございました どうもありがとう どうも 有難うございます 感謝 "
    "感謝します 助かります 助かりました 谢谢 谢谢你 谢谢大家 多谢 感谢 非常感谢 辛苦了 谢了 감사합니다 고맙습니다 감사 고마워요 ขอบคุณ ขอบคุณครับ ขอบคุณค่ะ",
    Courtesy.CHEER: "了解 了解です 了解しました 承知しました 承知いたしました はい いいえ いいね いいですね すごい 素晴らしい 最高 最高です 完璧 "
    "なるほど わかりました 分かりました うん 笑 おめでとう おめでとうございます 好的 好 收到 太好了 很好 棒 太棒了 没问题 不错 哈哈 是的 明白 "
    "네 예 좋아요 좋습니다 알겠습니다 최고 ㅋㅋ ㅋㅋㅋ ㅎㅎ",
    Courtesy.FILLER: "皆さん みなさん 皆様 みなさま 皆 さん です ね よ 大家 各位 你们 了 啊 여러분 모두",
    Courtesy.PLEASE: "お願いします お願いいたします お願い 请 拜托 부탁합니다 부탁드립니다",
    Courtesy.OPENING: "質問 質問です 質問があります 質問があるのですが 質問が あります 一つ質問 问题 有个问题 有一个问题 请问 我有个问题 "
    "질문 질문있습니다 질문이 있습니다 질문이",
    Courtesy.HELP: "ヘルプ 助けて 帮助 救命 도움말 도와주세요",
}
_UNSPACED = r"\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u3130-\u318f"
# Accents and vowels that are marks of their own in some scripts belong to their word.
_LETTER = r"(?:[^\W_]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e])"
_WORD = re.compile(rf"{_LETTER}+(?:['’´`-]{_LETTER}+)*|--?h(?:elp)?\b")
_UNSPACED_WORD = re.compile(rf"[{_UNSPACED}ー]+")
_APOSTROPHES = str.maketrans("’´`", "'''")
_STRETCHED = re.compile(r"(.)\1{2,}")
_LAUGHS = re.compile(r"(?:a?h[aeiou]){2,}h?|(?:j[aei]){2,}|(?:rs){2,}|k{3,}|w{3,}|x+d+|lo+l|u?h+m+|a+h+|o+h+")


@dataclass(frozen=True)
class Part:
    """A run of letters in a text, from `start` to `end`: a phrase of some courtesy, or with None a word that says something."""

    start: int
    end: int
    courtesy: Courtesy | None
    words: tuple[str, ...]


def fold(word: str) -> str:
    """A word without its accents, capitals and stretched letters."""
    plain = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES).casefold())
    return _STRETCHED.sub(r"\1", "".join(each for each in plain if not unicodedata.combining(each)))


def parts(text: str) -> list[Part]:
    """A text taken apart into phrases and words, in their order. The longest phrase that stands at a place is meant."""
    words = [(found.start(), found.end(), fold(found[0])) for found in _WORD.finditer(text)]
    found: list[Part] = []
    place = 0
    while place < len(words):
        taken, courtesy = _longest(words, place)
        span = words[place : place + taken]
        if courtesy is None and _UNSPACED_WORD.fullmatch(text, span[0][0], span[0][1]):
            found += _taken_apart(text, span[0][0], span[0][1])
        else:
            found.append(Part(span[0][0], span[-1][1], courtesy, tuple(word for _, _, word in span)))
        place += taken
    return found


def _longest(words: Sequence[tuple[int, int, str]], place: int) -> tuple[int, Courtesy | None]:
    phrases = _by_first_word()
    for phrase, courtesy in phrases.get(words[place][2], ()):
        if tuple(word for _, _, word in words[place : place + len(phrase)]) == phrase:
            return len(phrase), courtesy
    return 1, Courtesy.CHEER if _LAUGHS.fullmatch(words[place][2]) else None


def _taken_apart(text: str, start: int, end: int) -> Iterator[Part]:
    """A run of letters without spaces: the phrases in it, and what is left between them."""
    said = start  # from where on nothing was found so far
    place = start
    while place < end:
        phrase, courtesy = next(
            ((each, kind) for each, kind in _runs() if text.startswith(each, place, end)), (text[place], None)
        )
        if courtesy is not None:
            if said < place:
                yield _word(text, said, place)
            yield Part(place, place + len(phrase), courtesy, (phrase,))
            said = place + len(phrase)
        place += len(phrase)
    if said < end:
        yield _word(text, said, end)


def _word(text: str, start: int, end: int) -> Part:
    return Part(start, end, None, (text[start:end],))


def weight(part: Part) -> int:
    """For how many words it counts: two letters of a language without spaces are about a word."""
    said = part.words[0]
    return max(1, len(said) // 2) if _UNSPACED_WORD.fullmatch(said) else len(part.words)


def folded(lines: str) -> frozenset[str]:
    """The words of a table, as `fold` gives them."""
    return frozenset(fold(word) for word in lines.split())


@cache
def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], Courtesy]]]:
    found: dict[str, dict[tuple[str, ...], Courtesy]] = {}
    for courtesy, table in _PHRASES.items():
        for phrase in _split(table):
            found.setdefault(phrase[0], {}).setdefault(phrase, courtesy)
    return {first: sorted(each.items(), key=lambda item: -len(item[0])) for first, each in found.items()}


def _split(table: str) -> Iterable[tuple[str, ...]]:
    for phrase in " ".join(table.split()).split(";"):
        if words := tuple(fold(found) for found in _WORD.findall(phrase)):
            yield words


@cache
def _runs() -> list[tuple[str, Courtesy]]:
    pairs = [(phrase, courtesy) for courtesy, table in _RUNS.items() for phrase in table.split()]
    return sorted(pairs, key=lambda pair: -len(pair[0]))
