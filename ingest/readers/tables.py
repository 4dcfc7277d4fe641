"""Rows of a table to articles: what columns are called, and what a cell may hold."""

from collections import Counter
from collections.abc import Mapping, Sequence

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers.field_names import NAMES, known
from ingest.readers.fields import WrongField, article, listed_in

HINT = "name its fields with `--map field=column`"

_LISTS = ("authors", "captions", "comments")
_HOLDS_LIST = {name for ours in _LISTS for name in NAMES[ours]}


class Table:
    """The columns of a table, and the articles its rows are."""

    def __init__(self, file: str, columns: Sequence[str], mapping: Mapping[str, str]) -> None:
        """Raise ReadError where no column is the text or the title, or one is missing."""
        self._file = file
        self._mapping = mapping
        self.columns = _named(
            columns, {*mapping.values(), *(one.split(".")[0] for one in mapping.values())}
        )
        self._lists = _HOLDS_LIST | {mapping[ours] for ours in _LISTS if ours in mapping}
        shown = ", ".join(repr(name[:40]) for name in columns[:20]) or "none"
        for theirs in mapping.values():
            if theirs not in self.columns and theirs.split(".")[0] not in self.columns:
                raise ReadError(file, "", f"no column is named {theirs!r}; its columns: {shown}")
        words = {*NAMES["text"], *NAMES["title"]}
        if not words.intersection(self.columns) and not {"text", "title"} & set(mapping):
            why = f"no column is named as text or title; its columns: {shown}"
            raise ReadError(file, "", why, HINT)

    def article(self, cells: Sequence[object], where: str) -> RawArticle | ReadError:
        """Turn a row into an article, or into what is wrong with it."""
        if len(cells) != len(self.columns):
            why = f"it has {len(cells)} cells where the table has {len(self.columns)} columns"
            return ReadError(self._file, where, why)
        record = {
            name: self._value(name, cell) for name, cell in zip(self.columns, cells, strict=True)
        }
        try:
            return article(record, self._mapping, file=self._file, where=where)
        except WrongField as error:
            return ReadError(self._file, where, str(error), HINT)

    def _value(self, name: str, cell: object) -> object:
        if name not in self._lists or not isinstance(cell, str):
            return cell
        listed = listed_in(cell.strip())
        if name != "comments" or listed is not None:
            return cell if listed is None else listed
        return None if cell.strip().isdecimal() else [cell] if cell.strip() else None


def _named(columns: Sequence[str], mapped: set[str]) -> list[str]:
    """Name each column once: as our fields are where it spells one, else as it is."""
    bare = [name.strip() or f"column {number}" for number, name in enumerate(columns, 1)]
    taken: Counter[str] = Counter()
    named = []
    for name in bare:
        ours = known(name)
        if name not in mapped and ours and (ours == name or ours not in (*bare, *taken)):
            name = ours  # noqa: PLW2901
        taken[name] += 1
        named.append(name if taken[name] == 1 else f"{name} ({taken[name]})")
    return named
