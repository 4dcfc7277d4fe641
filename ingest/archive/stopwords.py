"""Words too frequent to search by, in the languages that archives here are mostly written in."""

from ingest.language import lexicon

STOPWORDS = lexicon.words("search.stopwords")
"""Kept short in the lexicon's files: a word is left out only where nearly every article has it.

A question made of nothing else is searched with all its words.
"""
