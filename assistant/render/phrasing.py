"""The words that every form of an answer shares: dates, bylines, what was searched, and why not."""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, Literal

from assistant.answer import (
    Answer,
    Citation,
    Claim,
    Conflict,
    ConflictKind,
    Listing,
    NoAnswer,
    Omitted,
    QuoteVerdict,
    Reason,
    Searched,
)
from assistant.find.independence import witnesses
from assistant.render.interface_text import (
    Say,
    counted,
    day_told,
    days_told,
    in_english,
    is_english,
    to_say,
)
from assistant.render.retold import retold
from ingest.article import Article, Hit, ListedArticle, Notice, Part, Passage, Story
from ingest.language import lexicon
from ingest.language.normalise import fold

_MONTHS = tuple(map(str.capitalize, lexicon.calendar("en").month_names))

_REASONS: dict[Reason, str] = {
    "empty_archive": to_say("The archive is empty."),
    "nothing_found": to_say("The archive does not say: nothing that was found in it answers this."),
    "not_enough": to_say("The archive does not say: what comes near does not answer it."),
    "only_in_comments": to_say("The archive does not say: only readers’ comments speak of it."),
    "only_after_as_of": to_say("The archive did not say it yet by that day."),
    "about_the_future": to_say("The archive does not say: that was still to come."),
    "other_year": to_say("The archive does not say: what comes near is of another year."),
    "only_in_retracted": to_say("The archive says it only in what was later withdrawn."),
    "not_a_question": to_say("That does not ask for anything the archive could say."),
}

NO_END = "until somebody says otherwise"

_SPELLED = ("no", *(lexicon.section("en", "numbers")[str(n)] for n in range(1, 11)))

CONFLICT: Mapping[ConflictKind, str] = {
    "conflict": to_say("Sources differ"),
    "correction": to_say("Corrected later"),
    "update": to_say("Since then"),
}

_NEXT: dict[Reason, str] = {
    "empty_archive": to_say("Put articles into it with `morgue ingest PATH`."),
    "only_in_comments": to_say("Ask for readers’ comments too to see them."),
    "only_after_as_of": to_say("Ask as of a later day to see it."),
    "not_a_question": to_say("Name somebody, something or a day."),
}

_DOUBTS = {
    "partly": to_say("only partly supported by its source"),
    "unsupported": to_say("not supported by its source"),
    "contradicted": to_say("contradicted by its source"),
}

