-- What schema 7 adds, as schema_7.sql does in SQLite.
CREATE INDEX passages_by_author ON passages (lower(author)) WHERE author IS NOT NULL;
