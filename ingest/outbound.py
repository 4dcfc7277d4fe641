"""Where this program may connect to: the one place that decides, for every address in a setting.

A webhook goes where an admin allows hosts and networks; a model's server, an embedder's and
Chroma's are at the address that their setting names, and nowhere else. A name is looked up once,
what was found is looked at, and that is what is connected to; nobody is followed to another
address. What an address carries that is secret never stands in a message.
"""

import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TYPE_CHECKING, Self
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from ingest.errors import ServiceDown, SettingsError

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = {"https": 443, "http": 80}
_HOLD_IPV4 = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96")))
"""Networks whose addresses stand for one of IPv4, in their last bits: translated, compatible."""
_ISATAP = {0x5EFE, 0x0200_5EFE}
"""What stands before an address of IPv4 in one that tunnels to it within a site (RFC 5214)."""
_FOR_EVERYBODY = ip_network("2000::/3")
"""All of IPv6 that is given to anybody: what is known to be special in it is refused too."""
_CREDENTIALS = re.compile(r"(?<=://)[^/?#]*@")
_SCHEME = re.compile(r"[a-z+]{1,20}://", re.IGNORECASE)
_LONGEST = 100


def shown(url: str) -> str:
    """Return of an address the host alone: who signs in, a path and what follows may be secret."""
    scheme = _SCHEME.match(url)
    told = scheme[0] if scheme else ""
    # What is no address may be half of one: what stands before the last @ may be a password.
    told += re.split(r"[/?#]", url[len(told) :].rpartition("@")[2], maxsplit=1)[0]
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}..."


