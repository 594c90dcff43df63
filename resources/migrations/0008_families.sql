-- Families: who is something to which patient. Projection of RelatedPerson, and of the links by which a patient's own
-- record names them; rebuilt exactly from their bodies.

CREATE TABLE related_index (                -- pk is resource.pk of the RelatedPerson
    pk      INTEGER PRIMARY KEY,
    id      TEXT NOT NULL,                  -- FHIR id
    patient TEXT NOT NULL                   -- FHIR id of whose relation they are
) STRICT;
CREATE INDEX related_of ON related_index (patient);
CREATE INDEX related_id ON related_index (id);

CREATE TABLE related_link (                 -- pk is resource.pk of the Patient who is that person
    pk      INTEGER NOT NULL,
    related TEXT NOT NULL,                  -- FHIR id of the RelatedPerson
    PRIMARY KEY (pk, related)
) STRICT, WITHOUT ROWID;
CREATE INDEX related_link_to ON related_link (related);

INSERT OR IGNORE INTO projection_due (pk) SELECT 1 FROM resource
    WHERE type = 'RelatedPerson' OR (type = 'Patient' AND instr(body, 'RelatedPerson/') > 0) LIMIT 1;
