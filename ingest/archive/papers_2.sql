-- What several who serve behind one address must know of each other: files that one accepted, with
-- their bytes until they are read, and what is counted of whoever asks.
CREATE TABLE accepted (
    id TEXT COLLATE "C" PRIMARY KEY,
    place TEXT NOT NULL,                          -- the host and folder that reads it
    heard TIMESTAMPTZ NOT NULL DEFAULT now(),     -- when that was last heard of
    owner TEXT NOT NULL,
    key TEXT,                                     -- the request's own name for it
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    how TEXT NOT NULL,                            -- how it is to be read, as JSON
    standing TEXT,                                -- how far it has come, as JSON
    over BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE UNIQUE INDEX accepted_key ON accepted (owner, key) WHERE key IS NOT NULL;

CREATE TABLE accepted_bytes (
    id TEXT COLLATE "C" NOT NULL REFERENCES accepted ON DELETE CASCADE,
    part INTEGER NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (id, part)
);

CREATE TABLE tallies (
    name TEXT COLLATE "C" PRIMARY KEY, number DOUBLE PRECISION, at DOUBLE PRECISION
);
