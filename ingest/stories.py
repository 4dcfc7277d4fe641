"""Which articles print one dispatch: whole, cut, with local paragraphs, lightly rewritten.

Candidates are found by the sketches of Broder ("On the resemblance and containment of
documents", 1997): MinHash that keeps every hash of a run of words that divides by m, not a
fixed number of least ones. Those of a third of a text are a third of its own, so that they tell
how much of one text stands in another; a fixed number tells only how alike two texts are, and a
dispatch cut to a third is not. What the sketches name is then compared word by word.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

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
_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|\w+")
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


@lru_cache(maxsize=1 << 16)
def _hashed(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Body:
    """The words of an article's body, each as a hash; nothing around them."""

    words: "Hashes"

    @classmethod
    def of(cls, article: Article) -> "Body":
        """Read the words of an article's body, without boilerplate and repeats."""
        import numpy as np

        text = article.text
        told = "\n".join(
            text[part.start : part.end] for part in article.parts if part.part == "body"
        )
        words = _WORD.findall(told.lower())
        return cls(np.fromiter(map(_hashed, words), dtype=np.uint64, count=len(words)))

    def runs(self, length: int) -> "Hashes":
        """Return a hash of each run of so many words, in their order."""
        import numpy as np

        count = len(self.words) - length + 1
        if count < 1:
            return np.empty(0, dtype=np.uint64)
        mixed = np.zeros(count, dtype=np.uint64)
        for at in range(length):
            mixed *= np.uint64(0x9E3779B97F4A7C15)
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
    runs = np.unique(body.runs(_RUN))
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

    these, those = (np.unique(body.runs(_JACCARD_RUN)) for body in (one, other))
    both = len(np.intersect1d(these, those, assume_unique=True))
    return both / (len(these) + len(those) - both)


def _covered(one: Body, other: Body) -> "list[NDArray[np.bool_]]":
    """Return of each word of two bodies whether it stands in a run that the other has too."""
    import numpy as np

    runs = [body.runs(_RUN) for body in (one, other)]
    common = np.intersect1d(runs[0], runs[1])
    covered = []
    for body, these in zip((one, other), runs, strict=True):
        found = np.flatnonzero(np.isin(these, common))
        covered.append(np.zeros(len(body.words), dtype=bool))
        for at in range(_RUN):
            covered[-1][found + at] = True
    return covered


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
