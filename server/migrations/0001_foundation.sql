-- Clinics and their records. Forward only; expand first, contract in a later release, so that a server one version
-- older still works beside it.
--
-- Every table of a clinic has tenant_id first in its primary key and row-level security, forced: a transaction sees the
-- clinic named by the setting yarrow.tenant, and without one nothing.

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE FUNCTION yarrow_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('yarrow.tenant', true), '')::uuid;

-- protect('name', 'tenant'): rows of the transaction's clinic only. 'shared': no clinic's data, for everyone.
CREATE PROCEDURE protect(name regclass, kind text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name);
    IF kind = 'tenant' THEN
        EXECUTE format('CREATE POLICY of_clinic ON %s USING (tenant_id = yarrow_tenant()) '
                       'WITH CHECK (tenant_id = yarrow_tenant())', name);
    ELSIF kind = 'shared' THEN
        EXECUTE format('CREATE POLICY of_all ON %s USING (true) WITH CHECK (true)', name);
    ELSE
        RAISE EXCEPTION 'protect: unknown kind %', kind;
    END IF;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO yarrow_app', name);
END $$;

CREATE TABLE tenant_directory (             -- finds the clinic of a sign-in, before anybody is known
    slug      text PRIMARY KEY CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    tenant_id uuid NOT NULL UNIQUE
);
CALL protect('tenant_directory', 'shared');

CREATE TABLE tenant (
    tenant_id  uuid PRIMARY KEY,
    slug       text NOT NULL,
    name       text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    suspended  boolean NOT NULL DEFAULT false
);
CALL protect('tenant', 'tenant');

-- Which PostgreSQL this database lives in. Another one means that it was restored from a backup.
CREATE TABLE database_identity (
    one               boolean PRIMARY KEY DEFAULT true CHECK (one),
    system_identifier text NOT NULL,
    timeline          bigint NOT NULL
);
CALL protect('database_identity', 'shared');

CREATE TABLE clinic (                       -- one row per tenant; its lock puts the clinic's writes in order
    tenant_id    uuid PRIMARY KEY,
    seq          bigint NOT NULL DEFAULT 0, -- of the newest version
    last_updated timestamptz NOT NULL DEFAULT '1970-01-01Z', -- of the newest version; strictly increasing
    floor_seq    bigint NOT NULL DEFAULT 0, -- versions up to here may be missing from the feed
    floor_time   timestamptz NOT NULL DEFAULT '1970-01-01Z', -- last_updated of floor_seq
    epoch        text NOT NULL,             -- tag of the present epoch, first part of every versionId
    mrn_next     bigint NOT NULL DEFAULT 1
);
CALL protect('clinic', 'tenant');

CREATE TABLE epoch (
    tenant_id  uuid NOT NULL,
    tag        text NOT NULL CHECK (tag ~ '^[a-z0-9]{6,16}$'),
    from_seq   bigint NOT NULL,             -- its versions are the ones after this, up to the next epoch's
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    reason     text NOT NULL,               -- created | restored | client-ahead
    PRIMARY KEY (tenant_id, tag)
);
CALL protect('epoch', 'tenant');

CREATE TABLE version (                      -- every version of every record; the feed reads it by seq
    tenant_id     uuid NOT NULL,
    seq           bigint NOT NULL,          -- gap-free per clinic, in commit order
    type          text NOT NULL,
    id            text NOT NULL,
    method        text NOT NULL CHECK (method IN ('create', 'update', 'delete')),
    epoch         text NOT NULL,            -- versionId is epoch.seq
    last_updated  timestamptz NOT NULL,
    area          text NOT NULL,            -- what it is protected as; of a deletion: what it was
    previous_area text,                     -- of the version before; NULL for the first
    previous_seq  bigint,                   -- the record's version before; NULL for the first
    body          text COMPRESSION lz4,     -- as received, plus meta; NULL for a deletion
    author        text,                     -- account id
    device        text,
    PRIMARY KEY (tenant_id, seq)
);
CREATE UNIQUE INDEX version_time ON version (tenant_id, last_updated);
CREATE INDEX version_type ON version (tenant_id, type, seq);
CALL protect('version', 'tenant');

