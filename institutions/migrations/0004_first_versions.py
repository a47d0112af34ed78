"""Every region is from its first day what it is today, and every unit what its row says; recorded nobody knows when."""

from django.db import migrations

FIRST_VERSIONS = """
INSERT INTO institutions_regionversion
    (region_id, name, code, kind, parent_id, lineage, is_former, valid_from, valid_until, document)
SELECT id, name, coalesce(code, ''), kind, parent_id, lineage, false, valid_from, valid_to, ''
FROM institutions_region;
INSERT INTO institutions_institutionversion (
    institution_id, name, kind, grade, ownership, region_id, reported_by_id, merged_into_id, opened, closed,
    contact_name, contact_phone
)
SELECT id, name, kind, grade, ownership, region_id, reported_by_id, merged_into_id, opened, closed,
    contact_name, contact_phone
FROM institutions_institution;
"""


class Migration(migrations.Migration):
    dependencies = [("institutions", "0003_region_and_institution_versions")]

    operations = [migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop)]
