"""What makes an article the same article: its key, and the id that never changes."""

import json
import re
from functools import lru_cache
from hashlib import blake2s
from urllib.parse import SplitResult, urlsplit

from ingest.article import RawArticle

# Parameters that say how a reader came to the page, not which page it is.
_TRACKERS = re.compile(
    r"(utm_\w+|mtm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_[ce]id"
    r"|ocid|cmpid|ncid|ito|_ga|__twitter_impression|smid|cid_source)=?.*",
    re.IGNORECASE,
)
# As the Wayback Machine and what is built like it name a capture: the moment, then the address.
_CAPTURE = re.compile(
    r"https?://[^/\s]{3,100}/(?:[\w-]{1,40}/){0,2}(?:\d{14}|\d{4,8})(?:[a-z]{2}_)?/(https?:/{1,2}\S+)",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}


def key(raw: RawArticle, outlet: str | None) -> str:
    """Return the key: collection, then outlet and given id, else URL, else file and record."""
    collection = raw.collection or ""
    if raw.id:
        return json.dumps([collection, "id", outlet or "", raw.id])
    url = canonical_url(raw.url or "")
    if url:
        return json.dumps([collection, "url", url])
    return json.dumps([collection, "file", raw.file, raw.record])


def kind(key: str) -> str:
    """Return what a key rests on: "id", "url" or "file"."""
    try:
        return str(json.loads(key)[1])
    except (ValueError, LookupError, TypeError):
        return "id"


def by_address(collection: str | None, url: str | None) -> str | None:
    """Return the id that an article has by its address alone; None where that tells nothing.

    The front page of a site is the address of no article.
    """
    canonical = canonical_url(url or "")
    if canonical is None or (urlsplit(canonical).path == "/" and not urlsplit(canonical).query):
        return None
    return article_id(json.dumps([collection or "", "url", canonical]))


def corrected(raw: RawArticle, outlet: str | None) -> tuple[str, ...]:
    """Return the ids, any of which may be that of the article that this one corrects."""
    if not raw.corrects:
        return ()
    by_id = article_id(json.dumps([raw.collection or "", "id", outlet or "", raw.corrects]))
    address = by_address(raw.collection, raw.corrects)
    return (by_id, address) if address else (by_id,)


def article_id(key: str) -> str:
    """Return the key's hash: 16 hexadecimal digits."""
    return blake2s(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@lru_cache(maxsize=1_000)
def canonical_url(url: str) -> str | None:
    """Return the form that all spellings of a web address share; None where it is none.

    The scheme, the case of the host, a fragment, trackers and a slash at the end do not count.
    """
    parts = web_address(url)
    if parts is None:
        return None
    host = (parts.hostname or "").rstrip(".")
    port = _port(parts)
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not _TRACKERS.fullmatch(pair)
    )
    path = parts.path.rstrip("/") or "/"
    fragment = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""  # an old AJAX page
    return f"https://{host}{port}{path}{'?' + query if query else ''}{fragment}"


def captured_address(url: str) -> str | None:
    """Return the address of the page that a web archive's address is of, None of any other."""
    found = _CAPTURE.fullmatch(url.strip()) if "/http" in url else None
    return re.sub(r"^(https?:)/+", r"\1//", found[1], count=1) if found else None


def web_address(url: str) -> SplitResult | None:
    """Split a web address; None for any other scheme, and for what is no address."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets that do not close, a port that is no number
        return None
    return parts if usable else None


def _port(parts: SplitResult) -> str:
    usual = parts.port in {None, _PORTS[parts.scheme]}
    return "" if usual else f":{parts.port}"
