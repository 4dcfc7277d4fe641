"""Alerts by mail: one plain message, over TLS, only to whom an admin allows."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from assistant.doors.alerts.webhook import NotSent
from assistant.settings import Alerting
from ingest.errors import SettingsError

_SECONDS = 20.0
_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
_HERE = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Who takes mail, from whom it comes and to whom it may go."""

    server: SplitResult
    sender: str
    allowed: frozenset[str]

    @classmethod
    def read(cls, settings: Alerting) -> Self:
        """Read the settings. Raises SettingsError where no mail can be sent by them."""
        url = settings.smtp_url.get_secret_value() if settings.smtp_url else ""
        try:
            server = urlsplit(url)
            _ = server.port
        except ValueError:
            server = urlsplit("")
        if server.scheme not in _PORTS or not server.hostname:
            raise SettingsError(
                "no server is set that takes mail",
                "set MORGUE_SMTP_URL: smtps://USER:PASSWORD@HOST",
            )
        if server.scheme == "smtp+plain" and server.hostname not in _HERE:
            raise SettingsError(
                "MORGUE_SMTP_URL: without TLS, mail goes to this machine alone",
                "write smtps:// or smtp://",
            )
        if "@" not in parseaddr(settings.mail_from)[1]:
            raise SettingsError("no address is set that mail comes from", "set MORGUE_MAIL_FROM")
        allowed = frozenset(word.casefold() for word in settings.mail_to.split())
        return cls(server=server, sender=settings.mail_from, allowed=allowed)

    def look(self, addresses: Sequence[str]) -> None:
        """Raise SettingsError for an address to which no mail may go."""
        for address in addresses:
            name, bare = parseaddr(address)
            domain = f"@{bare.rpartition('@')[2]}"
            plain = not name and bare == address and bare.isascii() and bare.isprintable()
            if not plain or bare.count("@") != 1 or " " in bare:
                raise SettingsError(f"{address!r} is no address for mail", "write somebody@host")
            if not {bare.casefold(), domain.casefold()} & self.allowed:
                raise SettingsError(
                    f"no mail may go to {address!r}", "an admin allows addresses in MORGUE_MAIL_TO"
                )

    def send(self, to: Sequence[str], subject: str, text: str, message_id: str) -> None:
        """Send one message. Raises NotSent where the server does not take it."""
        self.look(to)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, ", ".join(to), subject
        message["Date"], message["Message-ID"] = formatdate(), f"<{message_id}@morgue.invalid>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        try:
            with self._connected() as server:
                server.send_message(message)
        except (smtplib.SMTPException, OSError) as error:
            # What a server says may hold the password that it was given.
            raise NotSent(f"the mail was not taken: {type(error).__name__}") from error

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        url, host = self.server, self.server.hostname or ""
        port = url.port or _PORTS[url.scheme]
        context = ssl.create_default_context()
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=_SECONDS)
        with server:
            if url.scheme == "smtp":
                server.starttls(context=context)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            yield server
