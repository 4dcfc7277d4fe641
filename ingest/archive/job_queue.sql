-- What waits for workers, beside the tables of procrastinate in a schema of its own: files that
-- were handed over, with their bytes until they are read, and what did not work.
CREATE TABLE parcels (
    parcel BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch TEXT NOT NULL,                          -- of one `morgue ingest --queue`
    how TEXT NOT NULL,                            -- how it is to be read, as JSON
    files INTEGER NOT NULL,
    job BIGINT,
    handed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    progress TEXT,                                -- how far somebody has come, as JSON
    report TEXT,                                  -- what it gave, as JSON, once it is read
    read_at TIMESTAMPTZ
);
CREATE INDEX parcels_batch ON parcels (batch);
CREATE INDEX parcels_unread ON parcels (parcel) WHERE report IS NULL;

-- `main` is the file beside which another is to lie, as the pages of a METS file do: with it, it
-- is read.
CREATE TABLE parcel_files (
    parcel BIGINT NOT NULL REFERENCES parcels ON DELETE CASCADE,
    n INTEGER NOT NULL,
    main INTEGER,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (parcel, n)
);
CREATE INDEX parcel_files_name ON parcel_files (name, digest);

CREATE TABLE parcel_bytes (
    parcel BIGINT NOT NULL REFERENCES parcels ON DELETE CASCADE,
    n INTEGER NOT NULL,
    part INTEGER NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (parcel, n, part)
);

-- What did not work, until it does; `again` is when it is tried again, NULL where it is given up.
CREATE TABLE troubles (
    key TEXT PRIMARY KEY,
    job BIGINT,
    task TEXT NOT NULL,
    about TEXT NOT NULL,
    why TEXT NOT NULL,
    advice TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now(),
    again TIMESTAMPTZ,
    tries INTEGER NOT NULL DEFAULT 1              -- that failed: one left to another did not
);
CREATE INDEX troubles_job ON troubles (job);

-- Up to which of its migrations procrastinate's tables are.
CREATE TABLE laid_out (migration TEXT NOT NULL);
