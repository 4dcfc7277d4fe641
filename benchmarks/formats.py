"""What comes out of real samples of each format: articles, their fields, what is left out.

python -m benchmarks.formats
"""

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks import newsroom
from ingest.article import RawArticle
from ingest.errors import LeftOut, ReadError
from ingest.files.read import read

_FIELDS = (
    "text title standfirst authors outlet published updated url language section kind id rights "
    "embargo_until status corrections corrects captions comments"
).split()


def count(found: Iterable[RawArticle | ReadError]) -> None:
    """Print what was found in the samples of one format."""
    articles, failures = [], Counter[str]()
    left_out = Counter[str]()
    for one in found:
        if isinstance(one, LeftOut):
            left_out.update(one.counts)
        elif isinstance(one, ReadError):
            failures[one.message.partition(":")[0]] += 1
        else:
            articles.append(one)
    fields = {name: sum(bool(getattr(one, name)) for one in articles) for name in _FIELDS}
    print(f"  articles  {len(articles)}")
    print(f"  with      {', '.join(f'{name} {n}' for name, n in fields.items() if n)}")
    print(f"  left out  {dict(left_out.most_common())}")
    print(f"  told      {dict(failures.most_common())}")


def main() -> None:
    folder = newsroom.DATA / "formats"
    if not folder.is_dir():
        sys.exit("the evaluation data (../shared/data) is not here")
    for samples in sorted(path for path in folder.iterdir() if path.is_dir()):
        files: list[Path] = [path for path in samples.rglob("*") if path.is_file()]
        print(f"{samples.name}: {len(files)} files")
        count(read([samples]))


if __name__ == "__main__":
    main()
