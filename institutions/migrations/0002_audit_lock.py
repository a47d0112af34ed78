"""An audit record is never changed or deleted, not even by a system administrator: held by the database.

A regeneration of 0001 leaves this file: move it aside, make 0001 anew, and move it back.
"""

from django.db import migrations

LOCK = """
CREATE FUNCTION institutions_keep_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: the audit stays', TG_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER audit_record_not_changed BEFORE UPDATE ON institutions_auditrecord
    FOR EACH ROW EXECUTE FUNCTION institutions_keep_audit();
CREATE TRIGGER audit_record_not_deleted BEFORE DELETE ON institutions_auditrecord
    FOR EACH ROW EXECUTE FUNCTION institutions_keep_audit();
"""


class Migration(migrations.Migration):
    dependencies = [("institutions", "0001_initial")]

    operations = [migrations.RunSQL(LOCK, "DROP FUNCTION institutions_keep_audit CASCADE;")]
