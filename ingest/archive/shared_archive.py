"""An archive of which a worker writes the catalogue alone; this host's index follows by itself."""

import contextlib
from collections.abc import Iterator, Sequence

from ingest.archive import change_log, statement_store
from ingest.archive.archive import Archive
from ingest.archive.embedding import Embedding, Of, Progress
from ingest.archive.sqlite import ours
from ingest.errors import ArchiveBusy


class SharedArchive(Archive):
    """An archive whose catalogue several processes write, of this folder too, at the same time.

    They take turns transaction by transaction in the database. The folder, and its lock, is left
    to whoever serves from it; `follow_here` brings the index by words up to date where nobody does.
    """

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Write to the catalogue for a block; nothing of the folder is locked."""
        with ours(self.folder):
            yield

    def follow(self) -> None:
        """Do nothing: the indexes follow when the folder is free."""

    def _follow_words(self) -> None:
        """Do nothing, as `follow`."""

    def follow_here(self) -> bool:
        """Let the index by words follow; tell whether it may: whoever serves here does it else."""
        if self.words.at == self.catalogue.change:
            return True
        if not self.lock.free():
            return False
        with contextlib.suppress(ArchiveBusy), super().writing():
            self.words.follow(self.catalogue)
            others = [place.bookmark.read().change for place in self._places()]
            reached = [self.words.at, *filter(None, others)]
            change_log.followed(self.catalogue, self.folder, reached)
            return True
        return False

    def embed_some(self, of: Of, articles: Sequence[int], progress: Progress) -> int:
        """Embed what is pending of some articles; return how much that was.

        Raises EmbedderMismatch where the archive's vectors are another embedder's.
        """
        embedder = self._matching()
        if embedder is None:
            return 0
        if self.catalogue.meta("embedder") != embedder.fingerprint:
            self.catalogue.set_meta("embedder", embedder.fingerprint)
        embedding = Embedding(
            catalogue=self.catalogue, embedder=embedder, follow=self.follow, progress=progress
        )
        return embedding.some(of, articles)

    def hear_some(self, articles: Sequence[int]) -> None:
        """Find who said what in some articles, where that was not done."""
        unheard = set(statement_store.unheard(self.catalogue, articles))
        statement_store.hear(self.catalogue, [a for a in articles if a in unheard])

    def unembedded(self, most: int = 20_000) -> list[int]:
        """Return articles of which something has no vector, the newest first."""
        rows = self.catalogue.connection.execute(
            "SELECT a FROM articles WHERE NOT EXISTS (SELECT 1 FROM vectors WHERE hash = lead)"
            " OR EXISTS (SELECT 1 FROM passages p LEFT JOIN vectors v ON v.hash = p.hash"
            " WHERE p.a = articles.a AND v.hash IS NULL) ORDER BY day DESC NULLS LAST, a LIMIT ?",
            (most,),
        )
        return [int(a) for (a,) in rows]
