"""What a model says, made fit to be shown and kept before anybody else hears it."""

from collections.abc import Generator, Iterable, Sequence
from urllib.parse import urlsplit

from assistant.settings import Settings

_HIDDEN = "…"
_LINE_ENDS = "\v\f\x85\u2028\u2029"
_KEPT = "\n\t\r"
# Marks that turn the direction of all that follows let a reply show what it does not say.
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_PLAIN = str.maketrans(
    {
        **{
            chr(code): None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in _KEPT
        },
        **dict.fromkeys(_TURNS),
        **dict.fromkeys(_LINE_ENDS, "\n"),
    }
)


def whole(text: str) -> str:
    """Return a text in which each character is one: halves of a pair are joined or replaced."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def fit(deltas: Iterable[str], secrets: Sequence[str] = ()) -> Generator[str, None, None]:
    """Yield a reply without control characters, halves of characters and our own secrets.

    What may be the beginning of a secret, or half of a character, waits for what comes next.
    """
    held = half = ""
    for delta in deltas:
        raw = half + delta
        half = raw[-1:] if "\ud800" <= raw[-1:] <= "\udbff" else ""
        held = _hidden(held + _plain(raw[: len(raw) - len(half)]), secrets)
        cut = len(held) - _begun(held, secrets)
        if cut:
            yield held[:cut]
            held = held[cut:]
    if held or half:
        yield held + _plain(half)


def _plain(text: str) -> str:
    return whole(text).translate(_PLAIN)


def _hidden(text: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, _HIDDEN)
    return text


def _begun(text: str, secrets: Sequence[str]) -> int:
    """Return how many characters at the end may be the beginning of a secret."""
    longest = max(map(len, secrets), default=0)
    return next(
        (
            length
            for length in range(min(longest - 1, len(text)), 0, -1)
            if any(secret.startswith(text[-length:]) for secret in secrets)
        ),
        0,
    )


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Return what nobody must be shown, should a server or a reader have said it.

    What is shorter than eight characters ("none", "ollama") is a placeholder, not a secret.
    """
    key = settings.api_key.get_secret_value() if settings.api_key else None
    try:
        password = urlsplit(settings.base_url or "").password
    except ValueError:
        # Where no model is used, nobody has looked at the address.
        password = None
    return tuple(secret for secret in (key, password) if secret and len(secret) >= 8)
