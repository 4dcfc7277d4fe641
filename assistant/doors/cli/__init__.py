"""The command `morgue`: one file a group of verbs."""
