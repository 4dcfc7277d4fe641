"""Who said what: spans of speaker, cue and words, found by rules."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.article import EVIDENCE, Part, Statement
from ingest.language import lexicon
from ingest.language.quotations import Quotation, quotations
from ingest.language.sentences import sentences
from ingest.language.speech import dialogue, noun_phrases, reporting_forms, wording
from ingest.language.speech.cues import Cue, cues
from ingest.language.speech.noun_phrases import BLOT, Tokens
from ingest.language.speech.speakers import Cast, Meant

_SCARE = 2
"""Quotations of so many words are statements only beside a reporting word."""


_FEW = 8
"""Words of a quotation that is no statement where nobody can be named for it."""

_BESIDE = 3
"""Characters between a reporting word and the quotation that it introduces."""

_SMALL = 4
"""Letters of the words that a title may print small: "of", "and", "the"."""

_LETTERS = re.compile(r"[^\W\d_][\w’'-]*")

_KEPT = 512
"""Texts whose statements are kept: an answer asks for those of one article many times."""


def statements(text: str, parts: Sequence[Part] | None = None) -> tuple[Statement, ...]:
    """Return the direct quotations and reported clauses of an article, in order.

    With `parts`, those in its headline, standfirst, body, captions and corrections; else in
    all of `text`. Takes time linear in the length, once for each text.
    """
    return _statements(text, tuple(parts) if parts is not None else None)


@lru_cache(maxsize=_KEPT)
def _statements(text: str, parts: tuple[Part, ...] | None) -> tuple[Statement, ...]:
    page = _read(text, parts)
    openers = reporting_forms.openers(page.language) if page.language else frozenset[str]()
    cast = Cast(text, page.blotted, page.starts, openers)
    bodies = [(0, len(text))] if parts is None else _spans(parts, {"body"})
    spoken = dialogue.utterances(text, page.blotted, bodies, cast)
    names = [cast.resolve(*cue.subject) if cue.subject else None for cue in page.cues]
    said = [*dialogue.outside(_direct(page, names) + _indirect(page, names), spoken), *spoken]
    return tuple(sorted(said, key=lambda statement: (statement.start, -statement.end)))


def _spans(parts: Sequence[Part], kinds: Collection[str]) -> list[tuple[int, int]]:
    return [(part.start, part.end) for part in parts if part.part in kinds]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voice:
    speaker: str | None
    speaker_at: tuple[int, int] | None
    cue_at: tuple[int, int] | None
    sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _ArticleSpeech:
    """An article as it is read here; `blotted` hides what stands in quotation marks."""

    text: str
    blotted: str
    sentences: list[tuple[int, int]]
    starts: list[int]
    cues: list[Cue]
    by_sentence: dict[int, list[int]]
    quotations: list[Quotation]
    language: str | None

    def sentence_at(self, at: int) -> int:
        """Return the index of the sentence that holds the character `at`."""
        return max(0, bisect_right(self.starts, at) - 1)

    def line(self, at: int) -> tuple[int, int]:
        """Return the span of the line that holds the character `at`."""
        end = self.text.find("\n", at)
        return self.text.rfind("\n", 0, at) + 1, len(self.text) if end < 0 else end


def _read(text: str, parts: Sequence[Part] | None) -> _ArticleSpeech:
    regions = [(0, len(text))]
    if parts is not None:
        regions = _spans(parts, EVIDENCE)
    spans = [span for region in regions for span in sentences(text, *region)]
    begins = [start for start, _ in regions]
    quoted = [
        quotation
        for quotation in quotations(text)
        if (at := bisect_right(begins, quotation.start)) and quotation.end <= regions[at - 1][1]
    ]
    blotted = _blot(text, quoted)
    language = reporting_forms.language_of(text)
    found = reporting_forms.cues(blotted, spans, language) if language else cues(blotted, spans)
    by_sentence: dict[int, list[int]] = {}
    for index, cue in enumerate(found):
        by_sentence.setdefault(cue.sentence, []).append(index)
    return _ArticleSpeech(
        text=text,
        blotted=blotted,
        sentences=spans,
        starts=[start for start, _ in spans],
        cues=found,
        by_sentence=by_sentence,
        quotations=quoted,
        language=language,
    )


def _blot(text: str, quoted: Sequence[Quotation]) -> str:
    pieces: list[str] = []
    at = 0
    for quotation in quoted:
        # The last character stays: a comma there says that the sentence goes on.
        pieces += text[at : quotation.start], BLOT * (quotation.end - quotation.start - 1)
        at = quotation.end - 1
    return "".join([*pieces, text[at:]])


# Direct quotations


def _direct(page: _ArticleSpeech, names: Sequence[Meant | None]) -> list[Statement]:
    governing = [_governing(page, index) for index in range(len(page.quotations))]
    voices: list[_Voice | None] = []
    for index, quotation in enumerate(page.quotations):
        cue = governing[index]
        if cue is None and _whole(page, quotation):
            voices.append(_continued(page, index, governing, names, voices))
        else:
            voices.append(None if cue is None else _voice(page.cues[cue], names[cue]))
    return [
        _statement(quotation, voice)
        for quotation, voice in zip(page.quotations, voices, strict=True)
        if (_said(page, quotation) if voice is None else not _mentioned(page, quotation, voice))
    ]


def _statement(quotation: Quotation, voice: _Voice | None) -> Statement:
    return Statement(
        start=quotation.start,
        end=quotation.end,
        direct=True,
        speaker=voice.speaker if voice else None,
        speaker_at=voice.speaker_at if voice else None,
        cue_at=voice.cue_at if voice else None,
        sure=voice is not None and voice.sure,
    )


def _voice(cue: Cue, meant: Meant | None) -> _Voice:
    return _Voice(
        speaker=meant.name if meant else None,
        speaker_at=cue.subject,
        cue_at=(cue.start, cue.end),
        sure=meant is not None and meant.sure,
    )


def _said(page: _ArticleSpeech, quotation: Quotation) -> bool:
    """Say whether a quotation that nothing governs is speech and not a scare quote or title."""
    words = page.text[quotation.start : quotation.end].split()
    return len(words) > _SCARE and _whole(page, quotation)


def _mentioned(page: _ArticleSpeech, quotation: Quotation, voice: _Voice) -> bool:
    """Say whether what stands between marks is only named or used in a sentence of others.

    So is what is written as names are, unless the reporting word introduces it or it stands for
    itself; and so are a few words that nobody can be named for and no comma or colon sets off.
    """
    inner = page.text[quotation.start : quotation.end]
    start = page.sentences[page.sentence_at(quotation.outer[0])][0]
    if quotation.outer[0] - start <= 1:
        return False
    ahead = page.text[start : quotation.outer[0]].rstrip()[-1:]
    cue, speaker = voice.cue_at or (0, 0), voice.speaker_at or voice.cue_at or (0, 0)
    introduced = 0 <= quotation.outer[0] - max(cue[1], speaker[1]) <= _BESIDE
    gap = page.text[quotation.outer[1] : min(cue[0], speaker[0])].split()
    follows = cue[0] >= quotation.outer[1] and len(gap) <= _SCARE
    nobody = voice.speaker is None and not follows and ahead not in ",:"
    if ahead == "=" or (nobody and len(inner.split()) <= _FEW):
        return True
    return not introduced and _titled(inner)


def _titled(words: str) -> bool:
    """Say whether words are written as a name of several: "The Morning Show With Ann Lee"."""
    found = _LETTERS.findall(words)
    capital = [word[0].isupper() for word in found if len(word) > _SMALL]
    return len(found) > 1 and found[0][0].isupper() and found[-1][0].isupper() and all(capital)


def _whole(page: _ArticleSpeech, quotation: Quotation) -> bool:
    """Say whether a quotation stands for itself: from a sentence's start to its end."""
    first = page.sentences[page.sentence_at(quotation.outer[0])]
    last = page.sentences[page.sentence_at(quotation.end - 1)]
    return quotation.outer[0] - first[0] <= 1 and last[1] - quotation.outer[1] <= 1


