"""Peers beside Morgue: the same articles, the same questions, in one run."""
