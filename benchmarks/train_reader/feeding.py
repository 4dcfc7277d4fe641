"""Turn items into rows of tokens, in the mixture and the lengths that training wants."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from tokenizers import Tokenizer

from benchmarks.train_reader import rows, swaps

EVIDENCE_START = 72
CLAIM_TOKENS = EVIDENCE_START - 2
EVIDENCE_TOKENS = 438
"""As in the module that reads with the finished model."""

CLAIMS_A_ROW = 10
STEP_TOKENS = 2800
QUESTION_TOKENS = 700
POOL_STEPS = 14
"""Rows for so many steps are drawn at once and sorted by length."""

IMPRINT_TOKENS = 40
SENTENCE_TOKENS = 120

OUTLETS = ["Reuters", "BBC", "The Guardian", "AP", "CNN", "Wikinews", "El País", "Le Monde", "NPR"]
LONG_SHARE = 0.35
IMPRINT_SHARE = 0.85
OUTLET_SHARE = 0.35
SAME_ARTICLE_SHARE = 0.6
STRETCH_WORDS = 170
LONG_WORDS = (120, 260)

STRAY_SHARE, SWAPS, SWAP_SHARE = 0.6, 2, 0.5
"""How many rows get a claim of another article, and how many true claims get an altered twin."""

ASKED_ELSEWHERE = 0.1
"""How many questions are asked of a text that has nothing to do with them."""

MADE_WEIGHT = 0.6
"""How much a claim counts that no hand wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a reader was taught, and what was kept from it: by hand, and of the other sets."""

    taught: Sequence[rows.Item]
    kept: Sequence[rows.Item]
    unseen: Sequence[rows.Item]


Fed = TypeVar("Fed", "Row", "Asked")


@dataclass(frozen=True, slots=True)
class Row:
    """The tokens of a text and of claims on it."""

    text: list[int]
    claims: list[list[int]]
    is_a: list[int]
    weights: list[float]

    def __len__(self) -> int:
        return len(self.text) + sum(map(len, self.claims))


@dataclass(frozen=True, slots=True)
class Asked:
    """The tokens of a question and a text, where its sentences stand, and which of them answer."""

    text: list[int]
    sentences: list[tuple[int, int]]
    answers: list[bool]

    def __len__(self) -> int:
        return len(self.text)


class Feeder:
    """Rows of items, drawn with one generator of random numbers."""

    def __init__(self, tokenizer: Tokenizer, stretches: Sequence[rows.Item], seed: int) -> None:
        self._tokenizer = tokenizer
        self._random = random.Random(seed)
        cells = Counter(claim.cell for item in stretches for claim in item.claims)
        self._weights = {cell: cells.total() / len(cells) / count for cell, count in cells.items()}
        self._same_article: dict[str, list[str]] = defaultdict(list)
        self._same_language: dict[str, list[str]] = defaultdict(list)
        self._stretches = stretches
        self.first = tokenizer.encode("<s>", add_special_tokens=False).ids[0]
        self.last = tokenizer.encode("</s>", add_special_tokens=False).ids[0]
        for item in stretches:
            if len(item.text.split()) < STRETCH_WORDS:
                self._same_language[item.language].append(item.text)
                if item.title:
                    self._same_article[item.title].append(item.text)

    def questions(
        self, sets: Sequence[tuple[float, Sequence[rows.Question]]]
    ) -> Iterator[list[Asked]]:
        """Yield the questions of one step after another; each set has its share of them."""
        shares = [share for share, _ in sets]
        while True:
            pool: list[Asked] = []
            while sum(map(len, pool)) < QUESTION_TOKENS * POOL_STEPS:
                _, questions = self._random.choices(sets, shares)[0]
                question = self._random.choice(questions)
                if self._random.random() < ASKED_ELSEWHERE:
                    other = self._random.choice(questions)
                    if other.group != question.group:
                        question = replace(question, words=other.words, answers=frozenset())
                pool.append(self.asked(question))
            batches = list(_batches(pool, QUESTION_TOKENS))
            self._random.shuffle(batches)
            yield from batches

    def asked(self, question: rows.Question) -> Asked:
        """Return the tokens of a question and its sentences, with the imprint now and then."""
        text = [self.first, *self._encoded(question.words)[:CLAIM_TOKENS], self.last]
        if question.title and self._random.random() < IMPRINT_SHARE:
            text += self._encoded(question.title.rstrip(".") + ".")[:IMPRINT_TOKENS]
        places, answers = [], []
        for number, sentence in enumerate(question.sentences):
            tokens = self._encoded(sentence)[:SENTENCE_TOKENS]
            if len(text) + len(tokens) >= EVIDENCE_TOKENS or not tokens:
                break
            places.append((len(text), len(text) + len(tokens)))
            answers.append(number in question.answers)
            text += tokens
        return Asked([*text, self.last], places, answers)

    def steps(self, sets: Sequence[tuple[float, Sequence[rows.Item]]]) -> Iterator[list[Row]]:
        """Yield the rows of one step after another; each set has its share of the tokens."""
        streams = [self._stream(items) for _, items in sets]
        used = [0.0] * len(sets)
        while True:
            pool: list[Row] = []
            while sum(map(len, pool)) < STEP_TOKENS * POOL_STEPS:
                behind = [
                    share * sum(used) - use for (share, _), use in zip(sets, used, strict=True)
                ]
                which = behind.index(max(behind))
                row = next(streams[which])
                used[which] += len(row)
                pool.append(row)
            batches = list(_batches(pool, STEP_TOKENS))
            self._random.shuffle(batches)
            yield from batches

    def _stream(self, items: Sequence[rows.Item]) -> Iterator[Row]:
        while True:
            parts = [part for item in items for part in self._parts(item)]
            self._random.shuffle(parts)
            for part in parts:
                made = [*self._strays(part), *self._swapped(part)]
                yield self.row(replace(part, claims=[*part.claims, *made]), self._evidence(part))

    def _strays(self, item: rows.Item) -> Iterator[rows.Claim]:
        """Yield now and then a true claim of another article: this one does not state it."""
        other = self._random.choice(self._stretches)
        if self._random.random() < STRAY_SHARE and other.group != item.group:
            of_other = self._random.choice(other.claims)
            yield rows.Claim(words=of_other.words, is_a=rows.NOT_STATED, kind=rows.STRAY)

    def _swapped(self, item: rows.Item) -> Iterator[rows.Claim]:
        """Yield true claims with a name or a number put for another one of the text."""
        true = [claim for claim in item.claims if claim.is_a == rows.SUPPORTED]
        for claim in self._random.sample(true, min(len(true), SWAPS)):
            altered = swaps.swapped(claim.words, item.text, self._random)
            if altered and self._random.random() < SWAP_SHARE:
                yield rows.Claim(words=altered, is_a=rows.CONTRADICTED, kind=rows.SWAPPED)

    def _parts(self, item: rows.Item) -> Iterator[rows.Item]:
        """Yield the item with a few of its claims at a time."""
        claims = self._random.sample(item.claims, len(item.claims))
        for start in range(0, len(claims), CLAIMS_A_ROW):
            yield replace(item, claims=claims[start : start + CLAIMS_A_ROW])

    def row(self, item: rows.Item, evidence: str) -> Row:
        """Return the tokens of an item's claims on the evidence given."""
        return Row(
            [*self._encoded(evidence)[:EVIDENCE_TOKENS], self.last],
            [
                [self.first, *self._encoded(claim.words)[:CLAIM_TOKENS], self.last]
                for claim in item.claims
            ],
            [claim.is_a for claim in item.claims],
            [
                MADE_WEIGHT if claim.kind in rows.MADE else self._weights.get(claim.cell, 1.0)
                for claim in item.claims
            ],
        )

    def padded(self, item: rows.Item) -> str:
        """Return the item's text among others, of its article or its language, as a long one."""
        wanted = self._random.randint(*LONG_WORDS)
        parts = [item.text]
        same = [text for text in self._same_article[item.title] if text != item.text]
        others = self._same_language[item.language]
        for _ in range(4):
            if sum(len(part.split()) for part in parts) >= wanted or not others:
                break
            near = bool(same) and self._random.random() < SAME_ARTICLE_SHARE
            part = self._random.choice(same if near else others)
            if part not in parts:
                parts.insert(self._random.choice([0, len(parts)]), part)
        return " ".join(parts)

    def _evidence(self, item: rows.Item) -> str:
        """Return a text as it may be met: long or short, with an imprint or without."""
        stretch = item.cell_known and len(item.text.split()) < STRETCH_WORDS
        long = stretch and self._random.random() < LONG_SHARE
        text = self.padded(item) if long else item.text
        imprint = []
        if self._random.random() < IMPRINT_SHARE:
            if self._random.random() < OUTLET_SHARE:
                imprint.append(self._random.choice(OUTLETS))
            imprint += [self._day(item.date)] if item.date else []
            imprint += [item.title] if item.title else []
        return "".join(part.rstrip(".") + ". " for part in imprint) + text

    def _day(self, iso: str) -> str:
        day = date.fromisoformat(iso)
        forms = [iso, f"{day.day} {day:%B %Y}", f"{day:%B} {day.day}, {day.year}"]
        return self._random.choice(forms)

    def _encoded(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return tokens


def _batches(pool: Sequence[Fed], most: int) -> Iterator[list[Fed]]:
    """Yield rows of about one length together, at most so many tokens at a time."""
    batch: list[Fed] = []
    for row in sorted(pool, key=lambda row: len(row.text)):
        if batch and sum(map(len, batch)) + len(row) > most:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
