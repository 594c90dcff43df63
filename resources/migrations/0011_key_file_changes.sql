-- Changes of the key file and of the database that stand or fall together. Times as in 0001.

CREATE TABLE key_file_change (              -- at most one row: what the key file is being changed to, and why
    pk         INTEGER PRIMARY KEY CHECK (pk = 1),
    digest     BLOB NOT NULL CHECK (length(digest) = 32), -- SHA-256 of the file as it is going to be
    account    TEXT NOT NULL,               -- who changes it, as in the audit entry that is written when it is done
    role       TEXT NOT NULL,
    device     TEXT NOT NULL,
    action     TEXT NOT NULL,
    category   TEXT NOT NULL,
    detail     TEXT NOT NULL,
    superseded TEXT NOT NULL,               -- account id of whose older passwords open nothing any more; '': nobody's
    slot_floor INTEGER NOT NULL,            -- of that account from then on
    verifier   TEXT NOT NULL                -- of the new password, to be told to the server; '': there is none
) STRICT;
