"""How soon the first checked sentence is on screen: `python -m benchmarks.first_sentence`.

A server on loopback writes a word each `--word` seconds and takes `--judging` seconds for a
judgement, both known beforehand, over the sample archive. What is over and above the model's own
time to the end of its first sentence and one judging call is ours. Then what a sentence costs.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from assistant.answer import Said
from assistant.ask import Assistant
from benchmarks.scripted import PreparedAnswer, ScriptedNewsroom, desk, prepared
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.openai_server import OpenAIServer

_ROOT = Path(__file__).parents[1]
ANSWERS = _ROOT / "tests" / "quality" / "scripted-answers.json"
_SAMPLE = _ROOT / "ingest" / "sample" / "articles"


def first_of(answer: PreparedAnswer, words: float, judging: float) -> float:
    """Return how long a model takes to end its first true sentence, and a judge for one call.

    A sentence is over where the next one begins: with the first word of the next line.
    """
    at = next(n for n, one in enumerate(answer.sentences) if one.true)
    text = " ".join(f"{one.text} [1]" for one in answer.sentences[: at + 1])
    return len(text.split()) * words + judging


def to_first(assistant: Assistant, question: str) -> tuple[float, float]:
    """Return the seconds to the search's end and to the first sentence, and let the rest go."""
    began = time.monotonic()
    with_hits = 0.0
    for step in assistant.steps(question):
        if isinstance(step, Said):
            return with_hits, time.monotonic() - began
        with_hits = time.monotonic() - began
    raise AssertionError("nothing was said")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--word", type=float, default=0.03)
    parser.add_argument("--judging", type=float, default=0.5)
    given = parser.parse_args()
    warming, *answers = (one for one in prepared(ANSWERS) if one.sentences[0].true)
    script = ScriptedNewsroom(answers=[warming, *answers], pause=given.word, delay=given.judging)
    over: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(
            Path(folder), create=True, settings=IngestSettings(embedder="none")
        ) as archive,
        OpenAIServer(answering=script) as server,
    ):
        ingest([_SAMPLE], archive)
        assistant = desk(archive, server.url)
        assistant.ask(warming.question)  # imports, and the first connection
        for answer in answers:
            found, seconds = to_first(assistant, answer.question)
            own = first_of(answer, given.word, given.judging)
            over.append(seconds - own)
            print(f"{answer.id}: {seconds:.2f} s on screen; the model's own time to it and one "
                  f"judging call {own:.2f}; searching {found:.2f}")  # fmt: skip
        costs = [desk(archive, server.url).ask(answer.question).reading for answer in answers]
    print(f"over and above: median {1000 * statistics.median(over):.0f} ms, "
          f"worst {1000 * max(over):.0f} ms")  # fmt: skip
    each = [cost.a_sentence for cost in costs if cost and cost.a_sentence]
    print(f"a sentence: {statistics.mean(one.calls for one in each):.2f} calls, "
          f"{statistics.mean(one.tokens or 0 for one in each):.0f} tokens, "
          f"{statistics.mean(one.ms for one in each):.0f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