_MARKER = re.compile(r"\[(\d{1,4})\]")
_LAST_MARKERS = re.compile(r"(?:\s*\[\d{1,4}\])+\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Cited words within the paragraph around them; `cut_*` says where the paragraph goes on."""

    before: str
    words: str
    after: str
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of an answer's text, and the claim that it belongs to, if any.

    A run with `cites` is a marker such as "[2]" that points at a citation.
    """

    text: str
    claim: Claim | None = None
    cites: int | None = None


def day(when: date | None) -> str:
    """Return a day as a newspaper prints it: "12 March 2024", or "undated"."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}" if when else "undated"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 article", "2,909 articles"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def imprint(shown: Citation | Hit, say: Say = in_english) -> str:
    """Return where and when words were printed: "The Harbour Post, 12 March 2024, p. 2"."""
    article, span = shown.article, shown.passage if isinstance(shown, Hit) else shown
    outlet = article.outlet or say("outlet unknown")
    pieces = (outlet, day_told(article.date, say), pages_told(article, span, say))
    return ", ".join(filter(None, pieces))


def pages(article: Article, span: Citation | Passage | Part) -> str | None:
    """Return where in an article words stand, where that is known: "pp. 2-3", "at 00:05:12"."""
    return pages_told(article, span, in_english) or None


def pages_told(article: Article, span: Citation | Passage | Part, say: Say) -> str:
    """Return where in an article words stand in a language; nothing where that is not known.

    Of what was printed the pages, of a recording the time at which its paragraph begins.
    """
    first, last = article.page_at(span.start), article.page_at(span.end - 1)
    if first is None and (time := article.time_at(span.start)):
        return say("at {time}", time=time)
    if first is None or first == last:
        column = article.column_at(span.start)
        if first and column and column == article.column_at(span.end - 1):
            return say("p. {n}, col. {column}", n=first, column=column)
        return say("p. {n}", n=first) if first else ""
    return say("pp. {n}", n=f"{first}-{last}")


def attribution(claim: Claim, citation: Citation, say: Say = in_english) -> str:
    """Return who says a claim, and where it was printed."""
    if citation.part == "comment":
        whose, where = commenter(citation, say), imprint(citation, say)
        return say("{whose}, under an article of {where}", whose=whose, where=where)
    printed = _printed(citation, say)
    who = claim.speaker
    if who and speaker_from(claim) == "context":
        return say("{who} (named earlier), in {where}", who=who, where=printed)
    return say("{who}, in {where}", who=who, where=printed) if who else printed


def speaker_from(claim: Claim) -> Literal["sentence", "context"] | None:
    """Return where a claim's speaker is named: in its own words, or in what stands before them."""
    if not claim.speaker:
        return None
    last = fold(claim.speaker).text.split()[-1:]
    return "sentence" if last and last[0] in fold(claim.text).text else "context"


def _printed(citation: Citation, say: Say) -> str:
    """Return where words were printed: the headline stands for an outlet that nobody knows."""
    article = citation.article
    if article.outlet or not article.title:
        return imprint(citation, say)
    when = day_told(article.date, say) if article.date else None
    told = (f"“{article.title}”", when, pages_told(article, citation, say))
    return ", ".join(filter(None, told))


def commenter(citation: Citation, say: Say = in_english) -> str:
    """Return whose comment is cited: "Reader’s comment by dockhand", as far as it is known."""
    return comment_told(comment_author(citation.article, citation.start), say)


def comment_told(author: str | None, say: Say) -> str:
    """Return whose comment it is, as far as that is known."""
    return say("Reader’s comment by {name}", name=author) if author else say("Reader’s comment")


def comment_author(article: Article, start: int) -> str | None:
    """Return the name of the reader who wrote the comment at `start`."""
    part = article.part_at(start)
    return part.author if part is not None and part.part == "comment" else None


def printed_by(story: Story, say: Say = in_english) -> str | None:
    """Return how often a dispatch was printed, where that is more than once."""
    if story.copies < 2:
        return None
    if len(story.outlets) < 2:
        return say("Printed {n} times; one witness", n=story.copies)
    names = ", ".join(story.outlets)
    return say("Printed by {n} outlets: {names}", n=len(story.outlets), names=names)


def doubts(claim: Claim, say: Say = in_english) -> list[str]:
    """Return what a reader must know about a claim that is not wholly supported."""
    found = [say(_DOUBTS[claim.verdict])] if claim.verdict in _DOUBTS else []
    found += [say("paraphrased")] if claim.paraphrase else []
    wrong = [quote for quote in claim.quotes if quote.verdict not in {"exact", "normalised"}]
    return found + [say(_WRONG[quote.verdict], words=quote.text) for quote in wrong]


_WRONG: Mapping[QuoteVerdict, str] = {
    "altered": to_say("quotation altered: “{words}”"),
    "absent": to_say("quotation absent: “{words}”"),
    "misattributed": to_say("quotation misattributed: “{words}”"),
}


def period(since: date | None, until: date | None) -> str:
    """Return from when to when, or nothing: "12 March 2024 to 14 March 2024"."""
    if since and until:
        return f"{day(since)} to {day(until)}"
    return f"from {day(since)}" if since else f"up to {day(until)}" if until else ""


def searched_line(searched: Searched, say: Say = in_english) -> str:
    """Return what was searched, in one sentence."""
    line = counted(say, searched.articles, "Searched 1 article", "Searched {n} articles")
    when = days_told(searched.since, searched.until, say)
    line += f", {when}" if when else ""
    if not searched.articles or searched.embedded >= 1:
        return line + "."
    if searched.embedded <= 0:
        return f"{line}, {say('by words alone')}."
    share = f"{searched.embedded:.0%}"
    return f"{line}; {say('{share} of it by meaning too, the rest by words alone', share=share)}."


def understood(searched: Searched, say: Say = in_english) -> list[str]:
    """Return what was understood besides the words that were asked, a sentence each."""
    told = searched.understood
    asked = told.get("question")
    lines = [say("Understood as: {question}", question=asked)] if asked else []
    for typed, others in _by_word(told.get("spellings")):
        spelt = ", ".join(others)
        lines.append(say("“{typed}” is spelled here too: {others}.", typed=typed, others=spelt))
    for typed, meant in _by_word(told.get("corrected")):
        instead = to_say("“{typed}” gave no answer; searched for “{meant}” instead.")
        lines.append(say(instead, typed=typed, meant=meant))
    for typed, meant in _by_word(told.get("did_you_mean")):
        lines.append(say("Did you mean “{meant}” by “{typed}”?", meant=meant, typed=typed))
    if told.get("by"):
        lines.append(say("Only articles by {name}", name=told["by"]))
    elif told.get("must"):
        lines.append(say("Only articles that fit: {query}", query=told["must"]))
    if told.get("unprinted"):
        unprinted = told["unprinted"]
        lines.append(say("No article prints {words} so; its words were searched.", words=unprinted))
    lines += _printed_nowhere(told.get("nowhere"), say)
    when = told.get("when")
    if isinstance(when, Mapping):
        lines.append(_when_understood(when, searched, say))
    return lines


def _printed_nowhere(words: object, say: Say) -> list[str]:
    if not isinstance(words, Sequence) or not words:
        return []
    quoted = ", ".join(f"“{word}”" for word in words)
    return [say("No article prints {words}.", words=quoted)]


def _when_understood(when: Mapping[str, Any], searched: Searched, say: Say) -> str:
    days = days_told(when["from"], when["to"], say)
    listed = searched.plan is not None and searched.plan.listed
    if when["only"] or listed:
        only = to_say("“{words}” understood as {days}: only what was printed then.")
        return say(only, words=when["words"], days=days)
    first = to_say("“{words}” understood as {days}: what was printed then first.")
    return say(first, words=when["words"], days=days)


def _by_word(told: object) -> list[tuple[str, Any]]:
    """Return what is told of each word that was typed."""
    return list(told.items()) if isinstance(told, Mapping) else []


def told_by(listed: ListedArticle, say: Say = in_english) -> str | None:
    """Return how many tell what an article in a list tells, where they are several."""
    if not listed.related:
        return printed_by(listed.story, say)
    newsrooms = _newsrooms(listed.newsrooms, say)
    return say("Told by {newsrooms}, in {n} articles", newsrooms=newsrooms, n=listed.related + 1)


def rest_of(listing: Listing, say: Say = in_english) -> str | None:
    """Return how many articles are not on this page, and where they begin."""
    left = listing.total - int(listing.next) if listing.next else 0
    if not left:
        return None
    more = counted(say, left, "1 more article", "{n} more articles")
    return say("{more}: go on from {n}.", more=more, n=listing.next)


def more_line(answer: Answer, say: Say = in_english) -> str | None:
    """Return how much else fits a question, and how to see it."""
    found = answer.more
    if found is None:
        return None
    told = [counted(say, found.sentences, "1 sentence", "{n} sentences")] if found.sentences else []
    if not found.articles:
        return say("More that fits: {what}.", what=told[0])
    told.append(counted(say, found.articles, "1 article", "{n} articles"))
    several = say("{one} and {other}", one=told[0], other=told[1]) if told[1:] else told[0]
    command = f"`morgue list {shlex.quote(found.query)}`"
    listed = to_say("More that fits: {what}: {command} lists them.")
    return say(listed, what=several, command=command)


def independence(citations: Iterable[Citation], say: Say = in_english) -> str | None:
    """Return who told it independently: "Two newsrooms; five copies of one dispatch."."""
    told = witnesses(citations)
    if not told.newsrooms or (told.newsrooms == 1 and not told.copies):
        return None
    line = _newsrooms(told.newsrooms, say)
    line = line[:1].upper() + line[1:]
    if not told.copies:
        return f"{line}."
    copies, dispatches = sum(told.copies), len(told.copies)
    if is_english(say):
        what = f"{spelled(copies, 'copy', 'copies')} of "
        return f"{line}; {what}{spelled(dispatches, 'dispatch', 'dispatches')}."
    copied = say("copies: {n}, of dispatches: {m}", n=copies, m=dispatches)
    return f"{line}; {copied}."


def _newsrooms(number: int, say: Say) -> str:
    """Return how many newsrooms there are: in letters where it is English."""
    if is_english(say):
        return spelled(number, "newsroom")
    return counted(say, number, "1 newsroom", "{n} newsrooms")


def left_out(omitted: Sequence[Omitted]) -> str | None:
    """Return how many sentences did not stand up, and why: never a word of theirs."""
    if not omitted:
        return None
    # Behind a colon a reason repeats the words that no source prints.
    reasons = "; ".join(dict.fromkeys(left.reason.partition(":")[0] for left in omitted))
    return f"Left out because it could not be shown: {count(len(omitted), 'sentence')} ({reasons})."


def spelled(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun, up to ten in letters: "two newsrooms", "12 copies"."""
    word = _SPELLED[number] if number < len(_SPELLED) else f"{number:,}"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def sides(conflict: Conflict, citations: Iterable[Citation]) -> list[tuple[str, Citation]]:
    """Return what each side of a conflict says, the earlier first, with its citation."""
    numbered = {citation.n: citation for citation in citations}
    told = [numbered[n] for n in conflict.citations if n in numbered]
    return [(" ".join(citation.text.split()), citation) for citation in told]


def under_days(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Yield claims in their order, each day told once, over the first that is of it."""
    before = None
    for claim in claims:
        yield replace(claim, day=None) if claim.day == before else claim
        before = claim.day


def gaps(warnings: Iterable[Notice]) -> tuple[list[Notice], list[Notice]]:
    """Return what of a question or a pasted draft does not stand, and the other warnings."""
    missing, others = list[Notice](), list[Notice]()
    for notice in warnings:
        gap = notice.code == "partly" or notice.code.startswith("draft_")
        (missing if gap else others).append(notice)
    return missing, others


def why_not(outcome: NoAnswer, say: Say = in_english) -> str:
    """Return in a sentence that the archive does not say, and why."""
    return retold(outcome.text, say) or say(_REASONS[outcome.reason])


def what_next(outcome: NoAnswer, say: Say = in_english) -> str | None:
    """Return what a reader can do about it, where there is something."""
    step = _NEXT.get(outcome.reason)
    return say(step) if step else None


def bare(claim: Claim) -> str:
    """Return a claim's words without the citation markers behind them."""
    return _LAST_MARKERS.sub("", claim.text) if claim.citations else claim.text


def cited(claim: Claim, citations: Iterable[Citation]) -> list[Citation]:
    """Return the citations that a claim rests on, in the claim's order."""
    numbered = {citation.n: citation for citation in citations}
    return [numbered[n] for n in claim.citations if n in numbered]


def runs(answer: Answer) -> Iterator[TextRun]:
    """Cut an answer's text into its claims, what stands between them, and its markers.

    "[2]" within a claim is a marker only where the claim cites 2: an article may print one.
    """
    at = 0
    every = {citation.n for citation in answer.citations}
    for claim in sorted(answer.claims, key=lambda claim: claim.at):
        start, end = max(claim.at[0], at), max(claim.at[1], at)
        yield from _marked(answer.text[at:start], None, every)
        yield from _marked(answer.text[start:end], claim, every & set(claim.citations))
        at = end
    yield from _marked(answer.text[at:], None, every)


def stretches(answer: Answer) -> Iterator[Claim | Answer]:
    """Yield an answer in its order: a quotation as its claim, what is written between as such.

    What is written comes as the answer cut down to it. A day is told once, see `under_days`.
    """
    at = 0
    claims = sorted(answer.claims, key=lambda claim: claim.at)
    for quoted, together in groupby(claims, key=lambda claim: claim.verdict == "verbatim"):
        those = list(together)
        if quoted:
            yield from under_days(those)
        else:
            yield _cut(answer, those, at)
        at = those[-1].at[1]


def _cut(answer: Answer, claims: Sequence[Claim], after: int) -> Answer:
    """Return an answer with some of its claims and the lines that they stand in, no others."""
    text, last = answer.text, claims[-1].at[1]
    start = max(after, text.rfind("\n", 0, claims[0].at[0]) + 1)
    end = text.find("\n", last)
    moved = (replace(claim, at=(claim.at[0] - start, claim.at[1] - start)) for claim in claims)
    return replace(answer, text=text[start : len(text) if end < 0 else end], claims=tuple(moved))


def _marked(text: str, claim: Claim | None, numbers: set[int]) -> Iterator[TextRun]:
    at = 0
    for marker in _MARKER.finditer(text):
        if int(marker[1]) in numbers:
            if marker.start() > at:
                yield TextRun(text[at : marker.start()], claim)
            yield TextRun(marker[0], claim, int(marker[1]))
            at = marker.end()
    if at < len(text):
        yield TextRun(text[at:], claim)


def excerpt(citation: Citation, room: int) -> Excerpt:
    """Return cited words with what stands around them in their paragraph.

    `room` is how many characters may stand around the words, cut at spaces.
    """
    text, start, end = citation.article.text, citation.start, citation.end
    first, last = _part_bounds(citation)
    first = max(first, text.rfind("\n", first, start) + 1)
    stop = text.find("\n", end, last)
    last = last if stop < 0 else stop
    left, right = _share(start - first, last - end, room)
    before, after = text[start - left : start], text[end : end + right]
    if left < start - first:
        before = before.partition(" ")[2]
    if right < last - end:
        after = after.rpartition(" ")[0]
    return Excerpt(
        before=before.lstrip(),
        words=citation.text,
        after=after.rstrip(),
        cut_before=left < start - first,
        cut_after=right < last - end,
    )


def _part_bounds(citation: Citation) -> tuple[int, int]:
    for part in citation.article.parts:
        if part.start <= citation.start and citation.end <= part.end:
            return part.start, part.end
    return citation.start, citation.end


def _share(left: int, right: int, room: int) -> tuple[int, int]:
    """Give each side half of the room, and what one side leaves to the other."""
    half = room // 2
    return min(left, max(half, room - right)), min(right, max(half, room - left))


def withheld(counts: Mapping[str, int]) -> str:
    """Say how many articles are under embargo, and until when."""
    ends = [
        f"{number:,} {f'until {end}' if end[:1].isdigit() else NO_END}"
        for end, number in counts.items()
    ]
    total = sum(counts.values())
    return f"withheld: {total:,} ({', '.join(ends)})"
