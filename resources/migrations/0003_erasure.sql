-- Records erased at a patient's demand. Times as in 0001.

ALTER TABLE resource ADD COLUMN erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1)); -- and deleted, for good
CREATE INDEX resource_erased ON resource (pk) WHERE erased = 1;

CREATE TABLE rewrite_due (                  -- at most one row: free pages and the log may still hold what was erased
    pk        INTEGER PRIMARY KEY CHECK (pk = 1),
    rewritten INTEGER NOT NULL CHECK (rewritten IN (0, 1)) -- 1: only the log is left to be emptied
) STRICT;

CREATE TABLE erasure_request (              -- what an administrator wants the server to erase
    patient      TEXT PRIMARY KEY,          -- FHIR id
    legal_ground TEXT NOT NULL,
    reason       TEXT NOT NULL,
    account      TEXT NOT NULL,             -- account id of who asked
    at           TEXT NOT NULL,
    refusal      TEXT NOT NULL DEFAULT ''   -- the server's code; '': not asked yet, or no answer yet
) STRICT, WITHOUT ROWID;
