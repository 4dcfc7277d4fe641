"""Are two reports told to differ where they do, and only there?"""

from assistant.compose.conflicts import SURE
from assistant.compose.relation import fitted, relations
from assistant.evaluate.answers import Ruler
from assistant.evaluate.result import Result, RowTally
from assistant.evaluate.rows import PairRow


def measure_pair(row: PairRow, ruler: Ruler) -> Result:
    """Measure whether two reports are told to differ."""
    (found,) = relations([row.pair], ruler.reader) if ruler.reader.reads and fitted() else ({},)
    told = found.get("conflict", 0.0) >= SURE
    alarm = f"conflict_false_alarms_{row.relation}"
    tally = RowTally()
    tally.add("conflict_found" if row.relation == "conflict" else alarm, told)
    said = max(found, key=found.__getitem__, default="not read")
    text = f"{row.relation}, taken for {said}: {row.pair.earlier.text} / {row.pair.later.text}"
    return Result(id=row.id, group=row.group, kind="pair", shares=tally.shares,
                  question=row.pair.question, text=text)  # fmt: skip
