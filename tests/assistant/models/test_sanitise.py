"""What a model says is plain text that can be shown and kept, and never our own key."""

import json

import pytest
from pydantic import SecretStr

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.history import Records
from assistant.models.llm import Message, load
from assistant.models.sanitise import fit
from assistant.render import to_json
from assistant.settings import Settings
from ingest.archive import Archive
from tests.fakes import ScriptedModel
from tests.openai_server import OpenAIServer

KEY = "sk-tarn-0123456789abcdef"
PERDITA = "How many people were aboard the Perdita?"


@pytest.mark.parametrize(
    ("deltas", "text"),
    [
        (["The Perdita \ud83d", "\ude00 sank."], "The Perdita 😀 sank."),
        (["The Perdita \ud83d sank."], "The Perdita � sank."),
        (["The Perdita \ud83d", " sank."], "The Perdita � sank."),
        (["The Perdita sank.\udc00"], "The Perdita sank.�"),
        (["The Perdita", " sank.\ud83d"], "The Perdita sank.�"),
        (["\x1b]0;me\x07The \x00Perdita\x7f\x9b sank.\n"], "]0;meThe Perdita sank.\n"),
        (["\u202eThe Perdita\u2066 sank."], "The Perdita sank."),
        (["One.\u2028Two.\x85Three.\x0bFour."], "One.\nTwo.\nThree.\nFour."),
        (["Fünf Töne; „drei“ — tab\there 👩‍👩‍👧\r\n"], "Fünf Töne; „drei“ — tab\there 👩‍👩‍👧\r\n"),
        (["The key ", KEY, " fits."], "The key … fits."),
        (["The key sk-tarn-0123", "456789abc", "def fits."], "The key … fits."),
        (["The key sk-tarn-0123", " does not."], "The key sk-tarn-0123 does not."),
        (["It ends with sk-tarn"], "It ends with sk-tarn"),
    ],
)
def test_a_reply_is_made_plain(deltas: list[str], text: str) -> None:
    said = list(fit(deltas, [KEY]))
    assert ("".join(said), all(said)) == (text, True)


def test_a_reply_of_halves_of_characters_is_answered_and_kept(sample: Archive) -> None:
    with OpenAIServer("The Perdita \ud83d carried eleven people [1].\n") as server:
        settings = Settings(base_url=server.url, model="scripted", mode="written")
        answer = Assistant(sample, settings, load(settings)).ask(PERDITA)
    assert isinstance(answer, Answer)
    assert answer.record_id in Records(sample.papers).ids()


def test_no_key_is_shown_even_if_the_model_says_it(sample: Archive) -> None:
    with OpenAIServer(f"The key {KEY} opens the Perdita [1].\n") as server:
        settings = Settings(base_url=server.url, api_key=SecretStr(KEY), model="scripted")
        answer = Assistant(sample, settings, load(settings)).ask(PERDITA)
    shown = json.dumps(to_json(answer))
    assert ("key \\u2026 opens" in shown, KEY in shown) == (True, False)


def test_a_password_of_the_servers_address_is_not_said() -> None:
    with OpenAIServer("It is open-sesame-9.") as server:
        url = server.url.replace("http://", "http://gull:open-sesame-9@")
        model = load(Settings(base_url=url, model="scripted"))
        assert model is not None
        assert model.complete((Message("user", "What is it?"),)) == "It is …."


def test_an_answer_whose_record_cannot_be_written_is_given_without_one(sample: Archive) -> None:
    model = ScriptedModel("The Perdita \ud83d carried eleven people [1].\n")
    answer = Assistant(sample, Settings(mode="written"), model).ask(PERDITA)
    assert isinstance(answer, Answer)
    assert answer.record_id is None
