"""A real server on a free loopback port."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from assistant.doors.api.listener import Listener

PATIENT = 60.0
"""Seconds that a test waits for a reply: a machine with much else to do takes many."""


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application, and give its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = Listener(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listener.close()
