"""A raw article to its text as printed: parts, dates, language, identity."""
