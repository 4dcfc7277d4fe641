"""A whole conversation as a file: every question in its order, and only for whom it is."""

import io

import docx
import pytest

from tests.assistant.doors.test_web import QUESTION, Newsdesk, desk

__all__ = ["desk"]

OTHER = "Who won the regatta at Orm?"
LISTED = "Which articles mention Orm?"


def talk_of(desk: Newsdesk, name: str, *questions: str, unanswered: str = "") -> str:
    """Keep a conversation of a reader, each question answered but one."""
    talk_id: str | None = None
    for question in questions:
        talk_id, n = desk.talks.begin(desk.owner(name), question, talk_id)
        desk.talks.answered(talk_id, n, desk.asked(name, question))
    if unanswered:
        talk_id, _ = desk.talks.begin(desk.owner(name), unanswered, talk_id)
    assert talk_id
    return talk_id


def words(data: bytes, form: str) -> str:
    if form == "docx":
        return "\n".join(one.text for one in docx.Document(io.BytesIO(data)).paragraphs)
    return data.decode()


@pytest.mark.parametrize("form", ["docx", "markdown", "html"])
def test_a_conversation_leaves_whole_and_in_its_order(desk: Newsdesk, form: str) -> None:
    talk_id = talk_of(desk, "all", QUESTION, LISTED, OTHER, unanswered="Why?")
    reply = desk.browser("all").get(f"/talks/{talk_id}/as/{form}")
    assert reply.headers["content-disposition"].startswith(
        f'attachment; filename="conversation-{talk_id}.'
    )
    text = words(reply.content, form)
    told = [QUESTION, "will open in September", LISTED, OTHER, "won the regatta", "Why?",
            "No answer is on record"]  # fmt: skip
    at = text.index(QUESTION)  # its first question names a conversation too
    for one in told:
        at = text.index(one, at + 1)
    assert form != "html" or "<script>alert" not in text


def test_the_page_leads_to_the_files(desk: Newsdesk) -> None:
    talk_id = talk_of(desk, "all", QUESTION)
    page = desk.browser("all").get("/talks").text
    for form in ("docx", "markdown", "html"):
        assert f'href="/talks/{talk_id}/as/{form}"' in page


def test_another_readers_conversation_and_one_in_the_trash_are_not_there(desk: Newsdesk) -> None:
    talk_id = talk_of(desk, "all", QUESTION)
    assert desk.browser("city").get(f"/talks/{talk_id}/as/html").status_code == 404
    assert desk.browser("all").get(f"/talks/{talk_id}/as/tar").status_code == 404
    desk.talks.delete(desk.owner("all"), [talk_id])
    assert desk.browser("all").get(f"/talks/{talk_id}/as/html").status_code == 404


def test_words_that_are_gone_stay_away_from_the_file(desk: Newsdesk) -> None:
    talk_id = talk_of(desk, "all", QUESTION, OTHER)
    cited = desk.assistant.ask(QUESTION).citations[0].article.article_id
    desk.archive.drop([cited])
    text = desk.browser("all").get(f"/talks/{talk_id}/as/markdown").text
    assert "will open in September" not in text
    assert "its words are not shown" in text
    assert "won the regatta" in text
