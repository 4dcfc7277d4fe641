"""Run the command line: `python -m assistant`."""

from assistant.doors.cli.commands import main

main()
