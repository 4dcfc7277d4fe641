"""Names as they are spelled in the archive, and words that it does not have as they were meant."""

from collections.abc import Iterator
from dataclasses import replace

from assistant.answer import NoAnswer, Question
from assistant.understand.question import otherwise
from ingest.archive import Archive
from ingest.archive.spellings import replaced


def spelled(archive: Archive, question: Question, *, suggest: bool = False) -> Question:
    """Return a question with the other spellings of its names: they are searched together.

    With `suggest`, also with what its words that the archive does not have may have meant.
    """
    if question.literal:
        return question
    words = f"{question.text} {question.topic}"
    told: dict[str, object] = {}
    if others := archive.spellings(words, question.filters):
        told["spellings"] = {
            word: [form.capitalize() if word[0].isupper() else form for form in forms]
            for word, forms in others.items()
        }
    if suggest and (meant := archive.corrections(question.text, question.filters)):
        told["did_you_mean"] = meant
    return replace(question, understood={**question.understood, **told}) if told else question


def corrected(archive: Archive, question: Question) -> Question | None:
    """Return a question with the words that the archive does not have as they were meant."""
    meant = {} if question.literal else archive.corrections(question.text, question.filters)
    # The words of a time mean that time, whether or not anybody prints them.
    when = question.period.words if question.period else ""
    meant = {typed: word for typed, word in meant.items() if typed not in when.split()}
    if not meant:
        return None
    return replace(
        question,
        text=replaced(question.text, meant),
        asked=replaced(question.asked, meant),
        understood={**question.understood, "corrected": meant},
    )


def other_readings(archive: Archive, question: Question) -> Iterator[Question]:
    """Yield how else a question may be meant, where nothing answers it as it was understood."""
    yield from otherwise(question)
    meant = corrected(archive, question)
    if meant is not None:
        yield meant


def suggested(outcome: NoAnswer, meant: Question) -> NoAnswer:
    """Return that there is no answer, with how words may have been meant, if any were corrected."""
    if "corrected" not in meant.understood:
        return outcome
    told = {**outcome.searched.understood, "did_you_mean": meant.understood["corrected"]}
    return replace(outcome, searched=replace(outcome.searched, understood=told))
