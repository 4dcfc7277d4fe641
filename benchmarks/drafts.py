"""Drafts made by rule: `python -m benchmarks.drafts [--archive sample|realtimeqa] [--most 40]`.

Takes quotations and sentences of an archive, leaves some as they are and spoils others in one
way each, lays them into drafts, and has the drafts checked. Prints for each verdict how many were
made, its precision and its recall, what was taken for what, and how long 600 words took. Of the
evaluation data nothing is kept: realtimeqa is measured only.
"""

import argparse
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.check import readers
from assistant.check.reader import ClaimReader
from assistant.factcheck.days_alike import alike, dated
from assistant.factcheck.draft_check import check_draft
from assistant.factcheck.draft_text import plain
from assistant.factcheck.findings import CheckedDraft
from benchmarks import newsroom
from ingest.archive import Archive
from ingest.article import Article
from ingest.language.sentences import sentences
from ingest.language.speech.statements import statements
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

_SAMPLE = Path(__file__).parents[1] / "ingest" / "sample" / "articles"
_A_DRAFT = 12
"""Paragraphs of a draft."""

_NOWHERE = """
The council of Mirrow voted on Thursday to drain the reservoir above the old glassworks.
A tanker carrying olive oil caught fire in the roads of Santa Brena, and nobody was hurt.
Prime Minister Ivo Lanz told the assembly that the salt tax would be doubled in autumn.
Some 4,000 beekeepers marched through Pellworth against the new hive registry.
The observatory on Mount Quell reported a second moon of the comet Harrow.
Judge Adela Fross sentenced the former postmaster to eleven years in prison.
Researchers in Oxmere have bred a barley that grows in sea water.
The airline Borealis cancelled 112 flights after a strike of its cabin crews.
The national library of Vantia lost nine manuscripts in a burst pipe.
Goalkeeper Tino Rask will leave Estrella for a club in the desert league.
The bridge at Low Farrow reopened after seven months of repairs.
Police in Castelmar arrested three men who had sold forged opera tickets.
""".strip().splitlines()
"""Sentences of no archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeParagraph:
    """A paragraph of a draft, of which kind it is, and the verdict that it deserves.

    Kind "quotation" is told by the verdict on its quotation, "sentence" by that on itself.
    """

    text: str
    kind: str
    how: str
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundQuotation:
    """A quotation of an archive and who says it."""

    words: str
    speaker: str
    article: Article


def quoted(articles: Sequence[Article]) -> list[FoundQuotation]:
    """Return the quotations whose speaker is named in full beside them."""
    found = []
    for article in articles:
        for said in statements(article.text, article.parts):
            words = " ".join(article.text[said.start : said.end].split()).strip(" ,.")
            named = said.speaker_at and article.text[slice(*said.speaker_at)]
            full = said.speaker and len(said.speaker.split()) > 1 and said.speaker.istitle()
            sure = full and named and said.speaker and said.speaker in named
            if said.direct and sure and said.speaker and 7 <= len(words.split()) <= 40:
                found.append(FoundQuotation(words=words, speaker=said.speaker, article=article))
    return found


def printed(articles: Sequence[Article]) -> list[tuple[str, Article]]:
    """Return sentences of the articles' bodies without quotations."""
    return [
        (article.text[start:end], article)
        for article in articles
        for part in article.parts
        if part.part == "body"
        for start, end in sentences(article.text, part.start, part.end)
        if 10 <= len(article.text[start:end].split()) <= 35
        and not re.search(r"[\"“”?\[]|\bI\b|\bshould\b|\bmust\b|\bwe\b", article.text[start:end])
        and re.match(r"[A-Z]", article.text[start:end])
        and article.text[start:end].endswith(".")
    ]


def quotation_paragraphs(
    found: Sequence[FoundQuotation], most: int, dice: random.Random
) -> Iterator[MadeParagraph]:
    """Yield quotations as they are, and spoiled in each way."""
    chosen = dice.sample(list(found), min(most, len(found)))
    people = sorted({one.speaker for one in found})
    ways: dict[str, tuple[Callable[[FoundQuotation], str | None], tuple[str, ...]]] = {
        "true": (lambda one: one.words, ("exact", "normalised")),
        "a word changed": (lambda one: _other_word(one, found, dice), ("altered",)),
        "a word left out": (lambda one: _without(one.words, dice), ("altered",)),
        "a number changed": (lambda one: _other_number(one.words, dice), ("altered",)),
        "two halves": (lambda one: _halves(one, found, dice), ("spliced",)),
        "made up": (lambda one: _made_up(one, found, dice), ("absent",)),
    }
    for one in chosen:
        for how, (spoil, right) in ways.items():
            words = spoil(one)
            if words is not None:
                told = f"“{words},” {one.speaker} said."
                yield MadeParagraph(text=told, kind="quotation", how=how, right=right)
        others = [name for name in people if not set(name.split()) & set(one.speaker.split())]
        if others:
            told = f"“{one.words},” {dice.choice(others)} said."
            right = ("misattributed",)
            yield MadeParagraph(text=told, kind="quotation", how="another speaker", right=right)


