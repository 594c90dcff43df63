-- Accounts that are changed at one workstation and known at all of them; settlements that can be taken back later.
-- Times as in 0001.

ALTER TABLE account ADD COLUMN refusal TEXT NOT NULL DEFAULT '';  -- the server's code for a change made here that it refused
ALTER TABLE account ADD COLUMN verifier TEXT;             -- JSON: what the clinic's password is checked with; NULL: not known
ALTER TABLE account ADD COLUMN verifier_version INTEGER NOT NULL DEFAULT 0; -- the server's, of the newest that was taken
ALTER TABLE account ADD COLUMN password_by TEXT;          -- account id of who set `verifier` here since; NULL: the server has it
ALTER TABLE account ADD COLUMN slot_floor INTEGER NOT NULL DEFAULT 0; -- key slots that name a lesser verifier open nothing

ALTER TABLE server_link ADD COLUMN accounts_tag TEXT NOT NULL DEFAULT ''; -- the state of the server's accounts that is here

CREATE TABLE settlement (                   -- of conflicts, made here: what is needed to take one back
    task    TEXT PRIMARY KEY,               -- FHIR id of the conflict's Task
    account TEXT NOT NULL,                  -- account id of who settled it
    at      TEXT NOT NULL,
    content TEXT NOT NULL                   -- JSON: what was replaced
) STRICT, WITHOUT ROWID;
