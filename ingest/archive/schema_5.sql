-- What schema 5 adds to schema 4.

-- Whoever is named as a speaker, each name once, and the words by which names are found.
CREATE TABLE speakers (v INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE speaker_words (word TEXT NOT NULL, v INTEGER NOT NULL, PRIMARY KEY (word, v))
    WITHOUT ROWID;

-- What an article says that a speaker is ("environment minister"), by its words.
CREATE TABLE speaker_roles (word TEXT NOT NULL, a INTEGER NOT NULL, v INTEGER NOT NULL,
    PRIMARY KEY (word, a, v)) WITHOUT ROWID;
CREATE INDEX speaker_roles_by_article ON speaker_roles (a);

-- Who said what in the version of each article that is on the shelf: spans of its text. `v` is
-- whom the rules suggest, `named` whether the sentence itself names them.
CREATE TABLE statements (
    a INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    manner TEXT NOT NULL,            -- direct, mixed, indirect
    v INTEGER,
    speaker_start INTEGER, speaker_end INTEGER, cue_start INTEGER, cue_end INTEGER,
    role_start INTEGER, role_end INTEGER,
    labelled INTEGER NOT NULL, named INTEGER NOT NULL,
    denied INTEGER NOT NULL, hedged INTEGER NOT NULL,
    words INTEGER NOT NULL           -- the hash of its words, however they are written
);
CREATE INDEX statements_by_article ON statements (a, start);
CREATE INDEX statements_by_speaker ON statements (v, a);

-- Which articles were read for statements, and by which extractor.
CREATE TABLE heard (a INTEGER PRIMARY KEY, extractor TEXT NOT NULL);
