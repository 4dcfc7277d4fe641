"""How far a reader and people agree on labelled claims, as it was measured for this version.

`agreement.json` has it by reader and set; `python -m benchmarks.evaluation --keep` writes it. It
is shipped and not remembered, so that a report is the same wherever it is made.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypedDict, cast


class SetAgreement(TypedDict):
    """Agreement on one set: balanced accuracy and area under the ROC curve, of so many claims."""

    of: int
    support_bacc: float
    support_auc: float


@cache
def measured() -> Mapping[str, Mapping[str, SetAgreement]]:
    """Return the agreement of each reader that was measured, by set."""
    text = files("assistant.evaluate").joinpath("agreement.json").read_text(encoding="utf-8")
    return cast("dict[str, dict[str, SetAgreement]]", json.loads(text))


def in_words(reader: str, examined: str | None = None) -> str:
    """Return who read, and how they fared: on labelled claims, in an examination, or unknown."""
    known = measured().get(reader, {})
    sets = ", ".join(
        f"{name} {one['support_bacc']:.3f} / {one['support_auc']:.3f}"
        for name, one in known.items()
    )
    fared = [examined] if examined else []
    if sets:
        fared.append(f"agreement with people, balanced accuracy / AUC: {sets}")
    if not fared:
        fared.append(
            "how far people agree with it was not measured: `morgue eval --set qags` and the "
            "other sets of labelled claims say"
        )
    return f"claims were read by {reader}; {'; '.join(fared)}"
