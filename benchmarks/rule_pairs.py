"""Claims made by rule from news, right and wrong on purpose, to train the faithfulness checker.

Right: a headline against its body; a sentence without its asides, or with its numbers written
the other way. Wrong: the same with one thing changed (a number, a name, a negation, a speaker,
an attribution, how certain it is), a sentence whose own line was taken out of the article, and
a headline against the article that shares most words with it.
"""

import gzip
import itertools
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.check.reading import Reading, Word, read
from ingest.language.speech.statements import statements

_LONGEST = 1500  # words of an article that are kept
_ASIDE = re.compile(r", [^,;:]{8,80},(?= )| \([^()]{2,60}\)")
_LAST_CLAUSE = re.compile(
    r"(?<=\w)(?:, (?:which|who|while|as|after|where|and|but)| after| as) [^,]+\.\Z"
)
_SPELLED = dict(
    zip(
        "2 3 4 5 6 7 8 9 10".split(),
        "two three four five six seven eight nine ten".split(),
        strict=True,
    )
)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|said|can|could|[a-z]{3,}ed) ")
_PRONOUN = re.compile(r"(?:He|She)\b(?= [a-z])")
_PERSON = re.compile(r"\b[A-Z][a-z]+ (?:[A-Z][a-z]+ ?){1,2}\b(?<! )")
_WEAKER = re.compile(r"\b(?:may|might|could) (?=[a-z])")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|should)\b(?! not\b|n't)"
)
_OPPOSITE = (
    "rose fell|increased decreased|won lost|up down|more less|before after|higher lower|first last"
    "|accepted rejected|approved rejected|opened closed|north south|east west|best worst|highest"
    " lowest|supported opposed|killed rescued|arrested released|raised cut|men women|man woman"
    "|gained lost|joined left|begin end|allow ban|confirmed denied|welcomed condemned"
)
_PAIRS = [pair.split() for pair in _OPPOSITE.split("|")]
_FLIP = {a: b for one, other in _PAIRS for a, b in ((one, other), (other, one))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A claim, its passages, and whether they support it; `kind` says how it was made."""

    claim: str
    passages: tuple[str, ...]
    supported: bool
    kind: str
    group: str
    published: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A news article as far as pairs are made of it."""

    title: str
    text: str
    published: date | None

    @property
    def reading(self) -> Reading:
        """The words of the article."""
        return read(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a change may take its words from, and the dice."""

    story: Story
    news: Sequence[Story]
    chance: random.Random


def stories(data: Path, limit: int, seed: int = 7) -> list[Story]:
    """Read a fixed random choice of the news articles under `data`."""
    found = []
    for name in ("realtimeqa", "wikinews"):
        with gzip.open(data / name / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                words = row["text"].split(" ")
                text = " ".join(words[:_LONGEST]).strip()
                if row["title"] and len(words) > 120 and row["title"] not in text[:400]:
                    day = date.fromisoformat(row["date"][:10]) if row.get("date") else None
                    found.append(Story(title=row["title"], text=text, published=day))
    random.Random(seed).shuffle(found)
    return found[:limit]


def pairs(news: Sequence[Story], seed: int = 7) -> Iterator[Pair]:
    """Yield right and wrong claims of each article."""
    chance = random.Random(seed)
    titles = [{word.stem for word in read(story.title).words if word.content} for story in news]
    for index, story in enumerate(news):
        desk = Desk(story=story, news=news, chance=chance)
        title = re.sub(r"\s+[|–-]\s+[^|]{2,30}\Z", "", story.title)
        if 5 <= len(title.split()) <= 25:
            yield _pair(title, story, True, "headline")
            yield from _changed(title, desk, "headline")
            other = _nearest(index, titles, chance)
            if other is not None:
                yield _pair(title, news[other], False, "other article")
        yield from _from_sentences(desk)


def _pair(claim: str, story: Story, supported: bool, kind: str, text: str = "") -> Pair:
    return Pair(
        claim=claim,
        passages=(text or story.text,),
        supported=supported,
        kind=kind,
        group=story.title,
        published=story.published,
    )


def _nearest(index: int, titles: Sequence[set[str]], chance: random.Random) -> int | None:
    """Return the article, of two hundred, whose headline shares most words with this one."""
    others = [i for i in chance.sample(range(len(titles)), min(200, len(titles))) if i != index]
    best = max(others, key=lambda i: len(titles[i] & titles[index]), default=None)
    return best if best is not None and titles[best] & titles[index] else None


def _from_sentences(desk: Desk) -> Iterator[Pair]:
    story, chance = desk.story, desk.chance
    spans = [s for s in story.reading.sentences if 60 < s[1] - s[0] < 260]
    for start, end in chance.sample(spans, min(2, len(spans))):
        sentence = story.text[start:end]
        short = shortened(sentence, chance)
        if short != sentence:
            yield _pair(short, story, True, "shortened")
        yield from _changed(short, desk, "sentence")
        without = story.text[:start] + story.text[end:]
        yield _pair(short, story, False, "taken out", without)
        yield _pair(sentence, story, True, "verbatim")
    yield from _stitched(story, spans, chance)
    yield from _resolved(story)


def _stitched(
    story: Story, spans: Sequence[tuple[int, int]], chance: random.Random
) -> Iterator[Pair]:
    """Yield the beginning of one sentence with the end of another, cut before a verb of both."""
    cut = []
    for start, end in spans:
        found = _VERB.search(story.text, start + 8, end - 20)
        if found:
            cut.append((story.text[start : found.start()], story.text[found.start() : end]))
    for _ in range(2):
        if len(cut) > 1:
            one, other = chance.sample(cut, 2)
            if one[0] != other[0]:
                yield _pair(one[0] + other[1], story, False, "stitched")


def _resolved(story: Story) -> Iterator[Pair]:
    """Yield sentences that begin with "he" or "she", with the one name of the sentence before."""
    spans = story.reading.sentences
    made = 0
    for before, (start, end) in itertools.pairwise(spans):
        found = _PRONOUN.match(story.text, start, end)
        people = {m[0] for m in _PERSON.finditer(story.text, *before)}
        if found and len(people) == 1 and story.text[before[1] : start].count("\n") == 0:
            claim = people.pop() + story.text[found.end() : end]
            if made < 2 and len(claim.split()) > 6:
                made += 1
                yield _pair(shortened(claim, random.Random(start)), story, True, "resolved")


def shortened(sentence: str, chance: random.Random) -> str:
    """Return a sentence without its asides, half of the time with its small numbers spelled."""
    short = _ASIDE.sub("", sentence)
    short = _LAST_CLAUSE.sub(".", short)
    if chance.random() < 0.5:
        short = re.sub(
            r"(?<![\d.,$£€])\b(\d|10)\b(?![\d.,%:])", lambda m: _SPELLED.get(m[0], m[0]), short
        )
    return short if len(short.split()) > 6 else sentence


Change = Callable[[str, Desk], str | None]


def _changed(claim: str, desk: Desk, kind: str) -> Iterator[Pair]:
    """Yield at most two wrong versions of a right claim."""
    changes = list(CHANGES.items())
    desk.chance.shuffle(changes)
    made = 0
    for name, change in changes:
        wrong = change(claim, desk)
        if wrong and wrong != claim and made < 2:
            made += 1
            yield _pair(wrong, desk.story, False, f"{kind}: {name}")


def _number(claim: str, desk: Desk) -> str | None:
    numbers = [word for word in read(claim).words if word.value is not None]
    if not numbers:
        return None
    word = desk.chance.choice(numbers)
    written = claim[word.start : word.end]
    others = [w for w in desk.story.reading.words if w.value is not None and w.value != word.value]
    if others and desk.chance.random() < 0.5:
        other = desk.chance.choice(others)
        return _put(claim, word, desk.story.text[other.start : other.end])
    if not written.isdigit():
        return None
    moved = int(written) + desk.chance.choice([-3, -2, -1, 1, 2, 3, 10]) * max(
        1, int(written) // 20
    )
    return _put(claim, word, str(abs(moved)))


def _put(claim: str, word: Word, written: str) -> str:
    return claim[: word.start] + written + claim[word.end :]


def _names(reading: Reading) -> list[Word]:
    return [w for at, w in enumerate(reading.words) if reading.is_name(at) and len(w.low) > 2]


def _name(claim: str, desk: Desk) -> str | None:
    names = _names(read(claim))
    inside = desk.chance.random() < 0.5
    others = _names((desk.story if inside else desk.chance.choice(desk.news)).reading)
    others = [w for w in others if w.low not in claim.lower()]
    if not names or not others:
        return None
    return _put(claim, desk.chance.choice(names), desk.chance.choice(others).low.capitalize())


def _swap(claim: str, desk: Desk) -> str | None:
    names = _names(read(claim))
    apart = [(a, b) for a in names for b in names if b.start - a.end > 8 and a.low != b.low]
    if not apart:
        return None
    one, other = desk.chance.choice(apart)
    first, second = claim[one.start : one.end], claim[other.start : other.end]
    return _put(_put(claim, other, first), one, second)


def _negate(claim: str, _: Desk) -> str | None:
    if " not " in claim:
        return claim.replace(" not ", " ", 1)
    negated = _AUXILIARY.sub(lambda m: f"{m[0]} not", claim, count=1)
    return negated if negated != claim else None


def _certain(claim: str, _: Desk) -> str | None:
    certain = _WEAKER.sub("will ", claim, count=1)
    return certain if certain != claim else None


def _flip(claim: str, desk: Desk) -> str | None:
    found = [word for word in read(claim).words if word.low in _FLIP]
    if not found:
        return None
    word = desk.chance.choice(found)
    return _put(claim, word, _FLIP[word.low])


def _speaker(claim: str, desk: Desk) -> str | None:
    said = [one for one in statements(claim) if one.speaker_at]
    others = [one.speaker for one in statements(desk.story.text) if one.speaker]
    if not said or not said[0].speaker_at:
        return None
    start, end = said[0].speaker_at
    others = [name for name in others if name.split()[-1] not in claim]
    return claim[:start] + desk.chance.choice(others) + claim[end:] if others else None


CHANGES: dict[str, Change] = {
    "number": _number,
    "name": _name,
    "swapped names": _swap,
    "negation": _negate,
    "certainty": _certain,
    "opposite": _flip,
    "speaker": _speaker,
}