def _other_word(
    one: FoundQuotation, found: Sequence[FoundQuotation], dice: random.Random
) -> str | None:
    words = one.words.split()
    places = [n for n, word in enumerate(words) if word.isalpha() and len(word) > 4]
    pool = [w for w in dice.choice(found).words.split() if w.isalpha() and len(w) > 4]
    pool = [word for word in pool if word not in words]
    if not places or not pool:
        return None
    words[dice.choice(places)] = dice.choice(pool)
    return " ".join(words)


def _without(text: str, dice: random.Random) -> str | None:
    words = text.split()
    places = [n for n, word in enumerate(words[1:-1], 1) if word.isalpha()]
    if not places:
        return None
    del words[dice.choice(places)]
    return " ".join(words)


def _other_number(text: str, dice: random.Random) -> str | None:
    """Change one number in digits."""
    found = list(re.finditer(r"(?<![\w.,-])\d{1,3}(?![\w.,-]|:\d)", text))
    if not found:
        return None
    one = dice.choice(found)
    changed = int(one[0]) + dice.choice([3, 5, 11, 20])
    return text[: one.start()] + str(changed) + text[one.end() :]


def _halves(
    one: FoundQuotation, found: Sequence[FoundQuotation], dice: random.Random
) -> str | None:
    others = [
        other
        for other in found
        if other.article.article_id == one.article.article_id and other.words != one.words
    ]
    if not others or len(one.words.split()) < 12:
        return None
    other = dice.choice(others).words.split()
    first = one.words.split()[: len(one.words.split()) // 2]
    second = other[len(other) // 2 :]
    return " ".join([*first, *second]) if min(len(first), len(second)) >= 5 else None


def _made_up(one: FoundQuotation, found: Sequence[FoundQuotation], dice: random.Random) -> str:
    return " ".join(dice.choice(dice.choice(found).words.split()) for _ in one.words.split())


def sentence_paragraphs(
    found: Sequence[tuple[str, Article]], most: int, dice: random.Random
) -> Iterator[MadeParagraph]:
    """Yield sentences as they are, with their days written otherwise, and spoiled."""
    supported, wrong = ("supported",), ("contradicted", "partly")
    chosen = dice.sample(list(found), min(most, len(found)))
    for text, _ in chosen:
        yield MadeParagraph(text=text, kind="sentence", how="true", right=supported)
    dated_ones = [told for one in found if (told := _days_in_full(*one)) != one[0]]
    for text in dice.sample(dated_ones, min(most, len(dated_ones))):
        told = "true, its days in full"
        yield MadeParagraph(text=text, kind="sentence", how=told, right=supported)
    shorter = [short for text, _ in found if (short := _shortened(text))]
    for cut in dice.sample(shorter, min(most, len(shorter))):
        yield MadeParagraph(text=cut, kind="sentence", how="true, shortened", right=supported)
    numbered = [other for text, _ in found if (other := _other_number(text, dice))]
    for changed in dice.sample(numbered, min(most, len(numbered))):
        yield MadeParagraph(text=changed, kind="sentence", how="a number changed", right=wrong)
    for text in _NOWHERE:
        yield MadeParagraph(text=text, kind="sentence", how="of no archive", right=("absent",))


def _days_in_full(text: str, article: Article) -> str:
    """Write "on Monday" as the day that it was, where that is the paper's week."""
    told = dated(text, article.language, article.date)
    if (
        not told.days
        or article.date is None
        or any("-" in text[o.start : o.end] for o in told.days)
    ):
        return text
    weekdays = [one for one in told.days if one.weekday is not None]
    if not weekdays or re.search(r"\b(will|next|to be)\b", text):
        return text
    day = article.date
    while day.weekday() != weekdays[0].weekday:
        day = day.fromordinal(day.toordinal() - 1)
    iso = dated(f"on {day.isoformat()}", article.language, article.date)
    return alike(told, iso, None)[0]


def _shortened(text: str) -> str | None:
    """Leave out what stands between two commas, where a sentence is left."""
    found = re.search(r"(?<=[a-z]), (?:who|which|where)[^,]{10,80},(?= [a-z])", text)
    return text[: found.start()] + text[found.end() :] if found else None


@dataclass(slots=True)
class Tally:
    """What was made, what came out of it, and how long it took."""

    told: Counter[tuple[str, str, tuple[str, ...], str]]
    words: int = 0
    seconds: float = 0.0


def measure(
    archive: Archive,
    paragraphs: Sequence[MadeParagraph],
    reader: ClaimReader,
    *,
    verbose: bool = False,
) -> Tally:
    """Check the paragraphs, some of them a draft."""
    tally = Tally(Counter())
    for first in range(0, len(paragraphs), _A_DRAFT):
        own = paragraphs[first : first + _A_DRAFT]
        text = "\n\n".join(one.text for one in own)
        began = time.monotonic()
        found = check_draft(plain(text), archive, reader)
        tally.seconds += time.monotonic() - began
        tally.words += len(text.split())
        at = 0
        for one in own:
            verdict = _verdict(found, one, at, at + len(one.text))
            tally.told[one.kind, one.how, one.right, verdict] += 1
            if verbose and verdict not in one.right:
                print(f"{one.how}: {verdict}: {one.text}")
            at += len(one.text) + 2
    return tally


def _verdict(found: CheckedDraft, one: MadeParagraph, start: int, end: int) -> str:
    own = found.quotations if one.kind == "quotation" else found.sentences
    there = [each.verdict for each in own if start <= each.start < end]
    return there[0] if there else "not judged"


def report(tally: Tally) -> None:
    """Print the figures."""
    for kind in ("quotation", "sentence"):
        rows = {key: n for key, n in tally.told.items() if key[0] == kind}
        print(f"\n{kind}s: {sum(rows.values())}")
        for how in dict.fromkeys(key[1] for key in rows):
            came = Counter({key[3]: n for key, n in rows.items() if key[1] == how})
            right = next(key[2] for key in rows if key[1] == how)
            good = sum(came[one] for one in right)
            told = ", ".join(f"{n} {verdict}" for verdict, n in came.most_common())
            print(f"  {how:24} {good}/{came.total()} right: {told}")
        for right in dict.fromkeys(key[2] for key in rows):
            made = sum(n for key, n in rows.items() if key[2] == right)
            came_out = sum(n for key, n in rows.items() if key[3] in right)
            both = sum(n for key, n in rows.items() if key[2] == right and key[3] in right)
            name = " or ".join(right)
            precision = f"{both / came_out:.3f}" if came_out else "-"
            print(f"  {name:24} precision {precision}, recall {both / made:.3f} ({made} made)")
    speed = 600 * tally.seconds / max(1, tally.words)
    print(f"\n{tally.words} words in {tally.seconds:.1f} s: {speed:.1f} s for 600 words")


def main() -> None:
    """Make the drafts, check them, print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", choices=["sample", "realtimeqa"], default="sample")
    parser.add_argument("--most", type=int, default=40)
    parser.add_argument("--kind", choices=["quotation", "sentence"])
    parser.add_argument("--reader", default="small")
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    dice = random.Random(7)
    with tempfile.TemporaryDirectory() as temporary:
        archive = _archive(given.archive, Path(temporary))
        articles = [one for one in archive.newest(100_000) if one.language == "en"]
        paragraphs = [
            *quotation_paragraphs(quoted(articles), given.most, dice),
            *sentence_paragraphs(printed(articles), given.most, dice),
        ]
        paragraphs = [one for one in paragraphs if given.kind in {None, one.kind}]
        dice.shuffle(paragraphs)
        print(f"{archive.status().articles} articles, {len(paragraphs)} paragraphs")
        tally = measure(archive, paragraphs, _reader(given.reader), verbose=given.verbose)
        report(tally)


def _reader(name: str) -> ClaimReader:
    from assistant.settings import Settings

    return readers.load(name, Settings())


def _archive(name: str, folder: Path) -> Archive:
    if name == "realtimeqa":
        return newsroom.archive("all", "none", Archive)
    archive = Archive.open(folder, create=True, settings=IngestSettings(embedder="none"))
    ingest([_SAMPLE], archive)
    return archive


if __name__ == "__main__":
    main()
