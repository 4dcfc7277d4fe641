"""A draft held against the archive: its quotations, its sentences, its names."""
