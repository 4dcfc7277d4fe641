-- What schema 4 adds to schema 3.

-- Newer versions whose embargo has not ended: the earlier one stays on the shelf until then.
CREATE TABLE waiting (a INTEGER NOT NULL, version INTEGER NOT NULL, until TEXT NOT NULL,
    PRIMARY KEY (a, version)) WITHOUT ROWID;
CREATE INDEX articles_by_embargo ON articles (embargo) WHERE embargo IS NOT NULL;

-- `retracted` is now what an article says of itself alone: what others say of it is read from
-- `corrections`, since not every reader may see who says it.
UPDATE articles SET retracted = 0 WHERE retracted AND a IN (SELECT a FROM articles
    JOIN corrections USING (article_id) WHERE code = 'retracted'
    UNION SELECT aliases.a FROM aliases JOIN corrections USING (article_id)
    WHERE code = 'retracted');

-- Paragraphs recur within a collection.
INSERT OR IGNORE INTO recurring SELECT DISTINCT x.collection || char(31) || r.outlet, r.hash
    FROM recurring r JOIN blocks b ON b.outlet = r.outlet AND b.hash = r.hash
    JOIN articles x ON x.a = b.a WHERE x.collection != '';
UPDATE blocks SET outlet = (SELECT x.collection FROM articles x WHERE x.a = blocks.a)
    || char(31) || outlet WHERE a IN (SELECT a FROM articles WHERE collection != '');
