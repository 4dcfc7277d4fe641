"""What a model sets a sentence in: Markdown, tags, tables. Taken off, or told from a sentence."""

import re
from html import unescape

_EMPHASIS = re.compile(r"(?<![\w*_`])([*_`])(?=[^\s*_`])([^\n]{1,600}?)(?<=[^\s*_`])\1(?![\w*_`])")
_TAG = re.compile(
    r"</?(?:p|b|i|u|em|strong|br|li|ul|ol|span)\s?/?>|</?s>|<\|im_start\|>(?:assistant\b)?"
    r"|<\|(?:im_end|endoftext|eot_id|end)\|>",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|\"'])")
# No more than these: others stand for control characters, which are gone by now.
_ENTITY = re.compile(
    r"&(?:quot|apos|amp|lt|gt|nbsp|[lr][ds]quo|\#(?:34|38|39|60|62|160|82(?:1[6-9]|2[0-2])));"
)
_DOUBLE_BRACES = re.compile(r"\{\{(\s*[qQ]\s*\d{1,3}\s*)\}\}")
_LEFT_OVER = re.compile(
    r"""
    \{(?!\s*[qQ]\s*\d{1,3}\s*\}) | (?<!\d)(?<!\d\s)\}
  | \[[\s,;:.&]*\] | \]\( | \[/ | \[[A-Z_]{4,}\]
  | <[\w/!|] | [\w"'/|]>
  # "The A|B test" is a name, a bar with space beside it a table's.
  | (?:\A|\s)\| | \|(?:\s|\Z)
  | (?<!`)`(?!`)
    """,
    re.VERBOSE,
)


def unset(segment: str) -> str:
    """Return a stretch of a line without its emphasis, its harmless tags and its escapes."""
    segment = _ENTITY.sub(lambda found: unescape(found[0]), segment)
    segment = _DOUBLE_BRACES.sub(r"{\1}", segment)
    segment = _TAG.sub("", segment.replace("**", "").replace("__", ""))
    return _ESCAPED.sub(r"\1", _EMPHASIS.sub(r"\2", segment))


def of_row(segment: str) -> str:
    """Return the cells of a table's row as words in a line."""
    return " ".join(cell.strip() for cell in segment.strip().strip("|").split("|"))


def is_plain(text: str) -> bool:
    """Tell a sentence from what is left of a data structure, a tag or a link."""
    return _LEFT_OVER.search(text) is None
