"""Find the noun phrase that a verb belongs to, by the words around it and without a parser."""

import re

from ingest.language.speech import wording

BLOT = "\x01"
"""Stands for every character inside a quotation, so that no word in it is taken for a cue."""

_TOKEN = re.compile(
    rf"\w+(?:[-.’'&]\w+)*(?:\.(?=[\s,])|(?<=\.\w)\.|(?<=s)[’'](?=\s))?|{BLOT}+|''|\S"
)
_LONGEST = 14
"""Tokens of the longest phrase: tried on annotated news, where 10 cut titles and 20 ran on."""
_FURTHEST = 120
"""Tokens back that a clause is followed, so that a sentence without end costs linear time."""

_LEADING_ON = wording.CONNECTIVES | wording.DOUBTS

Phrase = tuple[int, int]
"""A range of tokens."""


class Tokens:
    """The words, marks and blotted-out quotations of a sentence."""

    __slots__ = ("_matches", "low", "word")

    def __init__(self, text: str, start: int, end: int) -> None:
        self._matches = list(_TOKEN.finditer(text, start, end))
        self.word = [match[0] for match in self._matches]
        self.low = [word.lower() for word in self.word]

    def __len__(self) -> int:
        return len(self.word)

    def span(self, phrase: Phrase) -> tuple[int, int]:
        """Return where a phrase stands in the text."""
        return self._matches[phrase[0]].start(), self._matches[phrase[1] - 1].end()

    def capital(self, at: int) -> bool:
        """Say whether the word at `at` begins with a capital or a figure."""
        first = self.word[at][0]
        return first.isupper() or first.isdigit()

    def mark(self, at: int) -> bool:
        """Say whether a quotation mark stands at `at`."""
        return self.word[at][0] in wording.MARKS

    def spoken(self, at: int) -> bool:
        """Say whether what stands at `at` can be part of a noun phrase."""
        return self.word[at][0].isalnum() or self.word[at] in "&$#@"


def before(tokens: Tokens, last: int) -> Phrase | None:
    """Return the noun phrase that ends with the token `last`."""
    low, at = tokens.low, last
    while at >= 0 and last - at < _LONGEST:
        if not tokens.spoken(at) or low[at] in wording.STOPS or tokens.word[at] in wording.VERBS:
            break
        at -= 1
        if low[at + 1] in wording.DETERMINERS and not (at >= 0 and low[at] in wording.LINKS):
            break
    begin = at + 1
    while begin < last and (low[begin] in wording.LINKS or low[begin] in wording.DAYS):
        begin += 1
    if begin > last or low[last] in wording.PREPOSITIONS:
        return None
    return begin, last + 1


def after(tokens: Tokens, first: int, stop: int | None = None) -> Phrase | None:
    """Return the noun phrase that begins with the token `first`, which no preposition does."""
    end = len(tokens) if stop is None else stop
    if first >= end or tokens.low[first] in wording.PREPOSITIONS:
        return None
    if tokens.low[first] in wording.PRONOUNS:
        return first, first + 1
    at = first
    while at < end and at - first < _LONGEST and _goes_on(tokens, first, at, end):
        at += 1
    if at == first or tokens.low[at - 1] in wording.DETERMINERS:
        return None
    return first, _with_name(tokens, first, at, end)


def _goes_on(tokens: Tokens, first: int, at: int, end: int) -> bool:
    low = tokens.low[at]
    if not tokens.spoken(at):
        return False
    if low in wording.LINKS:
        inside = at > first and low not in {"on", "with"} and at + 1 < end
        return inside and _opens_phrase(tokens, at + 1)
    if low in wording.STOPS:
        return False
    if at > first and low in wording.NOUN_LIKE and tokens.low[at - 1] in wording.DETERMINERS:
        return True  # "the state agency", "a report": what a determiner stands before is no verb.
    if low in wording.DAYS:
        return at > first and tokens.low[at - 1] in wording.DETERMINERS
    lower = tokens.word[at][0].islower()
    return not lower or not (wording.adverb(low) if at == first else wording.verb(low))


def _opens_phrase(tokens: Tokens, at: int) -> bool:
    return tokens.capital(at) or tokens.low[at] in wording.DETERMINERS


def _with_name(tokens: Tokens, first: int, at: int, end: int) -> int:
    """Take in the name after "a spokesman," where nothing but the name stands there."""
    if tokens.capital(first) or at >= end or tokens.word[at] != ",":
        return at
    name = at + 1
    while name < end and tokens.capital(name):
        name += 1
    closed = name >= end or tokens.word[name] in {",", ".", ";"}
    return name if closed and name - at > 2 else at


