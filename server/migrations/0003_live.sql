-- Who wants to hear of changes at once. Not part of the clinic's feed.

CREATE TABLE subscription (
    tenant_id    uuid NOT NULL,
    id           text NOT NULL,
    owner        text NOT NULL,             -- "device/…" or "account/…": it alone sees and binds it
    version      bigint NOT NULL DEFAULT 1,
    last_updated timestamptz NOT NULL DEFAULT now(),
    active       boolean NOT NULL,
    types        text[] NOT NULL,           -- resource types; none: all
    ends_at      timestamptz NOT NULL,
    body         text NOT NULL,             -- as received, with id, status and end; without meta
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX subscription_owner ON subscription (tenant_id, owner);
CREATE INDEX subscription_end ON subscription (tenant_id, ends_at);
CALL protect('subscription', 'tenant');
