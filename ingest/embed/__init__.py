"""Text to vectors: embedders, and weights fetched as data."""