def _governing(page: _ArticleSpeech, index: int) -> int | None:
    """Return the cue that governs a quotation from its own sentence, or the next short one."""
    quotation = page.quotations[index]
    before, after = _cues_beside(page, index)
    if after is not None and _adjacent(page, quotation, page.cues[after]):
        last = page.text[quotation.end - 1]
        if before is None or last == "," or page.cues[after].after:
            return after
        if last in _OPEN_ENDS and not _tight(page.cues[before], quotation):
            return after
    if before is not None:
        return before
    short = len(page.text[quotation.start : quotation.end].split()) <= _SCARE
    if after is not None and not short and _reaches(page, quotation, page.cues[after]):
        return after
    return _short_sentence_after(page, quotation)


def _adjacent(page: _ArticleSpeech, quotation: Quotation, cue: Cue) -> bool:
    return not page.text[quotation.outer[1] : cue.clause[0]].strip(" ,\u00a0—–―-")


def _tight(cue: Cue, quotation: Quotation) -> bool:
    return quotation.outer[0] - cue.clause[1] <= 3


def _reaches(page: _ArticleSpeech, quotation: Quotation, cue: Cue) -> bool:
    """Say whether a cue further on in the sentence still speaks of the quotation."""
    gap = page.text[quotation.outer[1] : cue.clause[0]].rstrip()
    return cue.kind == "source" or gap.endswith(",") or len(gap.split()) <= 8


