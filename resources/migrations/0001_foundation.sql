-- The clinic's records on one workstation. Every table is STRICT; times are UTC: INTEGER columns hold milliseconds
-- since 1970, TEXT ones FHIR instants.

CREATE TABLE clinic (                       -- exactly one row
    pk          INTEGER PRIMARY KEY CHECK (pk = 1),
    database_id TEXT NOT NULL,              -- bound into every key slot
    name        TEXT NOT NULL,
    zone        TEXT NOT NULL,              -- IANA name
    device_id   TEXT NOT NULL,              -- this workstation, in edits and audit entries
    incarnation TEXT NOT NULL,              -- names one audit chain; anew when a workstation is restored or copied
    digest_key  BLOB NOT NULL CHECK (length(digest_key) = 32), -- for digests of records about no patient
    created_at  TEXT NOT NULL
) STRICT;

CREATE TABLE account (                      -- who may sign in; never deleted, because audit entries name them
    pk           INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    user_name    TEXT NOT NULL UNIQUE COLLATE NOCASE,
    display_name TEXT NOT NULL,
    role         TEXT NOT NULL,
    active       INTEGER NOT NULL CHECK (active IN (0, 1)),
    created_at   TEXT NOT NULL
) STRICT;

CREATE TABLE patient_key (                  -- one row per patient ever named by a record
    pk       INTEGER PRIMARY KEY,
    patient  TEXT NOT NULL UNIQUE,          -- FHIR id
    hmac_key BLOB NOT NULL CHECK (length(hmac_key) = 32) -- keys the digests in the audit; destroyed by an erasure
) STRICT;

CREATE TABLE resource (
    pk           INTEGER PRIMARY KEY,
    type         TEXT NOT NULL,
    id           TEXT NOT NULL,             -- FHIR id, case-sensitive
    body         TEXT,                      -- the document the clinic sees now; NULL when deleted
    base         TEXT,                      -- the server's document that body was edited from
    version      TEXT,                      -- the server's; NULL until it first accepted the record
    last_updated TEXT,                      -- the server's, kept as text
    deleted      INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
    scope        TEXT,                      -- not used: what a workstation holds is the server's to say; always NULL
    revision     INTEGER NOT NULL DEFAULT 1, -- of this workstation, one more with every change of body
    changed_at   INTEGER NOT NULL,          -- of the newest revision
    patient      INTEGER REFERENCES patient_key (pk),
    UNIQUE (type, id),
    CHECK ((body IS NULL) = (deleted = 1))
) STRICT;
CREATE INDEX resource_patient ON resource (patient) WHERE patient IS NOT NULL;

CREATE TABLE edit (                         -- what no server has acknowledged yet, in the order it was made
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    resource     INTEGER NOT NULL REFERENCES resource (pk),
    author       TEXT NOT NULL,             -- account id
    device       TEXT NOT NULL,
    at           TEXT NOT NULL,
    server_epoch TEXT,                      -- not used; gone since 0012
    reason       TEXT,
    document     TEXT                       -- after the edit; NULL when the edit deleted the record
) STRICT;
CREATE INDEX edit_resource ON edit (resource, seq);

CREATE TABLE audit (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    incarnation   TEXT NOT NULL,
    at            TEXT NOT NULL,
    account       TEXT NOT NULL,            -- account id; '' before anybody could be known
    role          TEXT NOT NULL,
    device        TEXT NOT NULL,
    action        TEXT NOT NULL,
    category      TEXT NOT NULL,
    resource_type TEXT NOT NULL,            -- '' when the entry is about no resource
    resource_id   TEXT NOT NULL,
    patient       INTEGER REFERENCES patient_key (pk),
    resource      INTEGER,                  -- resource.pk, only to find the entries of a record; not in the hash
    outcome       TEXT NOT NULL,
    before_digest BLOB,                     -- HMAC-SHA-256 under the patient's key, or the clinic's
    after_digest  BLOB,
    reason        TEXT NOT NULL,
    detail        TEXT NOT NULL,
    previous      BLOB NOT NULL CHECK (length(previous) = 32),
    hash          BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX audit_patient ON audit (patient) WHERE patient IS NOT NULL;
CREATE INDEX audit_resource ON audit (resource) WHERE resource IS NOT NULL;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;

CREATE TABLE draft (                        -- what a person typed and did not save
    account TEXT NOT NULL,
    form    TEXT NOT NULL,
    content BLOB NOT NULL,
    at      TEXT NOT NULL,
    PRIMARY KEY (account, form)
) STRICT, WITHOUT ROWID;

-- Projections: rebuilt exactly from body. pk is resource.pk.

CREATE TABLE patient_index (
    pk         INTEGER PRIMARY KEY,
    id         TEXT NOT NULL,
    mrn        TEXT NOT NULL,
    name       TEXT NOT NULL,               -- "Family, Given"
    sort_name  TEXT NOT NULL,               -- the name folded for search
    birth_date TEXT NOT NULL,               -- FHIR date, '' when unknown
    sex        TEXT NOT NULL,               -- FHIR administrative-gender, '' when unknown
    phone      TEXT NOT NULL,
    active     INTEGER NOT NULL,
    deceased   INTEGER NOT NULL,
    tokens     TEXT NOT NULL,               -- what patient_fts holds of it; needed to take it out again
    changed_at INTEGER NOT NULL             -- resource.changed_at
) STRICT;
CREATE INDEX patient_changed ON patient_index (changed_at);

CREATE VIRTUAL TABLE patient_fts USING fts5 (
    tokens, content = '', detail = none, columnsize = 0, prefix = '1 2 3',
    tokenize = "ascii tokenchars '#@~'"  -- words come folded and parted by spaces; the marks: see search_tokens.h
);

-- Words are gathered in memory up to this size before they are merged into the index: a large import needs far fewer
-- merges.
INSERT INTO patient_fts (patient_fts, rank) VALUES ('hashsize', 16777216);

CREATE TABLE appointment_index (
    pk        INTEGER PRIMARY KEY,
    id        TEXT NOT NULL,
    start_at  INTEGER NOT NULL,
    end_at    INTEGER NOT NULL,
    status    TEXT NOT NULL,
    patient   TEXT NOT NULL                 -- FHIR id, '' when nobody is booked
) STRICT;
CREATE INDEX appointment_start ON appointment_index (start_at);
CREATE INDEX appointment_long ON appointment_index (end_at) WHERE end_at - start_at > 86400000; -- beyond a day
CREATE INDEX appointment_patient ON appointment_index (patient, start_at) WHERE patient <> '';

CREATE TABLE appointment_actor (            -- only of appointments that hold their slot
    actor       TEXT NOT NULL,              -- "Practitioner/…", "Location/…", "Device/…"
    start_at    INTEGER NOT NULL,
    appointment INTEGER NOT NULL,           -- appointment_index.pk
    end_at      INTEGER NOT NULL,
    overbooked  INTEGER NOT NULL,
    PRIMARY KEY (actor, start_at, appointment)
) STRICT, WITHOUT ROWID;
CREATE INDEX appointment_actor_long ON appointment_actor (actor, end_at) WHERE end_at - start_at > 86400000;
CREATE INDEX appointment_actor_of ON appointment_actor (appointment);
