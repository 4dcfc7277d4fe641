-- What schema 3 adds to schema 2.

-- The files that were read to their end: as what (size, times and how they were read), under
-- which name their articles are kept, and how many these were.
CREATE TABLE files (path TEXT PRIMARY KEY, stamp TEXT NOT NULL, file TEXT NOT NULL,
    articles INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX files_by_name ON files (file);
