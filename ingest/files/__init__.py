"""Files, packed or not, in folders or from standard input, to raw articles."""
