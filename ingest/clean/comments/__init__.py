"""Where the reporting ends and the readers begin."""
