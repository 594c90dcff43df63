-- PostgreSQL plans by what it knows of a table, and knows nothing until autovacuum has looked at it, once a minute. A new
-- clinic sends all it has in its first minute; with these tables unknown, each bundle would read them whole.
CREATE FUNCTION refresh_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    ANALYZE resource, version, operation, search_value, booking, mrn, audit_entry;
END $$;
REVOKE ALL ON FUNCTION refresh_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_statistics() TO yarrow_app;
