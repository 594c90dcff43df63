-- The audit trail: what workstations upload, and what the server itself did. Each entry holds the hash of the one
-- before, so that a change, a gap or a cut tail is seen; see server/audit/entry.h.

CREATE TABLE audit_chain (                  -- a device incarnation's entries; "server" is the server's own chain
    tenant_id      uuid NOT NULL,
    incarnation    text NOT NULL,
    device_id      text NOT NULL,           -- who may add to it; "server"
    next_seq       bigint NOT NULL,         -- the number expected next
    head           bytea NOT NULL CHECK (length(head) = 32), -- hash that the next entry must follow
    follows        text,                    -- incarnation whose entries this one goes on from; NULL: from nothing
    started_at     timestamptz NOT NULL DEFAULT now(),
    broken_at      timestamptz,             -- the first break
    broken_seq     bigint,
    broken_reason  text,
    PRIMARY KEY (tenant_id, incarnation)
);
CREATE INDEX audit_chain_device ON audit_chain (tenant_id, device_id);
CALL protect('audit_chain', 'tenant');

CREATE TABLE audit_entry (                  -- kept as it came, whether it fits its chain or not
    tenant_id     uuid NOT NULL,
    incarnation   text NOT NULL,
    seq           bigint NOT NULL,
    fingerprint   bytea NOT NULL CHECK (length(fingerprint) = 32), -- SHA-256 of all below that was sent
    device_id     text NOT NULL,            -- who sent it
    is_copy       boolean NOT NULL,         -- another entry had this number first, or the chain is another device's
    at            text COLLATE "C" NOT NULL, -- FHIR instant, by the writer's clock
    account       text NOT NULL,
    role          text NOT NULL,
    device        text NOT NULL,
    action        text NOT NULL,
    category      text NOT NULL,
    resource_type text NOT NULL,
    resource_id   text NOT NULL,
    patient       text NOT NULL,
    outcome       text NOT NULL,
    before_digest bytea NOT NULL,           -- empty: none
    after_digest  bytea NOT NULL,
    reason        text NOT NULL,
    detail        text NOT NULL,
    previous      bytea NOT NULL,
    hash          bytea NOT NULL,
    received_at   timestamptz NOT NULL DEFAULT now(),
    purged        boolean NOT NULL DEFAULT false, -- retention has emptied it; number and hashes stay
    PRIMARY KEY (tenant_id, incarnation, seq, fingerprint, device_id)
);
CREATE INDEX audit_entry_at ON audit_entry (tenant_id, at, incarnation, seq);
CREATE INDEX audit_entry_account ON audit_entry (tenant_id, account, at);
CREATE INDEX audit_entry_patient ON audit_entry (tenant_id, patient, at) WHERE patient <> '';
CREATE INDEX audit_entry_received ON audit_entry (tenant_id, category, received_at) WHERE NOT purged;
CALL protect('audit_entry', 'tenant');

CREATE TABLE audit_checkpoint (             -- heads that devices have signed
    tenant_id   uuid NOT NULL,
    incarnation text NOT NULL,
    seq         bigint NOT NULL,
    hash        bytea NOT NULL CHECK (length(hash) = 32),
    signature   bytea NOT NULL,             -- ES256, r ‖ s
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, incarnation, seq, hash)
);
CALL protect('audit_checkpoint', 'tenant');

-- Append only. Retention empties an entry and keeps its place, under a setting of its own.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('yarrow.audit_retention', true) = 'on' AND NEW.purged
        AND (NEW.tenant_id, NEW.incarnation, NEW.seq, NEW.fingerprint, NEW.previous, NEW.hash)
            = (OLD.tenant_id, OLD.incarnation, OLD.seq, OLD.fingerprint, OLD.previous, OLD.hash) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'audit entries and checkpoints are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_checkpoint
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- Empties a clinic's entries of a category that came before `until`; gives how many. Number and hashes stay, so that the
-- chain still verifies.
CREATE FUNCTION audit_purge(of_tenant uuid, of_category text, until timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    emptied bigint;
BEGIN
    PERFORM set_config('yarrow.audit_retention', 'on', true);
    UPDATE audit_entry SET purged = true, account = '', role = '', device = '', action = '', resource_type = '',
        resource_id = '', patient = '', outcome = '', before_digest = '', after_digest = '', reason = '', detail = ''
        WHERE tenant_id = of_tenant AND category = of_category AND received_at < until AND NOT purged;
    GET DIAGNOSTICS emptied = ROW_COUNT;
    PERFORM set_config('yarrow.audit_retention', 'off', true);
    RETURN emptied;
END $$;
