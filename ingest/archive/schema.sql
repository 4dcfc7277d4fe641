-- The catalogue: the only truth of an archive. Schema number 1.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- One row an article that is live. `a` is never used again once its article is dropped.
CREATE TABLE articles (
    a INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    outlet TEXT, language TEXT, section TEXT, collection TEXT,
    day INTEGER,                     -- YYYYMMDD, UTC
    embargo TEXT,                    -- RFC 3339, UTC
    story BLOB NOT NULL,             -- what makes copies of one dispatch the same
    lead BLOB NOT NULL               -- the hash of what is embedded for its lead
);
CREATE INDEX articles_by_story ON articles (story);
CREATE INDEX articles_by_day ON articles (day);
CREATE INDEX articles_by_lead ON articles (lead);

-- Every version that was ever read. `record` is the article without its text, as JSON.
CREATE TABLE versions (
    a INTEGER NOT NULL, version INTEGER NOT NULL,
    seen_at TEXT NOT NULL, text_hash BLOB NOT NULL,
    record TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (a, version)
);

-- The passages of each article's newest version: spans of its text.
CREATE TABLE passages (
    p INTEGER PRIMARY KEY AUTOINCREMENT,
    a INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    part TEXT NOT NULL, author TEXT,
    hash BLOB NOT NULL               -- of what is embedded for it
);
CREATE INDEX passages_by_article ON passages (a);
CREATE INDEX passages_by_hash ON passages (hash);

CREATE TABLE vectors (hash BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;

-- Which paragraph stands in which article of an outlet: what recurs is no reporting.
CREATE TABLE blocks (outlet TEXT NOT NULL, hash INTEGER NOT NULL, a INTEGER NOT NULL,
    PRIMARY KEY (outlet, hash, a)) WITHOUT ROWID;
CREATE INDEX blocks_by_article ON blocks (a);
CREATE TABLE recurring (outlet TEXT NOT NULL, hash INTEGER NOT NULL,
    PRIMARY KEY (outlet, hash)) WITHOUT ROWID;

-- What the followers have to look at again: many rows a change, one change a transaction.
CREATE TABLE changes (n INTEGER NOT NULL, what TEXT NOT NULL, id INTEGER NOT NULL,
    PRIMARY KEY (n, what, id)) WITHOUT ROWID;

CREATE TABLE failed (file TEXT NOT NULL, place TEXT NOT NULL, why TEXT NOT NULL,
    seen_at TEXT NOT NULL, PRIMARY KEY (file, place)) WITHOUT ROWID;
