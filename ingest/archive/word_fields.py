"""The fields of the index by words, and how text is cut for them."""

from functools import cache
from typing import Literal

import tantivy

Of = Literal["articles", "passages"]
"""What an index holds: whole articles, or passages of them."""


def analyzer() -> tantivy.TextAnalyzer:
    """Return what cuts text into stems: what is indexed, and what is searched by."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(60),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def plain_analyzer() -> tantivy.TextAnalyzer:
    """Return what cuts text into words as they are written, in small letters."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .build()
    )


@cache
def fields_of(of: Of = "passages") -> tantivy.Schema:
    """Return the fields of an index: the same for both, with places where whole articles are."""
    places = "position" if of == "articles" else "freq"
    builder = tantivy.SchemaBuilder()
    for number in ("a", "p", "day"):
        builder.add_unsigned_field(number, indexed=True, fast=True)
    for label in ("outlet", "language", "section", "collection", "part"):
        builder.add_text_field(label, tokenizer_name="raw", index_option="basic")
    for text in ("title", "text", "comments"):
        builder.add_text_field(text, tokenizer_name="news", index_option=places)
    builder.add_text_field("stems", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("author", tokenizer_name="news", index_option="basic")
    builder.add_text_field("forms", tokenizer_name="whitespace", index_option="basic")
    return builder.build()
