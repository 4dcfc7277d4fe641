"""A small OpenAI-compatible server on loopback: real sockets, scripted replies, real faults."""

import hashlib
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server does with one request.

    `cut` breaks the connection after so many pieces of the text; `quiet_cut` ends it politely
    but without a last word. `delay` is seconds before anything is sent, `pause` between pieces.
    `pings` are comments of the event stream that are sent before the first piece. `drip` seconds
    are between two letters of a header that comes first, `linger` before the connection ends.
    `odds` are the probabilities of what may stand in place of the last piece, told to whoever
    asks for them; `tokens` what the request took.
    """

    text: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    error: Mapping[str, object] | None = None
    raw: bytes | None = None
    delay: float = 0.0
    pause: float = 0.0
    cut: int | None = None
    quiet_cut: int | None = None
    finish: str = "stop"
    pings: int = 0
    drip: float = 0.0
    linger: float = 0.0
    odds: Mapping[str, float] = field(default_factory=dict)
    tokens: int | None = None


@dataclass(slots=True, kw_only=True)
class Request:
    """What the server was asked; `left` is set once the client went away too early."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    left: Event = field(default_factory=Event)


class OpenAIServer:
    """The server, running while the `with` block does.

    Each chat request takes the next of `replies`, the last one is repeated; or is answered by
    what `answering` makes of its body.
    """

    def __init__(
        self,
        *replies: Reply | str,
        models: Sequence[str] = ("scripted",),
        dimensions: int = 8,
        answering: Callable[[Mapping[str, Any]], Reply] | None = None,
    ) -> None:
        self.answering = answering
        self.replies = [r if isinstance(r, Reply) else Reply(text=r) for r in replies]
        self.models = models
        self.dimensions = dimensions
        self.requests: list[Request] = []
        self.stopping = Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.desk = self
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        """The base URL, as OPENAI_BASE_URL wants it."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def chats(self) -> list[Request]:
        """The requests for a chat completion so far."""
        return [request for request in self.requests if request.path == "/v1/chat/completions"]

    def reply_to(self, body: Mapping[str, Any]) -> Reply:
        """Take the next scripted reply, or have one made."""
        if self.answering is not None:
            return self.answering(body)
        if not self.replies:
            return Reply(text="NOT SCRIPTED")
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    desk: OpenAIServer
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Let a client go without a word; everything else is a fault of this server."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: a test's output is pytest's."""

    def do_GET(self) -> None:
        self._note({})
        if self.path != "/v1/models":
            self._send(404, {"error": {"message": f"no such path: {self.path}"}})
            return
        models = [{"id": name, "object": "model"} for name in self.server.desk.models]
        self._send(200, {"object": "list", "data": models})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        request = self._note(body)
        if self.path == "/v1/embeddings":
            self._embed(body)
        elif self.path == "/v1/chat/completions":
            self._chat(request, self.server.desk.reply_to(body))
        else:
            self._send(404, {"error": {"message": f"no such path: {self.path}"}})

    def _note(self, body: Mapping[str, Any]) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(path=self.path, headers=headers, body=body)
        self.server.desk.requests.append(request)
        return request

    def _chat(self, request: Request, reply: Reply) -> None:
        self.server.desk.stopping.wait(reply.delay)
        try:
            if reply.raw is not None:
                self._send_bytes(reply.status, reply.raw, reply.headers)
            elif reply.status != 200 or reply.error is not None:
                self._send(reply.status, {"error": reply.error or {"message": "no"}}, reply.headers)
            elif request.body.get("stream"):
                self._stream(reply)
            else:
                self._send(200, _completion(reply, odds=bool(request.body.get("logprobs"))))
        except (BrokenPipeError, ConnectionResetError):
            request.left.set()
            self.close_connection = True

    def _stream(self, reply: Reply) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self._drip(reply.drip)
        self.end_headers()
        for _ in range(reply.pings):
            self._chunk(b": still there\n\n")
            self.server.desk.stopping.wait(reply.pause)
        for at, piece in enumerate(_pieces(reply.text)):
            if at == reply.cut:
                self.close_connection = True
                return
            if at == reply.quiet_cut:
                self._chunk(b"")
                return
            self._chunk(_event(_delta({"content": piece}, None)))
            self.server.desk.stopping.wait(reply.pause)
        self._chunk(_event(_delta({}, reply.finish)))
        self.server.desk.stopping.wait(reply.linger)
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _drip(self, seconds: float) -> None:
        if not seconds:
            return
        self.flush_headers()
        for letter in b"X-Tide: " + b"low " * 250:
            self.wfile.write(bytes([letter]))
            if self.server.desk.stopping.wait(seconds):
                return
        self.wfile.write(b"\r\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _embed(self, body: Mapping[str, Any]) -> None:
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        rows = [
            {"object": "embedding", "index": at, "embedding": self._vector(text)}
            for at, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": 0, "total_tokens": 0}
        self._send(200, {"object": "list", "model": body["model"], "data": rows, "usage": usage})

    def _vector(self, text: str) -> list[float]:
        """Hash words into a vector, so that texts that share words are near each other."""
        vector = [0.0] * self.server.desk.dimensions
        for word in text.lower().split():
            place = hashlib.sha256(word.encode()).digest()[0]
            vector[place % len(vector)] += 1.0
        length = sum(value * value for value in vector) ** 0.5 or 1.0
        return [value / length for value in vector]

    def _send(
        self, status: int, body: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> None:
        kind = {"Content-Type": "application/json"}
        self._send_bytes(status, json.dumps(body).encode(), {**kind, **(headers or {})})

    def _send_bytes(self, status: int, data: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _pieces(text: str) -> Iterator[str]:
    """Cut a text as a model's tokens would: words with the space before them."""
    start = 0
    for at in range(1, len(text)):
        if text[at].isspace():
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _event(data: Mapping[str, object]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


def _delta(delta: Mapping[str, object], finish: str | None) -> dict[str, object]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "chat-1",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": "scripted",
        "choices": [choice],
    }


def _completion(reply: Reply, *, odds: bool) -> dict[str, object]:
    message = {"role": "assistant", "content": reply.text}
    choice = {"index": 0, "message": message, "finish_reason": reply.finish}
    if odds and reply.odds:
        choice["logprobs"] = {"content": list(_odds(reply))}
    usage = {"prompt_tokens": reply.tokens, "completion_tokens": 0, "total_tokens": reply.tokens}
    return {
        "id": "chat-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": "scripted",
        "choices": [choice],
        **({"usage": usage} if reply.tokens is not None else {}),
    }


def _odds(reply: Reply) -> Iterator[dict[str, object]]:
    """Yield the tokens of a reply: the last may be another, the others are certain."""
    *certain, last = _pieces(reply.text)
    for piece in certain:
        alone = {"token": piece, "logprob": 0.0, "bytes": None}
        yield {**alone, "top_logprobs": [alone]}
    others = [
        {"token": token, "logprob": math.log(share), "bytes": None}
        for token, share in reply.odds.items()
    ]
    said = math.log(reply.odds.get(last, 1.0))
    yield {"token": last, "logprob": said, "bytes": None, "top_logprobs": others}
