"""The cookie of a session: its name, who may send and read it, and how it comes and goes."""

from dataclasses import dataclass
from typing import Self

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCookie:
    """A cookie for this site alone, which no script reads and no form of another site sends.

    By https it goes over https alone, under a name that no other host can set. `suffix` is for a
    second one, of a sign-in that is under way elsewhere.
    """

    secure: bool
    headers: Headers
    suffix: str = ""

    @classmethod
    def of(cls, scope: Scope, headers: Headers, site: str = "", suffix: str = "") -> Self:
        """Return the cookie of a request; `site` is the address by which browsers reach us."""
        return cls(secure=_encrypted(scope, headers, site), headers=headers, suffix=suffix)

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{'__Host-morgue' if self.secure else 'morgue'}{self.suffix}"

    @property
    def value(self) -> str:
        """What a request brings in it; nothing where it brings none."""
        found = ""
        for cookies in self.headers.getlist("cookie"):
            found = cookie_parser(cookies).get(self.name, found)
        return found

    def put(self, reply: Response, value: str, seconds: int) -> None:
        """Give it to a browser."""
        reply.set_cookie(
            self.name, value, max_age=seconds, path="/", secure=self.secure, httponly=True,
            samesite="lax",
        )  # fmt: skip

    def take(self, reply: Response) -> None:
        """Take it from a browser."""
        reply.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")


def _encrypted(scope: Scope, headers: Headers, site: str) -> bool:
    """Tell whether a browser came by https, to us or to what stands before us.

    Anybody is believed: who lies has a cookie that their own browser does not send. A proxy may
    not say it; then they came by https who came by the name of a `site` that is reached so.
    """
    told = headers.get("x-forwarded-proto", "").partition(",")[0].strip().lower()
    if told or scope.get("scheme") == "https":
        return "https" in {told, scope.get("scheme")}
    name = (headers.get("x-forwarded-host") or headers.get("host", "")).partition(",")[0].strip()
    return site == f"https://{name}"
