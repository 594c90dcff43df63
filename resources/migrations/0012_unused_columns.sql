-- What no program ever wrote or read: an edit that was made before the server was restored is told by the version it
-- was made on.

ALTER TABLE edit DROP COLUMN server_epoch;
