"""Who said what: spans of speaker, cue and words."""
