"""What stands beside a reader, and what was tried there: `python -m benchmarks.guards`.

A guard turns a claim away before it is read. Each is held against claims whose labels are known:
how many it turns away, and what share of those is false. A guard must be right 98 times in 100.
Only that of quotations is used; a number, a name or a year that the source has nowhere is not.
"""

import gzip
import json
import re
import sys
from collections.abc import Callable, Iterator

from assistant.check.quotation_guard import misquoted
from assistant.understand.coreference import names as names_in
from benchmarks import newsroom
from ingest.language.numbers import numbers as numbers_in

_SETS = {
    "hand-written training claims": ("training/hand-entail.jsonl.gz", "evidence", "label"),
    "paraphrase": ("faithfulness/paraphrase.jsonl.gz", "source", "supported"),
    "strong": ("faithfulness/strong.jsonl.gz", "source", "supported"),
}
_YEAR = re.compile(r"(?<![\d.,$£€])((?:1[5-9]|20)\d\d)(?![\d,]|\.\d)")
_ABOUT = 0.06
_SMALL = 12


def numbers(claim: str, source: str) -> bool:
    """Tell whether a claim has a number in figures that its source has not, nor one near it."""
    known = [number.value for number in numbers_in(source, "en")]
    for number in numbers_in(claim, "en"):
        figures = any(character.isdigit() for character in claim[number.start : number.end])
        if not figures or number.value <= _SMALL:
            continue
        if not any(abs(one - number.value) <= _ABOUT * number.value for one in known):
            return True
    return False


def names(claim: str, source: str) -> bool:
    """Tell whether a claim has a name of which its source has no word."""
    known = set(re.findall(r"\w+", source.casefold()))
    words = (word for name in names_in(claim) for word in name.split())
    long = [re.sub(r"['’]s?$", "", word).casefold() for word in words if len(word) > 3]
    return any(not any(one[:4] == word[:4] for one in known) for word in long)


def years(claim: str, source: str) -> bool:
    """Tell whether a claim has a year that its source has not."""
    return any(year not in source for year in _YEAR.findall(claim))


def quotations(claim: str, source: str) -> bool:
    """Tell whether a claim misquotes its source."""
    return misquoted(claim, [source]) is not None


GUARDS: tuple[Callable[[str, str], bool], ...] = (quotations, numbers, names, years)


def claims(path: str, source: str, label: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the claims of a set with their evidence under its imprint, and their labels."""
    with gzip.open(newsroom.DATA / path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            above = [row.get("outlet"), row.get("date"), row.get("title")]
            yield row["claim"], " ".join([*filter(None, above), row[source]]), bool(row[label])


def main() -> None:
    if not newsroom.DATA.is_dir():
        sys.exit("the evaluation data (../shared/data) is not here")
    for name, where in _SETS.items():
        rows = list(claims(*where))
        for guard in GUARDS:
            turned = [true for claim, source, true in rows if guard(claim, source)]
            right = 1 - sum(turned) / len(turned) if turned else 1.0
            told = f"{len(turned)} of {len(rows)} turned away, {right:.2f} of them false"
            print(f"{name}, {guard.__name__}: {told}", flush=True)


if __name__ == "__main__":
    main()