CREATE TABLE resource (                     -- the record as it is now, with what searches compare
    tenant_id    uuid NOT NULL,
    type         text NOT NULL,
    id           text NOT NULL,
    seq          bigint NOT NULL,           -- its newest version
    deleted      boolean NOT NULL,
    area         text NOT NULL,
    patient      text,                      -- id of the one patient it is about
    status       text,
    -- The one date of its type (birth date, start, effective…): [from, to). Without one it comes last.
    date_from    timestamptz NOT NULL DEFAULT 'infinity',
    date_to      timestamptz NOT NULL DEFAULT 'infinity',
    sort_name    text COLLATE "C" NOT NULL DEFAULT chr(1114111), -- folded "family given" of people; others come last
    PRIMARY KEY (tenant_id, type, id)
) WITH (fillfactor = 90);
CREATE INDEX resource_patient ON resource (tenant_id, patient, type) WHERE patient IS NOT NULL;
CREATE INDEX resource_date ON resource (tenant_id, type, date_from, id, date_to);
CREATE INDEX resource_name ON resource (tenant_id, type, sort_name, id);
CREATE INDEX resource_seq ON resource (tenant_id, type, seq);
CREATE INDEX resource_deleted ON resource (tenant_id, type, seq) WHERE deleted;
CALL protect('resource', 'tenant');

CREATE TABLE search_value (                 -- the values a record has more than one of
    tenant_id uuid NOT NULL,
    type      text NOT NULL,
    param     text NOT NULL,                -- identifier | family | given | name | phone | actor
    value     text COLLATE "C" NOT NULL,    -- how it is folded: server/fhir/index_values.h
    id        text NOT NULL,
    PRIMARY KEY (tenant_id, type, param, value, id)
);
CREATE INDEX search_value_of ON search_value (tenant_id, id, type);
CALL protect('search_value', 'tenant');

CREATE TABLE booking (                      -- the slots held now
    tenant_id   uuid NOT NULL,
    actor       text NOT NULL,              -- "Practitioner/…", "Location/…", "Device/…"
    appointment text NOT NULL,
    starts      timestamptz NOT NULL,
    ends        timestamptz NOT NULL CHECK (ends > starts),
    is_long     boolean NOT NULL GENERATED ALWAYS AS (ends - starts > interval '1 day') STORED,
    PRIMARY KEY (tenant_id, actor, starts, appointment),
    CONSTRAINT no_double_booking EXCLUDE USING gist
        (tenant_id WITH =, actor WITH =, tstzrange(starts, ends) WITH &&) DEFERRABLE INITIALLY DEFERRED
);
-- A slot is looked for among those that start within a day before it, and these.
CREATE INDEX booking_long ON booking (tenant_id, actor, starts) WHERE is_long;
CREATE INDEX booking_of ON booking (tenant_id, appointment);
CALL protect('booking', 'tenant');

CREATE TABLE mrn (                          -- medical record numbers in use
    tenant_id uuid NOT NULL,
    system    text NOT NULL,
    value     text NOT NULL,
    patient   text NOT NULL,
    PRIMARY KEY (tenant_id, system, value)
);
CREATE INDEX mrn_of ON mrn (tenant_id, patient);
CALL protect('mrn', 'tenant');

CREATE TABLE mrn_block (                    -- numbers leased to a workstation
    tenant_id uuid NOT NULL,
    first     bigint NOT NULL,
    last      bigint NOT NULL CHECK (last >= first),
    device    text NOT NULL,
    leased_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, first)
);
CALL protect('mrn_block', 'tenant');

CREATE TABLE operation (                    -- what was done under an operation id; answered again, not done again
    tenant_id uuid NOT NULL,
    operation text NOT NULL,
    method    text NOT NULL CHECK (method IN ('POST', 'PUT', 'DELETE')),
    seq       bigint NOT NULL,              -- the version it made, or found where there was nothing to do
    status    smallint NOT NULL,            -- of HTTP: 200, 201, 204
    at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, operation)
);
CREATE INDEX operation_at ON operation (tenant_id, at);
CALL protect('operation', 'tenant');

CREATE TABLE area_summary (                 -- what a workstation compares its copy with; see server/records/digest.h
    tenant_id uuid NOT NULL,
    area      text NOT NULL,
    live      bigint NOT NULL,              -- records that are not deleted
    digest    bytea NOT NULL CHECK (length(digest) = 16),
    PRIMARY KEY (tenant_id, area)
);
CALL protect('area_summary', 'tenant');
