"""The sides of a comparison: names, bodies, two outlets or times, each a question of its own."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.answer import Plan, Question
from assistant.understand import question_forms
from assistant.understand.coreference import names
from assistant.understand.outlets import short_in
from assistant.understand.time_expressions import both_times
from ingest.language import lexicon


def sides(
    question: Question, compared: str, about: str, outlets: Sequence[str]
) -> tuple[Question, ...]:
    """Return the questions that a comparison is made of; none where its sides are not told.

    `compared` is what stands after "compare", `about` what both sides are compared on, where
    that stands apart.
    """
    behind = f" {about}" if about else ""
    found = (
        _outlets(question, compared, behind, outlets)
        or _times(question, compared, behind)
        or _names(question, compared, behind)
        or _owners(question, compared, behind)
        or _bodies(question, compared, behind)
    )
    subject = _common([side.text for side in found])
    return tuple(replace(side, subject=subject) for side in found)


def _common(texts: Sequence[str]) -> str:
    """Return the words that all of some texts hold, in the order of the first."""
    first, *others = [[lexicon.plain(word) for word in text.split()] for text in texts] or [[]]
    return " ".join(word for word in first if all(word in other for other in others))


def _joined() -> str:
    return lexicon.any_of(question_forms.joins())


def _the() -> str:
    return lexicon.any_of(one for one in question_forms.articles() if one.isalpha())


def _outlets(
    question: Question, compared: str, behind: str, outlets: Sequence[str]
) -> tuple[Question, ...]:
    """Return a question an outlet, each kept to what that outlet printed."""
    named = short_in(compared, outlets)
    for one, other in pairwise(named):
        before, between = compared[: one.start].rstrip(), compared[one.end : other.start]
        # "in the Echo and in the Courier": what stands before the first may stand there again.
        small = re.search(rf"(\w+)(?:\s+(?:{_the()}))?\Z", before, re.IGNORECASE)
        again = rf"(?:{re.escape(small[1])}\s+)?" if small else ""
        if one.outlet == other.outlet or not re.fullmatch(
            rf",?\s*(?:{_joined()})\s+{again}(?:(?:{_the()})\s+)?", between, re.IGNORECASE
        ):
            continue
        repeated = small and re.search(rf"\b{re.escape(small[1])}\b", between, re.IGNORECASE)
        before = before[: small.start()] if small and repeated else before
        before = re.sub(rf"\s*\b(?:{_the()})\Z", "", before, flags=re.IGNORECASE)
        bare = f"{before.rstrip()} {compared[other.end :].lstrip()}{behind}".strip()
        printed = question_forms.reporting().match(f" {bare}")
        bare = bare[printed.end() - 1 :].strip() if printed else bare
        return tuple(
            _side(
                question,
                asked=f"{compared[side.start : side.end]}: {bare}",
                text=bare,
                outlet=side.outlet,
            )
            for side in (one, other)
        )
    return ()


def _times(question: Question, compared: str, behind: str) -> tuple[Question, ...]:
    """Return a question a time, each kept to what was printed then."""
    found = both_times(compared, _joined())
    if found is None:
        return ()
    start, end, times = found
    bare = f"{compared[:start].rstrip()} {compared[end:].lstrip()}{behind}".strip()
    return tuple(
        replace(
            _side(question, asked=f"{bare}, {when.words}", text=bare),
            filters=replace(question.filters, since=when.since, until=when.until),
            period=replace(when, only=True),
        )
        for when in times
    )


def _names(question: Question, compared: str, behind: str) -> tuple[Question, ...]:
    """Return a question a name, each in the place of all that are joined."""
    known = names(compared)
    for n in range(len(known) - 1):
        listed = [re.escape(known[n])]
        found = None
        for name in known[n + 1 :]:
            several = rf"(?:,\s+(?:{_joined()})|,|\s+(?:{_joined()}))\s+(?:(?:{_the()})\s+)?"
            pattern = rf"(?:(?:{_the()})\s+)?{several.join([*listed, re.escape(name)])}(?![\w’'])"
            longer = re.search(pattern, compared, re.IGNORECASE)
            if not longer:
                break
            listed.append(re.escape(name))
            found = longer
        if found and re.search(rf"\b(?:{_joined()})\b", found[0], re.IGNORECASE):
            pieces = compared[: found.start()], f"{compared[found.end() :]}{behind}"
            asked = (name.join(pieces) for name in known[n : n + len(listed)])
            return tuple(_side(question, asked=words, text=words) for words in asked)
    return ()


def _bodies(question: Question, compared: str, behind: str) -> tuple[Question, ...]:
    """Return a question a body that is no name: "the ministry and the county say it costs"."""
    one, other = (rf"(?P<{side}>(?:{_the()})\s+[\w-]+)" for side in ("one", "other"))
    found = re.search(rf"\b{one}\s+(?:{_joined()})\s+{other}(?=\s+\S)", compared, re.IGNORECASE)
    if not found:
        return ()
    pieces = compared[: found.start()], f"{compared[found.end() :]}{behind}"
    asked = (found[side].join(pieces) for side in ("one", "other"))
    return tuple(_side(question, asked=words, text=words) for words in asked)


def _owners(question: Question, compared: str, behind: str) -> tuple[Question, ...]:
    """Return a question an owner: "the ministry's and the auditor's figures"."""
    found = _OWNED.fullmatch(compared)
    if not found or lexicon.plain(found["join"]) not in question_forms.joins():
        return ()
    asked = (f"{found[side]} {found['owned']}{behind}" for side in ("one", "other"))
    return tuple(_side(question, asked=words, text=words) for words in asked)


_OWNED = re.compile(
    r"(?P<one>\S.*?(?:['’]s|s['’]))\s+(?P<join>\S+)\s+(?P<other>\S.*?(?:['’]s|s['’]))\s+(?P<owned>.+)"
)


def _side(question: Question, *, asked: str, text: str, outlet: str | None = None) -> Question:
    filters = replace(question.filters, outlets=(outlet,)) if outlet else question.filters
    plan = Plan(wants="answer", query=text, outlets=(outlet,) if outlet else ())
    return replace(question, asked=asked, text=text, filters=filters, plan=plan)
