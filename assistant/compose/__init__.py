"""Sentences to draft claims: quoted, in order of time, written by a model, or at odds."""
