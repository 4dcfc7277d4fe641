"""The assistant over HTTP: REST, what OpenAI's clients speak, and the entry to all of it.

`create_app` makes the application, `Rules` say who may ask and how much, `Newsroom` is what
answers. Every failure is a problem document with a hint (`assistant.doors.api.problems`).
"""

from assistant.doors.api.application import create_app
from assistant.doors.api.audit import Audit
from assistant.doors.api.entry import Rules
from assistant.doors.api.journal import log_to, logging_to
from assistant.doors.api.newsroom import Newsroom
from assistant.doors.api.problems import answer_failures
from assistant.doors.api.seen import Note, asked_of_a_tool, asked_on_the_page

__all__ = [
    "Audit",
    "Newsroom",
    "Note",
    "Rules",
    "answer_failures",
    "asked_of_a_tool",
    "asked_on_the_page",
    "create_app",
    "log_to",
    "logging_to",
]
