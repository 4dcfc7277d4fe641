"""What other rooms say in English is said again in a reader's language, whatever it says."""

import ast
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import assistant
import ingest
from assistant.answer import IN_WORDS, Plan, Question
from assistant.check import judge
from assistant.compose import drafted, listing_words
from assistant.doors.web.tongues import Tongue
from assistant.factcheck import quotation_check, sentence_check
from assistant.render.retold import retold
from ingest.archive.browse import Browsed
from ingest.article import Filters
from tests.newsroom import HARBOUR

SAY = Tongue("de").say
ROOTS = [Path(one.__path__[0]) for one in (assistant, ingest)]
IN_A_PLACE = ("7", "Qx", "12 March 2024", "", "is busy", "reads all the same", " (Qx)")
"""What a test puts in the places of a form: one of them is what may stand there."""
PAGES = ("doors/web/", "doors/sign_in.py", "doors/alerts/watch_desk.py")
"""Where errors are raised that a page shows."""


def forms(node: ast.expr) -> list[list[str]]:
    """Return a text as its pieces, what stands in its places left open between them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [[node.value]]
    if isinstance(node, ast.IfExp):
        return forms(node.body) + forms(node.orelse)
    if not isinstance(node, ast.JoinedStr):
        return []
    pieces = [""]
    for part in node.values:
        if isinstance(part, ast.Constant):
            pieces[-1] += str(part.value)
        else:
            pieces.append("")
    return [pieces]


def filled(pieces: list[str]) -> Iterator[str]:
    for values in product(IN_A_PLACE, repeat=len(pieces) - 1):
        yield "".join(a + b for a, b in zip(pieces, (*values, ""), strict=True))


def is_known(pieces: list[str]) -> bool:
    return any(retold(text, SAY) != text for text in filled(pieces))


def calls(file: Path, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
            yield node


def test_languages_that_are_counted_are_named_in_the_readers_own() -> None:
    text = "It has 3 languages: English (41), Spanish (2), Ukrainian (2)."
    assert retold(text, Tongue("de").say) == (
        "Es hat 3 Sprachen: Englisch (41), Spanisch (2), Ukrainisch (2)."
    )


def test_every_notice_has_a_form() -> None:
    told = [
        pieces
        for root in ROOTS
        for file in root.rglob("*.py")
        for call in calls(file, "Notice")
        for given in call.keywords
        if given.arg == "text"
        for pieces in forms(given.value)
    ]
    assert len(told) > 15
    assert [pieces for pieces in told if not is_known(pieces)] == []


def test_every_error_that_a_page_raises_has_a_form() -> None:
    """What names a command is told at a command line alone."""
    raised = [
        [pieces for given in call.args for pieces in forms(given)]
        for file in ROOTS[0].rglob("*.py")
        if any(one in file.as_posix() for one in PAGES)
        for call in calls(file, "SettingsError")
    ]
    commands = ("`morgue", "--collection")
    shown = [
        pieces
        for each in raised
        if not any(command in "".join(pieces) for pieces in each for command in commands)
        for pieces in each
    ]
    assert len(shown) > 15
    assert [pieces for pieces in shown if not is_known(pieces)] == []


@pytest.mark.parametrize(
    ("room", "names"),
    [
        (drafted, ("_OF_SENTENCES", "_OF_QUOTATIONS")),
        (judge, ("_REASONS",)),
        (sentence_check, ("_REASON",)),
    ],
)
def test_every_word_of_a_table_has_a_form(room: ModuleType, names: tuple[str, ...]) -> None:
    told = [text for name in names for text in vars(room)[name].values()]
    assert [text for text in told if text and not is_known(text.split("{}"))] == []


def test_every_reason_not_to_answer_has_a_form() -> None:
    assert [text for text in IN_WORDS.values() if retold(text, SAY) == text] == []


def test_every_difference_of_a_quotation_has_a_form() -> None:
    source = Path(str(quotation_check.__file__))
    tree = ast.parse(source.read_text(encoding="utf-8"))
    (function,) = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name == "_difference"
    ]  # fmt: skip
    told = [
        pieces
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value is not None
        for pieces in forms(node.value)
    ]
    assert len(told) == 3
    assert [pieces for pieces in told if not is_known(pieces)] == []


def test_a_count_is_said_again_whatever_it_is_of() -> None:
    days = [None, HARBOUR.date]
    left = []
    each: Iterable[tuple[Any, ...]] = product(
        ((), ("Анна",), ("Анна", "Борис")), ("", "порт"), ((), ("Пошта", "Щогла")),
        days, days, (0, 1, 1800), (0, 5), (None, "Олена Ковч"),
    )  # fmt: skip
    for names, query, outlets, since, until, total, copies, by in each:
        question = Question(
            text="порт", asked="порт",
            filters=Filters(since=since, until=until, outlets=outlets),
            plan=Plan(wants="list", names=names, query=query),
            understood={"by": by},
        )  # fmt: skip
        found = Browsed(
            articles=(), total=total, total_with_copies=total + copies, first=None, last=None,
            facets={},
        )  # fmt: skip
        told = listing_words.how_many(question, found)
        again = retold(told, SAY)
        if again == told or any(word in again for word in ("article", " and ", "copies", "hold")):
            left.append((told, again))
    assert left == []


def test_a_list_of_a_byline_or_of_operators_is_said_in_the_readers_language() -> None:
    by = "2 articles are by Ann Lee and hold all the words of “mill”, 3 March 2024."
    assert retold(by, SAY) == "2 Artikel, von Ann Lee, mit allen Wörtern von „mill“, 3. März 2024."
    fit = '1 article fits author:"Ann Lee".'
    assert retold(fit, SAY) == '1 Artikel, passend zu author:"Ann Lee".'
    none = "No article in the archive is by “Ann Le”; near it: “Ann Lee”."
    assert retold(none, SAY).startswith("Kein Artikel im Archiv ist von „Ann Le“")


def test_what_has_no_form_and_what_is_english_is_left_as_it_came() -> None:
    for text in ("Мост відкриють у вересні.", "", "A sentence that is of nobody's."):
        assert retold(text, SAY) == text
    known = "The article was withdrawn by whoever published it."
    assert retold(known) == known
    assert retold(known, Tongue("en").say) == known
    assert retold(known, SAY) != known


def test_several_sentences_are_each_said_again() -> None:
    told = "A newer version of this article exists (version 2). These words are not in it."
    assert retold(told, SAY) == (
        "Es gibt eine neuere Fassung dieses Artikels (Fassung 2). Diese Worte stehen nicht darin."
    )
    assert retold("“а” where “б” is printed; without “в”", SAY) == (
        "„а“, wo „б“ gedruckt ist; ohne „в“"
    )
