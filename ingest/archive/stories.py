"""Which articles print one dispatch: whole, cut, with local paragraphs, lightly rewritten.

Candidates are found by the sketches of Broder ("On the resemblance and containment of
documents", 1997): MinHash that keeps every hash of a run of words that divides by m, not a
fixed number of least ones. Those of a third of a text are a third of its own, so that they tell
how much of one text stands in another; a fixed number tells only how alike two texts are, and a
dispatch cut to a third is not. What the sketches name is then compared word by word.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ingest.article import Article

if TYPE_CHECKING:  # numpy is not needed to say what is in an archive
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

FEWEST = 12
"""Words of body below which an article tells too little to be a copy of anything."""

_RUN = 5
"""Words of a run in a sketch, and when what two bodies share is counted."""

_JACCARD_RUN, _JACCARD = 8, 0.5
"""Two bodies half of whose runs of eight words are the same are copies: the usual measure."""

_MOST_KEPT = 48
"""Hashes of a sketch at most (half of it at least, from some 200 words on)."""

_LEAD = 40  # words
_SHARED, _SHARED_WITH_LEAD = 40, 100  # words; a form at the head of two articles is shorter
_STRETCH = 24  # words
_COVERED, _COVERED_WITH_LEAD, _LEAD_COVERED = 0.6, 0.3, 0.5
_LONGER = 8
"""What makes a copy of a dispatch that was cut or added to. Whoever cuts a dispatch keeps its
opening; a second dispatch has an opening of its own and repeats background of the first; forms
(a market report, a match) share many short runs and no long one. Tuned on one half of the harder
set of benchmarks.stories: covered .4 to .7, with the opening .15 to .5, openings of .5 and .7."""

_NEAR_IDENTICAL = 0.8

# A script without spaces is compared by characters.
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"\w+")
_NO_WORD, _IN_WORD, _ALONE = 0, 1, 2
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_USUAL = 1 << 16
_AGENCY_NAMES = (
    "reuters|associated press|ap|afp|agence france-presse|dpa|deutsche presse-agentur|efe|ansa|"
    "upi|united press international|interfax|ukrinform|unian|tass|xinhua|kyodo|kyodo news|yonhap|"
    "pa media|press association|canadian press|the canadian press|aap|apa|belga|anp|ritzau|tt|"
    "ntb|stt|pap|ctk|čtk|mti|anadolu|anadolu agency|bloomberg|bloomberg news|pti|"
    "press trust of india|ani|ians|antara|bernama|jiji|jiji press|mehr|irna|wafa|petra|mena|"
    "reuters.com|apnews.com|afp.com|upi.com|ukrinform.net|interfax.com.ua|efe.com"
)
_AGENCY = re.compile(
    rf"(?:the )?(?:{_AGENCY_NAMES})(?: (?:news )?agency| news| wire)?|.+ (?:news|press) agency",
    re.IGNORECASE,
)


class Likeness(NamedTuple):
    """How much two bodies have in common.

    `jaccard` is over their runs of eight words, 0 where less than half of the shorter one is
    covered: it cannot be .5 then. `covered` is how much of the shorter body
    stands in runs of five words that are in the other too, a share from 0 to 1, and `shared`
    how many words that is, `stretch` the most of them on end. `lead` is how much of the opening
    of one stands in the other: the larger of the two shares. `longer` is how many times the
    longer one is as long.
    """

    jaccard: float
    covered: float
    shared: int
    stretch: int
    lead: float
    longer: float


@cache
def _kinds() -> "NDArray[np.uint8]":
    """Return of each character whether it is part of a word, a word of its own, or neither."""
    import numpy as np

    every = "".join(map(chr, range(sys.maxunicode + 1)))
    kinds = np.full(len(every), _NO_WORD, dtype=np.uint8)
    for pattern, kind in ((_WORD, _IN_WORD), (_UNSPACED, _ALONE)):
        for run in pattern.finditer(every):
            kinds[run.start() : run.end()] = kind
    return kinds


@lru_cache(maxsize=2)  # those of texts of the usual lengths; longer ones are not kept
def _table(base: int) -> "Hashes":
    return _powers(base, _USUAL)


def _powers(base: int, count: int) -> "Hashes":
    """Return the powers of a number, from the noughth on, modulo 2 ** 64."""
    import numpy as np

    if count < _USUAL:
        return _table(base)[:count]
    powers = np.full(count, base, dtype=np.uint64)
    powers[:1] = 1
    return np.cumprod(powers, dtype=np.uint64)


def _words(text: str) -> "Hashes":
    """Return a hash of each word, a polynomial of its characters: all at once, in numpy."""
    import numpy as np

    codes = np.frombuffer(text.lower().encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _kinds()[codes]
    opens = kinds == _ALONE
    opens |= (kinds == _IN_WORD) & (np.concatenate(([_NO_WORD], kinds[:-1])) != _IN_WORD)
    inside = kinds != _NO_WORD
    first = np.flatnonzero(opens[inside])
    if not len(first):
        return np.empty(0, dtype=np.uint64)
    letters = codes[inside].astype(np.uint64)
    letters *= _powers(_BASE, len(letters))
    # Where a word stands in the text is taken out again: the base is odd and has an inverse.
    return np.add.reduceat(letters, first) * _powers(_INVERSE, len(letters))[first]


@dataclass(frozen=True, slots=True)
class Body:
    """The words of an article's body, each as a hash; nothing around them."""

    words: "Hashes"

    @classmethod
    def of(cls, article: Article) -> "Body":
        """Read the words of an article's body, without boilerplate and repeats."""
        text = article.text
        told = (text[part.start : part.end] for part in article.parts if part.part == "body")
        return cls(_words("\n".join(told)))

    def runs(self, length: int) -> "Hashes":
        """Return a hash of each run of so many words, in their order."""
        import numpy as np

        count = len(self.words) - length + 1
        if count < 1:
            return np.empty(0, dtype=np.uint64)
        mixed = np.zeros(count, dtype=np.uint64)
        for at in range(length):
            mixed *= np.uint64(_BASE)
            mixed += self.words[at : at + count]
        # The finaliser of MurmurHash3: every bit of the words reaches every bit of the hash.
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            mixed ^= mixed >> np.uint64(33)
            mixed *= np.uint64(factor)
        mixed ^= mixed >> np.uint64(33)
        return mixed


