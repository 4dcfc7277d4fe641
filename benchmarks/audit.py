"""Look every locked package up in a list of known holes: `python -m benchmarks.audit LOCK`.

`pip-audit` asks; it must be on the PATH. Exit status: 0 none is known, 1 some are, and are told,
2 the list could not be asked or has none of the packages, so that nothing is known either way.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

_ASK = ("pip-audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off",
        "--format", "json", "-r")  # fmt: skip
_NONE, _SOME, _UNKNOWN = 0, 1, 2
_SECONDS = 300.0
"""How long the list may take: where nothing answers, each package would be waited for."""


def told(document: Any) -> tuple[list[str], int]:
    """Return a line for each hole, and of how many packages nothing could be said."""
    lines = [line for package in document["dependencies"] for line in _holes(package)]
    return lines, sum("skip_reason" in package for package in document["dependencies"])


def _holes(package: Any) -> Iterator[str]:
    for hole in package.get("vulns", ()):
        mended = ", ".join(hole["fix_versions"]) or "no version yet"
        yield f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}"


def audit(lock: str, *, seconds: float = _SECONDS) -> int:
    """Ask about the packages of a lock and say what is known, within some time."""
    try:
        done = subprocess.run(
            [*_ASK, lock], capture_output=True, text=True, check=False, timeout=seconds
        )
        document = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return _unknown(f"the list of known holes did not answer within {seconds:g} seconds")
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return _unknown(f"the list of known holes could not be asked: {last[:300]}")
    lines, skipped = told(document)
    if skipped == len(document["dependencies"]):
        return _unknown(f"the list says nothing of any of the {skipped} packages")
    print("\n".join(lines) or "audit: no hole is known")
    if skipped:
        print(f"audit: of {skipped} packages the list says nothing")
    return _SOME if lines else _NONE


def _unknown(why: str) -> int:
    print(f"audit: {why}")
    print("audit: nothing is known either way; do it again where the network lets you")
    return _UNKNOWN


if __name__ == "__main__":
    sys.exit(audit(sys.argv[1]))