def main(tokens: Tokens, stop: int) -> Phrase | None:
    """Return the first noun phrase before `stop` that is not in an adverbial."""
    for begin, end in chunks(tokens, stop):
        first = _skip_connectives(tokens, begin, end)
        leads_on = end < stop and end - first == 1 and tokens.low[first] in _LEADING_ON
        if not leads_on and not _adverbial(tokens, (first, end)):
            return after(tokens, first, end)
    return None


def joined(tokens: Tokens, joint: int) -> Phrase | None:
    """Return the subject of the verb before "and": "he laughed and said"."""
    begin, _ = chunks(tokens, joint)[-1]
    if tokens.low[begin] == "who" and begin > 1 and tokens.word[begin - 1] == ",":
        return before(tokens, begin - 2)
    for at in range(joint - 1, max(begin, joint - 10) - 1, -1):
        if tokens.low[at] in wording.PERSONAL:
            return at, at + 1
    phrase = main(tokens, joint)
    return _before_its_verb(tokens, phrase) if phrase and phrase[1] == joint else phrase


def _before_its_verb(tokens: Tokens, phrase: Phrase) -> Phrase:
    """Return what stands before a verb that reads as a noun too: "The group backs Lee and says".

    Only "and" and another verb follow, so that one stands in it; the last that may be one is.
    """
    first, end = phrase
    for at in range(end - 1, first, -1):
        if tokens.word[at].islower() and tokens.low[at].endswith("s"):
            return first, at
    return phrase


def before_relative(tokens: Tokens, phrase: Phrase | None, last: int) -> Phrase | None:
    """Return the subject where a clause with "who" stands before the verb without a comma."""
    for at in range(last, max(0, last - _LONGEST), -1):
        if tokens.word[at] == "," or tokens.mark(at):
            return None
        if tokens.low[at] == "who":
            inside = phrase is not None and phrase[0] == at + 1
            return None if inside else before(tokens, at - 1)
    return None


def object_of(tokens: Tokens, phrase: Phrase | None) -> Phrase | None:
    """Return the subject where a phrase only follows its preposition: "The suit against Lee"."""
    at = phrase[0] - 1 if phrase else -1
    if at < 1 or tokens.low[at] not in wording.PREPOSITIONS:
        return None
    head = before(tokens, at - 1)
    if head is None or wording.opener(tokens.low[head[0]]):
        return None
    if any(tokens.word[n] in wording.FINITE for n in range(*head)):
        return None  # "The news came after Lee said"
    # "On his way to London Lee said"
    adverbial = head[0] > 0 and tokens.low[head[0] - 1] in wording.PREPOSITIONS | wording.OPENERS
    return None if adverbial or phrase is None else (head[0], phrase[1])


def before_modifiers(tokens: Tokens, comma: int) -> Phrase | None:
    """Return the subject before ", a spokesman for B," or ", who criticised B,"."""
    stretches = chunks(tokens, comma)
    at = len(stretches) - 1
    while at > 0 and _modifies(tokens, stretches[at - 1], stretches[at]):
        at -= 1
    if at + 1 < len(stretches) and _adverbial(tokens, stretches[at]):
        at += 1
    begin, end = stretches[at]
    if end <= begin:
        return None
    if at + 1 < len(stretches) and _named_by(tokens, stretches[at], stretches[at + 1]):
        return begin, stretches[at + 1][1]
    subject = before(tokens, skip_adverbs(tokens, end - 1))
    if subject and at and _names_role(tokens, stretches[at - 1], stretches[at]):
        return stretches[at - 1][0], subject[1]
    return subject


def before_aside(tokens: Tokens, dash: int) -> Phrase | None:
    """Return the subject before what stands between dashes: "Ann Lee — who owns it — said"."""
    inside = False
    for at in range(dash - 1, max(0, dash - 2 * _LONGEST), -1):
        dashed = tokens.word[at] in wording.DASHES
        if dashed and inside:
            first = at
            while first and tokens.word[first - 1] in wording.DASHES:
                first -= 1
            return before(tokens, first - 1) if first else None
        inside = inside or not dashed
    return None


