"""A checked draft for a terminal: what must be looked at first, then what holds."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from assistant.answer import Citation
from assistant.factcheck.findings import (
    WRONG,
    CheckedDraft,
    CheckedName,
    CheckedQuotation,
    CheckedSentence,
)
from assistant.render import phrasing
from assistant.render.interface_text import Say, counted, in_english, to_say
from assistant.render.retold import retold
from ingest.language.control_characters import harmless

if TYPE_CHECKING:
    from rich.console import Console as Paper
    from rich.text import Text

UNCHECKED = {
    "question": to_say("a question"),
    "opinion": to_say("an opinion"),
    "short": to_say("too short to be a sentence"),
    "quotation": to_say("the quotation in it was checked instead"),
    "too_many": to_say("beyond what is judged at once"),
}
"""Why a sentence is not judged, in words."""

_UNCHECKED = {
    "question": to_say("questions: {n}"),
    "opinion": to_say("opinions: {n}"),
    "short": to_say("too short: {n}"),
    "quotation": to_say("sentences whose quotation was checked instead: {n}"),
    "too_many": to_say("beyond what is judged at once: {n}"),
}
"""How many are not judged, and why."""

_SHOWN = 300


class FindingLine(NamedTuple):
    """A finding as it is shown: its verdict, where it stands, its words, what is told of it."""

    verdict: str
    line: int
    words: str
    told: tuple[str, ...]


def draft_to_text(draft: CheckedDraft, width: int = 80) -> str:
    """Return a checked draft for a terminal of `width` columns, without colours."""
    from rich.console import Console as Paper

    written = io.StringIO()
    paper = Paper(
        file=written, width=width, color_system=None, force_terminal=False, highlight=False
    )
    _section(paper, "Quotations", [_quotation(draft, one) for one in draft.quotations])
    _section(paper, "Sentences", [_sentence(draft, one) for one in draft.sentences])
    odd = [one for one in draft.names if one.verdict != "usual"]
    _section(paper, "Names", [_name(draft, one) for one in odd])
    paper.print(_plain(summary(draft)))
    return "\n".join(line.rstrip() for line in written.getvalue().split("\n"))


VERDICTS = {
    "exact": to_say("exact"),
    "normalised": to_say("normalised"),
    "altered": to_say("altered"),
    "spliced": to_say("spliced"),
    "misattributed": to_say("misattributed"),
    "absent": to_say("absent"),
    "supported": to_say("supported"),
    "partly": to_say("partly"),
    "contradicted": to_say("contradicted"),
    "usual": to_say("usual"),
    "other": to_say("other"),
    "unknown": to_say("unknown"),
}
"""The verdicts in words."""


def summary(draft: CheckedDraft, say: Say = in_english) -> str:
    """Return in a few sentences what was found, and what was not judged."""
    verdicts = [
        [one.verdict for one in of] for of in (draft.quotations, draft.sentences, draft.names)
    ]
    nouns = (
        counted(say, len(verdicts[0]), "1 quotation", "{n} quotations"),
        counted(say, len(verdicts[1]), "1 sentence", "{n} sentences"),
        counted(say, len(verdicts[2]), "1 name", "{n} names"),
    )
    told = [_counts(noun, of, say) for noun, of in zip(nouns, verdicts, strict=True) if of]
    left = Counter(_UNCHECKED[one.reason] for one in draft.unchecked)
    if left:
        why = "; ".join(say(reason, n=f"{count:,}") for reason, count in left.items())
        told.append(say("Not judged: {why}.", why=why))
    told += [retold(notice.text, say) for notice in draft.searched.warnings]
    told.append(phrasing.searched_line(draft.searched, say))
    seconds = f"{draft.seconds:.1f}"
    told.append(say("Read by {reader}. {n} s.", reader=draft.read_by, n=seconds))
    return " ".join(filter(None, told))


def _counts(noun: str, verdicts: Iterable[str], say: Say) -> str:
    each = ", ".join(f"{n} {say(VERDICTS[verdict])}" for verdict, n in Counter(verdicts).items())
    return f"{noun}: {each}."


def _section(paper: "Paper", heading: str, lines: Sequence[FindingLine]) -> None:
    from rich.table import Table

    if not lines:
        return
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 1, 0))
    table.add_column(width=13, no_wrap=True)
    table.add_column(width=5, justify="right", no_wrap=True)
    table.add_column(overflow="fold")
    for one in sorted(lines, key=lambda one: (one.verdict not in WRONG, one.line)):
        text = "\n".join([one.words, *(f"  {told}" for told in one.told)])
        table.add_row(one.verdict.upper() if one.verdict in WRONG else one.verdict,
                      f"l. {one.line}", _plain(text))  # fmt: skip
    paper.print(f"{heading}\n", style="bold")
    paper.print(table)


def _plain(text: str) -> "Text":
    from rich.text import Text

    return Text("\n".join(map(harmless, text.split("\n"))))


def _line(draft: CheckedDraft, start: int) -> int:
    return draft.text.count("\n", 0, start) + 1


def _quotation(draft: CheckedDraft, one: CheckedQuotation) -> FindingLine:
    said = f" — {one.speaker}" if one.speaker else ""
    told = [one.difference] if one.difference else []
    told += _sources(one.citations)
    line = _line(draft, one.start)
    return FindingLine(one.verdict, line, f"“{_cut(one.text)}”{said}", tuple(told))


def _sentence(draft: CheckedDraft, one: CheckedSentence) -> FindingLine:
    told = [f"read as: {one.read_as}"] if one.read_as != " ".join(one.text.split()) else []
    if one.judgement and one.judgement.reason:
        told.append(one.judgement.reason)
        told += [phrasing.imprint(citation) for citation in one.citations]
    else:
        parts = [*carried_by(one)]
        sources = _sources(one.citations, numbered=bool(parts))
        told += [*parts, *sources]
    return FindingLine(one.verdict, _line(draft, one.start), _cut(one.text), tuple(told))


def carried_by(one: CheckedSentence, say: Say = in_english) -> Iterator[str]:
    """Yield which part of a sentence each of its sources prints, where none prints all of it."""
    told = []
    for number, citation in enumerate(one.citations, 1):
        words = [
            part.words
            for part in one.parts
            if part.citation == citation.n and _tells(part.words, one.text)
        ]
        if words:
            quoted = ", ".join(f"“{' '.join(word.split())}”" for word in words)
            told.append(say("Source {n} prints this of it: {words}", n=number, words=quoted))
    if told:
        yield say("No source prints all of this; together they do.")
        yield from told


def _tells(words: str, sentence: str) -> bool:
    """Whether words of a sentence say anything by themselves: several, a number, a name."""
    named = words[:1].isupper() and not sentence.lstrip("“\"'« ").startswith(words)
    return len(words.split()) > 1 or named or any(letter.isdigit() for letter in words)


def _name(draft: CheckedDraft, one: CheckedName) -> FindingLine:
    told = (f"usually {one.usual}",) if one.usual else ("not in this archive",)
    return FindingLine(one.verdict, _line(draft, one.start), one.text, told)


def _sources(citations: Iterable[Citation], *, numbered: bool = False) -> Iterator[str]:
    for n, one in enumerate(citations, 1):
        yield f"{f'{n}. ' if numbered else ''}{phrasing.imprint(one)}: {_cut(one.text)}"
        yield from (f"Note: {notice.text}" for notice in one.notices)


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else words[:_SHOWN].rpartition(" ")[0] + " …"
