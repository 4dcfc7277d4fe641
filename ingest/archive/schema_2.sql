-- What schema 2 adds to schema 1.

-- What copies of a dispatch are found by: a few of the runs of words of each body.
CREATE TABLE sketches (hash INTEGER NOT NULL, a INTEGER NOT NULL, PRIMARY KEY (hash, a))
    WITHOUT ROWID;
CREATE INDEX sketches_by_article ON sketches (a);

-- Other keys under which an article was given: its address, another file with the same text.
-- `text_hash` is of what was last given under the key; NULL where nothing was yet.
CREATE TABLE aliases (article_id TEXT PRIMARY KEY, a INTEGER NOT NULL, text_hash BLOB,
    file TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX aliases_by_article ON aliases (a);

-- Which article says what of another, by any key of it, whether that one is here yet or not.
CREATE TABLE corrections (source INTEGER NOT NULL, article_id TEXT NOT NULL, code TEXT NOT NULL,
    text TEXT NOT NULL, PRIMARY KEY (article_id, source)) WITHOUT ROWID;
CREATE INDEX corrections_by_source ON corrections (source);

ALTER TABLE articles ADD COLUMN retracted INTEGER NOT NULL DEFAULT 0;

-- Which files stood in a folder that was ingested, as they are named in it.
CREATE TABLE folders (root TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (root, file))
    WITHOUT ROWID;
