"""The real client against a real server on loopback: what it sends, and what becomes of faults."""

import inspect
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from pathlib import Path

import openai
import pytest
from pydantic import SecretStr

from assistant.errors import (
    MalformedReply,
    MorgueError,
    ServiceBusy,
    ServiceDown,
    ServiceError,
    ServiceRefused,
)
from assistant.models import deadline as underway
from assistant.models import service_errors
from assistant.models.llm import DEFAULT_MODEL, Message, Model, load, openai_like
from assistant.models.sanitise import secrets_of
from assistant.settings import Settings
from ingest.errors import SettingsError
from tests.openai_server import OpenAIServer, Reply

HELLO = (Message("system", "You watch the tide."), Message("user", "Is it high?"))
EVENTS = {"Content-Type": "text/event-stream"}
ROOT = Path(__file__).resolve().parents[3]


def model_at(server: OpenAIServer, **settings: object) -> Model:
    given = {"model": "scripted", "base_url": server.url, **settings}
    model = load(Settings.model_validate(given))
    assert model is not None
    return model


def failing(*replies: Reply | str, **settings: object) -> tuple[MorgueError, str, int]:
    """Return the error of a call, what was said before it, and how many requests it took."""
    said: list[str] = []
    with OpenAIServer(*replies) as server:
        reply = model_at(server, **settings).stream(HELLO)
        with pytest.raises(MorgueError) as caught:
            said.extend(reply)
    return caught.value, "".join(said), len(server.chats)


def test_nothing_set_means_no_model() -> None:
    assert load(Settings()) is None


def test_none_means_no_model_whatever_else_is_set() -> None:
    assert load(Settings(model="none", base_url="http://127.0.0.1:9/v1")) is None


def test_a_key_alone_means_the_default_model_at_openai() -> None:
    settings = Settings(api_key=SecretStr("sk-test"))
    model = openai_like(settings.model, settings)
    assert model.metadata.model_name == DEFAULT_MODEL
    assert load(settings) is not None


def test_a_model_without_a_server_is_an_error_that_says_what_to_set() -> None:
    with pytest.raises(SettingsError, match="'gull' is named, but no server") as caught:
        load(Settings(model="gull"))
    assert "OPENAI_BASE_URL" in (caught.value.hint or "")


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8080/v1",
        "ftp://desk/v1",
        "http://",
        "http://[::1",
        "http://desk:99999/v1",
        "http://gull:pass-word@desk:tide/v1",
    ],
)
@pytest.mark.parametrize("model", [None, "openai:gull"])
def test_a_base_url_that_is_no_address_is_refused_before_anything_is_sent(
    url: str, model: str | None
) -> None:
    with pytest.raises(SettingsError, match="is not an address") as caught:
        load(Settings(base_url=url, model=model))
    assert "OPENAI_BASE_URL" in (caught.value.hint or "")
    assert "pass-word" not in caught.value.message


def test_a_base_url_is_not_looked_at_where_no_model_is_wanted() -> None:
    settings = Settings(model="none", base_url="http://[::1", api_key=SecretStr("sk-0123456789"))
    assert (load(settings), secrets_of(settings)) == (None, ("sk-0123456789",))


def test_a_reply_comes_in_pieces_and_whole() -> None:
    with OpenAIServer("The tide is high.") as server:
        model = model_at(server)
        pieces = list(model.stream(HELLO))
        assert pieces == ["The", " tide", " is", " high."]
        assert model.complete(HELLO) == "The tide is high."


def test_only_the_plainest_request_is_sent() -> None:
    with OpenAIServer("Yes.") as server:
        model_at(server, api_key="sk-desk").complete(HELLO)
    request = server.chats[0]
    assert request.headers["authorization"] == "Bearer sk-desk"
    assert request.body == {
        "model": "scripted",
        "stream": True,
        "temperature": 0.0,
        "messages": [
            {"role": "system", "content": "You watch the tide."},
            {"role": "user", "content": "Is it high?"},
        ],
    }


def test_without_a_name_the_servers_first_model_that_writes_is_taken() -> None:
    with OpenAIServer("Yes.", models=("nomic-embed-text", "tidewatch:1b", "other")) as server:
        model = model_at(server, model=None)
        assert model.name == ""
        model.complete(HELLO)
    assert (model.name, server.chats[0].body["model"]) == ("tidewatch:1b", "tidewatch:1b")


def test_a_server_without_a_model_that_writes_is_refused_in_words() -> None:
    with (
        OpenAIServer("Yes.", models=("bge-reranker",)) as server,
        pytest.raises(ServiceRefused) as e,
    ):
        model_at(server, model=None).complete(HELLO)
    assert e.value.hint == "set MORGUE_MODEL"


def test_a_model_that_has_no_chat_completions_is_a_setting_to_change() -> None:
    model = load(Settings(model="gpt-5.4-pro", base_url="http://127.0.0.1:9/v1"))
    assert model is not None
    with pytest.raises(SettingsError, match=r"gpt-5\.4-pro"):
        model.complete(HELLO)


