"""A question to ranked sentences of the archive, or to why there are none."""
