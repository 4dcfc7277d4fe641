"""Whether a paragraph sounds like a reader or like an editor."""

import re

from ingest.language import lexicon
from ingest.language.letter_case import UPPER
from ingest.language.sentences import sentences

VOICE = (-1.6, 2.0)
"""The least and the most that a paragraph's wording may speak for comments."""

_READER = lexicon.words("comments.reader")
_CHAT = lexicon.words("comments.chat")
_ENGLISH = lexicon.calendar("en")
_EDITED = lexicon.words("comments.editor") | {
    day for day in _ENGLISH.weekdays if day in _ENGLISH.certain
}
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
_OPENERS = lexicon.words("comments.openers")


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