def test_a_base_url_without_a_path_is_completed() -> None:
    with OpenAIServer("Yes.") as server:
        model = model_at(server, base_url=server.url.removesuffix("/v1"))
        assert model.complete(HELLO) == "Yes."


def test_a_colon_in_the_name_of_a_model_is_part_of_it() -> None:
    with OpenAIServer("Yes.") as server:
        model_at(server, model="qwen2.5:1.5b").complete(HELLO)
    assert server.chats[0].body["model"] == "qwen2.5:1.5b"


@pytest.mark.parametrize(
    ("status", "ours", "requests"),
    [
        (400, ServiceRefused, 1),
        (401, ServiceRefused, 1),
        (402, ServiceRefused, 1),
        (403, ServiceRefused, 1),
        (404, ServiceRefused, 1),
        (408, ServiceBusy, 3),
        (409, ServiceBusy, 3),
        (413, ServiceRefused, 1),
        (422, ServiceRefused, 1),
        (429, ServiceBusy, 3),
        (500, ServiceDown, 3),
        (502, ServiceDown, 3),
        (503, ServiceBusy, 3),
        (529, ServiceBusy, 3),
    ],
)
def test_each_status_is_an_error_of_ours_and_retried_only_where_that_helps(
    status: int, ours: type[ServiceError], requests: int
) -> None:
    error, said, asked = failing(
        Reply(status=status, headers={"Retry-After": "0.01"}, error={"message": "no tide"})
    )
    assert (type(error), said, asked) == (ours, "", requests)
    assert error.message.endswith(": no tide")


@pytest.mark.parametrize(
    ("reply", "ours", "said"),
    [
        (Reply(text="One two three", cut=2), ServiceDown, "One two"),
        (Reply(text="One two three", quiet_cut=2), ServiceDown, "One two"),
        (Reply(text="One two", finish="length"), MalformedReply, "One two"),
        (Reply(text="One two", finish="content_filter"), ServiceRefused, "One two"),
        (Reply(raw=b"<html>Welcome</html>"), MalformedReply, ""),
        (Reply(raw=b""), MalformedReply, ""),
        (Reply(raw=b"data: {no json\n\n", headers=EVENTS), MalformedReply, ""),
        (Reply(raw=b"data: [1, 2]\n\n", headers=EVENTS), MalformedReply, ""),
        (Reply(raw=b'data: {"choices": "x"}\n\n', headers=EVENTS), MalformedReply, ""),
        (Reply(raw=b"data: \xff\xfe\n\n", headers=EVENTS), MalformedReply, ""),
    ],
)
def test_a_reply_that_is_cut_or_is_none_is_never_taken_for_a_whole_one(
    reply: Reply, ours: type[MorgueError], said: str
) -> None:
    error, heard, requests = failing(reply)
    assert (type(error), heard, requests) == (ours, said, 1)
    assert error.message.startswith("the model 'scripted' at 127.0.0.1:")


def test_an_error_within_the_stream_is_told_in_the_servers_words() -> None:
    body = b'data: {"error": {"message": "out of memory"}}\n\n'
    error, _, requests = failing(Reply(raw=body, headers=EVENTS))
    assert (type(error), requests) == (ServiceDown, 3)
    assert error.message.endswith("failed: out of memory")


def test_a_server_that_is_busy_once_is_asked_again() -> None:
    busy = Reply(status=429, headers={"Retry-After": "0.2"})
    with OpenAIServer(busy, "Yes.") as server:
        start = time.monotonic()
        assert model_at(server).complete(HELLO) == "Yes."
        assert time.monotonic() - start >= 0.2
    assert len(server.chats) == 2


def test_a_day_and_time_to_come_back_is_understood() -> None:
    past = Reply(status=503, headers={"Retry-After": formatdate(time.time() - 60, usegmt=True)})
    with OpenAIServer(past, "Yes.") as server:
        assert model_at(server).complete(HELLO) == "Yes."


def test_a_server_that_wants_a_long_rest_is_not_waited_for() -> None:
    start = time.monotonic()
    error, _, requests = failing(Reply(status=429, headers={"Retry-After": "3600"}))
    assert (type(error), requests) == (ServiceBusy, 1)
    assert time.monotonic() - start < 10


def test_an_account_without_credit_is_not_asked_again() -> None:
    broke = {"message": "no credit", "code": "insufficient_quota"}
    error, _, requests = failing(Reply(status=429, error=broke))
    assert (type(error), requests) == (ServiceRefused, 1)


def test_nothing_is_asked_again_once_a_word_was_said() -> None:
    error, said, requests = failing(Reply(text="One two", cut=1))
    assert (type(error), said, requests) == (ServiceDown, "One", 1)


