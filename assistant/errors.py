"""What can go wrong with an answer, beside what can go wrong with an archive.

MorgueError and everything under it stands in ingest.errors; here is added:
  AnswerError
    PromptError      a prompt is missing, or does not have the fields it must have
    MalformedReply   a model's reply cannot be used
"""

from ingest.errors import MorgueError, ServiceBusy, ServiceDown, ServiceError, ServiceRefused

__all__ = [
    "AnswerError",
    "MalformedReply",
    "MorgueError",
    "PromptError",
    "ServiceBusy",
    "ServiceDown",
    "ServiceError",
    "ServiceRefused",
]


class AnswerError(MorgueError):
    """An answer cannot be made."""


class PromptError(AnswerError):
    """A prompt is missing, or does not have the fields it must have."""


class MalformedReply(AnswerError):
    """A model's reply cannot be used."""