def sketch(article: Article) -> tuple[int, ...]:
    """Return what candidates are found by: a few of the body's runs of words, 48 bits each."""
    import numpy as np

    body = Body.of(article)
    if len(body.words) < FEWEST:
        return ()
    runs = _unique(body.runs(_RUN))
    every = 1
    while len(runs) > _MOST_KEPT * every:
        every *= 2
    kept = runs[runs % np.uint64(every) == 0] >> np.uint64(16)
    return tuple(kept.tolist())


def likeness(one: Body, other: Body) -> Likeness:
    """Compare two bodies, word by word."""
    short, long = sorted((one, other), key=lambda body: len(body.words))
    if len(short.words) < FEWEST:
        return Likeness(0.0, 0.0, 0, 0, 0.0, 1.0)
    covered, covering = _covered(short, long)
    share = float(covered.mean())
    return Likeness(
        jaccard=_jaccard(short, long) if share >= _JACCARD else 0.0,
        covered=share,
        shared=int(covered.sum()),
        stretch=_longest(covered),
        lead=float(max(covered[:_LEAD].mean(), covering[:_LEAD].mean())),
        longer=len(long.words) / len(short.words),
    )


def _jaccard(one: Body, other: Body) -> float:
    import numpy as np

    these, those = (_unique(body.runs(_JACCARD_RUN)) for body in (one, other))
    both = len(np.intersect1d(these, those, assume_unique=True))
    return both / (len(these) + len(those) - both)


def _covered(one: Body, other: Body) -> "list[NDArray[np.bool_]]":
    """Return of each word of two bodies whether it stands in a run that the other has too."""
    import numpy as np

    runs = [body.runs(_RUN) for body in (one, other)]
    covered = []
    for body, these, those in zip((one, other), runs, reversed(runs), strict=True):
        found = np.flatnonzero(_among(these, those))
        covered.append(np.zeros(len(body.words), dtype=bool))
        for at in range(_RUN):
            covered[-1][found + at] = True
    return covered


def _unique(hashes: "Hashes") -> "Hashes":
    """Return each once, in order; numpy's own takes ten times as long for a few hundred."""
    import numpy as np

    ordered = np.sort(hashes)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    once: Hashes = ordered[first]
    return once


def _among(these: "Hashes", those: "Hashes") -> "NDArray[np.bool_]":
    """Return of each hash whether it is one of the others, of which there is one at least."""
    import numpy as np

    ordered = np.sort(those)
    at = np.searchsorted(ordered, these)
    at[at == len(ordered)] = 0
    found: NDArray[np.bool_] = ordered[at] == these
    return found


def _longest(covered: "NDArray[np.bool_]") -> int:
    import numpy as np

    edges = np.flatnonzero(np.diff(covered, prepend=False, append=False))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def is_copy(found: Likeness, *, same_outlet: bool) -> bool:
    """Tell whether two articles print one dispatch.

    Within one outlet (or where neither is known) only bodies that are alike are: what an outlet
    itself prints longer or shorter is its next report of the event.
    """
    if found.jaccard >= _JACCARD:
        return True
    if same_outlet or found.longer > _LONGER:
        return False
    if found.shared < _SHARED or found.stretch < _STRETCH:
        return False
    if found.covered >= _COVERED:
        return True
    opening = found.lead >= _LEAD_COVERED and found.shared >= _SHARED_WITH_LEAD
    return opening and found.covered >= _COVERED_WITH_LEAD


def is_version(found: Likeness) -> bool:
    """Tell whether two articles of one outlet and day are one article, edited."""
    return found.jaccard >= _NEAR_IDENTICAL


def is_agency(outlet: str | None) -> bool:
    """Tell whether an outlet is a news agency."""
    return outlet is not None and _AGENCY.fullmatch(outlet.strip()) is not None


def canonical(copies: Sequence[tuple[str, str | None]]) -> str:
    """Return the id of the copy that stands for a story: the agency's, else the earliest.

    `copies` are ids with their outlets, the earliest first.
    """
    return next((i for i, outlet in copies if is_agency(outlet)), copies[0][0])
