"""Sign-in at an OpenID Connect provider: the code flow, with PKCE, a state and a nonce.

Nothing is kept of a sign-in that is under way but a cookie in its browser, from whose secret the
state, the nonce and the verifier of PKCE follow. Nobody is called but the provider's own hosts.
"""

import base64
import hmac
import json
import logging
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from assistant.doors.keyring import Scope
from assistant.doors.sign_in import ProvenPerson, SignInFailed
from assistant.render.interface_text import to_say
from assistant.settings import OpenIdConnect
from ingest.errors import MorgueError, SettingsError
from ingest.outbound import AllowedHosts, is_here, service_transport, transport

logger = logging.getLogger("morgue.people")

BACK = "/sign-in/back"
"""Where a provider leads a browser back to."""
_SIGNED_BY = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519",
    "EdDSA",
)  # fmt: skip
"""Signatures that only the provider can make: none by a secret that is ours too."""
_LEEWAY = 60
"""Seconds by which the provider's clock may be another."""
_SECONDS = 10.0
_MOST_BYTES = 1_000_000
_KNOWN_FOR = 300.0
"""Seconds for which what a provider says of itself is believed without asking again."""
_LONGEST_WAY = 2000

_DOWN = (
    to_say("Where you sign in does not answer."),
    to_say("Try again in a moment; if it lasts, tell who keeps this archive."),
)
_UNRELIABLE = (
    to_say("Where you sign in answered what cannot be relied on."),
    to_say("Try again in a moment; if it lasts, tell who keeps this archive."),
)
_NOT_BEGUN = (
    to_say("This sign-in was not begun here, or it took too long."),
    to_say("Begin anew."),
)
_REFUSED = (
    to_say("Where you sign in did not let you in."),
    to_say("Try again, or ask who keeps this archive."),
)
_NAMELESS = (
    to_say("Where you sign in does not say who you are."),
    to_say("Tell who keeps this archive: the claim that names you is missing."),
)
_BUSY = (to_say("Many sign in at this moment."), to_say("Try again in a moment."))


class Departure(NamedTuple):
    """Where a browser goes to sign in, and the cookie that it takes along."""

    url: str
    cookie: str


class Arrival(NamedTuple):
    """Who came back, and where in the archive's pages they wanted to go."""

    person: ProvenPerson
    to: str


