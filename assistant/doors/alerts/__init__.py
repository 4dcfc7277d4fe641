"""Saved searches: kept, run, and what they tell sent by webhook and mail or read as a feed."""