def _cues_beside(page: _ArticleSpeech, index: int) -> tuple[int | None, int | None]:
    quotation = page.quotations[index]
    first, last = page.sentence_at(quotation.outer[0]), page.sentence_at(quotation.end - 1)
    here = page.by_sentence.get(first, [])
    before = bisect_right(here, quotation.outer[0], key=lambda cue: page.cues[cue].end)
    limit = len(page.text)
    if index + 1 < len(page.quotations):
        limit = page.quotations[index + 1].outer[0]
    there = page.by_sentence.get(last, [])
    after = bisect_left(there, quotation.outer[1], key=lambda cue: page.cues[cue].start)
    while after < len(there) and page.cues[there[after]].clause[0] < quotation.outer[1]:
        after += 1
    reaches = after < len(there) and page.cues[there[after]].clause[0] < limit
    return (here[before - 1] if before else None), (there[after] if reaches else None)


def _short_sentence_after(page: _ArticleSpeech, quotation: Quotation) -> int | None:
    """Return the cue of `Lee said.` after a quotation that ends with a full stop."""
    following = page.sentence_at(quotation.end - 1) + 1
    ended = page.text[quotation.end - 1] in wording.SENTENCE_ENDS
    if page.language or not ended or following >= len(page.sentences):
        return None
    start, end = page.sentences[following]
    for cue in page.by_sentence.get(following, ())[:1]:
        clause = page.cues[cue].clause
        short = end - clause[1] <= 24 and page.text[end - 1] == "."
        if clause[0] == start and short and "\n" not in page.text[quotation.end : start]:
            return cue
    return None


def _continued(
    page: _ArticleSpeech,
    index: int,
    governing: Sequence[int | None],
    names: Sequence[Meant | None],
    voices: Sequence[_Voice | None],
) -> _Voice | None:
    """Return whose words a quotation without a cue goes on with."""
    quotation = page.quotations[index]
    begin, end = page.line(quotation.start)
    voice = _last_voice(page, index, begin, names, voices)
    if voice is not None:
        return voice
    following = index + 1
    if following < len(page.quotations) and page.quotations[following].start < end:
        cue = governing[following]
        if cue is not None:
            return _voice(page.cues[cue], names[cue])
    above = begin - 1
    while above > 0 and page.text[above - 1] == "\n":
        above -= 1
    if above <= 0:
        return None
    voice = _last_voice(page, index, page.line(above - 1)[0], names, voices)
    return replace(voice, sure=False) if voice else None


