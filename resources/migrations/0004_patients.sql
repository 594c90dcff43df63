-- Record numbers, possible duplicates, and the words under which patients are found in other spellings. Times as in
-- 0001.

CREATE TABLE mrn_lease (                    -- blocks of numbers that this workstation may give to patients
    pk     INTEGER PRIMARY KEY,
    holder TEXT NOT NULL,                   -- '': the clinic's own; else the server and incarnation it was leased for
    next   INTEGER NOT NULL,                -- last + 1 when all are given
    last   INTEGER NOT NULL
) STRICT;

CREATE TABLE mrn_due (                      -- patients who get a number as soon as there is one
    patient TEXT PRIMARY KEY,               -- FHIR id
    account TEXT NOT NULL                   -- account id of who registered them
) STRICT, WITHOUT ROWID;

CREATE TABLE duplicate_scan (               -- exactly one row: up to which change patients were compared with the others
    pk         INTEGER PRIMARY KEY CHECK (pk = 1),
    changed_at INTEGER NOT NULL,
    patient    INTEGER NOT NULL             -- resource.pk of the last one of that time
) STRICT;
INSERT INTO duplicate_scan (pk, changed_at, patient) VALUES (1, -1, 0);

-- Projection of the Tasks about possible duplicates, rebuilt exactly from their bodies. pk is resource.pk of the Task.
CREATE TABLE duplicate_index (
    pk     INTEGER PRIMARY KEY,
    id     TEXT NOT NULL,                   -- FHIR id of the Task
    first  TEXT NOT NULL,                   -- FHIR ids of the two patients, in order of text
    second TEXT NOT NULL,
    state  TEXT NOT NULL CHECK (state IN ('open', 'different', 'merged', 'unmerged')),
    at     TEXT NOT NULL                    -- when it was found
) STRICT;
CREATE INDEX duplicate_first ON duplicate_index (first);
CREATE INDEX duplicate_second ON duplicate_index (second);
CREATE INDEX duplicate_open ON duplicate_index (at) WHERE state = 'open';

-- Two more marks than before: see search_tokens.h.
DROP TABLE patient_fts;
CREATE VIRTUAL TABLE patient_fts USING fts5 (
    tokens, content = '', detail = none, columnsize = 0, prefix = '1 2 3',
    tokenize = "ascii tokenchars '#@~=&'"
);
INSERT INTO patient_fts (patient_fts, rank) VALUES ('hashsize', 16777216);

CREATE TABLE projection_due (               -- a row: the projections are made anew when the clinic is next opened
    pk INTEGER PRIMARY KEY CHECK (pk = 1)
) STRICT;
INSERT INTO projection_due (pk) SELECT 1 FROM patient_index LIMIT 1;
