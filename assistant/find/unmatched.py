"""Filter values that match nothing, and the nearest ones that there are."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from assistant.answer import Question
from assistant.find.other_words import in_other_languages
from assistant.understand.coreference import names
from ingest.archive import Archive
from ingest.archive.browse import Browse
from ingest.archive.shown import Field
from ingest.article import Filters

_NAMED = 3
_ALIKE = 0.5
_SPELLED_ALIKE = 0.75
"""How much alike two names are of which one may be a misspelling of the other."""


def unmatched(archive: Archive, filters: Filters) -> str | None:
    """Say which values of the filters match no article, and what they may have meant.

    Nothing is named that whoever asks may not see. None where every value matches something.
    """
    held = Filters(collections=filters.held)
    told = [
        *_missing(archive, "collection", filters.collections, held),
        *_in_collections(archive, filters),
    ]
    return " ".join(told) or None


def no_byline(archive: Archive, filters: Filters, name: str) -> str:
    """Say that nobody of a name wrote an article, and whose bylines are spelled nearly so.

    Nobody is named that whoever asks may not see.
    """
    held = Filters(collections=filters.collections or filters.held)
    wrote = archive.browse(Browse(filters=held, k=0, facets=("author",))).facets["author"]
    folded = {byline.casefold(): byline for byline in wrote}
    asked = name.casefold()
    near = get_close_matches(asked, folded, n=_NAMED, cutoff=_SPELLED_ALIKE)
    near += [one for one in folded if one.split()[-1:] == asked.split()[-1:]]
    named = [f"“{folded[one]}”" for one in dict.fromkeys(near)][:_NAMED]
    told = f"No article in the archive is by “{name}”"
    return f"{told}; near it: {', '.join(named)}." if named else f"{told}."


def printed_nowhere(archive: Archive, question: Question) -> list[str]:
    """Return the words of names in a question that no article prints, in any of its languages."""
    named = " ".join(names(question.text))
    return [
        word
        for word in archive.nowhere(named, question.filters)
        if not _abroad(archive, word, question.filters)
    ]


def _abroad(archive: Archive, word: str, filters: Filters) -> bool:
    """Tell whether articles in other languages may have a word as they call it."""
    others, _ = in_other_languages(archive, word) or ((), ())
    missing = archive.nowhere(" ".join(others), filters) if others else []
    return len(missing) < len(others)


def _in_collections(archive: Archive, filters: Filters) -> Iterator[str]:
    within = Filters(collections=filters.collections or filters.held)
    given: dict[Field, tuple[str, ...]] = {
        "outlet": filters.outlets,
        "section": filters.sections,
        "language": filters.languages,
    }
    for field, wanted in given.items():
        yield from _missing(archive, field, wanted, within)


def _missing(
    archive: Archive, field: Field, wanted: Iterable[str], within: Filters
) -> Iterator[str]:
    """Yield a sentence on each value that no article has."""
    absent = [value for value in wanted if value and not _has(archive, field, value, within)]
    if not absent:
        return
    there = list(archive.values(field, within))
    for value in absent:
        near = nearest(value, there)
        told = "; near it: " if near else "; there are: "
        names = ", ".join(f"“{name}”" for name in near or there[:_NAMED])
        sentence = f"There is no {field} of that name in the archive: “{value}”"
        yield f"{sentence}{told}{names}." if names else f"{sentence}."


def _has(archive: Archive, field: Field, value: str, within: Filters) -> bool:
    narrowed: dict[Field, Filters] = {
        "collection": Filters(collections=(value,)),
        "outlet": replace(within, outlets=(value,)),
        "section": replace(within, sections=(value,)),
        "language": replace(within, languages=(value,)),
    }
    return archive.counts.covered(narrowed[field]).articles > 0


def nearest(value: str, there: Iterable[str]) -> list[str]:
    """Return the names that are most like one, those that hold it, or that it holds, first."""
    folded = {name.casefold(): name for name in there}
    asked = value.casefold()
    holding = [name for name in folded if asked in name or name in asked]
    holding.sort(key=lambda name: abs(len(name) - len(asked)))
    like = get_close_matches(asked, folded, n=_NAMED, cutoff=_ALIKE)
    return [folded[name] for name in dict.fromkeys([*holding, *like])][:_NAMED]
