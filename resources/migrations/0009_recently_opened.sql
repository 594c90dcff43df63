-- The patients that somebody of this workstation opened last. Never exchanged.

CREATE TABLE recently_opened (              -- the higher pk, the later
    pk      INTEGER PRIMARY KEY,
    account TEXT NOT NULL,                  -- account id
    patient TEXT NOT NULL,                  -- FHIR id
    UNIQUE (account, patient)
) STRICT;
