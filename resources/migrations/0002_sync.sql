-- Reconciling with a central server. Times as in 0001.

ALTER TABLE resource ADD COLUMN author TEXT;        -- account id of who last edited it here; NULL: nobody did
ALTER TABLE resource ADD COLUMN seen_sweep INTEGER NOT NULL DEFAULT 0; -- the newest sweep that met it at the server

-- Edits with the same unit are sent in one transaction, or dropped together.
ALTER TABLE edit ADD COLUMN unit TEXT;
CREATE INDEX edit_unit ON edit (unit) WHERE unit IS NOT NULL;

CREATE TABLE server_link (                  -- at most one row: the server this workstation belongs to
    pk          INTEGER PRIMARY KEY CHECK (pk = 1),
    kind        TEXT NOT NULL CHECK (kind IN ('yarrow', 'fhir')),
    url         TEXT NOT NULL,              -- without a slash at the end; kind fhir: the FHIR base
    client_id   TEXT NOT NULL,              -- '' where there is none
    key_name    TEXT NOT NULL,              -- under which the OS key store has the private key or the bearer token
    ca_pem      TEXT NOT NULL,              -- the one authority that is trusted; '': those of the system
    account     TEXT NOT NULL,              -- account id of who enrolled it
    enrolled_at TEXT NOT NULL,
    paused      INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    stopped     TEXT NOT NULL DEFAULT '',   -- why nothing is exchanged until somebody acts; '': nothing is wrong
    dialect     TEXT NOT NULL DEFAULT ''    -- JSON: what was found out about a FHIR server
) STRICT;

CREATE TABLE server_account (               -- accounts whose id at the server is another than here
    account TEXT PRIMARY KEY,
    remote  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE remote_id (                    -- records that a server gave an id of its own
    type   TEXT NOT NULL,
    local  TEXT NOT NULL,
    remote TEXT NOT NULL,
    PRIMARY KEY (type, local),
    UNIQUE (type, remote)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (                   -- how far each feed has been read
    feed      TEXT PRIMARY KEY,             -- '': of the whole clinic; a resource type where servers are asked by type
    epoch     TEXT NOT NULL,
    scope     TEXT NOT NULL,
    since     TEXT NOT NULL,                -- the server's text; '': from the beginning
    newest    TEXT NOT NULL,                -- versionId of the newest version taken from it; '': none
    page_link TEXT NOT NULL,                -- the page to go on with; '': none
    sweep     INTEGER NOT NULL,             -- the sweep under way; 0: none
    reason    TEXT NOT NULL                 -- why there is a sweep: first, epoch, scope, digest, floor, asked
) STRICT, WITHOUT ROWID;

CREATE TABLE bulk_export (                  -- at most one row: the first exchange, when it comes as files
    pk         INTEGER PRIMARY KEY CHECK (pk = 1),
    status_url TEXT NOT NULL,               -- where the server tells how far it is
    manifest   TEXT NOT NULL,               -- '': not ready yet
    next_file  INTEGER NOT NULL             -- of the manifest's output; those before it are stored
) STRICT;

CREATE TABLE feed_summary (                 -- of what the server is known to hold: compared with what it says
    pk     INTEGER PRIMARY KEY CHECK (pk = 1),
    live   INTEGER NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 16),
    last_sweep INTEGER NOT NULL             -- the greatest number that a sweep ever had
) STRICT;
INSERT INTO feed_summary (pk, live, digest, last_sweep) VALUES (1, 0, zeroblob(16), 0);

CREATE TABLE push (                         -- one per record whose upload has no known fate yet
    resource  INTEGER PRIMARY KEY REFERENCES resource (pk),
    op        TEXT NOT NULL UNIQUE,
    up_to     INTEGER NOT NULL,             -- edit.seq: this one and those before it are in it
    author    TEXT NOT NULL,                -- account id
    unit      TEXT,
    document  TEXT,                         -- the bytes sent; NULL: a deletion
    version   TEXT,                         -- that it was made from; NULL: a new record
    at        TEXT NOT NULL
) STRICT;

CREATE TABLE audit_acknowledged (           -- at most one row: how far the server has the audit chain
    pk           INTEGER PRIMARY KEY CHECK (pk = 1),
    incarnation  TEXT NOT NULL,             -- of the newest entry it has
    seq          INTEGER NOT NULL,
    hash         TEXT NOT NULL,             -- hexadecimal
    signed       INTEGER NOT NULL,          -- number of the incarnation's newest signed checkpoint; 0: none
    in_key_store INTEGER NOT NULL CHECK (in_key_store IN (0, 1)) -- the OS key store remembers it, or one before it
) STRICT;

CREATE TABLE refetch (                      -- the server has a newer version that could not be taken yet
    type TEXT NOT NULL,
    id   TEXT NOT NULL,
    PRIMARY KEY (type, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE booking_check (                -- appointments from a server that takes double bookings, not compared yet
    id TEXT PRIMARY KEY                     -- FHIR id
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (                   -- edits the server refused; they wait for a person
    resource INTEGER PRIMARY KEY REFERENCES resource (pk),
    up_to    INTEGER NOT NULL,              -- edit.seq
    status   INTEGER NOT NULL,              -- HTTP's
    code     TEXT NOT NULL,
    outcome  TEXT NOT NULL,                 -- OperationOutcome, or ''
    attempts INTEGER NOT NULL,
    since    TEXT NOT NULL
) STRICT;

CREATE TABLE exchange (                     -- the last exchanges, for the Sync Centre
    pk          INTEGER PRIMARY KEY,
    at          TEXT NOT NULL,
    seconds     REAL NOT NULL,
    pulled      INTEGER NOT NULL,
    pushed      INTEGER NOT NULL,
    merged      INTEGER NOT NULL,
    conflicts   INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    outcome     TEXT NOT NULL,              -- '' when all went well, else what stopped it
    note        TEXT NOT NULL               -- '' or what people should know of the audit chain
) STRICT;

-- Projection of conflict Tasks, rebuilt exactly from their bodies. pk is resource.pk of the Task.
CREATE TABLE conflict_index (
    pk          INTEGER PRIMARY KEY,
    id          TEXT NOT NULL,              -- FHIR id of the Task
    kind        TEXT NOT NULL,              -- elements, edit-deleted, delete-edited, booking
    focus_type  TEXT NOT NULL,
    focus_id    TEXT NOT NULL,
    open        INTEGER NOT NULL CHECK (open IN (0, 1)),
    detected_at TEXT NOT NULL
) STRICT;
CREATE INDEX conflict_focus ON conflict_index (focus_type, focus_id) WHERE open = 1;
CREATE INDEX conflict_open ON conflict_index (detected_at) WHERE open = 1;
