-- What schema 7 adds: whose comments stand under which article, without reading every record.
CREATE INDEX passages_by_author ON passages (lower(author)) WHERE author IS NOT NULL;
