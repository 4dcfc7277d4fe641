"""Who asks: whose key a request brings, whom a proxy names, or whose session its cookie is."""

import base64
import binascii
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import Scope

from assistant.doors.api.problems import RequestRefused
from assistant.doors.api.seen import FEEDS, FOR_PROGRAMS, ITSELF
from assistant.doors.api.session_cookie import SessionCookie
from assistant.doors.keyring import KEY_PREFIX, LOCAL, NOBODY, KeyHolder
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from assistant.doors.api.entry import Rules

OPEN = ("/health", "/ready")
"""What anybody may ask of the server: that it is there."""
SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
_TO_SIGN_IN = (FEEDS, "/looks/", f"{SIGN_IN}/")
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_KEYS_HINT = "send `Authorization: Bearer KEY`; `morgue keys add NAME` makes one"
_SIGN_IN_HINT = f"sign in at {SIGN_IN}, or send `Authorization: Bearer KEY`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxies:
    """The reverse proxies that are believed, and the header in which they name who signed in."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    header: str = ""

    @classmethod
    def read(cls, addresses: str, header: str) -> Self:
        """Return them as the settings say. Raises SettingsError."""
        try:
            networks = tuple(ip_network(one) for one in addresses.split())
        except ValueError as error:
            raise SettingsError(
                f"MORGUE_PROXIES: {error}", "write addresses and networks: 10.0.0.7 10.1.0.0/24"
            ) from None
        if header and not networks:
            raise SettingsError(
                f"anybody could send {header!r}", "say in MORGUE_PROXIES from where it is believed"
            )
        if any(network.prefixlen == 0 for network in networks):
            raise SettingsError(
                "MORGUE_PROXIES believes every address", "write those of your proxies"
            )
        return cls(networks=networks, header=header.lower())

    def client(self, scope: Scope, headers: Headers) -> str:
        """Return the address of who asks, behind the proxies that are believed."""
        peer = _peer(scope)
        told = ",".join(headers.getlist("x-forwarded-for")).split(",")
        for address in (peer, *(one.strip() for one in reversed(told) if one.strip())):
            if not self._believed(address):
                return address[:64]
        return peer

    def names(self, scope: Scope, headers: Headers) -> str:
        """Return whom a proxy names; nothing where none does, or none that is believed."""
        given = headers.getlist(self.header) if self.header else []
        if len(given) != 1 or not self._believed(_peer(scope)):
            return ""
        raw = given[0].encode("latin-1")
        try:
            return raw.decode("utf-8").strip()
        except UnicodeDecodeError:
            return given[0].strip()

    def _believed(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in self.networks)


class Authentication:
    """Tells who asks, by the rules of an address."""

    def __init__(self, rules: "Rules") -> None:
        self._rules = rules

    def of(self, scope: Scope, headers: Headers) -> KeyHolder:
        """Return who asks. Raises RequestRefused where nobody may who is not known."""
        # What a proxy passed on came from elsewhere, although it stands on this machine.
        needed = self._rules.keys_needed or any(name in headers for name in _PASSED_ON)
        if not needed:
            return self._with_key(scope, headers, own=True) or LOCAL
        named = self._named(scope, headers)
        known = named or self._with_key(scope, headers) or self._signed_in(scope, headers)
        if known:
            return known
        path = scope["path"]
        if path in {*OPEN, SIGN_IN, SIGN_OUT} or path.startswith(_TO_SIGN_IN):
            return NOBODY
        raise self._unknown("a key is needed", scope, headers)

    def _with_key(self, scope: Scope, headers: Headers, *, own: bool = False) -> KeyHolder | None:
        """Return whose key it is.

        Where none is needed (`own`), clients that must send some key send what was never ours.
        """
        given = _key(headers.get("authorization", ""))
        if not given or self._rules.keys is None or (own and not given.startswith(KEY_PREFIX)):
            return None
        reader = self._rules.keys.reader(given)
        if reader is None:
            raise self._unknown("this key opens nothing", scope, headers)
        return reader

    def _named(self, scope: Scope, headers: Headers) -> KeyHolder | None:
        name = self._rules.proxies.names(scope, headers)
        if not name or self._rules.people is None:
            return None
        person = self._rules.people.named(name)
        if person is None:
            raise RequestRefused(
                403, "Forbidden", f"{name!r} is not among the people of this archive",
                "whoever keeps it can add you: `morgue people add NAME --no-password`",
            )  # fmt: skip
        return person

    def _signed_in(self, scope: Scope, headers: Headers) -> KeyHolder | None:
        token = SessionCookie.of(scope, headers, self._rules.site).value
        return self._rules.people.reader(token) if token and self._rules.people else None

    def _unknown(self, message: str, scope: Scope, headers: Headers) -> RequestRefused:
        path = scope["path"]
        if not self._rules.people_sign_in:
            programs = path.startswith((*FOR_PROGRAMS, FEEDS, *ITSELF))
            asks = "Bearer" if programs else 'Basic realm="Morgue: key as password"'
            return RequestRefused(401, "KeyNeeded", message, _KEYS_HINT, {"WWW-Authenticate": asks})
        looks = scope["method"] in {"GET", "HEAD"} and "text/html" in headers.get("accept", "")
        if looks and not path.startswith((*FOR_PROGRAMS, FEEDS)):
            asked = scope.get("query_string", b"").decode("latin-1")
            to = quote(quote(path) + (f"?{asked}" if asked else ""), safe="")
            where = SIGN_IN if to == "%2F" else f"{SIGN_IN}?to={to}"
            return RequestRefused(303, "SignInNeeded", "sign in", headers={"Location": where})
        return RequestRefused(
            401, "KeyNeeded", message, _SIGN_IN_HINT, {"WWW-Authenticate": "Bearer"}
        )


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _key(authorization: str) -> str:
    """Return the key of a header: a bearer's, or the password that a browser asks for."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "basic":
        return _password(given)
    return given.strip() if scheme.lower() == "bearer" else ""


def _password(given: str) -> str:
    try:
        return base64.b64decode(given, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return "unreadable"
