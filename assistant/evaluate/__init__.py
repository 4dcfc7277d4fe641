"""How faithful answers are: an archive's, or anybody's.

rows.py reads questions, answers and claims; questions.py asks, answers.py measures what was said;
metrics.py makes figures of it, with intervals; report.py and page.py show them, gate.py and
compare.py hold them against earlier ones. faithful.py is for other programs: one answer, no
archive.
"""
