"""A small OpenID Connect provider on loopback: real sockets, signed tokens, real faults."""

import base64
import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

CLIENT, SECRET = "morgue", "a secret of 43 characters that is for nobody"
GOOD = {"preferred_username": "anna", "sub": "248289761001"}


@dataclass
class Provider:
    """What it says, of whom, and how it fails.

    `claims` go over those of a right token, None leaves one out; `says` go over what it says of
    itself; `answers` are what a path answers instead (a status, a body, a place to go); `signing`
    is how tokens are signed, with a key that may be another than the one it shows. It notes each
    path that it is asked for.
    """

    claims: dict[str, Any] = field(default_factory=lambda: dict[str, Any](GOOD))
    says: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, tuple[int, bytes, str]] = field(default_factory=dict)
    signing: str = "ES256"
    own_key: bool = True
    refuses: str = ""
    asked: list[str] = field(default_factory=list)
    address: str = ""
    _key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}))
    _codes: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def metadata(self) -> dict[str, Any]:
        """Return what it says of itself."""
        places = {
            "authorization_endpoint": "/authorize", "token_endpoint": "/token",
            "jwks_uri": "/jwks", "end_session_endpoint": "/logout",
        }  # fmt: skip
        own = {name: self.address + path for name, path in places.items()}
        told = {"issuer": self.address, **own, **self.says}
        return {name: value for name, value in told.items() if value is not None}

    def authorize(self, query: Mapping[str, str]) -> str:
        """Return where a browser goes that signed in here, or was refused."""
        assert (query["response_type"], query["client_id"]) == ("code", CLIENT)
        assert (query["code_challenge_method"], len(query["code_challenge"])) == ("S256", 43)
        assert "openid" in query["scope"].split()
        back = {"state": query["state"]}
        if self.refuses:
            back["error"] = self.refuses
        else:
            back["code"] = token_urlsafe(8)
            self._codes[back["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: Mapping[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return a token for a code, once, to who began with it."""
        asked = self._codes.pop(form.get("code", ""), None)
        right = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        posted = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        if authorization != f"Basic {right}" and not posted:
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != form["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant", "error_description": "no such code"}
        token = {"access_token": token_urlsafe(8), "token_type": "Bearer", "expires_in": 60}
        return 200, {**token, "id_token": self._signed(asked["nonce"])}

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        right = {"iss": self.address, "aud": CLIENT, "exp": now + 60, "iat": now, "nonce": nonce}
        claims = {name: v for name, v in {**right, **self.claims}.items() if v is not None}
        if self.signing == "none":
            head, body = ({"alg": "none"}, claims)
            parts = (
                base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
                for part in (head, body)
            )
            return f"{'.'.join(parts)}."
        header = {"alg": self.signing, "kid": "one"}
        if self.signing.startswith("HS"):
            key: Any = OctKey.import_key(SECRET, {"kid": "one"})
        else:
            key = self._key if self.own_key else ECKey.generate_key("P-256", {"kid": "one"})
        return jwt.encode(header, claims, key, algorithms=[self.signing])

    def keys(self) -> Any:
        """Return its public keys."""
        return KeySet([self._key]).as_dict(private=False)


@contextmanager
def provider() -> Iterator[Provider]:
    """Serve a provider."""
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if self._instead(parts.path):
                return
            if parts.path == "/authorize":
                self._send(302, b"", told.authorize(query))
            elif parts.path == "/.well-known/openid-configuration":
                self._send(200, json.dumps(told.metadata()).encode())
            elif parts.path == "/jwks":
                self._send(200, json.dumps(told.keys()).encode())
            else:
                self._send(404, b"{}")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if not self._instead(self.path):
                status, document = told.token(form, self.headers.get("Authorization", ""))
                self._send(status, json.dumps(document).encode())

        def _instead(self, path: str) -> bool:
            told.asked.append(path)
            if path in told.answers:
                self._send(*told.answers[path])
            return path in told.answers

        def _send(self, status: int, body: bytes, to: str = "") -> None:
            self.send_response(status)
            if to:
                self.send_header("Location", to)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        told.address = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield told
        finally:
            server.shutdown()
            thread.join(timeout=10)
