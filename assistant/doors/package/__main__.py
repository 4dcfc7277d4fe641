"""Run the command line: `python -m morgue`."""

import sys

if not sys.flags.safe_path:
    # `python -m` puts the working folder first, and it may hold another `ingest` or `assistant`.
    del sys.path[0]

from assistant.doors.cli.commands import main

main()