def _last_voice(
    page: _ArticleSpeech,
    index: int,
    floor: int,
    names: Sequence[Meant | None],
    voices: Sequence[_Voice | None],
) -> _Voice | None:
    """Return who spoke last between `floor` and a quotation."""
    at = page.quotations[index].start
    spoken = bisect_left(page.cues, at, key=lambda cue: cue.start) - 1
    cue = page.cues[spoken] if spoken >= 0 else None
    previous = page.quotations[index - 1] if index else None
    if previous and previous.start >= floor and voices[index - 1]:
        said_in = page.sentence_at(previous.end - 1)
        if cue is None or cue.start < previous.start or cue.sentence <= said_in:
            return voices[index - 1]
    if cue is not None and cue.start >= floor:
        after = page.sentences[cue.sentence][1]
        if cue.kind == "call" and page.text[after - 1] != ":":
            return None
        if _outside(page.blotted[after:at]) < _SCARE:
            return _voice(cue, names[spoken])
    return None


_JOINED = re.compile(rf",?\s(?:{lexicon.any_of(wording.JOINTS - {'to', 'or'})})\s\Z")
_OPEN_ENDS = frozenset(",?!…—–-")

# Reported clauses

_THAT = re.compile(rf"(?:[ ,]+[\w’'“”\"{BLOT}.-]+){{0,7}}?,?\s(?:that|que|що|что)\s")
_ENDS_REPORT = re.compile(rf",[{''.join(sorted(wording.MARKS))}]*\s\Z")
"""What stands between what was said and who says so."""

_LISTENER = 8
"""Words within which a clause begins after whom it was told."""

_DIRECTLY_THAT = re.compile(r"\s(?:that|que|що|что)\s")
_APPOSITION = re.compile(
    r",\s(?:who|whose|a|an|the)\s[^,]{1,80}(?=,\s(?!which|who|where|and|but|or))"
)
_RETOLD = re.compile(rf"(?:\A|, )(?:{lexicon.any_of(wording.RETOLD)})\s\Z", re.IGNORECASE)
_WEEKDAY = lexicon.any_of(
    day.capitalize() for day in lexicon.calendar("en").weekdays if day.endswith("day")
)
_TIME = re.compile(
    r"(?:\s(?:on|late|early|last|earlier|in an? \w+|yesterday|today|recently|week"
    rf"|{_WEEKDAY})\b)*,?\s*"
)
_CLAUSE = re.compile(rf"(?!(?:{lexicon.any_of(lexicon.words('reporting.no_clause'))})\b)[\w$€£#]")
_WHERE = re.compile(
    r"\s(?:(?:at|in|on|outside|inside|during|after|before|through)\s|(?<=told\s)|(?<=tells\s))"
    rf"[^,;:.{BLOT}]{{2,60}}[.:]?\s*\Z|\s(?:at|in|outside)\s[^,;:.{BLOT}]{{2,40}}:"
)
"""To whom, where or when it was said, after a report: ", Ann Lee told members on Monday."."""
_REPORTING = frozenset({"say", "source"})
_WITHOUT_THAT = lexicon.words("reporting.without_that")
"""Verbs after which a clause is reported speech even without "that"."""


_ENDLESS = 4000
"""Characters beyond which a sentence is a list or an attack and reports nothing."""


def _indirect(page: _ArticleSpeech, names: Sequence[Meant | None]) -> list[Statement]:
    said: list[Statement] = []
    for index, cue in enumerate(page.cues):
        if page.language:
            content = cue.reports
        else:
            content = _content(page, index) if cue.kind in _REPORTING else _thought(page, index)
        span = _trim(page, *content) if content else None
        inside = cue.kind == "call" and said and span and span[0] < said[-1].end
        if span is not None and not inside:
            meant = names[index]
            said.append(
                Statement(
                    start=span[0],
                    end=span[1],
                    direct=False,
                    speaker=meant.name if meant else None,
                    speaker_at=cue.subject,
                    cue_at=(cue.start, cue.end),
                    sure=meant is not None and meant.sure,
                )
            )
    return said


def _content(page: _ArticleSpeech, index: int) -> tuple[int, int] | None:
    """Return the clause that a cue reports, in its own sentence."""
    cue = page.cues[index]
    start, end = page.sentences[cue.sentence]
    if end - start > _ENDLESS:
        return None
    if cue.kind == "source":
        return _of_source(page, cue, start, end)
    at = cue.clause[0]
    retold = _RETOLD.search(page.blotted[start:at])
    if retold is not None:
        return _retold(page, cue, start + retold.start(), end)
    leads = at - start <= 3
    if cue.after:
        return None if leads else (start, at)
    if not leads and _ENDS_REPORT.search(page.blotted, max(start, at - _BESIDE), at):
        told, until = _before_cue(page, index, end)
        if told:
            return (start, until) if until else None
    return _clause_after(page, cue, _stop(page, index, end))


