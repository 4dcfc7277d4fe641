"""Small real servers on loopback that take what is sent: a webhook and a mail server."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer


@dataclass
class Hook:
    """A webhook: what it was sent, and with which statuses it answers, the last one for good."""

    statuses: list[int] = field(default_factory=lambda: [200])
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""


@contextmanager
def hook(*statuses: int) -> Iterator[Hook]:
    """Serve a webhook."""
    taken = Hook(list(statuses) or [200])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            taken.headers.append({name.lower(): value for name, value in self.headers.items()})
            status = taken.statuses.pop(0) if len(taken.statuses) > 1 else taken.statuses[0]
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", taken.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server, _running(server):
        taken.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        yield taken


@dataclass
class Letterbox:
    """A mail server: each message with to whom it goes."""

    messages: list[tuple[list[str], bytes]] = field(default_factory=list)
    address: str = ""


@contextmanager
def letterbox() -> Iterator[Letterbox]:
    """Serve as much SMTP as one message takes."""
    taken = Letterbox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            to: list[str] = []
            self.say("220 letterbox")
            while line := self.rfile.readline().decode():
                verb = line.split()[0].upper() if line.split() else ""
                if verb == "RCPT":
                    to.append(line.partition("<")[2].partition(">")[0])
                if verb == "DATA":
                    self.say("354 go on")
                    taken.messages.append((to, self.read()))
                self.say("221 bye" if verb == "QUIT" else "250 letterbox")
                if verb == "QUIT":
                    return

        def read(self) -> bytes:
            lines: list[bytes] = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line)
            return b"".join(lines)

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server, _running(server):
        taken.address = f"127.0.0.1:{server.server_address[1]}"
        yield taken


@contextmanager
def _running(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(timeout=10)
