"""Whether a paragraph sounds like a reader or like an editor."""

import re

from ingest.language import lexicon
from ingest.language.letter_case import UPPER
from ingest.language.sentences import sentences

VOICE = (-1.6, 2.0)
"""The least and the most that a paragraph's wording may speak for comments."""

_READER = frozenset(
    "you you're you've you'll you'd your yours u ur i i'm i've i'd i'll im ive my me mine myself "
    "we're "
    "dont doesnt didnt cant wont isnt arent wasnt thats youre theyre whats lets gonna gotta wanna "
    "ok okay yeah yep nope guys folks dude mate sheeple clickbait propaganda idiot idiots moron "
    "morons "
    "stupid garbage crap bullshit nonsense rubbish "
    "tú usted ustedes vosotros tu te yo mi me creo ti opino xd gracias vergüenza mentira "
    "ви ти вас вам ваш ваша ваше ваші тебе тобі твій твоя я мені мене мій моя моє дякую ганьба "
    "брехня "
    "вы ты тебя вас мне меня мой моя спасибо бред "
    "ich du dein mich je moi vous ton votre".split()
)
_CHAT = frozenset(
    "lol lmao rofl wtf omg smh imo imho btw tbh fyi iirc ffs jaja jajaja haha hahaha xd лол".split()
)
_ENGLISH = lexicon.calendar("en")
_EDITED = frozenset(
    "said says told added according reported announced spokesman spokeswoman spokesperson "
    "statement "
    "official officials dijo según afirmó señaló declaró aseguró explicó заявив заявила сказав "
    "сказала "
    "повідомив повідомила повідомили зазначив зазначила наголосив словами сообщил сообщила заявил "
    "заявила "
    "mr mrs ms".split()
) | {day for day in _ENGLISH.weekdays if day in _ENGLISH.certain}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_QUOTED = re.compile(r"[“\"«„][^“”\"«»]{1,600}[”\"»“]?")
_ASIDE = re.compile(
    r"(?:this (?:article|story|piece|headline|paper|site|author|journalist|reporter|comment|thread)"
    r"|the (?:author|headline|commenter)|est[ea] (?:artículo|periódico|diario|titular|noticia)"
    r"|ц(?:я|ій|ю|ієї) статт(?:я|і|ю|ею)|эт(?:а|ой|у) стать(?:я|и|ю|е)|автор[ауе]?)\b"
)
_SIGNS = re.compile(
    r"[!?][!?]+|\.\.\.+|…|@\w+|[:;]-?[)(dp](?!\w)|https?://"
    r"|[\U0001F600-\U0001F64F\U0001F44D\U0001F44E\U0001F923]"
)
_SHOUT = re.compile(
    rf"\b[{UPPER}]{{2,}}(?:\s+[{UPPER}]{{2,}}){{2,}}\b"
    r"|\b(?:NOT|NEVER|ALL|VERY|WRONG|LIES?|NO|STOP)\b"
)
_OPENERS = frozenset(
    "agreed agree exactly nonsense wow yes no nope yeah well so oh lol incorrect wrong right true "
    "sorry "
    "thanks thank great good how why really because nor also plus hey hi hello ok sure maybe "
    "totalmente "
    "claro exacto qué gracias pues так ні дякую а ну нарешті".split()
)


def voice(line: str) -> float:
    """Score how much a paragraph sounds like a reader (above 0) or an editor (below).

    Signals and weights are set by hand. They were looked at on `wikinews`, `extraction` and
    `realtimeqa` (articles: -0.7 in the mean) and on invented threads.
    """
    plain = _QUOTED.sub(" ", line) if len(line) > 40 else line
    lower = plain.lower().replace("’", "'")
    words = _WORD.findall(lower)
    count = max(len(words), 1)
    score = -0.35
    score += min(6.0 * sum(w in _READER for w in words) / (count + 8), 1.2)
    asides = (
        sum(w in _CHAT for w in words) + len(_ASIDE.findall(lower)) + len(_SIGNS.findall(lower))
    )
    score += min(0.7 * asides, 1.4)
    score -= min(0.6 * sum(w in _EDITED for w in words), 1.2)
    score += 0.5 * min(len(_SHOUT.findall(plain)), 2)
    score += 0.25 * min(plain.count("!"), 2) + 0.3 * ("?" in plain)
    score += 0.9 * line[0].islower() + 0.35 * (words[:1] != [] and words[0] in _OPENERS)
    low, high = VOICE
    return min(max(score + _shape(line, plain, count), low), high)


def _shape(line: str, plain: str, words: int) -> float:
    """Score length of sentences, final stops and quotations."""
    each = words / max(len(sentences(line)), 1)
    score = -0.5 if each > 22 else (0.25 if each < 9 else 0.0)
    score -= 0.5 * (len(plain) < len(line) - 30)
    score += 0.3 * (words > 5 and line[-1].isalpha())
    return score - 0.3 * (words > 70)
