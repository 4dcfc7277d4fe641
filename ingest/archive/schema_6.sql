-- What schema 6 adds: searches that somebody saved, and what they found since.

-- The change by which the version on the shelf came there.
ALTER TABLE articles ADD COLUMN put_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX articles_by_put ON articles (put_at);

-- A saved search. `owner` is the id of a key, '' for who works on the machine itself; `filters`
-- are JSON, narrowed to what the owner may see. `token` is the hash of the feed's. `words_at` and
-- `meaning_at` are the changes up to which was looked, by words and by meaning, `looked_at` when.
CREATE TABLE watches (
    w INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL,
    kind TEXT NOT NULL,              -- words, meaning, both; cited: what the owner's answers cite
    filters TEXT NOT NULL,
    webhook TEXT, secret TEXT, mail TEXT, token BLOB,
    words_at INTEGER NOT NULL, meaning_at INTEGER NOT NULL,
    looked_at TEXT NOT NULL, created_at TEXT NOT NULL,
    UNIQUE (owner, name)
);
CREATE INDEX watches_by_token ON watches (token);

-- The articles that a watch told of, or that were cited, and the hashes of what was said of them.
CREATE TABLE watched (w INTEGER NOT NULL, a INTEGER NOT NULL, told TEXT NOT NULL,
    PRIMARY KEY (w, a)) WITHOUT ROWID;
CREATE INDEX watched_by_article ON watched (a);

-- What was told: a place in an article, and of a correction the hash of its notice. No words.
CREATE TABLE alerts (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    w INTEGER NOT NULL, a INTEGER NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, part TEXT NOT NULL, found_by TEXT NOT NULL,
    notice TEXT, at TEXT NOT NULL
);
CREATE INDEX alerts_by_watch ON alerts (w, n);
CREATE INDEX alerts_by_article ON alerts (a);

-- What must still be sent: the alerts of a watch from one number to another, by which way.
CREATE TABLE deliveries (
    d INTEGER PRIMARY KEY AUTOINCREMENT,
    w INTEGER NOT NULL, way TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, due TEXT NOT NULL, error TEXT
);
CREATE INDEX deliveries_by_watch ON deliveries (w);

-- What was erased on legal order, by hashes of ids and of texts, so that it is not taken in again.
CREATE TABLE erased (mark TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
