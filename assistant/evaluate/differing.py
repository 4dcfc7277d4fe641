"""Are two reports told to differ where they do, and only there?"""

from assistant.compose.relation import differing_from, fitted, relations
from assistant.evaluate.answers import Ruler
from assistant.evaluate.result import Result, RowTally
from assistant.evaluate.rows import PairRow


def measure_pair(row: PairRow, ruler: Ruler) -> Result:
    """Measure whether two reports are told to differ, where that is fitted to the reader."""
    tally = RowTally()
    if not (ruler.reader.reads and fitted(ruler.reader)):
        tally.miss(f"conflicts: nothing is fitted to {ruler.reader.name}, so nobody is told to "
                   "differ (`python -m benchmarks.relations --write`)")  # fmt: skip
        return Result(id=row.id, group=row.group, kind="pair", shares={},
                      unscored=tuple(tally.unscored), question=row.pair.question)  # fmt: skip
    (found,) = relations([row.pair], ruler.reader)
    alarm = f"conflict_false_alarms_{row.relation}"
    told = found["conflict"] >= differing_from(ruler.reader)
    tally.add("conflict_found" if row.relation == "conflict" else alarm, told)
    said = max(found, key=found.__getitem__)
    text = f"{row.relation}, taken for {said}: {row.pair.earlier.text} / {row.pair.later.text}"
    return Result(id=row.id, group=row.group, kind="pair", shares=tally.shares,
                  question=row.pair.question, text=text)  # fmt: skip