def chunks(tokens: Tokens, end: int) -> list[Phrase]:
    """Return the stretches between commas before `end`, back to a stronger boundary."""
    found: list[Phrase] = []
    stop, floor = end, max(0, end - _FURTHEST)
    for at in range(end - 1, floor - 2, -1):
        word = tokens.word[at] if at >= floor else ""
        if not word or word == "," or word in wording.BREAKS or word[0] in wording.MARKS:
            if stop > at + 1:
                found.append((at + 1, stop))
            stop = at
            if word != ",":
                break
    return found[::-1] or [(end, end)]


def _modifies(tokens: Tokens, ahead: Phrase, chunk: Phrase) -> bool:
    """Say whether a stretch only says more about the one ahead of it."""
    begin, end = chunk
    if not tokens.word[begin][0].isupper() or tokens.low[begin] in wording.SUFFIXES:
        return True
    if not tokens.word[end - 1][0].isupper():
        return tokens.word[ahead[1] - 1][0].isupper()
    if tokens.word[ahead[0]] in wording.PLACES:
        return True  # "Ann Lee, from Marl, Ohio,"
    # "Ann Lee of Port Ellis, Ohio": but no name that follows a clause says where that was.
    placed = not wording.PLACES.isdisjoint(tokens.low[max(ahead[0], ahead[1] - 4) : ahead[1]])
    return placed and _whole_phrase(tokens, ahead)


def apposed(tokens: Tokens, comma: int) -> bool:
    """Say whether a name and a role stand before `comma`: "its engineer, Ada Quill,"."""
    stretches = chunks(tokens, comma)
    if len(stretches) < 2:
        return False
    ahead, last = stretches[-2:]
    if not _whole_phrase(tokens, ahead) or not _whole_phrase(tokens, last):
        return False
    named = _name(tokens, ahead), _name(tokens, last)
    role = ahead if named[1] else last
    return named[0] != named[1] and tokens.word[role[1] - 1][0].islower()


def _name(tokens: Tokens, chunk: Phrase) -> bool:
    return all(tokens.word[at][0].isupper() for at in range(*chunk))


def _whole_phrase(tokens: Tokens, chunk: Phrase) -> bool:
    """Say whether a stretch is one noun phrase and no clause."""
    phrase = before(tokens, chunk[1] - 1)
    return phrase is not None and phrase[0] <= _skip_connectives(tokens, *chunk)


def _skip_connectives(tokens: Tokens, begin: int, end: int) -> int:
    while begin < end - 1 and tokens.low[begin] in wording.CONNECTIVES:
        begin += 1
    return begin


def _adverbial(tokens: Tokens, chunk: Phrase) -> bool:
    if chunk[1] <= chunk[0]:
        return False
    first = _skip_connectives(tokens, *chunk)
    if tokens.low[first] in wording.OPENERS:
        return True
    return wording.opener(tokens.low[first]) and not _may_be_name(tokens, first, chunk)


def _may_be_name(tokens: Tokens, first: int, chunk: Phrase) -> bool:
    """Tell "Fleming, a nurse," and "King Harald, 86," from "Speaking Monday in Marl,"."""
    if not tokens.word[first][0].isupper():
        return False
    n = first + 1
    return n >= chunk[1] or (tokens.capital(n) and tokens.low[n] not in wording.DAYS)


def _names_role(tokens: Tokens, role: Phrase, name: Phrase) -> bool:
    """Tell "A spokesman, Ann Lee" from a list of names, and from "The mill is shut, Ann Lee"."""
    named = all(tokens.capital(at) for at in range(*name))
    return named and tokens.low[role[0]] in wording.DETERMINERS and _whole_phrase(tokens, role)


def _named_by(tokens: Tokens, role: Phrase, name: Phrase) -> bool:
    """Tell "His employer, the Skarn Line," from "The mayor, the oldest of them,"."""
    begin, end = name
    first = tokens.low[_skip_connectives(tokens, *role)]
    named = tokens.low[begin] == "the" and end > begin + 1 and _name(tokens, (begin + 1, end))
    return named and first in wording.DETERMINERS and _whole_phrase(tokens, role)


def skip_adverbs(tokens: Tokens, last: int) -> int:
    """Return the last token at or before `last` that is no adverb, day, bracket or auxiliary."""
    while last >= 0:
        low = tokens.low[last]
        if low == ")":
            last = _before_bracket(tokens, last)
            continue
        plain = low not in wording.ADVERBS and low not in wording.DAYS
        if plain and not (wording.adverb(low) and tokens.word[last] == low):
            return last
        last -= 1
    return last


def _before_bracket(tokens: Tokens, last: int) -> int:
    for at in range(last, max(-1, last - 12), -1):
        if tokens.word[at] == "(":
            return at - 1
    return last - 1
