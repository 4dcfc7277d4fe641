"""The rules that weigh words: what reads where no trained reader and no language model may.

A logistic regression over some thirty signals of how a claim's words stand in its sources, and
what they contradict. It goes by wording: on claims in other words than their source's it is
worse than chance (`morgue eval --set paraphrase --reader rules`).
"""
