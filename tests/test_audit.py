"""What is known of holes in the locked packages is told; that nothing is known is told apart."""

from pathlib import Path

import pytest

from benchmarks.audit import audit

CLEAN = '{"dependencies": [{"name": "tide", "version": "1", "vulns": []}], "fixes": []}'
HOLED = (
    '{"dependencies": [{"name": "tide", "version": "1", "vulns": [{"id": "PYSEC-1",'
    ' "fix_versions": ["2", "3"]}]}, {"name": "own", "skip_reason": "not found"}], "fixes": []}'
)

SILENT = '{"dependencies": [{"name": "tide", "skip_reason": "not found"}], "fixes": []}'


def test_a_list_that_never_answers_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asks = tmp_path / "pip-audit"
    asks.write_text("#!/bin/sh\nexec sleep 600\n")
    asks.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert audit("requirements.lock", seconds=0.2) == 2
    assert "did not answer within 0.2 seconds" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("says", "status", "told"),
    [
        (f"echo '{CLEAN}'", 0, "no hole is known"),
        (f"echo '{SILENT}'", 2, "says nothing of any of the 1 packages"),
        (f"echo '{HOLED}'; exit 1", 1, "tide 1: PYSEC-1, mended in 2, 3"),
        ("echo 'ConnectionError: no route' >&2; exit 1", 2, "could not be asked: ConnectionError"),
        ("exit 1", 2, "nothing is known either way"),
    ],
)
def test_each_end_of_an_audit_says_which_it_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    says: str,
    status: int,
    told: str,
) -> None:
    asks = tmp_path / "pip-audit"
    asks.write_text(f"#!/bin/sh\n{says}\n")
    asks.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert audit("requirements.lock") == status
    assert told in capsys.readouterr().out
