"""Whether an archive tells of a question where it tells of an earlier one of the talk."""

from collections.abc import Mapping
from functools import cache

from assistant.find.candidates import LIGHT
from assistant.find.other_words import words_that_ask
from assistant.understand.coreference import ToldOf, names
from ingest.archive import Archive, Search
from ingest.article import Filters, Hit

_ARTICLES = 8
_OWN = 0.5
"""Share of a question's own words that a passage must hold, with the headline over it."""

_SUBJECT = 0.5
"""Share of what the talk is about that its article must hold."""


def told_of(archive: Archive, filters: Filters | None) -> ToldOf:
    """Return what tells whether a passage holds a question's words in an article on an earlier one.

    Words that no article holds tell nothing; a question that has no other is about what was said
    before it, and one with a name that no article holds is not. Looked up once a pair.
    """

    @cache
    def told(own: str, about: str) -> bool:
        if not all(_weighed(archive, name) for name in names(own)):
            return False
        words = _weighed(archive, own)
        subject = _weighed(archive, " ".join(names(about)) or about)
        if not words or not subject:
            return not words
        search = Search(
            text=f"{own} {about}",
            by="words",
            k=3 * _ARTICLES,
            per_article=3,
            filters=filters or Filters(),
        )
        return any(_holds(archive, hit, words, subject) for hit in archive.search(search))

    return told


def _weighed(archive: Archive, text: str) -> Mapping[str, float]:
    """Return the stems of a text that the archive has and that do not only ask, each as telling."""
    asking = LIGHT.union(archive.stems(words_that_ask(text), all_words=True))
    stems = [stem for stem in archive.stems(text) if stem not in asking]
    return {stem: archive.rarity(stem) for stem in stems if archive.words.frequency(stem)[0]}


def _holds(
    archive: Archive, hit: Hit, words: Mapping[str, float], subject: Mapping[str, float]
) -> bool:
    passage = hit.article.text[hit.passage.start : hit.passage.end]
    here = archive.stems(f"{hit.article.title} {passage}", all_words=True)
    if max(_share(words, here), _share(dict.fromkeys(words, 1.0), here)) < _OWN:
        return False
    return _share(subject, archive.stems(hit.article.text, all_words=True)) >= _SUBJECT


def _share(wanted: Mapping[str, float], there: list[str]) -> float:
    return sum(wanted[stem] for stem in wanted.keys() & set(there)) / sum(wanted.values())
