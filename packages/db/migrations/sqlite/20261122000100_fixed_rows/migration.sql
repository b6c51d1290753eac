-- Designer and Administrator always exist (4d.md DIR-01), without a password: access control is off until Designer gets one.
INSERT INTO "User" ("id", "name", "nameKey", "enabled") VALUES (1, 'Designer', 'designer', true), (2, 'Administrator', 'administrator', true);

-- The structure begins empty, at revision 0.
INSERT INTO "CatalogRevision" ("id", "revision") VALUES (1, 0);

-- The audit log is append-only. A migration that rebuilds the table must make these two again.
CREATE TRIGGER "AuditEntry_is_never_changed" BEFORE UPDATE ON "AuditEntry"
BEGIN
    SELECT RAISE(ABORT, 'The audit log is append-only.');
END;

CREATE TRIGGER "AuditEntry_is_never_removed" BEFORE DELETE ON "AuditEntry"
BEGIN
    SELECT RAISE(ABORT, 'The audit log is append-only.');
END;
