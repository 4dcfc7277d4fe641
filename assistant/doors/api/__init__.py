"""The assistant over HTTP: REST, what OpenAI's clients speak, and the entry to all of it.

`create_app` makes the application, `Rules` say who may ask and how much, `Newsroom` is what
answers. Every failure is a problem document with a hint (`assistant.doors.api.problems`).
"""

from assistant.doors.api.application import create_app
from assistant.doors.api.entry import Rules
from assistant.doors.api.journal import log_to
from assistant.doors.api.newsroom import Newsroom

__all__ = ["Newsroom", "Rules", "create_app", "log_to"]
