"""Hits into a draft, with a model: one call, read as it comes."""

import re
import secrets
from collections.abc import Generator, Sequence
from contextlib import closing
from datetime import date

from assistant import prompts
from assistant.answer import DraftClaim, Evidence, Question
from assistant.errors import MalformedReply
from assistant.llm import Message, Model
from assistant.prompts import Prompt
from assistant.protocol import Refused, Sentence, read
from ingest.article import EVIDENCE, Hit

__all__ = ["Refused", "request", "write"]

_CONTROL = re.compile(
    r"\[(?=/?(?:INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_\w+|PREFIX|SUFFIX|MIDDLE|IMG)\])"
    r"|\[(?=\d{1,3}\])"
)


def write(
    question: Question,
    hits: Sequence[Hit],
    model: Model,
    *,
    prompt: Prompt | None = None,
    sentences: int = 5,
) -> Generator[DraftClaim | Refused, None, None]:
    """Yield what the model writes, a claim at a time, each resting on the passages it cites.

    Nothing of it is checked. A claim that is known to be wrong says so in its `faults`. Yields
    Refused where the model says that the passages do not answer: of the whole question if no
    claim stands, of a part of it else. Closing the iterator ends the model's work. Raises what
    `Model.stream` raises, also after some claims, and MalformedReply for a reply without any.
    """
    read_in_order = reading_order(question, hits)
    if not read_in_order:
        yield Refused(text="")
        return
    messages = request(question, read_in_order, prompt or prompts.load("write"), sentences)
    empty = True
    with closing(model.stream(messages)) as reply:
        for said in read(reply, len(read_in_order), sentences):
            empty = False
            yield said if isinstance(said, Refused) else _claim(said, read_in_order)
    if empty:
        raise MalformedReply(f"the model {model.name!r} wrote nothing", "ask again")


def reading_order(question: Question, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits by day, article and position, without readers' comments nobody asked for.

    The order does not depend on the scores, so that a server that keeps what it has read
    already (llama.cpp does) finds the same beginning again.
    """
    allowed = [hit for hit in hits if hit.passage.part in EVIDENCE or question.filters.comments]
    return tuple(
        sorted(
            allowed,
            key=lambda hit: (
                hit.article.date or date.min,
                hit.article.article_id,
                hit.passage.start,
            ),
        )
    )


def request(
    question: Question, hits: Sequence[Hit], prompt: Prompt, sentences: int
) -> tuple[Message, ...]:
    """Return the messages for the model: passages as data, between marks nobody can foresee."""
    return prompt.fill(
        mark=f"==== {secrets.token_hex(8)} ====",
        passages="\n\n".join(_passage(n, hit) for n, hit in enumerate(hits, start=1)),
        question=_as_data(question.text),
        sentences=str(sentences),
    )


def _passage(n: int, hit: Hit) -> str:
    article = hit.article
    day = f"{article.date.day} {article.date:%B %Y}" if article.date else "no date"
    about = [article.outlet or "unknown outlet", day]
    if hit.passage.part == "comment":
        about.append(f"A READER'S COMMENT by {hit.passage.author or 'somebody'}, not reporting")
    elif hit.passage.part == "correction":
        about.append("correction")
    if hit.passage.part != "headline":
        about.append(f"under the headline: {article.title}")
    return f"[{n}] {_as_data(' | '.join(about), one_line=True)}\n{_as_data(hit.text)}"


def _as_data(text: str, *, one_line: bool = False) -> str:
    """Take from a text what a model's template, or our own protocol, would take for control.

    Servers read `<|im_end|>` or `[INST]` within a message as the end of it, and `[3]` is how
    passages are numbered; angle and square brackets of that kind become harmless look-alikes.
    """
    text = text.replace("<", "‹").replace(">", "›")
    text = _CONTROL.sub("［", text)
    return " ".join(text.split()) if one_line else text


def _claim(said: Sentence, hits: Sequence[Hit]) -> DraftClaim:
    cited = [hits[n - 1] for n in said.cites]
    evidence = tuple(
        Evidence(hit=hit, start=hit.passage.start, end=hit.passage.end) for hit in cited
    )
    return DraftClaim(text=said.text, evidence=evidence, faults=said.faults)
