"""Alerts to a webhook: signed, and only where an admin allows.

Signed as Standard Webhooks has it, so that libraries of most languages can check it. Nothing is
sent to an address of a private network unless the settings name it: the name is looked up once,
and what was looked at is what is connected to.
"""

import hmac
import socket
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Self
from urllib.parse import SplitResult, urlsplit

import httpx

from ingest.errors import MorgueError, SettingsError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SECONDS = 10.0
_PORTS = {"https": 443, "http": 80}
_NAT64 = ip_network("64:ff9b::/96")


class NotSent(MorgueError):
    """A message that could not be sent; it may be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedHost:
    """A host that webhooks may go to: by which scheme, at which port if one is named."""

    scheme: str
    host: str
    port: int | None

    def fits(self, url: SplitResult, port: int) -> bool:
        """Tell whether an address is of this host."""
        host = (url.hostname or "").rstrip(".")
        below = self.host.startswith(".") and host.endswith(self.host)
        return (
            url.scheme == self.scheme
            and (host == self.host or below)
            and port == (self.port or _PORTS[self.scheme])
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedHosts:
    """The hosts and networks of a setting."""

    hosts: tuple[AllowedHost, ...]
    networks: tuple[Network, ...]

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

    def look(self, url: str) -> tuple[SplitResult, int]:
        """Return the parts of an address that webhooks may go to, and its port.

        Raises SettingsError for any other, before its name is looked up.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            parts, port = urlsplit(""), 0
        if not parts.hostname or not port or parts.username is not None or parts.fragment:
            raise SettingsError(
                f"{_shown(url)!r} is no address for a webhook", "write it like https://host/path"
            )
        if not any(host.fits(parts, port) for host in self.hosts):
            raise SettingsError(
                f"no webhook may go to {parts.scheme}://{parts.hostname}:{port}",
                "an admin allows hosts in MORGUE_WEBHOOKS",
            )
        return parts, port

    def reachable(self, parts: SplitResult, port: int) -> str:
        """Return the address to connect to: looked up once, and every one of them allowed.

        Raises SettingsError where any is of a network that is not for everybody.
        """
        try:
            found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NotSent(f"the name {parts.hostname!r} is not known: {error}") from error
        addresses = [str(address[4][0]) for address in found]
        for address in addresses:
            if not self._open(ip_address(address.partition("%")[0])):
                raise SettingsError(
                    f"{parts.hostname!r} is at {address}, which is not for everybody",
                    "if that is meant, name its network in MORGUE_WEBHOOKS: 10.0.0.0/8",
                )
        return addresses[0]

    def _open(self, address: Address) -> bool:
        inner = _inner(address)
        if any(inner in network for network in self.networks if network.version == inner.version):
            return True
        return inner.is_global and not inner.is_multicast


def _inner(address: Address) -> Address:
    """Return the address that another one stands for."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
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
    if not parts.hostname or parts.scheme not in _PORTS or parts.path not in {"", "/"}:
        raise SettingsError(
            f"MORGUE_WEBHOOKS: {word!r} is no host and no network",
            "write hooks.example.org, http://10.0.0.7:8080 or 10.0.0.0/8",
        )
    return AllowedHost(scheme=parts.scheme, host=parts.hostname, port=port)


def _shown(url: str) -> str:
    return url if len(url) <= 100 else f"{url[:100]}..."


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Return the headers by which whoever has the secret knows that a message is ours."""
    stamp = str(int(at.timestamp()))
    key = b64decode(secret.removeprefix("whsec_"))
    signed = hmac.digest(key, f"{message_id}.{stamp}.".encode() + body, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{b64encode(signed).decode()}",
    }


def post(url: str, body: bytes, headers: Mapping[str, str], allowed: AllowedHosts) -> None:
    """Send a document to a webhook. Raises NotSent where it was not taken.

    Nothing is followed to another address, and no proxy is asked.
    """
    parts, port = allowed.look(url)
    address = allowed.reachable(parts, port)
    at = f"[{address}]" if ":" in address else address
    to = parts._replace(netloc=f"{at}:{port}").geturl()
    try:
        with (
            httpx.Client(trust_env=False, timeout=_SECONDS) as client,
            client.stream(
                "POST", to, content=body,
                headers={"Host": parts.netloc, "Content-Type": "application/json",
                         "User-Agent": "Morgue", **headers},
                extensions={"sni_hostname": parts.hostname},
            ) as reply,
        ):  # fmt: skip
            status = reply.status_code
    except httpx.HTTPError as error:
        raise NotSent(f"{parts.hostname} cannot be reached: {type(error).__name__}") from error
    if not 200 <= status < 300:
        raise NotSent(f"{parts.hostname} answered {status}")
