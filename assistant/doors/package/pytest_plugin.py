"""A pytest plug-in: hold an answer of any system against its sources, without an archive.

It stands in every environment that has Morgue, so it imports nothing until a test asks for it,
and the wheel gives it a name that no project has: `morgue_pytest`.
"""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from assistant.evaluate.faithful import AssertFaithful, Checkable


@pytest.fixture
def assert_faithful() -> "AssertFaithful":
    """Return a function that fails a test where an answer is not faithful to its sources.

    `assert_faithful(answer, at_least=.9)`: `answer` is an Answer of the assistant, what
    `ask --json` prints, or a mapping with `response` and `retrieved_contexts` (or `sources`).
    `at_least` is the share of its sentences that their sources must support.
    """

    def hold(answer: "Checkable | Any", *, at_least: float = 0.9) -> None:
        from morgue import refuse_namesakes

        __tracebackhide__ = True
        refuse_namesakes()
        from assistant.evaluate.faithful import check

        found = check(answer)
        if found.score is None:
            pytest.fail(f"the answer cannot be scored: {found.why}", pytrace=False)
        if found.score < at_least:
            pytest.fail(found.told(at_least), pytrace=False)

    return hold
