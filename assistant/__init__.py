"""A question in, a checked answer out."""