def without_secrets(text: str, *secrets: str | None) -> str:
    """Return somebody else's message without who signs in at any address in it, nor any secret."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "…")
    return _CREDENTIALS.sub("", text)


def secrets_in(url: str | None) -> tuple[str, ...]:
    """Return the password that an address carries, as it is written and as it is meant."""
    try:
        password = urlsplit(url or "").password
    except ValueError:
        return ()
    return tuple(dict.fromkeys((password, unquote(password)))) if password else ()


def is_here(url: str) -> bool:
    """Tell whether an address is one of this machine's, by number: a name may stand for any."""
    try:
        parts = urlsplit(url)
        at_port = parts.port is not None
        return parts.scheme == "http" and at_port and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedHost:
    """A host that may be connected to: by which scheme, at which port if one is named."""

    scheme: str
    host: str
    port: int | None

    def fits(self, scheme: str, host: str, port: int) -> bool:
        """Tell whether an address is of this host."""
        host = host.rstrip(".")
        below = self.host.startswith(".") and host.endswith(self.host)
        return (
            scheme == self.scheme
            and (host == self.host or below)
            and port == (self.port or PORTS[self.scheme])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedHosts:
    """The hosts and networks of a setting, which `setting` names.

    Without `anywhere`, nothing of a network that is not for everybody is reached unless it is one
    of `networks`; with it, the host was named for what it is, on whatever network, and only what
    nobody serves at is refused: link-local addresses, at which clouds keep their machines' keys.
    """

    hosts: tuple[AllowedHost, ...]
    networks: tuple[Network, ...] = ()
    setting: str = "MORGUE_WEBHOOKS"
    anywhere: bool = False

    @classmethod
    def read(cls, setting: str) -> Self:
        """Read the setting `webhooks`. Raises SettingsError for what is no host and no network."""
        hosts, networks = list[AllowedHost](), list[Network]()
        for word in setting.split():
            network = _network(word)
            if network is not None:
                networks.append(network)
                continue
            host = _host(word)
            hosts.append(host)
            address = _network(host.host)  # who names an address means it
            networks += [address] if address is not None else []
        return cls(hosts=tuple(hosts), networks=tuple(networks))

    @classmethod
    def named(cls, url: str, setting: str) -> Self:
        """Return the one host of a service's address. Raises SettingsError where it is none."""
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS[parts.scheme]
        except (ValueError, KeyError):
            parts, port = urlsplit(""), 0
        if not parts.hostname:
            raise SettingsError(
                f"{setting}: {shown(url)!r} is no address", "write it like http://127.0.0.1:8080/v1"
            )
        host = AllowedHost(scheme=parts.scheme, host=parts.hostname.rstrip("."), port=port)
        literal = _network(host.host)
        networks = (literal,) if literal is not None else ()
        return cls(hosts=(host,), networks=networks, setting=setting, anywhere=True)

    def look(self, url: str) -> tuple[SplitResult, int]:
        """Return the parts of an address that may be connected to, and its port.

        Raises SettingsError for any other, before its name is looked up.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or PORTS.get(parts.scheme, 0)
        except ValueError:
            parts, port = urlsplit(""), 0
        if not parts.hostname or not port or parts.username is not None or parts.fragment:
            raise SettingsError(
                f"{shown(url)!r} is no address for a webhook", "write it like https://host/path"
            )
        if not any(host.fits(parts.scheme, parts.hostname, port) for host in self.hosts):
            raise SettingsError(
                f"no webhook may go to {parts.scheme}://{parts.hostname}:{port}",
                f"an admin allows hosts in {self.setting}",
            )
        return parts, port

    def reachable(self, host: str, port: int) -> str:
        """Return the address to connect to: looked up once, and every one of them allowed.

        Raises SettingsError where any is of a network that is not for everybody, ServiceDown
        where nobody knows the name.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise ServiceDown(f"the name {host!r} is not known: {error}") from error
        addresses = [str(address[4][0]) for address in found]
        self._look_at(host, addresses)
        return addresses[0]

    def _look_at(self, host: str, addresses: Sequence[str]) -> None:
        for address in addresses:
            if not self._open(ip_address(address.partition("%")[0])):
                raise SettingsError(
                    f"{self.setting}: {host!r} is at {address}, which is not for everybody",
                    f"if that is meant, name its network in {self.setting}: 10.0.0.0/8"
                    if not self.anywhere
                    else f"if that is meant, write the number itself in {self.setting}",
                )

    def _open(self, address: Address) -> bool:
        inner = _inner(address)
        if any(inner in network for network in self.networks if network.version == inner.version):
            return True
        if self.anywhere:
            return not (inner.is_link_local or inner.is_multicast or inner.is_unspecified)
        given = inner.version == 4 or inner in _FOR_EVERYBODY
        return given and inner.is_global and not inner.is_multicast


def look_up_service(url: str, setting: str) -> None:
    """Raise SettingsError where the service at an address of a setting is where none can be.

    For a client that connects by itself: ServiceDown where nobody knows the name.
    """
    allowed = AllowedHosts.named(url, setting)
    (named,) = allowed.hosts
    allowed.reachable(named.host, named.port or PORTS[named.scheme])


def transport(allowed: AllowedHosts, limits: "httpx.Limits | None" = None) -> "httpx.HTTPTransport":
    """Return what connects an httpx client to the allowed hosts alone, at what was looked at."""
    import httpx

    class Looked(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            url = request.url
            port = url.port or PORTS.get(url.scheme, 0)
            names = (url.host, url.raw_host.decode("ascii"))  # as it is read, as it is looked up
            if not any(host.fits(url.scheme, one, port) for host in allowed.hosts for one in names):
                raise httpx.UnsupportedProtocol("it leads to another address", request=request)
            try:
                address = allowed.reachable(names[1], port)
            except ServiceDown as error:
                raise httpx.ConnectError(error.message, request=request) from error
            # The name stays in `Host` and in what its certificate is held against.
            request.extensions = {**request.extensions, "sni_hostname": names[1]}
            request.url = url.copy_with(host=address, port=port)
            try:
                return super().handle_request(request)
            finally:
                request.url = url

    alive = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    return Looked(verify=_certificates(), limits=limits or httpx.Limits(), socket_options=alive)


@cache
def _certificates() -> "SSLContext":
    """Return what certificates are held against, which takes longer to read than many answers."""
    import httpx

    return httpx.create_ssl_context()


def service_transport(
    url: str, setting: str, limits: "httpx.Limits | None" = None
) -> "httpx.HTTPTransport | None":
    """Return what connects to the service at an address of a setting, and to nothing else.

    None where the surroundings name a proxy for it: then that looks names up, and decides.
    """
    allowed = AllowedHosts.named(url, setting)
    named = allowed.hosts[0]
    if getproxies().get(named.scheme) and not proxy_bypass(named.host):
        return None
    return transport(allowed, limits)


def _inner(address: Address) -> Address:
    """Return the address that another one stands for."""
    if isinstance(address, IPv4Address):
        return address
    held = any(address in network for network in _HOLD_IPV4) and not address.is_loopback
    if held or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return (
        address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
    )


def _network(word: str) -> Network | None:
    try:
        return ip_network(word)
    except ValueError:
        return None


def _host(word: str) -> AllowedHost:
    try:
        parts = urlsplit(word if "://" in word else f"https://{word}")
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if not parts.hostname or parts.scheme not in PORTS or parts.path not in {"", "/"}:
        raise SettingsError(
            f"MORGUE_WEBHOOKS: {shown(word)!r} is no host and no network",
            "write hooks.example.org, http://10.0.0.7:8080 or 10.0.0.0/8",
        )
    return AllowedHost(scheme=parts.scheme, host=parts.hostname, port=port)
