"""Find the words that report speech ("said", "according to") and who stands beside them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.language.speech import noun_phrases, wording
from ingest.language.speech.noun_phrases import BLOT, Phrase, Tokens

_WORD = re.compile(r"[^\W\d_]+")

_DENIED_WITHIN = 4
"""Words before "that" in which it is denied."""


class Cue(NamedTuple):
    """A reporting word, its subject's span and how the two stand to each other.

    `kind` is "say" (governs clauses and quotations), "call" (quotations only), "source"
    ("according to") or "beside" (no known verb, but a name where a speaker's stands). `after`
    says that the subject follows ("said Ann Lee"), `reports` is the clause that is reported, where
    the form that was found tells.
    """

    start: int
    end: int
    kind: str
    sentence: int
    subject: tuple[int, int] | None
    after: bool = False
    reports: tuple[int, int] | None = None

    @property
    def clause(self) -> tuple[int, int]:
        """The span from the first to the last character of cue and subject."""
        if self.subject is None:
            return self.start, self.end
        return min(self.start, self.subject[0]), max(self.end, self.subject[1])


def cues(text: str, spans: Sequence[tuple[int, int]]) -> list[Cue]:
    """Return the cues of the sentences `spans` over `text`, its quotations blotted out."""
    found: list[Cue] = []
    for index, (start, end) in enumerate(spans):
        if _worth_reading(text, start, end):
            tokens = Tokens(text, start, end)
            found += _in_sentence(tokens, index) or _beside_speech(tokens, index)
    return found


def _worth_reading(text: str, start: int, end: int) -> bool:
    """Say whether a sentence can hold a cue: most hold none, and reading them takes the time."""
    if text[end - 1] == ":" or text.find(BLOT, start, end) >= 0:
        return True
    return not wording.REPORTING.isdisjoint(_WORD.findall(text[start:end].lower()))


def _in_sentence(tokens: Tokens, sentence: int) -> list[Cue]:
    found: list[Cue] = []
    for at, low in enumerate(tokens.low):
        if low in wording.CUES:
            kind = wording.CUES[low]
            if kind == "source":
                cue = _source(tokens, at, sentence)
            else:
                cue = _verb(tokens, at, kind, sentence, found)
            if cue is not None:
                if found and _quoted(tokens, at) and found[-1].subject != cue.subject:
                    found.pop()  # whoever quotes says nothing of their own
                found.append(cue)
    return found


def _beside_speech(tokens: Tokens, sentence: int) -> list[Cue]:
    """Read what names a speaker without a known verb: `beamed Ann Lee`, `Ann Lee was blunt:`."""
    for at, word in enumerate(tokens.word):
        if word == ":" and (at + 1 == len(tokens) or tokens.mark(at + 1)):
            return _unworded(tokens, noun_phrases.main(tokens, at), at, sentence)
        if word[0] in wording.MARKS and at and tokens.word[at - 1] in wording.ENDS_OPEN:
            return _after_speech(tokens, at + 1, sentence)
        if word[0] in wording.MARKS and (signed := _signature(tokens, at)):
            return _unworded(tokens, signed, at + 1, sentence)
        if word[0] in wording.MARKS and tokens.word[at + 1 : at + 2] == [","]:
            dash = tokens.word[at + 2 : at + 3] in wording.DASHED
            return _after_speech(tokens, at + 2 + dash, sentence)
    return []


def _signature(tokens: Tokens, at: int) -> Phrase | None:
    """Return the name that a quotation is signed with: `“It was cold.” — Ann Lee`."""
    first, end = at + 2, len(tokens)
    if not at or tokens.word[at - 1] not in wording.SENTENCE_ENDS:
        return None
    if tokens.word[at + 1 : first] not in wording.DASHED:
        return None
    end -= tokens.word[-1] == "."
    named = end - first > 1 and all(tokens.word[n][0].isupper() for n in range(first, end))
    return (first, end) if named else None


def _after_speech(tokens: Tokens, at: int, sentence: int) -> list[Cue]:
    if at < len(tokens) and tokens.word[at].islower() and tokens.low[at] not in wording.STOPS:
        phrase = noun_phrases.after(tokens, at + 1)
        if phrase and (wording.verb(tokens.low[at]) or _closes_clause(tokens, phrase[1])):
            return _unworded(tokens, phrase, at, sentence)
    phrase = noun_phrases.after(tokens, at)
    if phrase and phrase[1] < len(tokens) and wording.verb(tokens.low[phrase[1]]):
        return _unworded(tokens, phrase, phrase[1], sentence)
    return []


def _unworded(tokens: Tokens, phrase: Phrase | None, at: int, sentence: int) -> list[Cue]:
    if phrase is None or not _person_like(tokens, phrase):
        return []
    start, end = tokens.span((at, at + 1))
    return [Cue(start, end, "beside", sentence, tokens.span(phrase), phrase[0] > at)]


def _person_like(tokens: Tokens, phrase: Phrase) -> bool:
    return tokens.low[phrase[0]] in wording.PERSONAL or any(
        tokens.word[at][0].isupper() and tokens.low[at] not in wording.DETERMINERS
        for at in range(*phrase)
    )


def _source(tokens: Tokens, at: int, sentence: int) -> Cue | None:
    """Read "according to NAME" and its like."""
    words = wording.SOURCES[tokens.low[at]]
    last = at + len(words)
    early = last + 1 < len(tokens) and wording.adverb(tokens.low[last + 1])  # "early results"
    subject = noun_phrases.after(tokens, last + 1 + early)
    if subject is None or tokens.low[at + 1 : last + 1] != list(words):
        return None
    start, end = tokens.span((at, last + 1))
    return Cue(start, end, "source", sentence, tokens.span(subject), True)


def _verb(tokens: Tokens, at: int, kind: str, sentence: int, found: list[Cue]) -> Cue | None:
    """Read a reporting verb with its subject on either side; None where it reports nothing."""
    if tokens.low[at] in wording.THAT_ONLY and wording.THAT.isdisjoint(tokens.low[at + 1 : at + 2]):
        return None
    if at and (_idle(tokens, at) or (found and tokens.low[at - 1] in wording.MODALS)):
        return None  # "Lee said that the mill would answer “in kind”": they are Lee's words.
    low = tokens.low[at]
    inverted = _inverted(tokens, at) if kind == "say" else None
    quoted = _quoted(tokens, at)
    subject = inverted or quoted or _subject_before(tokens, at)
    if subject and _nobody(tokens, subject):
        return None
    span = tokens.span(subject) if subject else None
    if found and found[-1].kind != "source" and wording.participle(low) and not quoted:
        span = found[-1].subject or span
    if kind == "say" and found and not (inverted or quoted) and _goes_on(tokens, at, found[-1]):
        span = found[-1].subject
    if span is None and (low in wording.NOUN_LIKE or not _beside_quotation(tokens, at)):
        return None
    infinitive = at > 0 and tokens.low[at - 1] == "to"
    if infinitive and kind == "call" and found:
        return None  # "Lee said the crowd came to see “a wonder”"
    start, end = tokens.span((at, at + 1))
    return Cue(start, end, "call" if infinitive else kind, sentence, span, inverted is not None)


def _goes_on(tokens: Tokens, at: int, before: Cue) -> bool:
    """Say whether a verb has the subject of the one before: "Lee said so and warned that"."""
    joined = tokens.low[at - 1] in wording.JOINTS and tokens.low[at - 1] != "to"
    return joined and before.kind in {"say", "call"} and before.subject is not None


def _quoted(tokens: Tokens, at: int) -> Phrase | None:
    """Return whose words somebody else reports: "Lee quoted the mayor as saying"."""
    if at < 2 or not wording.participle(tokens.low[at]):
        return None
    if tokens.low[at - 1] not in wording.QUOTED_AS or not tokens.spoken(at - 2):
        return None
    return noun_phrases.before(tokens, at - 2)


def _nobody(tokens: Tokens, subject: Phrase) -> bool:
    """Say whether nobody spoke, or only might have: "nobody said", "nor Lee", "if Lee said".

    Or whether that they did is denied: "it is not true that Lee said".
    """
    first = subject[0]
    ahead = tokens.low[first - 1] if first else ""
    before = tokens.low[max(0, first - 1 - _DENIED_WITHIN) : max(0, first - 1)]
    if ahead in wording.THAT and not wording.DENIED.isdisjoint(before):
        return True
    numbered = first + 1 < len(tokens) and tokens.word[first + 1][0].isdigit()  # "No 10 said"
    none = tokens.low[first] in wording.NOBODY and not numbered
    return none or ahead in wording.NOBODY or ahead in wording.CONDITIONS


def _beside_quotation(tokens: Tokens, at: int) -> bool:
    near = range(max(0, at - 2), min(len(tokens), at + 3))
    return any(tokens.mark(place) or tokens.word[place][0] == BLOT for place in near)


def _idle(tokens: Tokens, at: int) -> bool:
    """Say whether a verb is passive, refused or a noun: "was told", "declined to say"."""
    low, ahead = tokens.low[at], tokens.low[max(0, at - 4) : at]
    last, noun_like = ahead[-1], low in wording.NOUN_LIKE
    if last in wording.NOTHING_SAID or (last in wording.UNSAID_AFTER and wording.participle(low)):
        return True
    if last == "," and low in wording.INVERTIBLE and not noun_like:
        return False  # "The mill will not close, said Ann Lee": what is refused is what was said.
    told = _tells_that(tokens, at)
    if last in wording.BEFORE_NOUN and ((noun_like and not told) or last in wording.ARTICLES):
        return True
    if noun_like and not (told or _subject_like(tokens, at)):
        return True
    passive = last in wording.PASSIVE or _contracted(last)
    if passive and not wording.participle(low):
        return True
    return not wording.REFUSALS.isdisjoint(ahead) or ahead[-2:] in wording.UNSAID


def _contracted(low: str) -> bool:
    """Tell "it's" and "he's", after which a verb is passive, from "Lee's"."""
    pronoun, mark, verb = low.replace("’", "'").partition("'")
    return bool(mark) and verb == "s" and pronoun in wording.PERSONAL


def _tells_that(tokens: Tokens, at: int) -> bool:
    """Tell "the newspaper reported that" from "a report that" and "the newspaper report"."""
    past, named = (
        tokens.low[at].endswith("ed"),
        tokens.word[at - 1].isalpha() and tokens.capital(at - 1),
    )
    finite = past or (named and tokens.low[at].endswith("s"))
    return finite and at + 1 < len(tokens) and tokens.low[at + 1] in wording.THAT


def _subject_like(tokens: Tokens, at: int) -> bool:
    """Say whether the word before a noun-like cue can end its subject."""
    last = at - 1
    while last > 0 and wording.adverb(tokens.low[last]) and tokens.word[last][0].islower():
        last -= 1
    low = tokens.low[last]
    if tokens.word[at][0].isupper() or low.endswith(("’s", "'s", "s’", "s'")):
        return False
    return (
        not tokens.word[last][0].islower()
        or low.endswith("s")
        or low in wording.BEFORE_VERB
        or _after_quotation(tokens, at)
    )


def _after_quotation(tokens: Tokens, at: int) -> bool:
    """Say whether only a phrase stands between a quotation and the word at `at`."""
    for back in range(at - 1, max(0, at - 12), -1):
        if tokens.mark(back):
            return tokens.word[back - 1] in wording.ENDS_OPEN
        if not tokens.spoken(back):
            return False
    return False


def _inverted(tokens: Tokens, at: int) -> Phrase | None:
    """Return the phrase after a verb that follows a quotation or a comma: `", said Ann Lee`."""
    if at + 1 >= len(tokens) or tokens.low[at] not in wording.INVERTIBLE:
        return None
    left = tokens.word[at - 1] if at else ""
    comma = left == ","
    if (not left and tokens.low[at] in wording.NOUN_LIKE) or (
        comma and noun_phrases.apposed(tokens, at - 1)
    ):
        return None
    parted = comma or left[:1] in wording.MARKS or left in wording.DASHES
    if left and not parted and tokens.low[at - 1] not in wording.RETOLD:
        return None
    phrase = noun_phrases.after(tokens, at + 1)
    pronoun = phrase is not None and tokens.low[phrase[0]] in wording.PRONOUNS
    if phrase is None or ((comma or pronoun) and not _ends_report(tokens, phrase)):
        return None
    return phrase


def _ends_report(tokens: Tokens, phrase: Phrase) -> bool:
    """Tell ", said the mayor." from "Lee, a nurse, asked the mayor whether"."""
    first, end = phrase
    if tokens.low[first] in wording.DETERMINERS:
        return end >= len(tokens) or tokens.word[end] in wording.CLAUSE_ENDS
    return _closes_clause(tokens, end)


def _closes_clause(tokens: Tokens, at: int) -> bool:
    return at >= len(tokens) or tokens.low[at] in wording.AFTER_INVERSION


def _subject_before(tokens: Tokens, at: int) -> Phrase | None:
    """Return the phrase that is the subject of the verb at `at`."""
    last = noun_phrases.skip_adverbs(tokens, at - 1)
    if last < 0:
        return None
    low = tokens.low[last]
    if low in wording.PRONOUNS:
        return last, last + 1
    if low in wording.RELATIVES:
        comma = last > 0 and tokens.low[last - 1] == ","
        return noun_phrases.before(tokens, last - 1 - comma)
    if low in wording.JOINTS:
        return noun_phrases.joined(tokens, last)
    return _subject_at(tokens, at, last)


def _subject_at(tokens: Tokens, at: int, last: int) -> Phrase | None:
    if wording.participle(tokens.low[at]):
        return noun_phrases.main(tokens, last)
    if tokens.low[last] == ",":
        return noun_phrases.before_modifiers(tokens, last)
    if tokens.word[last] in wording.DASHES:
        return noun_phrases.before_aside(tokens, last)
    if tokens.mark(last) or not tokens.spoken(last):
        return None
    phrase = noun_phrases.before(tokens, last)
    relative = noun_phrases.before_relative(tokens, phrase, last)
    return relative or noun_phrases.object_of(tokens, phrase) or phrase
