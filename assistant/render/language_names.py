"""What a language is called in the language of the interface: CLDR's names, by the tag."""

import re
import tomllib
from functools import cache
from importlib.resources import files

from assistant.render.interface_text import Say, to_say

_COUNTED = re.compile(r"[^,;:()]*[^\s,;:()](?= \()")
_TONGUE = to_say("en")
"""The code of the language in which this is said."""


def language_told(tag: str, say: Say) -> str:
    """Return the name of a language as a heading has it: "German", "English (en-GB)".

    A tag that is not known stays as it is.
    """
    base, _, rest = tag.replace("_", "-").partition("-")
    name = _names().get(base.lower(), {}).get(say(_TONGUE), "")
    if not name:
        return tag
    name = name[:1].upper() + name[1:]
    return f"{name} ({tag})" if rest else name


def languages_retold(text: str, say: Say) -> str:
    """Return a text in which languages are counted by their English names, in another language."""
    return _COUNTED.sub(lambda one: _again(one[0], say), text)


def _again(name: str, say: Say) -> str:
    bare = name.lstrip()
    return name.removesuffix(bare) + language_told(_tags().get(bare, bare), say)


@cache
def _tags() -> dict[str, str]:
    return {name["en"]: tag for tag, name in _names().items()}


@cache
def _names() -> dict[str, dict[str, str]]:
    data = files("assistant.render").joinpath("tongues", "languages.toml").read_text("utf-8")
    return tomllib.loads(data)
