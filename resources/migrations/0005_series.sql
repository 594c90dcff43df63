-- Visits of a series, and the visit type of each appointment: its buffers are kept free around it.

ALTER TABLE appointment_index ADD COLUMN series TEXT NOT NULL DEFAULT '';  -- the id its series' visits share, '' when alone
ALTER TABLE appointment_index ADD COLUMN service TEXT NOT NULL DEFAULT ''; -- FHIR id of the visit type, '' when none
CREATE INDEX appointment_series ON appointment_index (series) WHERE series <> '';

UPDATE appointment_index SET series = coalesce((
    SELECT CASE json_type(item.value, '$.value') WHEN 'text' THEN item.value ->> '$.value' END
    FROM resource r, json_each(r.body, '$.identifier') item
    WHERE r.pk = appointment_index.pk AND item.type = 'object'
    AND item.value ->> '$.system' = 'https://yarrow.example/fhir/appointment-series'
    ORDER BY item.key LIMIT 1), '');

-- A reference may be relative or absolute, and name a version.
UPDATE appointment_index SET service = coalesce((
    SELECT id FROM (
        SELECT key, CASE instr(tail, '/_history/') WHEN 0 THEN tail ELSE substr(tail, 1, instr(tail, '/_history/') - 1) END AS id
        FROM (
            SELECT item.key AS key, substr(item.value ->> '$.actor.reference',
                instr(item.value ->> '$.actor.reference', 'HealthcareService/') + length('HealthcareService/')) AS tail
            FROM resource r, json_each(r.body, '$.participant') item
            WHERE r.pk = appointment_index.pk AND item.type = 'object'
            AND (item.value ->> '$.actor.reference' GLOB 'HealthcareService/*'
                OR item.value ->> '$.actor.reference' GLOB 'http*://?*/HealthcareService/*')))
    WHERE id <> '' AND length(id) <= 64 AND id NOT GLOB '*[^A-Za-z0-9.-]*'
    ORDER BY key LIMIT 1), '');
