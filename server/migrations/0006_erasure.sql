-- What was erased at a patient's demand. Its ids are kept for ever, so that it never comes back.

-- Of a version that says that its record was erased (its method is delete, and the versions before it are gone): every
-- area the record was ever in, since whoever held it there has to learn of it.
ALTER TABLE version ADD COLUMN erased_areas text[];

CREATE TABLE erasure (                      -- a patient erased by somebody's decision
    tenant_id    uuid NOT NULL,
    erasure_id   uuid NOT NULL,
    patient      text NOT NULL,
    legal_ground text NOT NULL,
    reason       text NOT NULL,
    account      text NOT NULL,             -- who decided; empty: the command line
    erased_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, erasure_id)
);
CALL protect('erasure', 'tenant');

CREATE TABLE erased (                       -- the records that went with it, and are never written again
    tenant_id  uuid NOT NULL,
    type       text NOT NULL,
    id         text NOT NULL,
    area       text NOT NULL,               -- what it was protected as
    erasure_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, type, id)
);
CREATE INDEX erased_by ON erased (tenant_id, erasure_id);
CALL protect('erased', 'tenant');
