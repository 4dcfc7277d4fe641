"""The words in which statements and quotations are told, whatever the form; pure."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from assistant.answer import PrintedVerdict
from assistant.render import phrasing
from assistant.speech_results import QuoteFound, Sayings, Sighting

if TYPE_CHECKING:
    from ingest.archive.statement_changes import ChangeKind, StatementChange
    from ingest.archive.statement_store import Spoke

NEAREST = "What comes nearest, and is something else"

_VERDICT: Mapping[PrintedVerdict, str] = {
    "exact": "Printed as it is.",
    "altered": "Not printed as it is, but altered.",
    "absent": "Not in this archive.",
}


_CHANGED: "Mapping[ChangeKind, str]" = {
    "number": "another number",
    "day": "another day",
    "negation": "a negation",
    "words": "other words",
}


def changed_since(one: "StatementChange") -> str:
    """Return what a statement says otherwise than one before it."""
    before, now = (f"“{words}”" if words else "nothing" for words in (one.before, one.now))
    return f"Changed since [{one.since}], {_CHANGED[one.kind]}: {before} before, {now} now."


def whose_words(said: Sayings) -> str:
    """Return what statements were asked for: "What Ann Lee said about “harbour”"."""
    about = f" about “{said.words}”" if said.words else ""
    return f"What {said.speaker} said{about}" if said.speaker else f"Who said something{about}"


def shown_of(said: Sayings) -> str:
    """Return how many of the statements are shown."""
    shown = phrasing.count(len(said.statements), "statement")
    return f"{shown} of {said.total:,}, the same words once."


def manner(one: "Spoke") -> list[str]:
    """Return how something was said: directly, denied, hedged."""
    return [one.manner, *(["denied"] if one.denied else []), *(["hedged"] if one.hedged else [])]


def printed_again(one: "Spoke") -> str | None:
    """Return in how many other articles the same words of the same speaker stand."""
    return f"printed again in {phrasing.count(one.again, 'article')}" if one.again else None


def printed_where(found: QuoteFound) -> str:
    """Return whether words are printed, and where first."""
    first = f" First: {phrasing.imprint(found.first.citation)}." if found.first else ""
    return _VERDICT[found.verdict] + first


def marked(one: Sighting) -> str:
    """Return the printed words, beside them what was asked for: [-this-] {+that+}."""
    text, at = one.citation.article.text, one.citation.start
    pieces: list[str] = []
    for change in one.differences:
        asked = [f"[-{change.asked}-]"] if change.asked else []
        printed = [f"{{+{change.printed}+}}"] if change.printed else []
        pieces += [text[at : change.at[0]], *asked, *printed]
        at = change.at[1]
    pieces.append(text[at : one.citation.end])
    return " ".join(" ".join(pieces).split())
