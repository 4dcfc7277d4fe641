"""A reader at the chat: what they may see, and the conversations that are theirs."""

import logging
from dataclasses import dataclass
from html import escape
from secrets import token_hex
from urllib.parse import quote

from assistant.answer import NoAnswer, Outcome
from assistant.doors.api import Newsroom
from assistant.doors.keyring import KeyHolder
from assistant.doors.web.recall import hits_of, owner_of, recall
from assistant.render import as_words
from assistant.render.interface_text import Say, counted, days_told, in_english, to_say
from assistant.render.talk import Exchange, Talk
from assistant.render.talk_list import talk_list_html
from assistant.talks import KeptTurn, Talks
from ingest.article import Filters
from ingest.errors import MorgueError, SettingsError

logger = logging.getLogger("morgue.talks")

_UNANSWERED = to_say("No answer is on record here: ask again for one.")
_WITHHELD = to_say(
    "What this answer rests on is no longer in the archive, or not for you to see, so its words "
    "are not shown."
)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at the page: what they may see, and the conversations that are theirs."""

    newsroom: Newsroom
    reader: KeyHolder
    talks: Talks
    say: Say = in_english

    def narrowed(self, filters: Filters) -> Filters:
        """Return filters that leave out what the reader may not see. Raises SettingsError."""
        try:
            return self.reader.narrowed(filters)
        except PermissionError as error:
            raise SettingsError(str(error), "take that filter off") from None

    def begin(self, question: str, talk_id: str) -> tuple[str, int, MorgueError | None]:
        """Write a question down; return in which conversation, its place, and what went wrong."""
        try:
            return *self.talks.begin(owner_of(self.newsroom, self.reader), question, talk_id), None
        except MorgueError as error:
            logger.warning("%s", error)
            return talk_id, 0, error

    def answered(self, talk_id: str, n: int, come: Exchange) -> None:
        """Write down which record answers a question."""
        if n and come.outcome and come.outcome.record_id:
            try:
                self.talks.answered(talk_id, n, come.outcome.record_id)
            except MorgueError as error:
                logger.warning("%s", error)

    def list(self, talk_id: str, *, lost: bool = False) -> str:
        """Return the newest conversations as a list; `lost` says that the one asked for is none."""
        try:
            kept = self.talks.all(owner_of(self.newsroom, self.reader))
        except MorgueError as error:
            return talk_list_html((), talk_id, str(error), self.say)
        return talk_list_html(kept, talk_id, say=self.say, lost=lost)

    def talk(self, talk_id: str) -> Talk:
        """Return a conversation as it stood, nothing where there is none of this reader's."""
        try:
            found = self.talks.read(owner_of(self.newsroom, self.reader), talk_id)
        except MorgueError:
            return ()
        turns = found[1] if found and not found[0].deleted else ()
        last = turns[-1].n if turns else 0
        return tuple(self._exchange(n, turn, turn.n == last) for n, turn in enumerate(turns, 1))

    def _exchange(self, number: int, turn: KeptTurn, last: bool) -> Exchange:
        found = recall(self.newsroom, self.reader, turn.record) if turn.record else None
        outcome = found.outcome if found else None
        hits = hits_of(self.newsroom, self.reader, found.record) if found and last else ()
        why = escape(self.say(_WITHHELD if found else _UNANSWERED))
        gone = None if outcome else f'<p class="unsaid">{why}</p>'
        return Exchange(
            number=number, question=turn.question, key=token_hex(8), outcome=outcome,
            failure=gone, hits=hits, given=turn.asked, note=self.note(outcome),
            filters=found.record.question.filters if found else Filters(),
        )  # fmt: skip

    def note(self, outcome: Outcome | None) -> str:
        """Return what helps whoever asked nothing: what the archive holds, and how to ask it."""
        asked_nothing = isinstance(outcome, NoAnswer) and outcome.reason == "not_a_question"
        return self.help() if asked_nothing else ""

    def help(self) -> str:
        """Return what the archive holds, and how to ask it."""
        status = self.newsroom.archive.status(Filters(collections=self.reader.collections))
        say = self.say
        articles = counted(say, status.articles, "1 article", "{n} articles")
        outlets = counted(say, len(status.outlets), "1 outlet", "{n} outlets")
        days = days_told(status.since, status.until, say)
        held = " · ".join(filter(None, (articles, outlets if status.outlets else "", days)))
        asked = "" if self.reader.collections else "".join(
            f'<li><a class="again" href="/?q={quote(question, safe="")}">'
            f"{as_words(question)}</a></li>"
            for question in self.newsroom.examples()[:4]
        )  # fmt: skip
        tried = f"<p>{escape(say('Such as:'))}</p><ul>{asked}</ul>" if asked else ""
        how = say(
            "Ask who said what, what happened, when, or how many; a name, a place or a day makes "
            "an answer sharper. The filters below the box narrow what is searched."
        )
        holds = as_words(say("The archive holds: {what}.", what=held))
        return f'<div class="help"><p>{holds} {escape(how)}</p>{tried}</div>'
