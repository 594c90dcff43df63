-- Who may speak to the server: workstations, people, and the keys that tokens are signed with.

CREATE TABLE device (                       -- an enrolled workstation
    tenant_id    uuid NOT NULL,
    device_id    text NOT NULL,             -- its client id is tenant_id.device_id
    name         text NOT NULL,
    public_key   jsonb NOT NULL,            -- JWK, EC P-256
    areas        text NOT NULL,             -- scope id: "all" or area codes joined by '+'
    enrolled_at  timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz,               -- when it last asked for a token
    revoked_at   timestamptz,
    wipe         boolean NOT NULL DEFAULT false, -- it is to delete its copy when it hears of the revocation
    PRIMARY KEY (tenant_id, device_id)
);
CALL protect('device', 'tenant');

CREATE TABLE enrolment_code (               -- lets one workstation in; only the SHA-256 of a code is kept
    tenant_id  uuid NOT NULL,
    code_hash  bytea NOT NULL CHECK (length(code_hash) = 32),
    areas      text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,               -- account id; empty for the command line
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    device_id  text,                        -- whom it let in
    PRIMARY KEY (tenant_id, code_hash)
);
CALL protect('enrolment_code', 'tenant');

CREATE TABLE enrolment_code_directory (     -- finds the clinic of a code, before anybody is known
    code_hash  bytea PRIMARY KEY CHECK (length(code_hash) = 32),
    tenant_id  uuid NOT NULL,
    expires_at timestamptz NOT NULL
);
CALL protect('enrolment_code_directory', 'shared');

CREATE TABLE account (                      -- somebody who may sign in
    tenant_id        uuid NOT NULL,
    account_id       text NOT NULL,
    user_name        text NOT NULL,         -- as it is shown
    user_key         text NOT NULL,         -- lower case: unique whatever the case
    display_name     text NOT NULL,
    role             text NOT NULL CHECK (role IN ('admin', 'doctor', 'nurse', 'receptionist', 'billing')),
    active           boolean NOT NULL DEFAULT true,
    verifier         jsonb,                 -- of the password: kdf, n, r, p, salt, hash; NULL: cannot sign in yet
    verifier_version bigint NOT NULL DEFAULT 0, -- one more with every password
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, account_id),
    UNIQUE (tenant_id, user_key)
);
CALL protect('account', 'tenant');

CREATE TABLE refresh_token (                -- only the SHA-256 of a token is kept
    tenant_id  uuid NOT NULL,
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    family     uuid NOT NULL,               -- all that descend from one sign-in
    account_id text NOT NULL,
    issued_at  timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,                 -- seen again after this, the whole family ends
    PRIMARY KEY (tenant_id, token_hash)
);
CREATE INDEX refresh_token_family ON refresh_token (tenant_id, family);
CREATE INDEX refresh_token_account ON refresh_token (tenant_id, account_id);
CALL protect('refresh_token', 'tenant');

CREATE TABLE assertion_seen (               -- client assertions that were redeemed, until they expire
    tenant_id  uuid NOT NULL,
    device_id  text NOT NULL,
    jti_hash   bytea NOT NULL CHECK (length(jti_hash) = 32),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, device_id, jti_hash)
);
CALL protect('assertion_seen', 'tenant');

CREATE TABLE sign_in_failure (              -- slows guessing down; the name that was tried is not kept
    name_hash bytea PRIMARY KEY CHECK (length(name_hash) = 32), -- SHA-256 of user@clinic, existing or not
    failures  integer NOT NULL,             -- since the last success
    last_at   timestamptz NOT NULL
);
CREATE INDEX sign_in_failure_at ON sign_in_failure (last_at);
CALL protect('sign_in_failure', 'shared');

CREATE TABLE signing_key (                  -- signs access tokens; the newest does, older ones still verify
    kid         text PRIMARY KEY,           -- thumbprint, RFC 7638
    public_key  jsonb NOT NULL,             -- JWK, EC P-256
    private_key text NOT NULL,              -- PKCS #8, wrapped by the key provider
    created_at  timestamptz NOT NULL DEFAULT now()
);
CALL protect('signing_key', 'shared');
