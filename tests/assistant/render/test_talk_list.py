"""The list of conversations: two that began alike are told apart."""

from datetime import UTC, datetime
from html import unescape
from re import findall, sub

from assistant.render.talk_list import talk_list_html
from assistant.talks import KeptTalk

TITLE = "Who struck the rocks?"


def talk(n: int, title: str = TITLE, second: str | None = None) -> KeptTalk:
    at = datetime(2024, 3, 12, 10, n, tzinfo=UTC)
    return KeptTalk(id=str(n), title=title, began=at, touched=at, questions=1, second=second)


def shown(*talks: KeptTalk) -> list[str]:
    """Return the words of each link to a conversation."""
    links = findall(r'<a href="/\?t=\d+">.*?</a>', talk_list_html(talks))
    return [unescape(" ".join(sub("<[^>]+>", "", link).split())) for link in links]


def test_conversations_that_began_alike_are_told_apart() -> None:
    several = (talk(1, second="How many were hurt?"), talk(2, TITLE.upper()), talk(3, "Who sings?"))
    assert shown(*several) == [
        f"{TITLE} How many were hurt? 12 March 2024, 10:01 UTC",
        f"{TITLE.upper()} 12 March 2024, 10:02 UTC",
        "Who sings? 12 March 2024",
    ]


def test_a_second_question_is_nothing_but_words() -> None:
    html = talk_list_html([talk(1, second="<img src=x>"), talk(2)])
    assert "<img" not in html
