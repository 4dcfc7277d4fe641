"""Excerpts into sentences, with a model: read as they come, and put once more where at fault."""

import re
from collections.abc import Generator, Iterable
from contextlib import closing
from datetime import date

from assistant.answer import DraftClaim, Evidence, Omitted, Question
from assistant.compose.quotation_slots import References
from assistant.errors import MalformedReply
from assistant.models.llm import Message, Model
from assistant.models.prompts import Prompt, as_data, head, mark
from assistant.models.reply_parser import Refused, ReplySentence, read

__all__ = ["Refused", "Writer"]

_FRAGMENT = "is no whole sentence"
_WORD = re.compile(r"\w+")
_WORDS = 3
"""Words of the shortest sentence that says something by itself."""


class Writer:
    """One answer in the making: a question, what is read for it, and the model that writes.

    Nothing of what it yields is checked. A claim that is known to be wrong says so in `faults`.
    """

    def __init__(self, question: Question, excerpts: Iterable[Evidence], model: Model) -> None:
        self._question = question
        self._model = model
        self.read = reading_order(excerpts)
        self._references = References(self.read)
        self._said: list[Message] = []
        self._written: set[str] = set()

    def write(
        self, prompt: Prompt, sentences: int = 5
    ) -> Generator[DraftClaim | Refused, None, None]:
        """Yield what the model writes, a claim at a time, each resting on the excerpts it cites.

        Yields Refused where the model says that the passages do not answer: of the whole question
        if no claim stands, of a part of it else. Closing the iterator ends the model's work.
        Raises what `Model.stream` raises, also after some claims, and MalformedReply for a reply
        without any.
        """
        if not self.read:
            yield Refused(text="")
            return
        self._said = [*self.request(prompt, sentences)]
        empty = True
        for drafted in self._sentences(sentences):
            empty = False
            yield drafted
        if empty:
            raise MalformedReply(f"the model {self._model.name!r} wrote nothing", "ask again")

    def again(self, left_out: Omitted, prompt: Prompt) -> Generator[DraftClaim, None, None]:
        """Tell the model what is wrong with a sentence of its own; yield what it writes instead."""
        conversation, before = list(self._said), frozenset(self._written)
        fault = as_data(left_out.reason, one_line=True)
        self._said += prompt.fill(sentence=as_data(left_out.text, one_line=True), fault=fault)
        try:
            for drafted in self._sentences(1):
                if isinstance(drafted, DraftClaim) and drafted.text not in before:
                    yield drafted
        finally:
            self._said = conversation

    def request(self, prompt: Prompt, sentences: int) -> tuple[Message, ...]:
        """Return the messages for the model: passages as data, between marks nobody can foresee."""
        return prompt.fill(
            mark=mark(),
            passages=self._passages(),
            question=as_data(_in_full(self._question)),
            sentences=str(sentences),
        )

    def _sentences(self, most: int) -> Generator[DraftClaim | Refused, None, None]:
        heard: list[str] = []
        with closing(self._model.stream(self._said)) as reply:
            for said in read(_noted(reply, heard), len(self.read), most):
                yield said if isinstance(said, Refused) else self._claim(said)
        self._said.append(Message("assistant", "".join(heard)))

    def _claim(self, said: ReplySentence) -> DraftClaim:
        worded = self._references.put_in(said.text, said.cites)
        cited = tuple(self.read[n - 1] for n in worded.cites)
        fragment = () if len(worded.text.split()) >= _WORDS else (_FRAGMENT,)
        self._written.add(worded.text)
        return DraftClaim(
            text=worded.text,
            evidence=cited,
            faults=(*said.faults, *fragment, *worded.faults),
            miscited=() if cited else said.miscited,
            paraphrase=worded.paraphrase,
        )

    def _passages(self) -> str:
        lines: list[str] = []
        above = ""
        for n, one in enumerate(self.read, start=1):
            top = head(one)
            if top != above:
                lines += ["", top]
            above = top
            lines.append(f"[{n}] {as_data(self._references.shown(n))}")
        return "\n".join(lines).strip()


def reading_order(excerpts: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the excerpts by day, article and position, none of them twice.

    The order does not depend on the scores, so that a server that keeps what it has read
    already (llama.cpp does) finds the same beginning again.
    """
    placed = {
        (one.hit.article.date or date.min, one.hit.article.article_id, one.start): one
        for one in excerpts
    }
    return tuple(placed[place] for place in sorted(placed))


def _noted(deltas: Generator[str, None, None], heard: list[str]) -> Generator[str, None, None]:
    for delta in deltas:
        heard.append(delta)
        yield delta


def _in_full(question: Question) -> str:
    """Return a question as a model is asked it: as it was typed where only its topic is searched.

    What leans on the talk before it has words that were not typed.
    """
    searched, typed = (set(_WORD.findall(one.lower())) for one in (question.text, question.asked))
    return question.asked if searched <= typed else question.text