class OpenIdProvider:
    """The provider of the settings, at which people of this archive sign in."""

    def __init__(self, settings: OpenIdConnect, site: str) -> None:
        """Raise SettingsError where the settings do not name it, or do not say where we are."""
        self._settings = settings
        self.issuer = settings.oidc_issuer.rstrip("/")
        self._allowed = _allowed(settings)
        if not (self.issuer.startswith("https://") or is_here(self.issuer)):
            raise SettingsError(
                "MORGUE_OIDC_ISSUER is not reached by https://",
                "only one at a number of this machine may be: http://127.0.0.1:8080/realms/news",
            )
        if not settings.oidc_client:
            raise SettingsError(
                "MORGUE_OIDC_ISSUER is set, MORGUE_OIDC_CLIENT is not",
                "make a client for this server at the provider, and name it there",
            )
        if not site:
            raise SettingsError(
                "MORGUE_OIDC_ISSUER is set, MORGUE_PUBLIC_URL is not",
                f"say by which address browsers come back from it: to ADDRESS{BACK}",
            )
        self._site = site
        self._collections = _collections(settings.oidc_collections)
        self._known: tuple[float, Mapping[str, Any]] | None = None
        self._at_once = threading.BoundedSemaphore(4)

    @property
    def name(self) -> str:
        """What people call it."""
        return self._settings.oidc_name or str(urlsplit(self.issuer).hostname)

    def begin(self, to: str) -> Departure:
        """Return where a browser goes to sign in. Raises SignInFailed."""
        secret = secrets.token_urlsafe(32)
        url: str = prepare_grant_uri(
            self._endpoint("authorization_endpoint"),
            client_id=self._settings.oidc_client,
            response_type="code",
            redirect_uri=self._site + BACK,
            scope=self._settings.oidc_scopes,
            state=_derived(secret, "state"),
            nonce=_derived(secret, "nonce"),
            code_challenge=create_s256_code_challenge(_derived(secret, "verifier")),
            code_challenge_method="S256",
        )
        way = quote(to, safe="")
        return Departure(url, f"{secret}.{way if len(way) <= _LONGEST_WAY else '%2F'}")

    def finish(self, cookie: str, given: Mapping[str, str]) -> Arrival:
        """Return who came back with a cookie and what an address brought. Raises SignInFailed."""
        secret, _, way = cookie.partition(".")
        state = given.get("state", "")
        if not secret or not _same(state, _derived(secret, "state")):
            raise _failed(_NOT_BEGUN, "the state is another than the browser's own")
        if given.get("iss", self.issuer).rstrip("/") != self.issuer:
            raise _failed(_UNRELIABLE, "another issuer answered")
        if "code" not in given:
            raise _failed(_REFUSED, f"it answered {given.get('error', 'nothing')[:80]!r}")
        token = self._token(given["code"], _derived(secret, "verifier"))
        claims = self._claims(token, _derived(secret, "nonce"))
        return Arrival(self._person(claims), unquote(way) or "/")

    def leaving(self) -> str | None:
        """Return where a browser signs out at the provider, None where one cannot there.

        Raises SignInFailed.
        """
        if "end_session_endpoint" not in self._metadata():
            return None
        where = self._endpoint("end_session_endpoint")
        back = quote(f"{self._site}/sign-in", safe="")
        client = quote(self._settings.oidc_client, safe="")
        joint = "&" if "?" in where else "?"
        return f"{where}{joint}client_id={client}&post_logout_redirect_uri={back}"

    # What it says

    def _metadata(self) -> Mapping[str, Any]:
        """Return what the provider says of itself."""
        if self._known is None or time.monotonic() - self._known[0] > _KNOWN_FOR:
            told = self._asked(f"{self.issuer}/.well-known/openid-configuration")
            if str(told.get("issuer", "")).rstrip("/") != self.issuer:
                raise _failed(_UNRELIABLE, "it calls itself another issuer")
            self._known = time.monotonic(), told
        return self._known[1]

    def _endpoint(self, name: str) -> str:
        """Return an address of the provider's: one of its own hosts."""
        address = self._metadata().get(name)
        if not isinstance(address, str) or not self._is_own(address):
            raise _failed(_UNRELIABLE, f"its {name} is at no host of MORGUE_OIDC_ISSUER")
        return address

    def _is_own(self, address: str) -> bool:
        try:
            self._allowed.look(address)
        except MorgueError:
            return False
        return True

    def _token(self, code: str, verifier: str) -> Mapping[str, Any]:
        """Return what the provider gives for a code."""
        secret = self._settings.oidc_secret
        supported = self._metadata().get("token_endpoint_auth_methods_supported")
        by_post = isinstance(supported, list) and "client_secret_basic" not in supported
        how = "client_secret_post" if by_post else "client_secret_basic"
        client = self._settings.oidc_client, secret.get_secret_value() if secret else None
        body = prepare_token_request(
            "authorization_code",
            redirect_uri=self._site + BACK,
            code=code,
            code_verifier=verifier,
        )
        where, headers, body = ClientAuth(*client, how if secret else "none").prepare(
            "POST",
            self._endpoint("token_endpoint"),
            {"Content-Type": "application/x-www-form-urlencoded"},
            body,
        )
        return self._asked(where, body, headers)

    def _claims(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """Return what the ID token claims: signed there, for us, now, for this sign-in."""
        keys: Any = self._asked(self._endpoint("jwks_uri"))
        client = self._settings.oidc_client
        options: dict[str, Any] = {
            "iss": {"essential": True, "value": self._metadata()["issuer"]},
            "aud": {"essential": True, "value": client},
        }
        params = {"nonce": nonce, "client_id": client, "access_token": token.get("access_token")}
        registry = JWSRegistry(algorithms=list(_SIGNED_BY), strict_check_header=False)
        try:
            read = jwt.decode(
                str(token["id_token"]), KeySet.import_key_set(keys), registry=registry
            )
            claims = CodeIDToken(read.claims, read.header, options, params)
            claims.validate(leeway=_LEEWAY)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _failed(_UNRELIABLE, f"its ID token: {error!r}") from error
        found: Mapping[str, Any] = claims
        return found

    # Who it is

    def _person(self, claims: Mapping[str, Any]) -> ProvenPerson:
        """Return whom the claims name, and what their groups give them."""
        claim = self._settings.oidc_claim
        name = _at(claims, claim)
        unproven = claim == "email" and claims.get("email_verified") is not True
        if not isinstance(name, str) or not name.strip() or unproven:
            raise _failed(_NAMELESS, f"the claim {claim!r} is missing, or not verified")
        own = claims["sub"]
        if not isinstance(own, str) or not own.strip():
            raise _failed(_UNRELIABLE, "its ID token says of nobody who they are there for good")
        scope, collections = self._rights(_groups(_at(claims, self._settings.oidc_groups)))
        subject = f"{self.issuer} {own}"
        return ProvenPerson(name=name, subject=subject, scope=scope, collections=collections)

    def _rights(self, groups: set[str]) -> tuple[Scope | None, tuple[str, ...]]:
        if groups & _named(self._settings.oidc_admins):
            return "admin", ()
        if groups & _named(self._settings.oidc_readers):
            return "read", ()
        seen = dict.fromkeys(what for group, what in self._collections if group in groups)
        return ("read", tuple(seen)) if seen else (None, ())

    # The wire

    def _asked(
        self, url: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        """Return the document at one of the provider's addresses. Raises SignInFailed."""
        sent = {"Accept": "application/json", "User-Agent": "Morgue", **(headers or {})}
        method = "GET" if body is None else "POST"
        try:
            with (
                self._one_of_few(),
                self._client() as client,
                client.stream(method, url, content=body, headers=sent) as reply,
            ):
                read = _read(reply)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _failed(_DOWN, f"{type(error).__name__} at the provider") from error
        except SettingsError as error:
            raise _failed(_DOWN, error.message) from error
        return _document(reply.status_code, read)

    def _client(self) -> httpx.Client:
        """Return what connects to the provider's hosts alone, and follows nobody elsewhere."""
        by_proxy = service_transport(self.issuer, "MORGUE_OIDC_ISSUER") is None
        return httpx.Client(
            transport=None if by_proxy else transport(self._allowed),
            timeout=_SECONDS,
            follow_redirects=False,
        )

    @contextmanager
    def _one_of_few(self) -> Iterator[None]:
        """Wait for a turn: strangers must not take every thread of the server with them."""
        if not self._at_once.acquire(timeout=_SECONDS / 5):
            raise _failed(_BUSY, "too many at once")
        try:
            yield
        finally:
            self._at_once.release()


def _allowed(settings: OpenIdConnect) -> AllowedHosts:
    """Return the hosts at which the provider is. Raises SettingsError."""
    allowed = AllowedHosts.named(settings.oidc_issuer, "MORGUE_OIDC_ISSUER")
    names = settings.oidc_hosts.split()
    if any("/" in name for name in names):
        raise SettingsError(
            f"MORGUE_OIDC_HOSTS: {settings.oidc_hosts!r} are not hosts alone",
            "write them like oauth2.googleapis.com, or HOST:PORT",
        )
    more = [AllowedHosts.named(f"https://{name}", "MORGUE_OIDC_HOSTS") for name in names]
    hosts = (*allowed.hosts, *(host for one in more for host in one.hosts))
    networks = (*allowed.networks, *(network for one in more for network in one.networks))
    return replace(allowed, hosts=hosts, networks=networks)


def _collections(setting: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of a group and a collection that its people see. Raises SettingsError."""
    parts = [one.rpartition("=") for one in setting.split(",") if one.strip()]
    pairs = tuple((group.strip(), collection.strip()) for group, _, collection in parts)
    if not all(group and collection for group, collection in pairs):
        raise SettingsError(
            f"MORGUE_OIDC_COLLECTIONS: {setting!r} cannot be read",
            "write groups with what they see: sport=sport, desk=city, desk=politics",
        )
    return pairs


def _named(setting: str) -> set[str]:
    return {one.strip() for one in setting.split(",") if one.strip()}


def _groups(told: object) -> set[str]:
    if isinstance(told, str):
        return {told}
    return {one for one in told if isinstance(one, str)} if isinstance(told, list) else set()


def _at(claims: Mapping[str, Any], claim: str) -> object:
    """Return a claim: by its name, or where the dots of its name lead."""
    if claim in claims:
        return claims[claim]
    found: object = claims
    for part in claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _derived(secret: str, word: str) -> str:
    """Return what follows from a secret, and does not tell it."""
    digest = hmac.digest(secret.encode("utf-8", "surrogatepass"), word.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _same(one: str, other: str) -> bool:
    given = one.encode("utf-8", "surrogatepass")
    return hmac.compare_digest(given, other.encode("utf-8", "surrogatepass"))


def _read(reply: httpx.Response) -> bytes:
    read = bytearray()
    for chunk in reply.iter_bytes():
        read += chunk
        if len(read) > _MOST_BYTES:
            raise _failed(_UNRELIABLE, f"more than {_MOST_BYTES:,} bytes came")
    return bytes(read)


def _document(status: int, read: bytes) -> Mapping[str, Any]:
    """Return the document of a reply. Raises SignInFailed for what is none."""
    try:
        told = json.loads(read)
    except ValueError:
        told = None
    error = told.get("error") if isinstance(told, dict) else None
    if error == "invalid_grant":
        raise _failed(_NOT_BEGUN, "the code is spent, or was not for us")
    if status >= 300:
        why = _DOWN if status >= 500 or status == 429 else _UNRELIABLE
        raise _failed(why, f"it answered {status} {str(error or '')[:80]!r}")
    if not isinstance(told, dict):
        raise _failed(_UNRELIABLE, "it answered no document")
    return told


def _failed(told: tuple[str, str], why: str) -> SignInFailed:
    """Return what somebody is told; who keeps the archive reads why in the log."""
    logger.warning("a sign-in by OpenID Connect failed: %s", why)
    return SignInFailed(*told)
