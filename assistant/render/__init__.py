"""An outcome as JSON, plain text, Markdown with footnotes and HTML; pure.

Every string of an archive is hostile: each form makes it harmless in its own way.
"""

from assistant.render.articles import article_to_json, article_to_text
from assistant.render.cards import article_html, source_cards_html, speaker_html
from assistant.render.documents import (
    SCHEMA,
    citation_to_json,
    hits_to_json,
    span_to_json,
    to_json,
)
from assistant.render.escaped import as_words
from assistant.render.factcheck_document import draft_to_json
from assistant.render.factcheck_page import checked_draft_html, draft_title, draft_to_html
from assistant.render.factcheck_text import draft_to_text
from assistant.render.footnotes import foot_markdown, said_markdown, to_markdown
from assistant.render.page import (
    answer_html,
    hits_by_date_html,
    said_html,
    to_html,
)
from assistant.render.phrasing import count, period
from assistant.render.speech_cards import sighting_html, statement_html
from assistant.render.speech_documents import (
    quote_to_json,
    quote_to_text,
    sayings_to_json,
    sayings_to_text,
)
from assistant.render.steps import step_to_json
from assistant.render.terminal import facets_to_text, hits_to_text, to_text
from assistant.render.verdicts import verdicts_to_json, verdicts_to_text

__all__ = [
    "SCHEMA",
    "answer_html",
    "article_html",
    "article_to_json",
    "article_to_text",
    "as_words",
    "checked_draft_html",
    "citation_to_json",
    "count",
    "draft_title",
    "draft_to_html",
    "draft_to_json",
    "draft_to_text",
    "facets_to_text",
    "foot_markdown",
    "hits_by_date_html",
    "hits_to_json",
    "hits_to_text",
    "period",
    "quote_to_json",
    "quote_to_text",
    "said_html",
    "said_markdown",
    "sayings_to_json",
    "sayings_to_text",
    "sighting_html",
    "source_cards_html",
    "span_to_json",
    "speaker_html",
    "statement_html",
    "step_to_json",
    "to_html",
    "to_json",
    "to_markdown",
    "to_text",
    "verdicts_to_json",
    "verdicts_to_text",
]
