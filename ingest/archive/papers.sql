-- What people leave with an archive, in a schema of its own beside the catalogue's: documents
-- (keys, accounts, sessions), answers on record, conversations with their questions.
CREATE TABLE documents (name TEXT COLLATE "C" PRIMARY KEY, version BIGINT NOT NULL, text TEXT);

CREATE TABLE records (id TEXT COLLATE "C" PRIMARY KEY, whose TEXT COLLATE "C" NOT NULL,
    text TEXT NOT NULL);
CREATE INDEX records_of ON records (whose, id);

CREATE TABLE talks (
    id TEXT COLLATE "C" PRIMARY KEY, archive TEXT COLLATE "C" NOT NULL,
    asker TEXT COLLATE "C" NOT NULL, title TEXT COLLATE "C" NOT NULL,
    began TEXT COLLATE "C" NOT NULL, touched TEXT COLLATE "C" NOT NULL,
    deleted TEXT COLLATE "C", shared_by TEXT COLLATE "C"
);
CREATE INDEX talks_of ON talks (archive, asker, touched);
CREATE TABLE turns (
    talk TEXT COLLATE "C" NOT NULL REFERENCES talks (id) ON DELETE CASCADE, n INTEGER NOT NULL,
    question TEXT COLLATE "C" NOT NULL, asked TEXT COLLATE "C" NOT NULL,
    record TEXT COLLATE "C",
    PRIMARY KEY (talk, n)
);
