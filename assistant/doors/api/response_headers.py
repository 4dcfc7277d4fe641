"""What every response tells a browser, whoever made it: nothing is guessed, framed or kept."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GUARDS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy of what is no page."""
UNKEPT = "private, no-store"
"""An answer is for whoever asked, with their key: no proxy keeps it, nor the disk of a browser."""
_SHIPPED = ("/static/", "/assets/", "/svelte/", "/theme.css", "/favicon.ico")
"""What came with the program and is everybody's: the page's framework says how long it lasts."""
REFUSED: Mapping[str, str] = {**GUARDS, "Content-Security-Policy": NOTHING, "Cache-Control": UNKEPT}
"""What a refusal carries that nobody's route made: of a request whose head never came."""


class GuardedResponses:
    """Gives each response what it says nothing of itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _guard(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, guarded)


def _guard(headers: MutableHeaders, path: str) -> None:
    for name, value in REFUSED.items():
        if name != "Cache-Control" or not path.startswith(_SHIPPED):
            headers.setdefault(name, value)
