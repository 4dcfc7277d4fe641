"""One file a peer, run by that peer's own Python: JSON lines in, JSON lines out."""
