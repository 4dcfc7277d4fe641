"""Run by `make lowest`, under the oldest versions: each module is imported, the sample answers.

It is a program and no test, since it must not stand in an environment with pytest's own needs.
"""

import pkgutil
import sys
import tempfile
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import morgue


def modules(package: str) -> list[str]:
    """List the modules of a package, but for those that are programs or data."""
    found = pkgutil.walk_packages(import_module(package).__path__, f"{package}.")
    return [one.name for one in found if not one.name.endswith("__main__")]


def main() -> None:
    """Import everything, read the sample, ask it by words."""
    names = [*modules("ingest"), *modules("assistant"), "morgue_app"]
    for name in names:
        import_module(name)
    public = [getattr(morgue, name) for name in morgue.__all__]
    with tempfile.TemporaryDirectory() as folder:
        settings = morgue.IngestSettings(archive=Path(folder), embedder="none")
        with morgue.Archive.open(create=True, settings=settings) as archive:
            articles = Path(str(files("ingest").joinpath("sample", "articles")))
            report = morgue.ingest([articles], archive)
            answer = morgue.Assistant(archive).ask("What did Lucan Tesh withdraw?")
    assert report.added > 30, report
    assert answer.claims, answer
    assert answer.claims[0].speaker == "Lucan Tesh", answer
    sys.stdout.write(
        f"{len(names)} modules, {len(public)} public names, {report.added} articles, answered\n"
    )


if __name__ == "__main__":
    main()
