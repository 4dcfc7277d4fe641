"""Alerts to a webhook: signed, and only where an admin allows.

Signed as Standard Webhooks has it, so that libraries of most languages can check it. Where one may
go is for `ingest.outbound` to say.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime

import httpx

from ingest.errors import MorgueError
from ingest.outbound import AllowedHosts, transport

_SECONDS = 10.0


class NotSent(MorgueError):
    """A message that could not be sent; it may be tried again."""


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
    parts, _ = allowed.look(url)
    try:
        with (
            httpx.Client(trust_env=False, timeout=_SECONDS, transport=transport(allowed)) as client,
            client.stream(
                "POST", url, content=body,
                headers={"Content-Type": "application/json", "User-Agent": "Morgue", **headers},
            ) as reply,
        ):  # fmt: skip
            status = reply.status_code
    except httpx.HTTPError as error:
        raise NotSent(f"{parts.hostname} cannot be reached: {type(error).__name__}") from error
    if not 200 <= status < 300:
        raise NotSent(f"{parts.hostname} answered {status}")
