"""Do the citations of an answer carry it?

As ALCE defines it: Gao, Yen, Yu and Chen, Enabling Large Language Models to Generate Text with
Citations (EMNLP 2023), section 3. A sentence is recalled if its cited passages together entail
it. A citation is precise if its sentence is recalled and either it entails the sentence by
itself, or the others without it do not. Both are averaged over an answer, then over answers.
"""

from collections.abc import Callable, Mapping, Sequence

from assistant.evaluate.result import RowTally
from assistant.evaluate.rows import AnsweredRow, Source
from assistant.evaluate.saying import CitedSentence

Entails = Callable[[CitedSentence, Sequence[Source]], bool]
"""Whether some sources together support a sentence."""

WITHOUT_TEXT = "citations: a cited source has no text"


def alce(tally: RowTally, row: AnsweredRow, entails: Entails) -> None:
    """Count the citation recall and precision of one answer."""
    if row.abstained:
        return
    if not row.cites:
        tally.miss("citations: the answer marks none")
        return
    sources = {source.n: source for source in row.sources}
    if any(n in sources and sources[n].text is None for s in row.sentences for n in s.cites):
        tally.miss(WITHOUT_TEXT)
        return
    recalled = precise = cited = 0
    for sentence in row.sentences:
        cited += len(sentence.cites)
        right = _precise(sentence, sources, entails)
        if right is not None:
            recalled += 1
            precise += right
    tally.add("citation_recall", recalled / len(row.sentences))
    tally.add("citation_precision", precise / cited if cited else 0.0)


def _precise(
    sentence: CitedSentence, sources: Mapping[int, Source], entails: Entails
) -> int | None:
    """Return how many citations of a sentence are precise; None where it is not recalled.

    A number that is no source's is a citation, and never a precise one.
    """
    cited = [sources[n] for n in sentence.cites if n in sources]
    if not cited or not entails(sentence, cited):
        return None
    if len(cited) == 1:
        return 1
    return sum(
        entails(sentence, [one]) or not entails(sentence, [o for o in cited if o is not one])
        for one in cited
    )


def of_gold(tally: RowTally, row: AnsweredRow) -> None:
    """Count how many citations are of a gold article, and whether any is."""
    if row.abstained or not row.gold.articles or not row.cites:
        return
    used = {n for sentence in row.sentences for n in sentence.cites}
    cited = [source for source in row.sources if source.n in used]
    if not any(source.keys for source in cited):
        tally.miss("citations: the sources do not say which article they are")
        return
    right = [source for source in cited if source.keys & row.gold.articles]
    tally.add("citation_gold_precision", len(right) / len(cited))
    tally.add("citation_gold_recall", float(bool(right)))
