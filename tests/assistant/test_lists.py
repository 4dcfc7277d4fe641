"""A question that asks for articles is answered with them, in every form that an answer has."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assistant.answer import Answer, Listing, NoAnswer, Outcome, Turn
from assistant.ask import Assistant
from assistant.doors.cli.commands import morgue
from assistant.find.article_sentences import printed_sentences
from assistant.history import Records
from assistant.render import to_html, to_json, to_markdown, to_text
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.article import Filters
from ingest.errors import MorgueError
from ingest.settings import IngestSettings
from tests.assistant.find.desks import desk_over
from tests.ingest.archive.dispatches import article


@pytest.fixture
def desk(sample: Archive) -> Assistant:
    return Assistant(sample, Settings(mode="quotes", model="none"), records=Records(most=0))


def listed(outcome: Outcome) -> Listing:
    assert isinstance(outcome, Listing), outcome
    return outcome


def answered(outcome: Outcome) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


def test_a_count_says_what_was_counted_and_shows_it(desk: Assistant) -> None:
    found = listed(desk.ask("How many articles mention Perdita?"))
    assert found.text.startswith(f"{found.total} articles mention “Perdita”")
    assert f"{found.total_with_copies} with copies" in found.text
    assert len(found.articles) == min(found.total, 20)
    assert all("Perdita" in one.article.text for one in found.articles)


@pytest.mark.parametrize(
    "asked",
    [
        "How many articles mention Runa Pell and Olaf Birk?",
        "how many articles mention runa pell and olaf birk",
    ],
)
def test_a_count_of_two_names_counts_where_both_stand(desk: Assistant, asked: str) -> None:
    found = listed(desk.ask(asked))
    assert found.total >= 2
    assert all("Runa Pell" in one.article.text for one in found.articles)
    assert all("Birk" in one.article.text for one in found.articles)


def test_a_count_of_either_name_counts_all_and_pages_on(desk: Assistant) -> None:
    either = listed(desk.ask("How many articles mention Olaf Birk or Isak Pell?"))
    each = [listed(desk.ask(f"How many articles mention {n}?")) for n in ("Olaf Birk", "Isak Pell")]
    assert either.total > max(one.total for one in each)
    assert either.text.startswith(f'{either.total} articles mention "Olaf Birk" OR "Isak Pell"')
    assert desk.browse('"Olaf Birk" OR "Isak Pell"').total == either.total


def test_a_count_of_a_name_says_how_else_it_is_spelled(tmp_path: Path) -> None:
    texts = ("Then Volodymyr Zelensky came.", "Then Mr Zelenskyy left.", "And Zelensky is back.")
    with Archive.open(tmp_path, create=True, settings=IngestSettings(embedder="none")) as shelf:
        shelf.put([article(f"no {n}", ("body", text)) for n, text in enumerate(texts)])
        desk = Assistant(shelf, Settings(mode="quotes", model="none"), records=Records(most=0))
        found = listed(desk.ask("How many articles mention Zelenskyy?"))
    assert found.total == 1
    (told,) = (one.text for one in found.warnings if one.code == "other_spellings")
    assert "“Zelensky”" in told


def test_a_count_of_nothing_is_none_and_a_list_of_nothing_no_answer(desk: Assistant) -> None:
    assert listed(desk.ask("How many articles mention Zoltan Quibble?")).total == 0
    none = desk.ask("When was Zoltan Quibble first mentioned?")
    assert isinstance(none, NoAnswer)
    assert "“Zoltan Quibble”" in none.text


def test_the_first_and_the_newest_are_named_with_their_days(desk: Assistant) -> None:
    first = listed(desk.ask("When was the Orchard Line first mentioned?"))
    newest = listed(desk.ask("Which is the newest article that mentions the Orchard Line?"))
    assert first.first
    assert newest.last
    assert first.articles[0].article == first.first.article
    assert newest.articles[0].article == newest.last.article
    assert first.first.article.title in first.text
    assert newest.last.article.title in newest.text


def test_what_happened_in_a_time_keeps_to_it(desk: Assistant) -> None:
    found = listed(desk.ask("What happened in February 2022?"))
    assert found.articles
    days = {one.article.date for one in found.articles}
    assert all(day and (day.year, day.month) == (2022, 2) for day in days)


def test_readers_are_quoted_as_readers_and_nobody_beside_them(desk: Assistant) -> None:
    answer = answered(desk.ask("What do readers say about the bear in the library?"))
    assert {citation.part for citation in answer.citations} == {"comment"}
    assert "Reader’s comment" in to_text(answer)


def test_a_comparison_says_which_side_has_nothing(desk: Assistant) -> None:
    asked = "Compare what Lucan Tesh and Zoltan Quibble said about the mine"
    answer = answered(desk.ask(asked))
    missing = [one.text for one in answer.warnings if one.code == "partly"]
    assert len(missing) == 1
    assert "Zoltan Quibble" in missing[0]


def test_the_latest_is_told_newest_first_and_the_newest_is_there(desk: Assistant) -> None:
    answer = answered(desk.ask("What is the latest on the Orchard Line?"))
    days = [c.article.date for c in answer.citations if c.article.date]
    assert days == sorted(days, reverse=True)
    last = listed(desk.ask("Which is the newest article that mentions the Orchard Line?")).last
    assert last
    assert days[0] == last.article.date


def test_an_answer_says_how_much_more_fits_and_lists_it(desk: Assistant) -> None:
    answer = answered(desk.ask("What did Karin Vosse say about the Orchard Line?"))
    assert answer.more
    assert f"morgue list '{answer.more.query}'" in " ".join(to_text(answer).split())
    shown = {citation.story.id for citation in answer.citations}
    there = {one.story.id for one in desk.browse(answer.more.query, k=100).articles}
    assert len(there - shown) == answer.more.articles


def test_more_sentences_are_no_more_than_there_are_on_it(desk: Assistant) -> None:
    answer = answered(desk.ask("Since May 2023, what has Tesh said?"))
    since = Filters(since=date(2023, 5, 1))
    there = [one.article for one in desk.browse("Tesh", k=100, filters=since).articles]
    naming = sum(
        "Tesh" in one.text[start:end] for one in there for start, end, _ in printed_sentences(one)
    )
    assert (answer.more.sentences if answer.more else 0) < naming


def test_what_is_in_the_archive_is_told(desk: Assistant) -> None:
    found = listed(desk.ask("What is in this archive?"))
    assert f"{desk.archive.status(Filters()).articles} articles" in found.text
    assert "The Tarnholt Courier" in found.text


def test_literal_takes_the_plan_back(desk: Assistant) -> None:
    outcome = desk.ask("How many articles mention Perdita?", literal=True)
    assert not isinstance(outcome, Listing)
    assert outcome.searched.plan
    assert outcome.searched.plan.wants == "answer"


def test_a_list_is_harmless_and_whole_in_every_form(desk: Assistant) -> None:
    found = listed(desk.ask("What happened in February 2022?"))
    text = to_text(found)
    assert max(map(len, text.splitlines())) <= 80 or "http" in text
    for form in (text, to_markdown(found), to_html(found)):
        assert found.text.split(".")[0] in " ".join(form.replace("\\", "").split())
    document: Any = to_json(found)
    assert document["kind"] == "list"
    assert document["searched"]["plan"]["wants"] == "list"
    assert document["articles"][0]["copies"] >= 1
    json.dumps(document)


def test_pages_follow_one_another_to_the_end(desk: Assistant) -> None:
    whole = [one.article.article_id for one in desk.browse(k=100).articles]
    paged, page = list[str](), desk.browse(k=7)
    paged += [one.article.article_id for one in page.articles]
    while page.next:
        page = desk.browse(k=7, next=page.next)
        paged += [one.article.article_id for one in page.articles]
    assert paged == whole
    with pytest.raises(MorgueError):
        desk.browse(next="seven")


def test_filters_alone_make_a_list(desk: Assistant) -> None:
    filters = Filters(outlets=("The Grevdal Echo",), until=date(2021, 12, 31))
    found = desk.browse(filters=filters)
    assert found.articles
    assert {one.article.outlet for one in found.articles} == {"The Grevdal Echo"}
    assert found.facets["outlet"] == {"The Grevdal Echo": found.total_with_copies}


def test_operators_bind_in_a_list(desk: Assistant) -> None:
    fewer, every = desk.browse("Perdita -inquiry"), desk.browse("Perdita")
    assert 0 < fewer.total < every.total
    assert all("inquiry" not in one.article.text.lower() for one in fewer.articles)
    quoted = listed(desk.ask('How many articles mention "Lucan Tesh"?'))
    assert quoted.total == desk.browse('"Lucan Tesh"').total


def test_a_list_is_replayed_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORGUE_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setenv("MORGUE_EMBEDDER", "none")
    articles = [
        {
            "title": f"Bridge {n}",
            "date": f"2024-03-0{n}",
            "outlet": "Post",
            "text": f"{n} bridges fell.",
        }
        for n in (1, 2)
    ]
    lines = "\n".join(map(json.dumps, articles))
    (tmp_path / "in.jsonl").write_text(lines)

    def run(*arguments: str) -> Any:
        done = CliRunner().invoke(morgue, [*arguments, "--json"], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    run("ingest", str(tmp_path / "in.jsonl"))
    told = run("ask", "How many articles mention bridges?")
    assert (told["kind"], told["total"]) == ("list", 2)
    shown = run("replay", told["record_id"], "--again")
    assert shown["record"]["outcome"] == told
    assert shown["differences"] == []
    plain = CliRunner().invoke(morgue, ["replay", told["record_id"]], catch_exceptions=False)
    assert "Bridge 2" in plain.output
    run("drop", told["articles"][0]["article_id"])
    listed_now = run("list", "bridges", "--facets")
    assert listed_now["total"] == 1
    assert "kind" in listed_now["facets"]


def test_a_list_of_what_no_article_words_so_is_of_what_it_names(desk: Assistant) -> None:
    asked = "Which papers reported the shipwreck of the Perdita on 15 February 2022?"
    found = listed(desk.ask(asked))
    assert {one.article.outlet for one in found.articles} >= {"The Port Ellin Gazette"}
    assert "The Kesselbrook Standard" in found.text
    (told,) = (one.text for one in found.warnings if one.code == "not_all_words")
    assert told == "No article holds all the words of “the shipwreck of the Perdita”."


def test_a_list_of_a_name_that_nothing_prints_is_none(desk: Assistant) -> None:
    outcome = desk.ask("Which papers reported the coronation of Queen Zeno?")
    assert isinstance(outcome, NoAnswer)


def test_what_somebody_wrote_is_listed_in_the_time_that_is_asked_for(tmp_path: Path) -> None:
    rows = [
        {"title": f"No {n}", "text": "The mill is shut.", "date": f"2021-0{n}-03", "byline": by}
        for n, by in ((1, "Ida Brandt"), (2, "Ida Brandt"), (3, "Ann Lee"))
    ]
    with desk_over(rows, tmp_path) as desk:
        assert listed(desk.ask("Which articles did Ida Brandt write?")).total == 2
        found = listed(desk.ask("What did Ida Brandt write in February 2021?"))
        assert [one.article.title for one in found.articles] == ["No 2"]
        assert found.text == "1 article is by Ida Brandt, 1 February 2021 to 28 February 2021."
        assert listed(desk.browse('author:"Ida Brandt"')).text == (
            '2 articles fit author:"Ida Brandt".'
        )


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("What did Rolf Dahl write?", "No article in the archive is by “Rolf Dahl”."),
        (
            "articles by Ida Brand about the mill",
            "No article in the archive is by “Ida Brand”; near it: “Ida Brandt”.",
        ),
    ],
)
def test_of_somebody_who_wrote_nothing_that_is_said_and_nothing_else(
    tmp_path: Path, asked: str, told: str
) -> None:
    rows = [{"title": "No 1", "text": "The mill is shut.", "byline": "Ida Brandt"}]
    with desk_over(rows, tmp_path) as desk:
        outcome = desk.ask(asked)
    assert isinstance(outcome, NoAnswer)
    assert (outcome.text, outcome.nearest) == (f"The archive does not say. {told}", ())
    assert Turn(question=asked, answer=outcome.text).unanswered
