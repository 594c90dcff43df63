-- Who made the versions that a server holds, what keeps writes from it, and what it knows of accounts. Times as in 0001.

ALTER TABLE resource ADD COLUMN version_author TEXT; -- account id at the server of who made `version`; NULL: not known
UPDATE resource SET version_author =
    coalesce((SELECT remote FROM server_account s WHERE s.account = resource.author), resource.author)
    WHERE author IS NOT NULL AND version IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM edit e WHERE e.resource = resource.pk);

ALTER TABLE quarantine ADD COLUMN retry_at INTEGER; -- then they wait no more; NULL: they wait for a person

CREATE TABLE write_failure (                -- uploads that the server answers with an error of its own (5xx)
    resource INTEGER PRIMARY KEY REFERENCES resource (pk),
    failures INTEGER NOT NULL,              -- since the last one that went well
    since    INTEGER NOT NULL,              -- of the first of them
    rests    INTEGER NOT NULL               -- how often the record was in quarantine for it
) STRICT;

ALTER TABLE account ADD COLUMN at_server TEXT;  -- JSON: name, role and active as the server last said; NULL: it never did
ALTER TABLE account ADD COLUMN changed_by TEXT; -- account id of who changed it here since; NULL: nothing is to be told