def _retold(page: _ArticleSpeech, cue: Cue, at: int, end: int) -> tuple[int, int] | None:
    """Return what is told in "as Lee said, the mill is shut" and "it is shut, as Lee said"."""
    start = page.sentences[cue.sentence][0]
    if at > start:
        return start, at
    comma = page.blotted.find(",", cue.clause[1], end)
    return (comma + 1, end) if comma >= 0 else None


def _before_cue(page: _ArticleSpeech, index: int, end: int) -> tuple[bool, int | None]:
    """Return whether what is reported goes before its cue, and where it ends: "It is, Lee said"."""
    cue = page.cues[index]
    at, rest = cue.clause[0], page.blotted[cue.end : end]
    told = _TIME.fullmatch(rest.rstrip(" .")) or _WHERE.match(page.blotted, cue.end, end)
    if len(rest.strip()) <= 1 or rest[:1] == ";" or told or _stop(page, index, end) <= cue.end:
        return True, at
    if not rest.startswith(","):
        return False, None
    inserted = page.blotted[at - 2] == ","
    return True, at if not inserted else end if _outside(rest) > _SCARE else None


def _of_source(page: _ArticleSpeech, cue: Cue, start: int, end: int) -> tuple[int, int] | None:
    """Return what "according to Lee" is the source of: what follows, what goes before, or both."""
    first, last = cue.clause
    if first - start <= 3 or _opens(page, start, first):
        apposition = _APPOSITION.match(page.blotted, last, end)
        comma = page.blotted.find(",", apposition.end() if apposition else last, end)
        return (comma + 1, end) if comma >= 0 else None
    inserted = page.blotted[last : last + 1] == "," and not _has_verb(page, start, first)
    return (start, end) if inserted else (start, first)


def _opens(page: _ArticleSpeech, start: int, end: int) -> bool:
    """Say whether nothing but a word or two that leads on opens a sentence: "But", "And yet"."""
    return all(word in wording.CONNECTIVES for word in _words(page, start, end))


def _has_verb(page: _ArticleSpeech, start: int, end: int) -> bool:
    """Tell what was said whole from what the source stands in: "Fares, according to Lee, rose"."""
    return any(wording.verb(word) or word in wording.FINITE for word in _words(page, start, end))


def _words(page: _ArticleSpeech, start: int, end: int) -> list[str]:
    return _LETTERS.findall(page.blotted[start:end].lower())


def _thought(page: _ArticleSpeech, index: int) -> tuple[int, int] | None:
    """Return the clause that follows a word that reports no speech as such: "Lee hopes that"."""
    cue = page.cues[index]
    end = page.sentences[cue.sentence][1]
    ahead = page.blotted[page.sentences[cue.sentence][0] : cue.start].rsplit(None, 1)
    if page.text[cue.start : cue.end].lower() not in wording.THINKING:
        return None
    if cue.kind != "call" or cue.after or end - cue.end > _ENDLESS:
        return None
    if ahead and ahead[-1].lower() in wording.MODALS | {"to"}:
        return None
    end = _stop(page, index, end)
    that = _DIRECTLY_THAT.match(page.blotted, cue.end, end)
    begin = that.end() if that else _whole_clause(page, cue, end)
    return (begin, end) if begin is not None else None


def _whole_clause(page: _ArticleSpeech, cue: Cue, end: int) -> int | None:
    """Return where what is reported begins, where no "that" says so.

    "Lee said the mill would", "told members it would", "promised to", "urged members to".
    """
    verb = page.text[cue.start : cue.end].lower()
    if wording.participle(verb) and not _goes_on_speaking(page, cue):
        return None  # "responding crews have", "..., suggesting it will": nobody reports
    time = _TIME.match(page.blotted, cue.end, end)
    tokens = Tokens(page.blotted, time.end() if time else cue.end, end)
    first = noun_phrases.after(tokens, 0)
    if verb in wording.COMMITTING and _infinitive(tokens, first[1] if first else 0):
        return tokens.span((0, 1))[0]
    if first is not None and _finite(tokens, first[1]) and _opens_clause(tokens, verb):
        return tokens.span(first)[0]
    return _after_listener(tokens) if verb not in _WITHOUT_THAT and cue.kind == "say" else None