def test_silence_before_the_first_word_ends_in_time_and_is_not_repeated() -> None:
    error, _, requests = failing(Reply(text="late", delay=5), model_timeout=0.3)
    assert (type(error), requests) == (ServiceDown, 1)
    assert "MORGUE_MODEL_TIMEOUT" in (error.hint or "")


def test_silence_in_the_middle_ends_in_time() -> None:
    error, said, _ = failing(Reply(text="One two", pause=5), model_timeout=0.3)
    assert (type(error), said) == (ServiceDown, "One")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(text="word " * 100, pause=0.1),
        Reply(text="late", pings=100, pause=0.1),
        Reply(text="late", drip=0.05),
        Reply(text="late", delay=9),
    ],
)
def test_a_reply_that_never_ends_is_ended(reply: Reply) -> None:
    start = time.monotonic()
    error, _, _ = failing(reply, answer_timeout=0.5)
    assert isinstance(error, ServiceDown)
    assert "MORGUE_ANSWER_TIMEOUT" in (error.hint or "")
    assert time.monotonic() - start < 8


def test_a_reply_is_whole_when_the_server_says_so_and_not_when_it_hangs_up() -> None:
    start = time.monotonic()
    with OpenAIServer(Reply(text="It is high.", linger=20)) as server:
        assert model_at(server).complete(HELLO) == "It is high."
        assert time.monotonic() - start < 8


def test_a_server_that_is_not_there_is_down() -> None:
    with OpenAIServer("Yes.") as server:
        model = model_at(server)
    with pytest.raises(ServiceDown, match="cannot be reached"):
        model.complete(HELLO)


def test_a_reader_who_leaves_ends_the_servers_work() -> None:
    with OpenAIServer(Reply(text="word " * 200, pause=0.05)) as server:
        reply = model_at(server).stream(HELLO)
        next(reply)
        reply.close()
        assert server.chats[0].left.wait(9)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(text="late", delay=50),
        Reply(text="late", drip=0.05),
        Reply(text="One two", pause=50),
        Reply(status=429, headers={"Retry-After": "19"}),
    ],
)
def test_a_reply_that_nobody_waits_for_any_more_is_ended_at_once(reply: Reply) -> None:
    left = threading.Event()

    def ask(model: Model) -> None:
        underway.until(left)
        with pytest.raises(ServiceError):
            model.complete(HELLO)

    with OpenAIServer(reply) as server:
        asking = threading.Thread(target=ask, args=(model_at(server),))
        asking.start()
        deadline = time.monotonic() + 30
        while not server.chats and time.monotonic() < deadline:
            time.sleep(0.02)
        left.set()
        asking.join(10)
        assert not asking.is_alive()
    assert len(server.chats) == 1


def test_neither_key_nor_password_stands_in_an_error() -> None:
    with OpenAIServer(Reply(status=401, error={"message": "wrong key sk-secret"})) as server:
        url = server.url.replace("http://", "http://gull:pass-word@")
        with pytest.raises(ServiceRefused) as caught:
            model_at(server, base_url=url, api_key="sk-secret").complete(HELLO)
    shown = f"{caught.value.message} {caught.value.hint}"
    assert ("sk-secret" in shown, "pass-word" in shown) == (False, False)
    assert shown.endswith("does not take the key: wrong key … check OPENAI_API_KEY")


def test_a_servers_own_words_are_kept_short_and_on_one_line() -> None:
    error, _, _ = failing(Reply(status=400, error={"message": "bad\n\x1b[31m" + "x" * 5000}))
    assert (len(error.message) < 400, error.message.isprintable()) == (True, True)


def test_every_error_of_the_openai_library_is_one_of_ours() -> None:
    fallbacks = {openai.APIError, openai.APIStatusError, openai.OpenAIError}
    known = {row.theirs for row in service_errors.table()} - fallbacks
    theirs = [
        found
        for _, found in inspect.getmembers(openai, inspect.isclass)
        if issubclass(found, openai.OpenAIError) and not found.__name__.startswith("_")
    ]
    unmapped = [one for one in theirs if one not in fallbacks and not known & set(one.__mro__)]
    assert (unmapped, len(theirs) > 15) == ([], True)


def test_a_name_and_a_colon_take_the_model_of_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "parrot.py").write_text(
        "from llama_index.core.llms import MockLLM\n"
        "def make(name, settings):\n"
        "    return MockLLM(max_tokens=len(name))\n"
    )
    about = tmp_path / "parrot-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[morgue.models]\nparrot = parrot:make\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    model = load(Settings(model="parrot:grey"))
    assert model is not None
    assert model.complete((Message("user", "Polly"),)) == "text text text text"


def test_loading_a_model_imports_no_heavy_library() -> None:
    code = (
        "import sys; from assistant.models.llm import load;"
        "from assistant.settings import Settings;"
        "load(Settings(base_url='http://127.0.0.1:9/v1'));"
        "print([name for name in ('openai', 'httpx', 'llama_index') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
