-- What is done beside the requests: the queue, webhooks and Bulk Data exports.

-- Where workers look for something to do, whichever clinic it is for. It says that there is a job, never what about: the
-- payload is in `job`, and a worker reads it as that clinic. Jobs that are done or cancelled are not here.
CREATE TABLE job_queue (
    job_id    uuid PRIMARY KEY,
    tenant_id uuid NOT NULL,
    kind      text NOT NULL,
    state     text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'dead')),
    run_at    timestamptz NOT NULL,         -- queued: when it is due; running: when its lease ends
    lease     uuid                          -- names the taking of the job; a worker that lost it changes nothing
);
CREATE INDEX job_queue_due ON job_queue (run_at) WHERE state <> 'dead';
CALL protect('job_queue', 'shared');

CREATE TABLE job (
    tenant_id   uuid NOT NULL,
    job_id      uuid NOT NULL,
    kind        text NOT NULL,
    key         text,                       -- at most one job of a kind waits or runs under a key
    state       text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'dead', 'cancelled')),
    again       boolean NOT NULL DEFAULT false, -- was asked for while it ran: runs once more
    payload     text NOT NULL DEFAULT '{}', -- JSON; names records, never holds them
    attempts    integer NOT NULL DEFAULT 0,
    progress    text,
    last_error  text,                       -- of the last attempt that failed, one sentence
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    started_at  timestamptz,                -- of the last attempt
    finished_at timestamptz,
    PRIMARY KEY (tenant_id, job_id)
);
CREATE UNIQUE INDEX job_key ON job (tenant_id, kind, key) WHERE key IS NOT NULL AND state IN ('queued', 'running');
CREATE INDEX job_created ON job (tenant_id, created_at);
CALL protect('job', 'tenant');

CREATE TABLE webhook (
    tenant_id       uuid NOT NULL,
    webhook_id      uuid NOT NULL,
    url             text NOT NULL,
    types           text,                   -- resource types, parted by commas; NULL for all
    secret          text NOT NULL,          -- signs the deliveries; wrapped by the key provider
    active          boolean NOT NULL DEFAULT true,
    delivered_seq   bigint NOT NULL,        -- what was acknowledged, or made before the webhook
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_success_at timestamptz,
    last_failure_at timestamptz,
    last_failure    text,
    PRIMARY KEY (tenant_id, webhook_id)
);
CALL protect('webhook', 'tenant');

CREATE TABLE export (                       -- a Bulk Data export; how far it is says its job
    tenant_id        uuid NOT NULL,
    export_id        uuid NOT NULL,
    job_id           uuid NOT NULL,
    owner            text NOT NULL,         -- "device/…" or "account/…": who asked, and may fetch
    request          text NOT NULL,         -- the URL it was asked for with
    types            text,                  -- parted by commas; NULL for all
    since            timestamptz,
    areas            text NOT NULL,         -- scope id of what the owner may read
    transaction_time timestamptz,           -- everything up to it is in the files, nothing later; NULL until done
    epoch            text,
    files            integer,               -- how many there are; NULL until done
    created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at       timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, export_id)
);
CALL protect('export', 'tenant');

-- Unlogged: written once, read by every process, and asked for anew should PostgreSQL crash.
CREATE UNLOGGED TABLE export_file (
    tenant_id uuid NOT NULL,
    export_id uuid NOT NULL,
    n         integer NOT NULL,             -- 1, 2, …
    part      text NOT NULL CHECK (part IN ('output', 'deleted')),
    type      text NOT NULL,
    records   integer NOT NULL,
    content   bytea NOT NULL,               -- NDJSON, gzip
    PRIMARY KEY (tenant_id, export_id, n),
    FOREIGN KEY (tenant_id, export_id) REFERENCES export ON DELETE CASCADE
);
ALTER TABLE export_file ALTER content SET STORAGE EXTERNAL; -- it is compressed already
CALL protect('export_file', 'tenant');