def _goes_on_speaking(page: _ArticleSpeech, cue: Cue) -> bool:
    """Tell whether somebody spoke before in the sentence: "Lee said so, adding it was late"."""
    return any(
        page.cues[one].end < cue.start and page.cues[one].subject == cue.subject
        for one in page.by_sentence[cue.sentence]
    )


def _opens_clause(tokens: Tokens, verb: str) -> bool:
    """Tell "found the species had" from "threatened species had", where the verb leaves it open."""
    pointed = wording.DETERMINERS | wording.PRONOUNS
    return verb in _WITHOUT_THAT or tokens.capital(0) or tokens.low[0] in pointed


def _after_listener(tokens: Tokens) -> int | None:
    """Return where the clause begins in "told members it would", "told the paper she’s well"."""
    for at in range(min(_LISTENER, len(tokens))):
        if not tokens.spoken(at) or tokens.low[at] in wording.STOPS - wording.PERSONAL:
            return None
        low, _, contracted = tokens.low[at].replace("'", "’").partition("’")
        if low in wording.PERSONAL and contracted:
            return tokens.span((at, at + 1))[0]
        if at and (low in wording.PERSONAL or low in wording.DETERMINERS):
            subject = noun_phrases.after(tokens, at)
            if subject is not None and _finite(tokens, subject[1]):
                return tokens.span(subject)[0]
    return None


def _infinitive(tokens: Tokens, at: int) -> bool:
    """Tell "to close the mill" from "to the mill"."""
    if tokens.low[at : at + 1] != ["to"] or at + 1 >= len(tokens):
        return False
    verb = tokens.word[at + 1]
    return verb.islower() and verb not in wording.DETERMINERS and not verb.endswith(("s", "ing"))


def _finite(tokens: Tokens, at: int) -> bool:
    return at < len(tokens) and tokens.word[at] in wording.FINITE


def _outside(words: str) -> int:
    """Count the words that are not in quotation marks."""
    return sum(word[0].isalnum() for word in words.replace(BLOT, "").split())


def _stop(page: _ArticleSpeech, index: int, end: int) -> int:
    """Return where the next cue takes over: ", adding that", "and warned that"."""
    if index + 1 < len(page.cues):
        cue, following = page.cues[index], page.cues[index + 1]
        ahead = page.text[following.start - 2 : following.start]
        if following.start < end and ahead == ", ":
            return following.start - 2
        joint = _JOINED.search(page.blotted[cue.end : following.start])
        if joint and following.start < end and following.subject == cue.subject:
            return cue.end + joint.start()
    return end


def _clause_after(page: _ArticleSpeech, cue: Cue, end: int) -> tuple[int, int] | None:
    clause = _whole_clause(page, cue, end) if cue.kind == "say" else None
    if clause is not None:
        return clause, end
    that = _THAT.match(page.blotted, cue.end, end)
    if that is not None:
        return that.end(), end
    verb = page.text[cue.start : cue.end].lower()
    if verb not in _WITHOUT_THAT and page.blotted[cue.end : cue.end + 1] != ":":
        return None
    time = _TIME.match(page.blotted, cue.end, end)
    begin = time.end() if time else cue.end
    if not _CLAUSE.match(page.blotted, begin, end):
        return None
    return begin, end


def _trim(page: _ArticleSpeech, start: int, end: int) -> tuple[int, int] | None:
    """Take off white space and stops; None where nothing but a quotation is left."""
    words = page.blotted[start:end]
    if _outside(words) < 3:
        return None
    left = len(words) - len(words.lstrip(" \u00a0,:—–-"))
    right = len(words) - len(words.rstrip(" \u00a0,;:.—–-"))
    return (start + left, end - right) if end - right > start + left else None
