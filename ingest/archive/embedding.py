"""What is pending is embedded: every lead first, then the passages, newest first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ingest.archive import record
from ingest.archive.catalogue import Catalogue

if TYPE_CHECKING:
    from ingest.embed.embedders import Embedder

Of = Literal["leads", "passages"]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done and how much there is."""

_AT_ONCE = 256
_FOLLOWED_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedding:
    """Embed what is pending in a catalogue; `follow` is called every couple of thousand."""

    catalogue: Catalogue
    embedder: "Embedder"
    follow: Callable[[], None]
    progress: Progress | None

    def run(self, *, leads_only: bool = False) -> int:
        """Embed until nothing is pending; return how many leads and passages that were."""
        leads = self._embed("leads", self.catalogue.pending("leads"))
        if leads_only:
            return leads
        return leads + self._embed("passages", self.catalogue.pending("passages"))

    def some(self, of: Of, articles: Iterable[int]) -> int:
        """Embed what is pending of some articles; return how many leads or passages that were."""
        return self._embed(of, self.catalogue.pending(of, articles))

    def _embed(self, of: Of, pending: Sequence[int]) -> int:
        followed = 0
        for i in range(0, len(pending), _AT_ONCE):
            self._keep(self._texts(of, pending[i : i + _AT_ONCE]))
            if i - followed >= _FOLLOWED_AT_ONCE:
                self.follow()
                followed = i
            if self.progress:
                self.progress(of, min(i + _AT_ONCE, len(pending)), len(pending))
        return len(pending)

    def _keep(self, texts: dict[bytes, str]) -> None:
        if not texts:
            return
        vectors = self.embedder.passages(list(texts.values()))
        with self.catalogue.transaction():
            change = self.catalogue.new_change()
            kept = zip(texts, (v.tobytes() for v in vectors), strict=True)
            self.catalogue.keep_vectors(kept, change)

    def _texts(self, of: Of, ids: Sequence[int]) -> dict[bytes, str]:
        """Return what is embedded for leads or passages, each once, under its hash."""
        texts = {record.digest(text): text for text in self._each(of, ids)}
        # Equal words may have been embedded a moment ago, for another article.
        return {h: texts[h] for h in self.catalogue.lacking(texts)}

    def _each(self, of: Of, ids: Sequence[int]) -> Iterator[str]:
        if of == "leads":
            for _, article in self.catalogue.live(ids):
                yield record.lead_of(article)
        else:
            spans = self.catalogue.passages(ids)
            articles = dict(self.catalogue.live({a for a, _ in spans.values()}))
            for p in ids:
                a, passage = spans[p]
                yield record.context_of(articles[a], passage)
