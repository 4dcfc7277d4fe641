"""What is found of what was said: a speaker's statements, and where words are printed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import Citation, PrintedVerdict, Searched
from ingest.article import Notice

if TYPE_CHECKING:  # neither needs an archive's stores to be read
    from ingest.archive.speaker_profile import SpeakerProfile
    from ingest.archive.statement_changes import StatementChange
    from ingest.archive.statement_store import Spoke
    from ingest.language.alignment import Difference
    from ingest.language.speech.sayings import SpeakerFrom


@dataclass(frozen=True, slots=True, kw_only=True)
class Sayings:
    """Statements in order of time, of whoever was asked about.

    `total` counts what the rules attribute, before anybody reads it; `left_out` those on the way
    to this page that did not stand when they were read. `facets` counts by speaker those whose
    sentence names one. `people` are whom the name may mean, where it is not one person's. `next`
    is where the next page begins. `profile` counts `total` by outlet and year, and tells who the
    one speaker is said to be. `speaker` and `words` are what was asked for. `changes` tell what
    each statement says otherwise than the one before it on its matter, where that is exact.
    """

    statements: "tuple[Spoke, ...]"
    numbered_from: int
    total: int
    left_out: int
    facets: dict[str, int]
    people: tuple[str, ...]
    searched: Searched
    profile: "SpeakerProfile"
    next: int | None = None
    warnings: tuple[Notice, ...] = ()
    speaker: str | None = None
    words: str = ""
    changes: "tuple[StatementChange, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where remembered words, or something like them, are printed, and whose they are."""

    citation: Citation
    alike: float
    differences: "tuple[Difference, ...]"
    speaker: str | None = None
    speaker_from: "SpeakerFrom | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFound:
    """Whether words are printed: as they are, altered or not at all, and everywhere they are."""

    words: str
    verdict: PrintedVerdict
    first: Sighting | None
    appearances: tuple[Sighting, ...]
    nearest: tuple[Sighting, ...]
    searched: Searched
    warnings: tuple[Notice, ...] = ()
