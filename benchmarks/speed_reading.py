"""One ingest by words for `benchmarks.speed`, in a process that does and holds nothing else."""

import json
import resource
import sys
import time
from pathlib import Path

from ingest.archive import Archive
from ingest.pipeline import Defaults, ingest
from ingest.settings import IngestSettings


def main() -> None:
    """Read a file into a new archive, and print what it took."""
    articles, folder = map(Path, sys.argv[1:])
    began = time.perf_counter()
    with Archive.open(folder, create=True, settings=IngestSettings(embedder="none")) as archive:
        report = ingest([articles], archive, given=Defaults(workers=1))
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    figures = {
        "articles": report.read,
        "passages": report.passages,
        "seconds": time.perf_counter() - began,
        "cpu": sum(one.ru_utime + one.ru_stime for one in spent),
        "megabytes": sum(one.ru_maxrss for one in spent) / 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
