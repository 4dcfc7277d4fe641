"""An archive of articles in, a searchable Archive out."""
